/** The numbers of the rule in front of you: asked anew after every edit, the newest question wins, an old number stays but fades. */

import { create } from "zustand";
import type { Rule } from "@/rule/tree";
import { answered, type CountAnswer, client, type Facet, Problem } from "./client";

export type Counted = Pick<CountAnswer, "count" | "base" | "nodes" | "as_of" | "fresh_as_of" | "elapsed_ms">;
type State = "empty" | "fresh" | "stale" | "invalid" | "offline";

export type Everybody = { base: number; facets: Facet[] };

type Counting = {
  everybody: Everybody | null;
  state: State;
  counted: Counted | null;
  before: number | null;
  facets: Facet[] | null;
  facetsStale: boolean;
  problem: Problem | null;
};

export const useCounting = create<Counting>()(() => ({
  everybody: null,
  state: "empty",
  counted: null,
  before: null,
  facets: null,
  facetsStale: false,
  problem: null,
}));

const RETRY_MS = 2000;
let asking: AbortController | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Count this rule; whatever was being counted is let go. */
export function countRule(rule: Rule | null): void {
  asking?.abort();
  clearTimeout(timer);
  if (rule === null) {
    useCounting.setState({ state: "empty", counted: null, before: null, facets: null, problem: null });
    return;
  }
  const mine = new AbortController();
  asking = mine;
  useCounting.setState((now) => ({ state: now.counted ? "stale" : now.state, facetsStale: true }));
  void ask(rule, mine.signal);
}

async function ask(rule: Rule, signal: AbortSignal): Promise<void> {
  try {
    const counted = await answered(client.POST("/api/v1/count", { body: { rule: { ...rule } }, signal }));
    useCounting.setState((now) => ({ state: "fresh", counted, before: now.counted?.count ?? null, problem: null }));
    const { facets } = await answered(client.POST("/api/v1/facets", { body: { rule: { ...rule } }, signal }));
    useCounting.setState({ facets, facetsStale: false });
  } catch (error) {
    if (signal.aborted) return;
    const problem = error instanceof Problem ? error : new Problem({});
    useCounting.setState({ state: problem.status === 422 ? "invalid" : "offline", problem });
    if (problem.status !== 422) timer = setTimeout(() => void ask(rule, signal), RETRY_MS);
  }
}
