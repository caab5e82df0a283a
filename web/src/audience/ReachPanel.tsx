import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { Slowest } from "@/data/Slowest";
import { useBuilder } from "@/rule/store";
import type { Edits } from "@/rule/useEdits";
import { useCounting } from "@/server/counting";
import { Icon } from "@/ui/icons";
import { sayCount, sayDelta, sayMoment, sayShare } from "@/ui/numbers";
import { Channels } from "./Channels";
import { Facets } from "./Facets";
import { Limits, Relaxations } from "./Limits";
import { SampleMembers } from "./SampleMembers";

/** How many people the rule reaches, who they are, and what would change it. */
export function ReachPanel({ catalog, edits }: { catalog: Catalog; edits: Edits }) {
  const { t } = useWords();
  return (
    <section aria-label={t("reach")} className="flex flex-col gap-5">
      <Total />
      <Relaxations catalog={catalog} />
      <Channels />
      <Limits catalog={catalog} edits={edits} />
      <Facets catalog={catalog} edits={edits} />
      <SampleMembers catalog={catalog} />
    </section>
  );
}

/** The exact number, its share of everybody, and what the last edit did to it. */
export function Total() {
  const { t, language } = useWords();
  const { state, counted, before } = useCounting();
  const everybody = useCounting((now) => now.everybody);
  const count = counted ? counted.count : everybody?.base;
  const saved = useBuilder((now) => now.opened?.size);
  if (count === undefined) return <div className="h-28 animate-pulse rounded-xl bg-sunken" aria-busy="true" />;
  return (
    <div>
      <h2 className="text-xs font-semibold text-soft">{counted ? t("reach") : t("everybody")}</h2>
      <p
        role="status"
        aria-live="polite"
        aria-atomic="true"
        data-testid="total"
        data-state={state}
        className={`numbers mt-1 text-4xl leading-none font-bold tracking-tight transition-opacity duration-75 ${state === "stale" ? "opacity-40" : ""}`}
      >
        {t("people", { n: sayCount(count, language) })}
      </p>
      {counted ? (
        <>
          <p className="numbers mt-2 text-sm text-soft">
            {t("share_of_base", {
              base: sayCount(counted.base, language),
              share: sayShare(counted.count, counted.base, language),
            })}
          </p>
          <dl className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
            {before !== null && counted.count !== null && <Delta name={t("since_edit")} by={counted.count - before} />}
            {saved !== undefined && counted.count !== null && (
              <Delta name={t("since_save")} by={counted.count - saved} />
            )}
          </dl>
          <p className="mt-2 flex flex-wrap items-center gap-1.5 text-xs text-faint">
            <Icon name="check" size={12} className="text-good" />
            {t("exact")} · {t("as_of", { at: sayMoment(counted.fresh_as_of ?? counted.as_of, language) })}
            <Slowest />
          </p>
        </>
      ) : (
        <p className="mt-2 text-sm text-soft">{t("no_conditions")}</p>
      )}
    </div>
  );
}

function Delta({ name, by }: { name: string; by: number }) {
  const { language } = useWords();
  return (
    <div className="flex gap-1">
      <dt className="text-faint">{name}</dt>
      <dd className={`numbers font-semibold ${by > 0 ? "text-good" : by < 0 ? "text-danger" : "text-faint"}`}>
        {sayDelta(by, language)}
      </dd>
    </div>
  );
}

/** The number alone, always in sight where the panels stand one behind the other. */
export function SmallTotal() {
  const { t, language } = useWords();
  const { state, counted, everybody } = useCounting();
  const count = counted ? counted.count : everybody?.base;
  return (
    <p className="sticky top-0 z-10 flex h-14 items-center justify-between border-b border-line bg-surface px-4">
      <span className="text-xs text-soft">{counted ? t("reach") : t("everybody")}</span>
      <span className={`numbers text-xl font-bold transition-opacity ${state === "stale" ? "opacity-40" : ""}`}>
        {count === undefined ? "–" : t("people", { n: sayCount(count, language) })}
      </span>
    </p>
  );
}
