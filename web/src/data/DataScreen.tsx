import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useWords } from "@/app/language";
import { freshnessQuery, meQuery, pipelineQuery } from "@/server/queries";
import { sayMoment } from "@/ui/numbers";
import { AsideList } from "./AsideList";
import { FATES, healthOf, nameOf, type Pipeline, rates, type Source, waited } from "./flow";

const LIGHTS = { well: "bg-good", behind: "bg-warn", failing: "bg-danger" } as const;

/** How live data stands: each source, and what could not be taken over. */
export function DataScreen() {
  const { t } = useWords();
  const asked = useQuery(pipelineQuery);
  const me = useQuery(meQuery).data;
  const speed = useRates(asked.data);
  return (
    <main id="content" tabIndex={-1} className="slim-scroll w-full flex-1 overflow-y-auto outline-none">
      <div className="mx-auto flex max-w-4xl flex-col gap-4 p-4 sm:p-6">
        <header>
          <h1 className="text-xl font-bold tracking-tight">{t("data")}</h1>
          <p className="mt-1 text-sm text-soft">{t("data_intro")}</p>
        </header>
        {asked.isPending && <div className="h-48 animate-pulse rounded-2xl bg-sunken" aria-busy="true" />}
        {asked.error && (
          <p role="alert" className="text-sm text-danger">
            {asked.error.message} {asked.data && sayAge(asked.data.at)}
          </p>
        )}
        {asked.data && <State pipeline={asked.data} />}
        <ul className="grid gap-3 lg:grid-cols-2">
          {asked.data?.sources.map((source) => (
            <SourceCard
              key={nameOf(source)}
              source={source}
              now={asked.data.at}
              rate={speed.get(nameOf(source)) ?? 0}
            />
          ))}
        </ul>
        {me && <AsideList allowed={me.permissions.includes("load_data")} />}
      </div>
    </main>
  );
}

const sayAge = (at: number) => new Date(at).toLocaleTimeString();

/** Parts received a second, from the last two answers. */
function useRates(pipeline: Pipeline | undefined): Map<string, number> {
  const before = useRef<Pipeline>(undefined);
  const [found, setFound] = useState(new Map<string, number>());
  useEffect(() => {
    if (!pipeline) return;
    setFound(rates(before.current, pipeline));
    before.current = pipeline;
  }, [pipeline]);
  return found;
}

function State({ pipeline }: { pipeline: Pipeline }) {
  const { t, language } = useWords();
  const fresh = useQuery(freshnessQuery).data;
  const health = healthOf(pipeline);
  return (
    <section aria-live="polite" className="rounded-2xl border border-line bg-surface p-4">
      <p className="flex items-center gap-2 font-semibold">
        <span aria-hidden className={`size-2.5 rounded-full ${LIGHTS[health]}`} />
        {t(`data_${health}`)}
      </p>
      {pipeline.problem && <p className="mt-1 text-sm text-danger">{pipeline.problem}</p>}
      {fresh?.changed_at && (
        <p className="mt-1 text-sm text-soft">
          {t("data_index")} {sayMoment(fresh.changed_at, language)}
        </p>
      )}
      {fresh && fresh.waiting > 0 && (
        <p className="mt-1 text-sm text-soft">
          {t("data_users_waiting", { n: fresh.waiting.toLocaleString(language) })}
        </p>
      )}
    </section>
  );
}

const KNOWN = ["events", "operations"] as const;
const COLORS = { applied: "bg-good", duplicate: "bg-strong", late: "bg-warn", dead: "bg-danger" } as const;

function SourceCard({ source, now, rate }: { source: Source; now: number; rate: number }) {
  const { t, language } = useWords();
  const topic = KNOWN.find((name) => name === source.topic);
  const say = (n: number) => Math.round(n).toLocaleString(language);
  const ago = (seconds: number) => t("data_ago", { n: say(seconds) });
  const facts = [
    [t("data_rate"), say(rate)],
    [t("data_waiting"), say(source.in_flight)],
    [t("data_oldest"), source.oldest_waiting_at ? ago(waited(source, now)) : "–"],
    [t("data_last"), source.applied_at ? sayMoment(source.applied_at, language) : t("data_never")],
  ];
  return (
    <li className="rounded-2xl border border-line bg-surface p-4">
      <h2 className="font-semibold">
        {topic ? t(`data_source_${topic}`) : source.topic}
        {source.partition > 0 && ` ${source.partition + 1}`}
      </h2>
      {topic && <p className="text-xs text-soft">{t(`data_source_${topic}_hint`)}</p>}
      {source.problem && (
        <p role="alert" className="mt-2 rounded-lg bg-danger/10 px-3 py-2 text-sm text-danger">
          {source.problem}
        </p>
      )}
      <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2 text-sm">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-soft">{name}</dt>
            <dd className="font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <Fates source={source} />
    </li>
  );
}

/** Everything received went somewhere: a bar of where, and the same in numbers. */
function Fates({ source }: { source: Source }) {
  const { t, language } = useWords();
  if (source.received === 0) return null;
  return (
    <div className="mt-3">
      <p className="text-xs text-soft">{t("data_received", { n: source.received.toLocaleString(language) })}</p>
      <div aria-hidden className="mt-1 flex h-2 overflow-hidden rounded-full bg-sunken">
        {FATES.map((fate) => (
          <span key={fate} className={COLORS[fate]} style={{ width: `${(100 * source[fate]) / source.received}%` }} />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-3 gap-y-1 text-xs">
        {FATES.map((fate) => (
          <li key={fate} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2 rounded-full ${COLORS[fate]}`} />
            {t(`data_${fate}`)} <span className="tabular-nums">{source[fate].toLocaleString(language)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
