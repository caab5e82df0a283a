/** A rule's sentence: its text, which characters speak of which condition, and what each condition was when they did. Plain data. */

import {
  type Condition,
  conditionsOf,
  type Doc,
  type Group,
  isComplete,
  type Node,
  type RuleNode,
  walk,
} from "@/rule/tree";

export type Status = "said" | "assumed" | "ambiguous";
/** Characters `start` up to (without) `end` speak of a condition. `read`: what these words alone were read as. */
export type Mark = { start: number; end: number; node: string; status: Status; read?: string };
/** A slot nobody said, and why it is filled as it is. */
export type Assumption = { node: string; slot: string; ko: string; en: string };
/** Another fragment the words of a condition could have meant. */
export type Reading = { node: string; start: number; end: number; asks: boolean; fragment: RuleNode; words: string };
/** A phrase that became nothing. */
export type Missed = {
  start: number;
  end: number;
  text: string;
  ko: string;
  en: string;
  nearest: { ko: string; en: string } | null;
};

/**
 * `origin`: written by somebody, or by the product. `of` and `shape`: the conditions, and how they were joined, when the text was
 * last made to tell them. `differs`: conditions whose words alone would be read otherwise; `loose`: so would what joins them.
 */
export type Said = {
  text: string;
  origin: "user" | "generated";
  language: "ko" | "en";
  marks: Mark[];
  assumptions: Assumption[];
  readings: Reading[];
  missed: Missed[];
  of: Record<string, string>;
  shape: string;
  loose: boolean;
  differs: string[];
};

/** The id of the standing exclusion: it is in sight in the rule and never in the sentence. */
export const UNSAID = "team";

const ENOUGH = 0x01000193;

/** A short fingerprint of a text. */
function print(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), ENOUGH);
  return (hash >>> 0).toString(36);
}

/** A condition's meaning, whatever its id: two that ask the same have the same one. */
export const meaningOf = (condition: Condition): string => print(JSON.stringify(plain({ ...condition, id: "" })));

/** Keys in order, without what says nothing: no properties, and days where days are meant anyway. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .filter(([key, each]) => !(key === "unit" && each === "day") && !(key === "properties" && isBare(each)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return kept.map(([key, each]) => [key, plain(each)]);
}
const isBare = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** The conditions a sentence has to tell, in reading order. */
export const toldOf = (doc: Doc): Condition[] =>
  conditionsOf(doc).filter((each) => each.id !== UNSAID && isComplete(each));

/** Ids of the conditions that are left out, wherever they stand. */
export function leftOut(doc: Doc): Set<string> {
  const out = new Set<string>();
  for (const node of walk(doc.exclude)) out.add(node.id);
  for (const node of walk(doc.root)) {
    if (node.type === "group" && node.logic === "none") for (const below of walk(node)) out.add(below.id);
  }
  return out;
}

/** What each told condition means now, and whether it is left out. */
export function meanings(doc: Doc): Record<string, string> {
  const out = leftOut(doc);
  return Object.fromEntries(toldOf(doc).map((each) => [each.id, (out.has(each.id) ? "-" : "+") + meaningOf(each)]));
}

/** How conditions are joined, as a text: the same for groups that mean the same. `only` keeps to these ids. */
export function shapeOf(doc: Doc, only?: ReadonlySet<string>): string {
  const wanted = only ?? new Set(toldOf(doc).map((each) => each.id));
  const inside = shaped(doc.root, wanted);
  const outside = shaped({ ...doc.exclude, logic: "none" }, wanted);
  return joined("all", undefined, [...flat(inside, "all"), ...flat(outside, "all")])?.text ?? "";
}

type Shape = { logic: string; parts: Shape[]; text: string };

function shaped(node: Node, wanted: ReadonlySet<string>): Shape | null {
  if (node.type !== "group") return wanted.has(node.id) ? { logic: "", parts: [], text: node.id } : null;
  const parts = node.children.flatMap((child) => flat(shaped(child, wanted), node.logic));
  if (node.logic !== "none") return joined(node.logic, node.k, parts);
  const each = parts.map((part): Shape => ({ logic: "none", parts: [part], text: `none(${part.text})` }));
  return joined("all", undefined, each);
}

/** A group within one of its own kind is as if its members stood in the other. */
function flat(shape: Shape | null, logic: string): Shape[] {
  if (!shape) return [];
  const same = shape.logic === logic && (logic === "all" || logic === "any");
  return same || (shape.logic === "any" && logic === "none") ? shape.parts : [shape];
}

function joined(logic: Group["logic"], k: number | undefined, parts: Shape[]): Shape | null {
  const [first] = parts;
  if (!first) return null;
  if (parts.length === 1 && logic !== "none") return first;
  const text = `${logic}${k ?? ""}(${parts
    .map((part) => part.text)
    .sort()
    .join(" ")})`;
  return { logic, parts, text };
}
