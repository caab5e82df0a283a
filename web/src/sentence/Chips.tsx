import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog, DialogTrigger, Button as Plain } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { SlotEditor } from "@/rule/editors/SlotEditor";
import { partsOf, sayCondition } from "@/rule/sentence";
import { useDoc } from "@/rule/store";
import { type Condition, type Doc, findNode, ruleOf } from "@/rule/tree";
import type { Edits } from "@/rule/useEdits";
import { answered, client } from "@/server/client";
import { Button } from "@/ui/button";
import { sayCount } from "@/ui/numbers";
import { Popover } from "@/ui/overlay";
import { nearestFilters } from "./nearest";
import { withPieces } from "./pieces";
import { type Mark, meaningOf, type Reading } from "./said";
import type { Shown } from "./shown";
import { choose, light, useSpeaking } from "./speaking";

type Props = { catalog: Catalog; edits: Edits; shown: Shown };
const MOST = 12;

/** What each phrase became: said, assumed, of several meanings, or nothing at all. */
export function Chips({ catalog, edits, shown }: Props) {
  const { t } = useWords();
  const doc = useDoc();
  const [all, setAll] = useState(false);
  const own = shown.said?.origin === "user" ? shown.said.marks : [];
  const first = own.filter((mark, index) => own.findIndex((each) => each.node === mark.node) === index);
  const found = first.flatMap((mark) => {
    const condition = findNode(doc, mark.node);
    return condition?.type === "condition" ? [{ mark, condition }] : [];
  });
  const parts = all ? found : found.slice(0, MOST);
  if (found.length + shown.missed.length === 0) return null;
  return (
    <ul aria-label={t("chips")} className="mt-1 flex flex-wrap items-start gap-1.5">
      {parts.map(({ mark, condition }) => (
        <Chip key={mark.node} {...{ mark, condition, catalog, edits, shown, doc }} />
      ))}
      {found.length > parts.length && (
        <li>
          <Button look="quiet" className="!h-6 !px-2 !text-xs" onPress={() => setAll(true)}>
            {t("facet_more", { n: found.length - parts.length })}
          </Button>
        </li>
      )}
      {shown.missed.map((each) => (
        <Missed key={each.start} missed={each} catalog={catalog} edits={edits} />
      ))}
    </ul>
  );
}

type ChipProps = Props & { mark: Mark; condition: Condition; doc: Doc };

const LOOKS = {
  said: "border-line bg-surface",
  assumed: "border-dashed border-strong bg-surface",
  ambiguous: "border-warn bg-warn-tint",
};

function Chip({ mark, condition, catalog, edits, shown, doc }: ChipProps) {
  const { t, language } = useWords();
  const lit = useSpeaking((state) => state.lit === mark.node);
  const readings = shown.said?.readings.filter((each) => each.node === mark.node) ?? [];
  const assumed = assumedOf(condition, catalog, shown, language);
  const state = readings.some((each) => each.asks)
    ? "ambiguous"
    : assumed.length > 0 || readings.length > 0
      ? "assumed"
      : "said";
  const phrase = shown.text.slice(mark.start, mark.end);
  const text = sayCondition(condition, catalog, language);
  const hover = { onPointerEnter: () => light(mark.node), onPointerLeave: () => light(null) };
  return (
    <li {...hover} data-node={mark.node} data-state={state} className="max-w-full">
      <DialogTrigger>
        <Plain
          onFocus={() => light(mark.node)}
          onBlur={() => light(null)}
          className={`flex min-h-6 max-w-full flex-wrap items-baseline gap-x-1.5 rounded-lg border px-2 py-0.5 text-left text-xs ${LOOKS[state]} ${lit ? "!border-accent !bg-tint" : ""}`}
        >
          <span className="text-soft">“{phrase}”</span>
          <span aria-hidden="true" className="text-faint">
            →
          </span>
          <span className="font-medium">{text}</span>
          {state !== "said" && (
            <span className={state === "ambiguous" ? "font-semibold text-warn" : "text-faint"}>
              {t(`chip_${state}`)}
            </span>
          )}
        </Plain>
        <Popover>
          <Dialog aria-label={`${phrase} → ${text}`} className="flex max-w-96 flex-col gap-3 p-3 outline-none">
            <ChipDetails {...{ condition, catalog, edits, assumed }} />
          </Dialog>
        </Popover>
      </DialogTrigger>
      {readings.length > 0 && <Readings {...{ condition, readings, catalog, doc }} />}
    </li>
  );
}

type Assumed = { slot: string; text: string; why: string };

/** The slots of a condition that nobody said, with what they are and why. */
function assumedOf(condition: Condition, catalog: Catalog, shown: Shown, language: "ko" | "en"): Assumed[] {
  const told = shown.said?.assumptions.filter((each) => each.node === condition.id) ?? [];
  return partsOf(condition, catalog, language).flatMap((part): Assumed[] => {
    if (!part.slot) return [];
    const why = told.find((each) => slotOf(each.slot) === part.slot);
    if (!why && !part.assumed) return [];
    return [{ slot: part.slot, text: part.text, why: why?.[language] ?? "" }];
  });
}

const OWN_SLOTS: Record<string, string> = {
  window: "window",
  measure: "measure",
  value: "value",
  operator: "value",
  word: "value",
};
const slotOf = (slot: string) => OWN_SLOTS[slot] ?? `property:${slot}`;

type DetailProps = { condition: Condition; catalog: Catalog; edits: Edits; assumed: Assumed[] };

/** What was assumed, to be changed on the spot; or the value, where everything was said. */
function ChipDetails({ condition, catalog, edits, assumed }: DetailProps) {
  const { t } = useWords();
  const filter = catalog.filter.get(condition.filter);
  const slots = assumed.length > 0 ? assumed : [{ slot: "value", text: "", why: "" }];
  const [open, setOpen] = useState(slots[0]?.slot ?? "value");
  if (!filter) return null;
  const now = slots.find((each) => each.slot === open) ?? slots[0];
  return (
    <>
      {slots.length > 1 && (
        <div className="flex flex-wrap gap-1">
          {slots.map((each) => (
            <Button
              key={each.slot}
              look={each.slot === open ? "main" : "plain"}
              className="!h-7"
              onPress={() => setOpen(each.slot)}
            >
              {each.text}
            </Button>
          ))}
        </div>
      )}
      {assumed.length > 0 && <p className="text-xs text-soft">{now?.why || t("assumed_long")}</p>}
      <SlotEditor {...{ catalog, condition, filter, edits }} slot={open} onClose={() => setOpen("value")} />
    </>
  );
}

type ReadingsProps = { condition: Condition; readings: Reading[]; catalog: Catalog; doc: Doc };

/** The meanings words could have, each with how many people the rule would then reach. */
function Readings({ condition, readings, catalog, doc }: ReadingsProps) {
  const { t, language } = useWords();
  const ways = [condition, ...readings.map((each) => ({ ...each.fragment, id: condition.id }) as unknown as Condition)];
  const seen = new Set<string>();
  const distinct = ways.filter(
    (each) => each.type === "condition" && !seen.has(meaningOf(each)) && seen.add(meaningOf(each)),
  );
  const rules = distinct.map((after) =>
    ruleOf(withPieces(doc, [{ kind: "change", id: condition.id, before: condition, after }])),
  );
  const { data } = useQuery({
    queryKey: ["readings", rules],
    queryFn: async () =>
      (await answered(client.POST("/api/v1/counts", { body: { rules: rules.map((rule) => ({ ...rule })) } }))).counts,
    staleTime: 30_000,
  });
  return (
    <div role="radiogroup" aria-label={t("readings")} className="mt-1 flex flex-wrap gap-1">
      {distinct.map((each, index) => (
        <Plain
          key={meaningOf(each)}
          aria-label={`${sayCondition(each, catalog, language)} ${people(data?.[index])}`}
          onPress={() => index > 0 && choose(condition.id, each)}
          className={`flex min-h-6 items-baseline gap-1.5 rounded-md border px-1.5 text-xs ${index === 0 ? "border-accent bg-tint text-accent" : "border-line data-hovered:border-accent"}`}
        >
          {index === 0 && <span className="sr-only">{t("reading_now")}</span>}
          <span>{sayCondition(each, catalog, language)}</span>
          <span className="numbers font-semibold">{people(data?.[index])}</span>
        </Plain>
      ))}
    </div>
  );

  function people(n: number | null | undefined): string {
    return n === undefined ? "…" : t("people", { n: sayCount(n, language) });
  }
}

type MissedProps = { missed: Shown["missed"][number]; catalog: Catalog; edits: Edits };

/** Words that became nothing, why, and the filters that come nearest to them. */
function Missed({ missed, catalog, edits }: MissedProps) {
  const { t, language } = useWords();
  const near = missed.nearest ? [] : nearestFilters(missed.text, catalog);
  return (
    <li
      data-state="missed"
      className="flex min-h-6 max-w-full flex-wrap items-center gap-x-1.5 rounded-lg bg-sunken px-2 py-0.5 text-xs"
    >
      <del className="text-soft">{missed.text}</del>
      <span className="text-faint">
        {missed[language]}
        {missed.nearest && ` (${missed.nearest[language]})`}
      </span>
      {near.map((filter) => (
        <Plain
          key={filter.key}
          onPress={() => edits.pick(filter)}
          aria-label={t("missed_use", { what: filter[language] })}
          className="min-h-6 rounded px-1 font-medium text-accent data-hovered:underline"
        >
          + {filter[language]}
        </Plain>
      ))}
    </li>
  );
}
