/** What a language model makes of words the phrasebook did not wholly understand. Nobody waits for it, and nothing is done by itself. */

import { type Doc, type Rule, ruleOf } from "@/rule/tree";
import { answered, client, type Schemas } from "@/server/client";
import { carried } from "./carried";
import { type Answer, commanded, type Heard, heard } from "./heard";
import { type Piece, rebased } from "./pieces";
import type { Said } from "./said";

/** What was asked of a model: the words, the rule they were written beside, and whether they are a change of that rule. */
export type Asked = { text: string; base: Doc; asCommand: boolean };
export type Late = Schemas["LaterAnswer"];

const WAIT_MS = 2000;
const LONGEST_MS = 30_000;

/** Ask a model too. `null` where none is switched on or there is nothing to ask it. */
export async function askModel({ text, base, asCommand }: Asked, signal: AbortSignal): Promise<string | null> {
  const rule: Rule | null = asCommand ? ruleOf(base) : null;
  const body = { sentence: text, model: true, ...(rule ? { rule: { ...rule } } : {}) };
  const answer = await answered(client.POST("/api/v1/interpret", { body, signal }));
  return answer.later?.ticket ?? null;
}

/** The model's answer once it is there; `null` where it takes longer than anybody would still care for. */
export async function fetchLate(ticket: string, signal: AbortSignal): Promise<Late | null> {
  const ends = Date.now() + LONGEST_MS;
  while (Date.now() < ends) {
    const body = { ticket, wait_ms: WAIT_MS };
    const late = await answered(client.POST("/api/v1/interpret/later", { body, signal }));
    if (late.state !== "waiting") return late;
  }
  return null;
}

/**
 * What a late answer would still change of the rule there is `now`, three ways: it was made from `asked.base`, hands have made
 * `now` of that since, and the hand wins. `null` where nothing is left of it.
 */
export function lateHeard(answer: Answer, asked: Asked, now: Doc): Heard | null {
  const { base } = asked;
  const found = asked.asCommand ? commanded(answer, base) : heard(answer, base, base.said);
  if (rebased(found.pieces, base, now).length === 0) return null;
  const moved = now.said && now.said.text !== asked.text;
  return moved && found.said ? { ...found, said: joined(found.said, now.said as Said, found.pieces) } : found;
}

/** The sentence as hands have left it, in which the late answer's own phrases are read too, where their words still stand. */
function joined(late: Said, now: Said, pieces: readonly Piece[]): Said {
  const { said, touched } = carried(late, now.text);
  const fresh = new Set(pieces.filter(({ kind }) => kind === "add").map(({ id }) => id));
  const stands = (node: string) => fresh.has(node) && !touched.has(node);
  const marks = said.marks.filter((mark) => stands(mark.node));
  const isRead = ({ start, end }: { start: number; end: number }) =>
    marks.some((mark) => start < mark.end && mark.start < end);
  return {
    ...now,
    marks: [...now.marks, ...marks].sort((a, b) => a.start - b.start),
    missed: now.missed.filter((each) => !isRead(each)),
    assumptions: [...now.assumptions, ...late.assumptions.filter((each) => stands(each.node))],
    readings: [...now.readings, ...late.readings.filter((each) => stands(each.node))],
    of: { ...now.of, ...Object.fromEntries(Object.entries(late.of).filter(([id]) => stands(id))) },
  };
}
