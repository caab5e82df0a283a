/** From what a sentence was read as to what it changes: its phrases are matched with those the rule's sentence had before. */

import { freshId } from "@/rule/making";
import {
  type Condition,
  type Doc,
  docOf,
  EXCLUDE,
  emptyDoc,
  findNode,
  type Group,
  type Node,
  parentOf,
  ROOT,
  type Rule,
  type RuleNode,
  walk,
} from "@/rule/tree";
import type { Schemas } from "@/server/client";
import { carried, type Was } from "./carried";
import { type Add, type Piece, withPieces } from "./pieces";
import { type Mark, meaningOf, meanings, type Reading, type Said, type Status, shapeOf, toldOf } from "./said";

export type Answer = Schemas["InterpretAnswer"];

/** What words mean for a rule: the pieces that take it there, and the sentence of the rule afterwards (null: as it was). */
export type Heard = { said: Said | null; pieces: Piece[]; complete: boolean; missed: Said["missed"] };

/** A whole sentence. Phrases that did not change keep their conditions, hand edits and all. */
export function heard(answer: Answer, doc: Doc, before: Said | undefined): Heard {
  const was = before && carried(before, answer.text);
  const read = readAnew(answer);
  const twin = twins(read, doc, was);
  const named = renamed(read, twin);
  const stays = kept(named, doc, was);
  const pieces: Piece[] = [...changes(named, doc, stays), ...removals(named, doc, was), ...additions(named, doc)];
  const shape = before?.loose ? null : rearranging(named, withPieces(doc, pieces));
  if (shape) pieces.push({ kind: "arrange", id: "arrange", shape });
  const said = saidOf(answer, named, withPieces(doc, pieces), before?.loose ?? false);
  return { said, pieces, complete: answer.complete, missed: said.missed };
}

/** Words that change the rule and are no part of its sentence: 휴면은 빼줘, drop the gold tier. */
export function commanded(answer: Answer, doc: Doc): Heard {
  const rule = answer.rule as Rule | null;
  const pieces = answer.edits.flatMap(({ operation, node }): Piece[] => {
    const now = findNode(doc, node);
    const found = rule && inRule(rule.root, node);
    if (operation === "remove") return now ? [{ kind: "remove", id: node, before: now }] : [];
    if (operation === "add") return found ? added(found) : [];
    if (!found || now?.type !== "condition") return [];
    const [after] = toldOf(docOf({ version: 1, root: found }, freshId));
    return after ? [{ kind: "change", id: node, before: now, after: { ...after, id: node } }] : [];
  });
  const once = pieces.filter((piece, index) => pieces.findIndex((each) => each.id === piece.id) === index);
  return { said: null, pieces: once, complete: answer.complete, missed: missedOf(answer) };
}

function inRule(node: RuleNode, id: string): RuleNode | null {
  if (node.id === id) return node;
  const below = node.type === "not" ? [node.child as RuleNode] : ((node.children as RuleNode[] | undefined) ?? []);
  for (const each of below) {
    const found = inRule(each, id);
    if (found) return found;
  }
  return null;
}

function added(root: RuleNode): Add[] {
  const { doc } = readAnew({ rule: { version: 1, root }, phrases: [], readings: [], assumptions: [] });
  const put = (parent: string) => (node: Node) => ({ kind: "add" as const, id: node.id, node, at: { parent } });
  const inside: Node[] = doc.root.logic === "all" ? doc.root.children : [{ ...doc.root, id: freshId() }];
  return [...inside.map(put(ROOT)), ...doc.exclude.children.map(put(EXCLUDE))];
}

type Read = { doc: Doc; marks: Mark[]; readings: Reading[]; assumptions: Said["assumptions"] };

/** The answer under ids no other node has. */
function readAnew(answer: Pick<Answer, "rule" | "phrases" | "readings" | "assumptions">): Read {
  const ids = new Map<string, string>();
  const id = (old: string): string => {
    const made = ids.get(old) ?? freshId();
    ids.set(old, made);
    return made;
  };
  const rule = answer.rule as Rule | null;
  const doc = rule ? docOf({ version: 1, root: underIds(rule.root, id) }, freshId) : emptyDoc();
  const marks = answer.phrases.flatMap((phrase): Mark[] => {
    const node = findNode(doc, id(phrase.node));
    const { start, end } = phrase;
    const status = phrase.status as Status;
    return node?.type === "condition" ? [{ start, end, node: node.id, status, read: meaningOf(node) }] : [];
  });
  return {
    doc,
    marks: marks.sort((a, b) => a.start - b.start),
    readings: answer.readings.map((each) => ({ ...each, node: id(each.node), fragment: each.fragment as RuleNode })),
    assumptions: answer.assumptions.map(({ node, slot, ko, en }) => ({ node: id(node), slot, ko, en })),
  };
}

function underIds(node: RuleNode, id: (old: string) => string): RuleNode {
  const next = { ...node, ...(node.id ? { id: id(node.id) } : {}) };
  if (node.child) return { ...next, child: underIds(node.child as RuleNode, id) };
  if (!node.children) return next;
  return { ...next, children: (node.children as RuleNode[]).map((child) => underIds(child, id)) };
}

// --- which condition of the rule a phrase means -------------------------------------------------------------------------

/** Each condition that was read, with the condition of the rule that it is: by its words, else by its meaning or filter. */
function twins(read: Read, doc: Doc, was: Was | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const free = new Map(toldOf(doc).map((each) => [each.id, each]));
  const fresh = toldOf(read.doc);
  const pair = (one: Condition, old: Condition | undefined) => {
    if (!old || found.has(one.id) || old.filter !== one.filter) return;
    found.set(one.id, old.id);
    free.delete(old.id);
  };
  const overlaps = was ? overlapping(read.marks, was.said.marks) : new Map<string, string>();
  for (const one of fresh) pair(one, free.get(overlaps.get(one.id) ?? ""));
  const left = (test: (one: Condition, old: Condition) => boolean) => {
    for (const one of fresh)
      pair(
        one,
        [...free.values()].find((old) => test(one, old)),
      );
  };
  left((one, old) => meaningOf(one) === meaningOf(old));
  left((one, old) => one.filter === old.filter);
  return found;
}

/** For each phrase the old one with which it shares most characters. Both lie in the same text. */
function overlapping(marks: readonly Mark[], before: readonly Mark[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const mark of marks) {
    const shares = before.map((old) => ({
      node: old.node,
      n: Math.min(mark.end, old.end) - Math.max(mark.start, old.start),
    }));
    const best = shares.reduce((most, each) => (each.n > most.n ? each : most), { node: "", n: 0 });
    if (best.n > 0 && !found.has(mark.node)) found.set(mark.node, best.node);
  }
  return found;
}

/** The answer under the ids of the rule's own conditions. */
function renamed(read: Read, twin: Map<string, string>): Read {
  const id = (old: string) => twin.get(old) ?? old;
  const node = (each: Node): Node =>
    each.type === "group" ? { ...each, children: each.children.map(node) } : { ...each, id: id(each.id) };
  return {
    doc: { root: node(read.doc.root) as Group, exclude: node(read.doc.exclude) as Group },
    marks: read.marks.map((mark) => ({ ...mark, node: id(mark.node) })),
    readings: read.readings.map((each) => ({ ...each, node: id(each.node) })),
    assumptions: read.assumptions.map((each) => ({ ...each, node: id(each.node) })),
  };
}

/** Conditions that stay as they are: their words mean what they meant, or are untouched while a hand changed the condition. */
function kept(named: Read, doc: Doc, was: Was | undefined): Set<string> {
  const stays = new Set<string>();
  const marks = new Map(was?.said.marks.map((mark) => [mark.node, mark]));
  for (const one of toldOf(named.doc)) {
    const mark = marks.get(one.id);
    const now = findNode(doc, one.id);
    if (!mark || now?.type !== "condition") continue;
    const byHand = mark.read !== meaningOf(now);
    if (mark.read === meaningOf(one) || (byHand && !was?.touched.has(one.id))) stays.add(one.id);
  }
  return stays;
}

// --- the pieces ---------------------------------------------------------------------------------------------------------

function changes(named: Read, doc: Doc, stays: ReadonlySet<string>): Piece[] {
  return toldOf(named.doc).flatMap((after): Piece[] => {
    const before = findNode(doc, after.id);
    if (before?.type !== "condition" || stays.has(after.id) || meaningOf(before) === meaningOf(after)) return [];
    return [{ kind: "change", id: after.id, before, after }];
  });
}

/** What the sentence told before and does not tell any more. */
function removals(named: Read, doc: Doc, was: Was | undefined): Piece[] {
  const still = new Set(toldOf(named.doc).map((each) => each.id));
  return toldOf(doc)
    .filter((each) => was && each.id in was.said.of && !still.has(each.id))
    .map((before) => ({ kind: "remove", id: before.id, before }));
}

/** New conditions; a group of nothing but new ones comes as one piece. Each goes beside what it was said beside. */
function additions(named: Read, doc: Doc): Piece[] {
  const isNew = (node: Node): boolean =>
    node.type === "group" ? node.children.length > 0 && node.children.every(isNew) : !findNode(doc, node.id);
  const found: Piece[] = [];
  const look = (group: Group) => {
    for (const [index, child] of group.children.entries()) {
      if (isNew(child)) found.push({ kind: "add", id: child.id, node: child, at: beside(group, index, doc) });
      else if (child.type === "group") look(child);
    }
  };
  look(named.doc.root);
  look(named.doc.exclude);
  return found;
}

function beside(group: Group, index: number, doc: Doc): { parent: string; after?: string } {
  if (group.id === ROOT || group.id === EXCLUDE) return { parent: group.id };
  const known = group.children.slice(0, index).concat(group.children.slice(index));
  const sibling = known.find((child) => findNode(doc, child.id));
  const place = sibling && parentOf(doc, sibling.id);
  return place && sibling ? { parent: place.group.id, after: sibling.id } : { parent: ROOT };
}

/** How the sentence joins its conditions, where the rule would join them otherwise. */
function rearranging(named: Read, next: Doc): Doc | null {
  const ids = new Set(toldOf(named.doc).map((each) => each.id));
  return shapeOf(named.doc) === shapeOf(next, ids) ? null : named.doc;
}

function saidOf(answer: Answer, named: Read, next: Doc, loose: boolean): Said {
  const ids = new Set([...walk(named.doc.root), ...walk(named.doc.exclude)].map((node) => node.id));
  const all = meanings(next);
  return {
    text: answer.text,
    origin: "user",
    language: answer.language === "en" ? "en" : "ko",
    marks: named.marks,
    readings: named.readings,
    assumptions: named.assumptions,
    missed: missedOf(answer),
    of: Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id))),
    shape: shapeOf(next),
    loose,
    differs: [],
  };
}

const missedOf = (answer: Answer): Said["missed"] =>
  answer.not_understood.map(({ start, end, text, ko, en, nearest }) => ({ start, end, text, ko, en, nearest }));
