import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "@/app/language";
import type { Language } from "@/catalog/catalog";
import { answered, client, type Schemas } from "@/server/client";
import { Button } from "@/ui/button";
import { sayCount, sayMoment } from "@/ui/numbers";
import { bars, type Movement } from "./movementBars";
import { type Cause, filled, movementWords } from "./movementWords";

type By = Schemas["By"];

const DAYS: Record<By, number> = { day: 30, hour: 2 };
const FRAME = { width: 640, height: 220, pad: 24 };

const FILL: Record<Cause, string> = {
  baseline: "fill-line",
  behaviour: "fill-behavioral",
  profile: "fill-profile",
  consent: "fill-good",
  roll_off: "fill-strong",
  ranking: "fill-warn",
  rule_change: "fill-accent",
  erasure: "fill-danger",
  unknown: "fill-faint",
};

const movementsQuery = (id: string, by: By) =>
  queryOptions({
    queryKey: ["audience", id, "movements", by],
    queryFn: () => {
      const params = { path: { audience: id }, query: { by, days: DAYS[by] } };
      return answered(client.GET("/api/v1/audiences/{audience}/movements", { params }));
    },
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

/** Who entered and left an audience over time: up and down, coloured by why, and in a table. */
export function Movements({ id }: { id: string }) {
  const { language } = useWords();
  const { words } = movementWords(language);
  const [by, setBy] = useState<By>("day");
  const { data, error } = useQuery(movementsQuery(id, by));
  return (
    <section className="rounded-2xl border border-line bg-surface p-4">
      <div className="mb-2 flex flex-wrap items-center gap-1">
        <h2 className="mr-auto text-sm font-semibold">{words.title}</h2>
        <fieldset className="flex gap-1" aria-label={words.by}>
          {(["day", "hour"] as const).map((each) => (
            <Button
              key={each}
              aria-pressed={by === each}
              look={by === each ? "main" : "plain"}
              onPress={() => setBy(each)}
            >
              {words[each]}
            </Button>
          ))}
        </fieldset>
      </div>
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error.message}
        </p>
      )}
      {!data && !error && <div className="h-52 animate-pulse rounded-xl bg-sunken" aria-busy="true" />}
      {data && <Told data={data} language={language} />}
    </section>
  );
}

function Told({ data, language }: { data: Schemas["MovementsAnswer"]; language: Language }) {
  const { words } = movementWords(language);
  if (!data.began_at) return <p className="text-sm text-faint">{words.not_yet}</p>;
  const since = filled(words.since, { at: sayMoment(data.began_at, language) });
  const isQuiet = data.entered === 0 && data.exited === 0;
  const isHidden = data.entered === null && data.causes.length === 0;
  return (
    <>
      {isHidden && <p className="text-sm text-faint">{words.hidden}</p>}
      {isQuiet && <p className="text-sm text-faint">{words.none}</p>}
      {!isHidden && !isQuiet && (
        <>
          <Totals data={data} language={language} />
          <Chart data={data} language={language} />
          <Table data={data} language={language} />
        </>
      )}
      <p className="mt-2 text-xs text-faint">{since}</p>
    </>
  );
}

function Totals({ data, language }: { data: Schemas["MovementsAnswer"]; language: Language }) {
  const { words, causes } = movementWords(language);
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-xs">
      <span className="numbers text-lg font-semibold">
        ↑ {sayCount(data.entered, language, data.below)} <span className="text-xs font-normal">{words.entered}</span>
      </span>
      <span className="numbers text-lg font-semibold">
        ↓ {sayCount(data.exited, language, data.below)} <span className="text-xs font-normal">{words.exited}</span>
      </span>
      <ul className="flex flex-wrap gap-x-3 gap-y-1">
        {data.causes.map(({ cause }) => (
          <li key={cause} className="flex items-center gap-1">
            <svg aria-hidden="true" width={10} height={10}>
              <rect width={10} height={10} rx={2} className={FILL[cause]} />
            </svg>
            {causes[cause]}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Chart({ data, language }: { data: Schemas["MovementsAnswer"]; language: Language }) {
  const { words, causes } = movementWords(language);
  const { width, height, pad } = FRAME;
  const { parts, zero, ticks, middle } = bars(data.movements, FRAME);
  const label = filled(words.label, {
    n: data.movements.length,
    entered: sayCount(data.entered, language, data.below),
    exited: sayCount(data.exited, language, data.below),
  });
  const ends = [...new Set([0, data.movements.length - 1])];
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="mt-2 w-full">
      {ticks.map(({ n, y }) => (
        <g key={n}>
          <line x1={pad} x2={width - pad} y1={y} y2={y} className="stroke-line" />
          {n !== 0 && (
            <text x={pad + 2} y={y - 4} className="numbers fill-faint text-[11px]">
              {Math.abs(n).toLocaleString(language)}
            </text>
          )}
        </g>
      ))}
      {parts.map(({ cause, few, ...place }) => (
        <rect key={`${place.x} ${place.y} ${cause}`} {...place} className={FILL[cause]} fillOpacity={few ? 0.5 : 1}>
          <title>{causes[cause]}</title>
        </rect>
      ))}
      <line x1={pad} x2={width - pad} y1={zero} y2={zero} className="stroke-ink" />
      {ends.map((index) => {
        const movement = data.movements[index];
        return (
          movement && (
            <text
              key={movement.at}
              x={middle(index)}
              y={height - 6}
              textAnchor={ends.length === 1 ? "middle" : index === 0 ? "start" : "end"}
              className="numbers fill-faint text-[11px]"
            >
              {sayStep(movement.at, data.by, language)}
            </text>
          )
        );
      })}
    </svg>
  );
}

function Table({ data, language }: { data: Schemas["MovementsAnswer"]; language: Language }) {
  const { words, causes } = movementWords(language);
  const said = (n: number | null) => sayCount(n, language, data.below);
  const moved = data.movements.filter(({ causes: some }) => some.length > 0).reverse();
  return (
    <details className="mt-2 text-xs">
      <summary className="text-faint">{words.as_table}</summary>
      <table className="numbers mt-1 w-full">
        <thead className="text-left text-faint">
          <tr>
            {[words.when, words.entered, words.exited, words.size, words.why].map((head) => (
              <th key={head} scope="col" className="py-1 pr-4 font-normal whitespace-nowrap">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {moved.map((movement) => (
            <tr key={movement.at} className="align-top">
              <th scope="row" className="pr-4 text-left font-normal whitespace-nowrap">
                {sayStep(movement.at, data.by, language)}
              </th>
              <td className="pr-4 whitespace-nowrap">{said(movement.entered)}</td>
              <td className="pr-4 whitespace-nowrap">{said(movement.exited)}</td>
              <td className="pr-4 whitespace-nowrap">{said(movement.size)}</td>
              <td>{sayCauses(movement, causes, said)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const sayCauses = (movement: Movement, words: Record<Cause, string>, said: (n: number | null) => string): string =>
  movement.causes
    .map(({ cause, entered, exited }) =>
      [words[cause], entered !== 0 && `+${said(entered)}`, exited !== 0 && `−${said(exited)}`]
        .filter(Boolean)
        .join(" "),
    )
    .join(" · ");

const sayStep = (at: string, by: By, language: Language): string =>
  new Date(at).toLocaleString(language, {
    timeZone: "Asia/Seoul",
    month: "short",
    day: "numeric",
    ...(by === "hour" ? { hour: "2-digit" } : {}),
  });
