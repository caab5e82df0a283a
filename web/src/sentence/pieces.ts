/** A change of a rule in pieces, each of which can be taken or left; and what becomes of it where the rule moved meanwhile. */

import * as edits from "@/rule/edits";
import { type Condition, type Doc, EXCLUDE, findNode, type Group, type Node, parentOf, ROOT, walk } from "@/rule/tree";
import { meaningOf } from "./said";

export type Add = { kind: "add"; id: string; node: Node; at: { parent: string; after?: string } };
export type Remove = { kind: "remove"; id: string; before: Node };
/** `mine`: what a hand made of the same slots meanwhile. */
export type Change = { kind: "change"; id: string; before: Condition; after: Condition; mine?: Condition };
/** Join the conditions as these groups do. */
export type Arrange = { kind: "arrange"; id: "arrange"; shape: Doc };
export type Piece = (Add | Remove | Change | Arrange) & { conflict?: boolean };

/** The rule with these pieces. What no piece mentions stays the very same object. */
export function withPieces(doc: Doc, pieces: readonly Piece[]): Doc {
  const order = { change: 0, remove: 1, add: 2, arrange: 3 };
  return [...pieces].sort((a, b) => order[a.kind] - order[b.kind]).reduce(withPiece, doc);
}

function withPiece(doc: Doc, piece: Piece): Doc {
  if (piece.kind === "arrange") return arranged(doc, piece.shape);
  return taken(doc, piece) ?? doc;
}

function taken(doc: Doc, piece: Exclude<Piece, Arrange>): Doc | null {
  const edited =
    piece.kind === "change"
      ? edits.change(doc, piece.id, () => piece.after)
      : piece.kind === "remove"
        ? edits.remove(doc, withEmptied(doc, piece.id))
        : edits.insert(doc, [piece.node], placeOf(doc, piece));
  return edits.isRefused(edited) ? null : edited.doc;
}

/** A condition, and the groups that would be left empty without it. */
function withEmptied(doc: Doc, id: string): string[] {
  const place = parentOf(doc, id);
  const alone = place && place.group.children.length === 1 && place.group.id !== ROOT && place.group.id !== EXCLUDE;
  return alone ? withEmptied(doc, place.group.id) : [id];
}

function placeOf(doc: Doc, { at }: Add): edits.Place {
  const parent = findNode(doc, at.parent)?.type === "group" ? at.parent : ROOT;
  const children = (findNode(doc, parent) as Group).children;
  const index = at.after ? children.findIndex((child) => child.id === at.after) + 1 : 0;
  return { parent, index: index > 0 ? index : children.length };
}

/** The conditions of a rule joined as another document joins them; those it does not know stay in their block. */
function arranged(doc: Doc, shape: Doc): Doc {
  const known = new Set([...walk(shape.root), ...walk(shape.exclude)].map((node) => node.id));
  const build = (node: Node): Node[] => {
    if (node.type !== "group") return [findNode(doc, node.id) ?? []].flat();
    const children = node.children.flatMap(build);
    return children.length === 0 ? [] : [{ ...node, children }];
  };
  const strangers = (group: Group): Node[] =>
    group.children.flatMap((node): Node[] => {
      if (node.type !== "group") return known.has(node.id) ? [] : [node];
      const children = strangers(node);
      return children.length === 0 ? [] : [{ ...node, children }];
    });
  const more = strangers(doc.root);
  const inside = shape.root.children.flatMap(build);
  const wraps = more.length > 0 && shape.root.logic !== "all" && inside.length > 1;
  const kept: Node[] = wraps ? [{ ...shape.root, id: `${ROOT}-said`, children: inside }] : inside;
  const { k: _, ...root } = shape.root;
  const logic = wraps || inside.length < 2 ? ({ ...root, logic: "all" } as Group) : shape.root;
  return {
    root: { ...logic, id: ROOT, children: [...kept, ...more] },
    exclude: {
      ...doc.exclude,
      children: [...shape.exclude.children.flatMap(build), ...strangers(doc.exclude)],
    },
  };
}

// --- where the rule moved meanwhile -----------------------------------------------------------------------------------------

/** What makes up a condition: each part can be changed by a different hand. */
export const slotsOf = (condition: Condition): Record<string, unknown> => ({
  filter: condition.filter,
  value: [condition.operator, condition.value ?? null],
  measure: condition.measure ?? null,
  window: condition.window ?? null,
  ...Object.fromEntries(Object.entries(condition.properties ?? {}).map(([key, value]) => [`property:${key}`, value])),
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The slots in which two conditions differ. */
export function differing(a: Condition, b: Condition): string[] {
  const [one, other] = [slotsOf(a), slotsOf(b)];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => !same(one[key], other[key]));
}

/** Three ways: `theirs` was made from `base`, which a hand has made `mine` since. Where both touched a slot, mine stays. */
export function merged(
  base: Condition,
  theirs: Condition,
  mine: Condition,
): { condition: Condition; conflict: boolean } {
  const wished = differing(base, theirs);
  const touched = new Set(differing(base, mine));
  const [from, now] = [slotsOf(theirs), slotsOf(mine)];
  const free = wished.filter((slot) => !touched.has(slot));
  const conflict = wished.some((slot) => touched.has(slot) && !same(from[slot], now[slot]));
  return { condition: free.reduce((made, slot) => withSlot(made, slot, theirs), mine), conflict };
}

function withSlot(condition: Condition, slot: string, from: Condition): Condition {
  const next: Record<string, unknown> = { ...condition };
  const put = (key: keyof Condition) => {
    if (from[key] === undefined) delete next[key];
    else next[key] = from[key];
  };
  if (slot.startsWith("property:")) {
    const key = slot.slice("property:".length);
    const { [key]: _, ...others } = condition.properties ?? {};
    const value = from.properties?.[key];
    return { ...condition, properties: value === undefined ? others : { ...others, [key]: value } };
  }
  if (slot === "value") {
    put("operator");
    put("value");
  } else put(slot as keyof Condition);
  return next as Condition;
}

/** Pieces made from one rule, as they stand on the rule there is now. The hand wins; where both touched the same it is a conflict. */
export function rebased(pieces: readonly Piece[], base: Doc, now: Doc): Piece[] {
  return base === now ? [...pieces] : pieces.flatMap((piece) => rebasedOne(piece, now));
}

function rebasedOne(piece: Piece, now: Doc): Piece[] {
  if (piece.kind === "arrange") return [piece];
  const found = findNode(now, piece.id);
  if (piece.kind === "add") return found || hasSame(now, piece) ? [] : [piece];
  if (found?.type !== "condition") return piece.kind === "remove" && found ? [piece] : [];
  if (piece.kind === "remove") {
    const edited = piece.before.type === "condition" && meaningOf(piece.before) !== meaningOf(found);
    return [edited ? { ...piece, before: found, conflict: true } : piece];
  }
  const base = piece.before;
  const { condition, conflict } = merged(base, piece.after, found);
  if (conflict)
    return [{ ...piece, before: found, after: overMine(base, piece.after, found), mine: condition, conflict }];
  return meaningOf(condition) === meaningOf(found) ? [] : [{ ...piece, before: found, after: condition }];
}

/** Mine, with every slot the other side wished: what choosing the other side comes to. */
const overMine = (base: Condition, theirs: Condition, mine: Condition): Condition =>
  differing(base, theirs).reduce((made, slot) => withSlot(made, slot, theirs), mine);

/** Whether a hand already put the same condition there. */
function hasSame(now: Doc, { node, at }: Add): boolean {
  const parent = findNode(now, at.parent);
  if (node.type !== "condition" || parent?.type !== "group") return false;
  const wanted = meaningOf(node);
  return parent.children.some((each) => each.type === "condition" && meaningOf(each) === wanted);
}
