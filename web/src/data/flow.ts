/** What the answers of the pipeline say, for people: how fast, how late, and whether anything is wrong. */

import type { Schemas } from "@/server/client";

export type Source = Schemas["StagePlace"];
export type Pipeline = Schemas["PipelineAnswer"] & { at: number };
export type Letter = Schemas["DeadLetterAnswer"];
export type Health = "well" | "behind" | "failing";

const BEHIND_SECONDS = 10;

export const nameOf = (source: Source): string => `${source.topic}/${source.partition}`;

/** Seconds the oldest waiting entry has waited. */
export const waited = (source: Source, now: number): number =>
  source.oldest_waiting_at ? Math.max(0, (now - Date.parse(source.oldest_waiting_at)) / 1000) : 0;

export const isBehind = (source: Source, now: number): boolean =>
  source.problem !== "" || waited(source, now) > BEHIND_SECONDS;

/** The source numbers wait for longest; where none waits, the one that was told of longest ago. None of which nothing ever came. */
export function slowestOf({ sources, at }: Pipeline): Source | null {
  const told = sources.filter((each) => each.received > 0 || each.in_flight > 0 || each.problem !== "");
  const rank = (each: Source) => (each.problem === "" ? waited(each, at) : Number.POSITIVE_INFINITY);
  const isSlower = (one: Source, other: Source) =>
    rank(one) === rank(other) ? (one.applied_at ?? "") < (other.applied_at ?? "") : rank(one) > rank(other);
  return told.reduce<Source | null>((slow, each) => (!slow || isSlower(each, slow) ? each : slow), null);
}

export function healthOf(pipeline: Pipeline): Health {
  if (pipeline.problem || pipeline.sources.some((source) => source.problem)) return "failing";
  return pipeline.sources.some((source) => waited(source, pipeline.at) > BEHIND_SECONDS) ? "behind" : "well";
}

/** Of each source, how many parts a second were received between two answers. */
export function rates(before: Pipeline | undefined, now: Pipeline): Map<string, number> {
  const then = new Map((before?.sources ?? []).map((source) => [nameOf(source), source.received]));
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  return new Map(
    now.sources.map((source) => {
      const known = then.get(nameOf(source));
      return [nameOf(source), known === undefined || seconds <= 0 ? 0 : Math.max(0, source.received - known) / seconds];
    }),
  );
}

export const FATES = ["applied", "duplicate", "late", "dead"] as const;

export type Aside = { reason: string; topic: string; times: number; from: string; to: string };

/** What waits to be tried again (letters come newest first), by reason: the most frequent first. */
export function byReason(letters: readonly Letter[]): Aside[] {
  const found = new Map<string, Aside>();
  for (const { reason, topic, at, replayed_at } of letters) {
    if (replayed_at) continue;
    const one = found.get(reason);
    if (!one) found.set(reason, { reason, topic, times: 1, from: at, to: at });
    else Object.assign(one, { times: one.times + 1, from: at });
  }
  return [...found.values()].sort((a, b) => b.times - a.times);
}
