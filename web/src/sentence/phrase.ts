/** A sentence somebody wrote follows its rule: only the words of what changed are written anew, the writer's others stay. */

import type { Doc } from "@/rule/tree";
import { leftOut, type Mark, meanings, type Said, shapeOf } from "./said";

/** How a condition is put where it stands: before another, as one of two, before a noun, or at the end of a list. */
export type Form = "and" | "or" | "noun" | "plain";
export type Want = { node: string; form: Form; out: boolean };
export type Phrases = ReadonlyMap<string, string>;
type Language = Said["language"];

/** What a text does not tell rightly any more. */
export type Lag = { changed: string[]; gone: string[]; fresh: string[] };

export function lagOf(said: Said, doc: Doc): Lag {
  const now = meanings(doc);
  const marked = new Set(said.marks.map((mark) => mark.node));
  return {
    changed: Object.keys(now).filter((id) => marked.has(id) && said.of[id] !== now[id]),
    gone: [...marked].filter((id) => !(id in now)),
    fresh: Object.keys(now).filter((id) => !marked.has(id)),
  };
}

export const isLagging = ({ changed, gone, fresh }: Lag): boolean => changed.length + gone.length + fresh.length > 0;

/** Whether nothing of what was written is left to keep. */
export function isOverwritten(said: Said, doc: Doc): boolean {
  const now = meanings(doc);
  return said.origin === "generated" || !said.marks.some((mark) => mark.node in now);
}

/** The phrases that have to be asked for. */
export function wants(said: Said, doc: Doc): Want[] {
  const lag = lagOf(said, doc);
  const out = leftOut(doc);
  const replaced = lag.changed.map((node) => {
    const mark = markOf(said, node);
    const bracket = bracketOf(said.text, mark);
    return { node, form: formOf(said, mark, lag.gone), out: out.has(node) && !bracket };
  });
  return [...replaced, ...lag.fresh.map((node) => ({ node, form: "plain" as const, out: out.has(node) }))];
}

export const keyOf = ({ node, form, out }: Want): string => `${form}:${out}:${node}`;

/** The sentence with the words of what changed written anew, of what is gone taken away, and of what is new at its end. */
export function rewritten(said: Said, doc: Doc, phrases: Phrases): Said {
  const lag = lagOf(said, doc);
  const asked = new Map(wants(said, doc).map((want) => [want.node, phrases.get(keyOf(want))]));
  let next = said;
  for (const node of lag.changed) next = replaced(next, node, asked.get(node) ?? "");
  for (const node of lag.gone) next = removed(next, node);
  for (const node of lag.fresh) next = appended(next, node, asked.get(node) ?? "");
  const settled = new Set([...lag.changed, ...lag.gone]);
  const open = <T extends { node: string }>(list: T[]) => list.filter((each) => !settled.has(each.node));
  return {
    ...next,
    readings: open(next.readings),
    assumptions: open(next.assumptions),
    of: meanings(doc),
    shape: shapeOf(doc),
  };
}

// --- one phrase -----------------------------------------------------------------------------------------------------------

const markOf = (said: Said, node: string): Mark => said.marks.find((mark) => mark.node === node) as Mark;

/** What is grown together with a phrase and belongs to it: endings and particles. */
const TAIL: Record<Language, RegExp> = {
  ko: /^(?:했|하였|하|한|되|된|됐|돼|인|이|였|있|없|은|는|을|를|도|만)?(?:으며|며|으면서|면서|고|지만|는데|은데|거나|던|는|은|이면|면)?/,
  en: /^(?!)/,
};
const BETWEEN = /^[\s,/·]*(?:(?:그리고|또한|및|and)\s+)?/;
const JOINED_BY_OR = /거나|또는|혹은|이나|\bor\b/;

/** Where a phrase ends with its ending, but not beyond where the next one begins. */
function endOf(said: Said, mark: Mark): number {
  const bound = Math.min(
    ...said.marks.filter((each) => each.start >= mark.end).map((each) => each.start),
    said.text.length,
  );
  const rest = said.text.slice(mark.end, bound);
  return mark.end + (TAIL[said.language].exec(rest)?.[0].length ?? 0);
}

function formOf(said: Said, mark: Mark, gone: readonly string[]): Form {
  if (bracketOf(said.text, mark)) return "noun";
  const next = said.marks.find((each) => each.start >= mark.end && !gone.includes(each.node));
  if (next) return JOINED_BY_OR.test(said.text.slice(mark.start, next.start)) ? "or" : "and";
  return /^[\s]*[\p{L}]/u.test(said.text.slice(endOf(said, mark))) ? "noun" : "plain";
}

/** The brackets around a phrase that is alone in them, with what they belong to: `(… 경우)를 제외하고`, `not (…)`. */
function bracketOf(text: string, mark: Mark): { start: number; end: number } | null {
  const before = /(?:\bnot )?\($/.exec(text.slice(0, mark.start));
  const after = /^[^(),]{0,4}\s*(?:경우)?\)(?:[를을]?\s*제외(?:하고|한|하거나)?)?/.exec(text.slice(mark.end));
  return before && after ? { start: mark.start - before[0].length, end: mark.end + after[0].length } : null;
}

/** A stretch of the text written anew; the marks behind it move along, those within it go. */
function spliced(said: Said, start: number, end: number, text: string): Said {
  const by = text.length - (end - start);
  const moved = <T extends { start: number; end: number }>(list: T[]): T[] =>
    list.flatMap((each) => {
      if (each.end <= start) return [each];
      return each.start >= end ? [{ ...each, start: each.start + by, end: each.end + by }] : [];
    });
  return {
    ...said,
    text: said.text.slice(0, start) + text + said.text.slice(end),
    marks: moved(said.marks),
    readings: moved(said.readings),
    missed: moved(said.missed),
  };
}

const withMark = (said: Said, start: number, end: number, node: string): Said => ({
  ...said,
  marks: [...said.marks, { start, end, node, status: "said" as const }].sort((a, b) => a.start - b.start),
});

function replaced(said: Said, node: string, phrase: string): Said {
  const [mark, ...others] = said.marks.filter((each) => each.node === node) as [Mark, ...Mark[]];
  const alone = others.length > 0 ? withoutMarks(said, others) : said;
  const next = spliced(alone, mark.start, endOf(alone, mark), phrase);
  return withMark(next, mark.start, mark.start + phrase.length, node);
}

const withoutMarks = (said: Said, marks: readonly Mark[]): Said => ({
  ...said,
  marks: said.marks.filter((each) => !marks.includes(each)),
});

function removed(said: Said, node: string): Said {
  return said.marks.some((mark) => mark.node === node) ? removed(removedOne(said, markOf(said, node)), node) : said;
}

/** Without a phrase, its ending, and the comma behind it; or, where it was the last, the comma before it. */
function removedOne(said: Said, mark: Mark): Said {
  const bracket = bracketOf(said.text, mark);
  const start = bracket?.start ?? mark.start;
  const end = bracket?.end ?? endOf(said, mark);
  const behind = BETWEEN.exec(said.text.slice(end))?.[0] ?? "";
  const isLast = !said.marks.some((each) => each.start >= end);
  if (!isLast) return spliced(said, start, end + behind.length, "");
  const before = /[\s,/·]*(?:(?:그리고|및|and)\s+)?$/.exec(said.text.slice(0, start))?.[0] ?? "";
  const gap = start - before.length > 0 && behind.length > 0 && end + behind.length < said.text.length ? " " : "";
  return beforeNoun(spliced(said, start - before.length, end + behind.length, gap), start - before.length);
}

/** Endings that lead on to another clause, as they are before a noun. */
const LEADING: readonly [RegExp, string][] = [
  [/(?:했|하였)(?:지만|고|는데|으며|으면서)$/, "한"],
  [/하(?:지만|고|는데|며|면서)$/, "하는"],
  [/(있|없)(?:지만|고|는데|으며|거나)$/, "$1는"],
  [/(?:이고|이며|이지만|이거나)$/, "인"],
];

/** The clause that has become the last one no longer leads on. */
function beforeNoun(said: Said, at: number): Said {
  const head = said.text.slice(0, at);
  for (const [ending, noun] of LEADING) {
    const found = ending.exec(head);
    if (!found) continue;
    const text = found[0].replace(ending, noun);
    const inside = said.marks.find((mark) => mark.start < found.index && mark.end > found.index);
    const next = spliced(inside ? withoutMarks(said, [inside]) : said, found.index, at, text);
    return inside
      ? {
          ...next,
          marks: [...next.marks, { ...inside, end: found.index + text.length }].sort((a, b) => a.start - b.start),
        }
      : next;
  }
  return said;
}

function appended(said: Said, node: string, phrase: string): Said {
  const text = said.text.replace(/[\s.,]+$/, "");
  const join = text === "" ? "" : ", ";
  const start = text.length + join.length;
  return withMark({ ...said, text: text + join + phrase }, start, start + phrase.length, node);
}
