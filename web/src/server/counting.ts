/** The numbers of the rule in front of you: asked anew after every edit, the newest question wins, an old number stays but fades. */

import { create } from "zustand";
import type { Rule } from "@/rule/tree";
import { answered, type CountAnswer, client, Problem, type Schemas } from "./client";
import { Live, type Said } from "./live";

export type Counted = Pick<CountAnswer, "count" | "base" | "nodes" | "as_of" | "fresh_as_of" | "elapsed_ms" | "below">;
export type Line = { key: string; count: number | null; base: number | null };
export type Facet = { filter: string; lines: Line[] };
export type Everybody = { base: number; facets: Facet[]; known: Map<string, number | null> };
export type Reach = Schemas["ReachAnswer"];
export type Narrowing = Schemas["NarrowingAnswer"];
type State = "empty" | "fresh" | "stale" | "invalid" | "offline";

type Counting = {
  everybody: Everybody | null;
  state: State;
  rev: number;
  counted: Counted | null;
  before: number | null;
  facets: Facet[] | null;
  facetsStale: boolean;
  reach: Reach | null;
  narrowing: Narrowing | null;
  problem: Problem | null;
  connected: boolean;
};

const NOTHING = { counted: null, before: null, facets: null, reach: null, narrowing: null, problem: null };

export const useCounting = create<Counting>()(() => ({
  everybody: null,
  state: "empty",
  rev: 0,
  facetsStale: false,
  connected: false,
  ...NOTHING,
}));

const RETRY_MS = 2000;
const { getState: now, setState: set } = useCounting;
let live: Live | null = null;
let asking: AbortController | null = null;
let current: Rule | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Count this rule; whatever was being counted is let go. */
export function countRule(rule: Rule | null): void {
  live ??= new Live({ said: hear, opened: onOpen, closed: () => set({ connected: false }) });
  asking?.abort();
  clearTimeout(timer);
  current = rule;
  const rev = now().rev + 1;
  if (rule === null) {
    set({ ...NOTHING, rev, state: "empty", facetsStale: false });
    live.stop();
    return;
  }
  set((was) => ({ rev, state: was.counted ? "stale" : was.state, facetsStale: true }));
  if (!live.ask(rule, rev)) void askOverHttp(rule, rev);
}

/** After a cut the rule is asked for again: numbers may have moved meanwhile. */
function onOpen(): void {
  set({ connected: true });
  if (current === null) return;
  asking?.abort();
  clearTimeout(timer);
  live?.ask(current, now().rev);
}

type Hearing = { [Type in Said["t"] & string]?: (message: Extract<Said, { t?: Type }>) => void };

const HEARING: Hearing = {
  count: (said) => hearCount(said),
  facets: (said) => {
    const facets = Object.entries(said.facets).map(([filter, lines]) => ({ filter, lines }));
    set({ facets, facetsStale: false });
  },
  channels: (said) => set({ reach: said.reach }),
  narrowing: (said) => set({ narrowing: said.narrowing }),
  problem: (said) => fail(new Problem({ ...said.problem, problems: said.problem.problems ?? [] })),
};

function hear(message: Said): void {
  if ("rev" in message && message.rev !== now().rev) return;
  const hearing = HEARING[message.t as keyof Hearing] as ((said: Said) => void) | undefined;
  hearing?.(message);
}

let lastRev = 0;

/** A count; the one before it is kept to say what the last edit did, not what the data did. */
function hearCount(counted: Counted): void {
  const { rev, counted: was, before } = now();
  const edited = rev !== lastRev;
  lastRev = rev;
  set({ state: "fresh", counted, before: edited ? (was?.count ?? null) : before, problem: null });
}

/** Whether asking again would help nothing: the rule is wrong, or speaks of a filter one may not use. */
function isOfTheRule(problem: Problem): boolean {
  return problem.status === 422 || problem.problems.length > 0;
}

function fail(problem: Problem): void {
  set({ state: isOfTheRule(problem) ? "invalid" : "offline", problem, facetsStale: false });
}

// --- without the connection -----------------------------------------------------------------------------------------------

async function askOverHttp(rule: Rule, rev: number): Promise<void> {
  const mine = new AbortController();
  asking = mine;
  const options = { body: { rule: { ...rule } }, signal: mine.signal };
  try {
    hearCount(await answered(client.POST("/api/v1/count", options)));
    const [{ facets }, reach, narrowing] = await Promise.all([
      answered(client.POST("/api/v1/facets", options)),
      answered(client.POST("/api/v1/reach", options)),
      answered(client.POST("/api/v1/narrowing", options)),
    ]);
    set({ facets, facetsStale: false, reach, narrowing });
  } catch (error) {
    if (mine.signal.aborted || rev !== now().rev) return;
    const problem = error instanceof Problem ? error : new Problem({});
    fail(problem);
    if (!isOfTheRule(problem)) timer = setTimeout(() => void askOverHttp(rule, rev), RETRY_MS);
  }
}
