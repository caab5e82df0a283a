import { memo, type ReactNode, useCallback, useMemo, useState } from "react";
import { Button as Plain } from "react-aria-components";
import { useWords } from "@/app/language";
import { COLOUR } from "@/catalog/CatalogPanel";
import type { Catalog } from "@/catalog/catalog";
import { lineLabel } from "@/catalog/catalog";
import { searchable } from "@/catalog/search";
import type { Edits } from "@/rule/useEdits";
import { type Facet, useCounting } from "@/server/counting";
import { Button, IconButton } from "@/ui/button";
import { Text } from "@/ui/fields";
import { Icon } from "@/ui/icons";
import { sayCount, sayShare } from "@/ui/numbers";
import { leading, type Ranked, ranked, type Told } from "./facets";

const FIRST = 6;
const LINES = 4;
const PINS = "pins";

function usePins() {
  const [pins, setPins] = useState<string[]>(() => JSON.parse(localStorage.getItem(PINS) ?? "[]") as string[]);
  const toggle = useCallback((key: string) => {
    setPins((pins) => {
      const next = pins.includes(key) ? pins.filter((pin) => pin !== key) : [...pins, key];
      localStorage.setItem(PINS, JSON.stringify(next));
      return next;
    });
  }, []);
  return { pins, toggle };
}

type Props = { catalog: Catalog; edits: Edits };

/** The exact split over all filters: six that stand out, the rest a click or a search away. A line narrows the rule. */
export function Facets({ catalog, edits }: Props) {
  const { t } = useWords();
  const split = useCounting(({ facets, everybody }) => facets ?? everybody?.facets);
  const { pins, toggle } = usePins();
  const [all, setAll] = useState(false);
  const [text, setText] = useState("");
  const order = useMemo(() => (split ? rankedNow(split) : []), [split]);
  const find = useMemo(() => searchable(catalog.filters), [catalog]);
  if (!split) return <div className="h-64 animate-pulse rounded-xl bg-sunken" aria-busy="true" />;
  const shown = chosen(order, { pins, all, found: text ? new Set(find(text).map((filter) => filter.key)) : null });
  return (
    <Fading>
      <div>
        <h2 id="facets-title" className="text-sm font-semibold">
          {t("facets")}
        </h2>
        <p className="text-xs text-faint">{t("facets_text")}</p>
      </div>
      <Text
        label={t("facets_search")}
        hidden
        placeholder={t("facets_search")}
        value={text}
        onChange={setText}
        type="search"
      />
      {shown.map((facet) => (
        <FacetCard
          key={facet.filter}
          facet={facet}
          catalog={catalog}
          edits={edits}
          pinned={pins.includes(facet.filter)}
          onPin={toggle}
        />
      ))}
      {!text && (
        <Button look="quiet" onPress={() => setAll(!all)}>
          {t(all ? "facets_few" : "facets_all")}
        </Button>
      )}
    </Fading>
  );
}

/** Fades what is below while it is an old split; nothing of it is drawn anew for that. */
function Fading({ children }: { children: ReactNode }) {
  const isOld = useCounting((state) => state.facetsStale);
  return (
    <section
      aria-labelledby="facets-title"
      aria-busy={isOld}
      className={`flex flex-col gap-3 transition-opacity ${isOld ? "opacity-60" : ""}`}
    >
      {children}
    </section>
  );
}

/** A split is ranked by the count it came with, not by one that came since. */
function rankedNow(split: readonly Facet[]): Ranked[] {
  const { counted, everybody } = useCounting.getState();
  const base = counted?.base ?? everybody?.base ?? 0;
  return ranked(split, counted?.count ?? base, base);
}

function chosen(
  order: Ranked[],
  { pins, all, found }: { pins: string[]; all: boolean; found: Set<string> | null },
): Ranked[] {
  if (found) return order.filter((facet) => found.has(facet.filter));
  const pinned = order.filter((facet) => pins.includes(facet.filter));
  const others = order.filter((facet) => !pins.includes(facet.filter));
  return [...pinned, ...(all ? others : others.slice(0, Math.max(0, FIRST - pinned.length)))];
}

type CardProps = Props & { facet: Ranked; pinned: boolean; onPin: (key: string) => void };

const FacetCard = memo(function FacetCard({ facet, catalog, edits, pinned, onPin }: CardProps) {
  const { t, language } = useWords();
  const [open, setOpen] = useState(false);
  const filter = catalog.filter.get(facet.filter);
  if (!filter) return null;
  const some = leading(facet.lines, open ? Number.POSITIVE_INFINITY : LINES);
  const more = facet.lines.filter((line) => line.count !== 0).length - LINES;
  return (
    <section aria-label={filter[language]} className="rounded-xl border border-line bg-surface p-2.5">
      <header className="flex items-center gap-2">
        <Icon name={filter.category} size={14} className={COLOUR[filter.category]} />
        <h3 className="flex-1 truncate text-sm font-medium">{filter[language]}</h3>
        <IconButton
          icon="pin"
          size={14}
          label={`${filter[language]} ${t(pinned ? "unpin" : "pin")}`}
          onPress={() => onPin(facet.filter)}
          className={`!size-6 ${pinned ? "text-accent" : "text-faint"}`}
        />
      </header>
      <ul className="mt-1">
        {some.map((line) => (
          <FacetRow
            key={line.key}
            line={line}
            label={lineLabel(filter, line.key, language)}
            name={filter[language]}
            onPress={(out) => edits.narrow(facet.filter, line.key, out)}
          />
        ))}
      </ul>
      {more > 0 && (
        <Plain
          onPress={() => setOpen(!open)}
          className="mt-1 h-6 rounded px-1.5 text-xs text-faint data-hovered:text-ink"
        >
          {open ? t("facet_less") : t("facet_more", { n: more })}
        </Plain>
      )}
    </section>
  );
});

function FacetRow({
  line,
  label,
  name,
  onPress,
}: {
  line: Told;
  label: string;
  name: string;
  onPress: (out: boolean) => void;
}) {
  const { t, language } = useWords();
  const people = sayCount(line.count, language);
  return (
    <li>
      <Plain
        onPress={(event) => onPress(event.altKey)}
        className="grid w-full grid-cols-[minmax(0,1fr)_auto_3rem] items-center gap-x-2 rounded-md px-1.5 py-1 text-left text-xs data-hovered:bg-sunken"
      >
        <span className="truncate">
          <span className="sr-only">{name} </span>
          {label}
        </span>
        <span className="numbers text-faint">
          {line.lift >= 1.15 ? t("times_base", { n: line.lift.toFixed(1) }) : ""}
        </span>
        <span className="numbers text-right font-medium">
          {line.count === null ? people : sayShare(line.share, 1, language)}
          <span className="sr-only"> {t("facet_narrow", { n: people })}</span>
        </span>
        <svg aria-hidden="true" className="col-span-3 mt-0.5 h-1 w-full" preserveAspectRatio="none" viewBox="0 0 100 1">
          <rect width="100" height="1" className="fill-line" />
          <rect width={Math.min(100, 100 * line.share)} height="1" className="fill-accent" />
        </svg>
      </Plain>
    </li>
  );
}
