/** The rule as the builder holds it: one tree of who is in, one block of who is left out. Plain data, never changed in place. */

import type { Operator } from "@/catalog/catalog";
import type { Said } from "@/sentence/said";

export type WindowUnit = "day" | "week" | "month" | "year";
export type CalendarUnit = WindowUnit | "quarter" | "half";
export type Window =
  | { type: "last" | "next"; n: number; unit?: WindowUnit }
  | { type: "days"; start: number; end: number }
  | { type: "calendar"; unit: CalendarUnit; offset?: number; part?: "early" | "middle" | "late" }
  | {
      type: "named";
      name: string;
      year?: "last" | "this" | "next" | "recent" | "upcoming" | number;
      start?: number;
      end?: number;
    }
  | { type: "between"; start?: string; end?: string }
  | { type: "ever" }
  | { type: "future" };

export type Range = { min?: number; max?: number };
export type Stay = { relation: "in" | "touches"; window: Window };
export type PropertyValue = string[] | true | Range | Stay;
export type Value = number | string | [number, number] | string[] | Window;

export type Condition = {
  type: "condition";
  id: string;
  filter: string;
  operator: Operator;
  value?: Value;
  measure?: string;
  window?: Window;
  properties?: Record<string, PropertyValue>;
};
export type Logic = "all" | "any" | "none" | "at_least";
export type Group = { type: "group"; id: string; logic: Logic; k?: number; children: Node[] };
/** A node of a kind this page has no editor for: kept as it is. */
export type Other = { type: "other"; id: string; json: RuleNode };
export type Node = Condition | Group | Other;

/** What is being built. `exclude` is the block at the bottom: whoever any of its children is true of is left out; `said`: its sentence. */
export type Doc = { root: Group; exclude: Group; said?: Said };

/** A node as the server writes it. */
export type RuleNode = { type: string; id?: string; [key: string]: unknown };
export type Rule = { version: 1; root: RuleNode };

export const ROOT = "root";
export const EXCLUDE = "exclude";
/** Ids of the two nodes that join the blocks: everyone in the first and not in the second. */
const BOTH = "both";
const WITHOUT = "without";

export const emptyDoc = (): Doc => ({
  root: { type: "group", id: ROOT, logic: "all", children: [] },
  exclude: { type: "group", id: EXCLUDE, logic: "any", children: [] },
});

export const isEmpty = (doc: Doc): boolean => ruleOf(doc) === null;

/** The node and everything below it, parents first. */
export function* walk(node: Node): Generator<Node> {
  yield node;
  if (node.type === "group") for (const child of node.children) yield* walk(child);
}

export function* nodesOf(doc: Doc): Generator<Node> {
  yield* walk(doc.root);
  yield* walk(doc.exclude);
}

export const conditionsOf = (doc: Doc): Condition[] =>
  [...nodesOf(doc)].filter((node): node is Condition => node.type === "condition");

export function findNode(doc: Doc, id: string): Node | undefined {
  for (const node of nodesOf(doc)) if (node.id === id) return node;
  return undefined;
}

/** The group a node stands in, with its place there. */
export function parentOf(doc: Doc, id: string): { group: Group; index: number } | undefined {
  for (const node of nodesOf(doc)) {
    if (node.type !== "group") continue;
    const index = node.children.findIndex((child) => child.id === id);
    if (index >= 0) return { group: node, index };
  }
  return undefined;
}

/** How deep the rule is nested as the server counts it; 0 where nothing is asked. */
export function depthOf(doc: Doc): number {
  const depth = (node: RuleNode): number => {
    if (node.type === "condition") return 1;
    const below = node.type === "not" ? [node.child as RuleNode] : childrenOf(node);
    return 1 + Math.max(0, ...below.map(depth));
  };
  const rule = ruleOf(doc);
  return rule ? depth(rule.root) : 0;
}

// --- to and from the server ---------------------------------------------------------------------------------------------

/** The rule that is meant, without groups that are still empty; null where nothing is asked yet. */
export function ruleOf(doc: Doc): Rule | null {
  const root = written(doc.root);
  const exclude = written(doc.exclude);
  if (!exclude) return root ? { version: 1, root } : null;
  const without: RuleNode = { type: "not", id: WITHOUT, child: exclude };
  if (!root) return { version: 1, root: without };
  return { version: 1, root: { type: "all", id: BOTH, children: [root, without] } };
}

/** Whether a condition says what its value is compared with. */
export function isComplete({ operator, value }: Condition): boolean {
  if (operator === "known" || operator === "unknown") return true;
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** A node as the server reads it; null for a group in which nothing is asked, and for a condition without a value yet. */
export function written(node: Node): RuleNode | null {
  if (node.type === "condition") return isComplete(node) ? { ...node } : null;
  if (node.type === "other") return node.json;
  const children = node.children.map(written).filter((child) => child !== null);
  if (children.length === 0) return null;
  const { id } = node;
  if (node.logic === "none") {
    const child = children.length === 1 ? children[0] : { type: "any", id: `${id}-any`, children };
    return { type: "not", id, child };
  }
  if (node.logic === "at_least") {
    return { type: "at_least", id, k: Math.min(node.k ?? 1, children.length), children };
  }
  return { type: node.logic, id, children };
}

/** A saved rule as a document: what a top `all` leaves out stands in the exclusion block. */
export function docOf(rule: Rule, freshId: () => string): Doc {
  const doc = emptyDoc();
  const root = rule.root;
  const parts = root.type === "all" ? childrenOf(root) : [root];
  const inside = parts.filter((part) => part.type !== "not");
  const outside = parts.filter((part) => part.type === "not");
  const read = (part: RuleNode) => reading(part, freshId);
  doc.exclude.children = outside.flatMap((part) => excluded(part.child as RuleNode).map(read));
  if (root.type === "all") {
    doc.root.children = inside.map(read);
    if (inside.length === 1 && root.id === BOTH) doc.root = asRoot(doc.root.children[0] as Node, doc.root);
  } else if (inside.length === 1) {
    doc.root = asRoot(read(inside[0] as RuleNode), doc.root);
  }
  return unique(doc, freshId);
}

const excluded = (child: RuleNode): RuleNode[] => (child.type === "any" ? childrenOf(child) : [child]);
const childrenOf = (node: RuleNode): RuleNode[] => (node.children as RuleNode[] | undefined) ?? [];
const asRoot = (node: Node, root: Group): Group =>
  node.type === "group" && node.logic !== "none" ? { ...node, id: ROOT } : { ...root, children: [node] };

function reading(node: RuleNode, freshId: () => string): Node {
  const id = node.id ?? freshId();
  if (node.type === "condition") return withoutNulls({ ...node, id }) as Condition;
  if (node.type === "not") {
    const child = node.child as RuleNode;
    const children = (child.type === "any" ? childrenOf(child) : [child]).map((each) => reading(each, freshId));
    return { type: "group", id, logic: "none", children };
  }
  if (node.type === "all" || node.type === "any" || node.type === "at_least") {
    const group: Group = {
      type: "group",
      id,
      logic: node.type,
      children: childrenOf(node).map((each) => reading(each, freshId)),
    };
    return node.type === "at_least" ? { ...group, k: node.k as number } : group;
  }
  return { type: "other", id, json: { ...node, id } };
}

function withoutNulls<T extends object>(node: T): T {
  const kept = Object.entries(node).filter(
    ([key, value]) => value !== null && !(key === "properties" && isBare(value)),
  );
  return Object.fromEntries(kept) as T;
}
const isBare = (value: unknown): boolean => Object.keys(value as object).length === 0;

/** The same document with every id used once, and none of those that stand for the blocks themselves. */
function unique(doc: Doc, freshId: () => string): Doc {
  const taken = new Set<string>([WITHOUT, BOTH]);
  const named = (node: Node): Node => {
    const free =
      !taken.has(node.id) && !(node !== doc.root && node !== doc.exclude && [ROOT, EXCLUDE].includes(node.id));
    const id = free ? node.id : freshId();
    taken.add(id);
    if (node.type === "group") return { ...node, id, children: node.children.map(named) };
    return node.type === "other" ? { ...node, id, json: { ...node.json, id } } : { ...node, id };
  };
  return { root: named(doc.root) as Group, exclude: named(doc.exclude) as Group };
}
