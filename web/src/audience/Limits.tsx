import { useQuery } from "@tanstack/react-query";
import { Button as Plain } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { freshId } from "@/rule/making";
import { sayCondition } from "@/rule/sentence";
import { useBuilder, useDocSoon } from "@/rule/store";
import { type Condition, docOf, emptyDoc, findNode, type Rule, ruleOf } from "@/rule/tree";
import type { Edits } from "@/rule/useEdits";
import { useCounting } from "@/server/counting";
import { relaxQuery } from "@/server/queries";
import { sayCount } from "@/ui/numbers";

const MOST = 4;
type Props = { catalog: Catalog; edits: Edits };

/** Which conditions cost most people: what the audience would be without each. One press takes it away (and undo brings it back). */
export function Limits({ catalog, edits }: Props) {
  const { t, language } = useWords();
  const doc = useDocSoon();
  const narrowing = useCounting((state) => state.narrowing);
  const total = useCounting((state) => state.counted?.count ?? 0);
  const costs = (narrowing?.nodes ?? [])
    .map((node) => ({ gain: (node.without ?? total) - total, condition: findNode(doc, node.node) }))
    .filter(
      (each): each is { gain: number; condition: Condition } => each.gain > 0 && each.condition?.type === "condition",
    )
    .sort((a, b) => b.gain - a.gain)
    .slice(0, MOST);
  if (costs.length === 0) return null;
  const most = costs[0]?.gain ?? 1;
  return (
    <section aria-labelledby="limits-title">
      <h2 id="limits-title" className="text-sm font-semibold">
        {t("limits")}
      </h2>
      <p className="text-xs text-faint">{t("limits_text")}</p>
      <ul className="mt-1">
        {costs.map(({ condition, gain }) => (
          <li key={condition.id}>
            <Plain
              onPress={() => edits.remove([condition.id])}
              className="grid w-full grid-cols-[minmax(0,1fr)_auto] gap-x-2 rounded-md px-1.5 py-1 text-left text-xs data-hovered:bg-sunken"
            >
              <span className="truncate">{sayCondition(condition, catalog, language)}</span>
              <span className="numbers font-semibold text-good">
                +{sayCount(gain, language)}
                <span className="sr-only"> {t("limits_remove")}</span>
              </span>
              <svg
                aria-hidden="true"
                className="col-span-2 mt-0.5 h-1 w-full"
                preserveAspectRatio="none"
                viewBox="0 0 100 1"
              >
                <rect width="100" height="1" className="fill-line" />
                <rect width={(100 * gain) / most} height="1" className="fill-good" />
              </svg>
            </Plain>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Nobody is in the rule: which condition makes it so, and gentler forms with their counts. */
export function Relaxations({ catalog }: { catalog: Catalog }) {
  const { t, language } = useWords();
  const doc = useDocSoon();
  const { edit } = useBuilder.getState();
  const zero = useCounting((state) => state.state === "fresh" && state.counted?.count === 0);
  const narrowing = useCounting((state) => state.narrowing);
  const rule = ruleOf(doc);
  const asked = useQuery({ ...relaxQuery(rule), enabled: zero && rule !== null });
  if (!zero) return null;
  const guilty = (narrowing?.nodes ?? [])
    .filter((each) => each.remaining === 0 || each.makes_zero)
    .map((each) => findNode(doc, each.node))
    .find((node) => node?.type === "condition");
  const name = guilty?.type === "condition" ? sayCondition(guilty, catalog, language) : null;
  const use = (label: string, next: Rule | null) =>
    edit(label, () => ({ doc: next ? docOf(next, freshId) : emptyDoc() }));
  return (
    <section aria-labelledby="zero-title" className="rounded-xl border border-warn bg-warn-tint p-3">
      <h2 id="zero-title" className="text-sm font-semibold text-warn">
        {t("zero_title")}
      </h2>
      <p className="mt-0.5 text-xs text-ink">{name ? t("zero_reason", { what: name }) : t("zero_text")}</p>
      <ul className="mt-2 flex flex-col gap-1">
        {(asked.data?.relaxations ?? []).slice(0, 6).map((way) => (
          <li key={`${way.node}/${way.ko}`}>
            <Plain
              onPress={() => use(way[language], way.rule as Rule | null)}
              className="flex w-full items-center justify-between gap-2 rounded-lg border border-line bg-surface px-2.5 py-1.5 text-left text-xs data-hovered:border-accent"
            >
              <span>{way[language]}</span>
              <span className="numbers font-semibold">{t("people", { n: sayCount(way.count, language) })}</span>
            </Plain>
          </li>
        ))}
      </ul>
    </section>
  );
}
