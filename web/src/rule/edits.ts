/** Every change a hand can make to a rule, as pure functions: a document in, a new one out, nothing else touched. */

import {
  type Condition,
  type Doc,
  depthOf,
  EXCLUDE,
  findNode,
  type Group,
  type Logic,
  type Node,
  parentOf,
  ROOT,
  type Window,
  walk,
} from "./tree";

export const MAX_DEPTH = 8;
export const MAX_CONDITIONS = 200;

/** Why an edit is refused; the page says it in words. */
export type Refusal = "inside_itself" | "too_deep" | "too_many" | "not_found" | "fixed";
export type Edited = { doc: Doc } | { refused: Refusal };
export type Place = { parent: string; index: number };

export const isRefused = (edited: Edited): edited is { refused: Refusal } => "refused" in edited;

/** Put new nodes into a group. */
export function insert(doc: Doc, nodes: Node[], at: Place): Edited {
  const parent = findNode(doc, at.parent);
  if (parent?.type !== "group") return { refused: "not_found" };
  return allowed(
    mapGroup(doc, at.parent, (group) => ({ ...group, children: spliced(group.children, at.index, nodes) })),
  );
}

/** Take nodes away. The two blocks themselves stay. */
export function remove(doc: Doc, ids: Iterable<string>): Edited {
  const gone = new Set(ids);
  return { doc: mapChildren(doc, (children) => children.filter((child) => !gone.has(child.id))) };
}

/** Move nodes, in the order they are read, to a place counted before anything moved. */
export function move(doc: Doc, ids: Iterable<string>, to: Place): Edited {
  const wanted = new Set(ids);
  if (wanted.has(ROOT) || wanted.has(EXCLUDE)) return { refused: "fixed" };
  const moved = topmost(doc, wanted);
  const target = findNode(doc, to.parent);
  if (moved.length === 0 || target?.type !== "group") return { refused: "not_found" };
  if (moved.some((node) => [...walk(node)].some((below) => below.id === to.parent)))
    return { refused: "inside_itself" };
  const leaving = new Set(moved.map((node) => node.id));
  const before = target.children.slice(0, to.index).filter((child) => leaving.has(child.id)).length;
  const without = mapChildren(doc, (children) => children.filter((child) => !leaving.has(child.id)));
  return insert(without, moved, { parent: to.parent, index: to.index - before });
}

/** Change one condition. */
export function change(doc: Doc, id: string, make: (condition: Condition) => Condition): Edited {
  const found = findNode(doc, id);
  if (found?.type !== "condition") return { refused: "not_found" };
  return { doc: mapNode(doc, id, (node) => ({ ...make(node as Condition), id })) };
}

/** Change how a group's children are joined. */
export function regroup(doc: Doc, id: string, logic: Logic, k?: number): Edited {
  const found = findNode(doc, id);
  if (found?.type !== "group") return { refused: "not_found" };
  if (id === EXCLUDE || (id === ROOT && logic === "none")) return { refused: "fixed" };
  return {
    doc: mapGroup(doc, id, ({ k: _, ...group }) =>
      logic === "at_least" ? { ...group, logic, k: k ?? 2 } : { ...group, logic },
    ),
  };
}

/** Put nodes into a new group where the first of them stands. */
export function group(doc: Doc, ids: Iterable<string>, as: { id: string; logic: Logic; k?: number }): Edited {
  const wanted = new Set(ids);
  if (wanted.has(ROOT) || wanted.has(EXCLUDE)) return { refused: "fixed" };
  const [first] = topmost(doc, wanted);
  const place = first && parentOf(doc, first.id);
  if (!place) return { refused: "not_found" };
  const made: Group = { type: "group", ...as, children: [] };
  const added = insert(doc, [made], { parent: place.group.id, index: place.index });
  return isRefused(added) ? added : move(added.doc, wanted, { parent: as.id, index: 0 });
}

/** Dissolve a group: its children stand where it stood. */
export function ungroup(doc: Doc, id: string): Edited {
  const found = findNode(doc, id);
  const place = parentOf(doc, id);
  if (found?.type !== "group" || !place) return { refused: "fixed" };
  return {
    doc: mapGroup(doc, place.group.id, (parent) => ({
      ...parent,
      children: parent.children.flatMap((child) => (child.id === id ? found.children : [child])),
    })),
  };
}

/** Copy nodes to right behind the last of them. */
export function duplicate(doc: Doc, ids: Iterable<string>, freshId: () => string): Edited {
  const nodes = topmost(doc, new Set(ids));
  const last = nodes.at(-1);
  const place = last && parentOf(doc, last.id);
  if (!place) return { refused: "fixed" };
  return insert(
    doc,
    nodes.map((node) => renamed(node, freshId)),
    { parent: place.group.id, index: place.index + 1 },
  );
}

/** Say one window of several conditions. */
export function changeWindows(doc: Doc, ids: Iterable<string>, window: Window): Edited {
  const wanted = new Set(ids);
  return {
    doc: mapEvery(doc, (node) => (wanted.has(node.id) && node.type === "condition" ? { ...node, window } : node)),
  };
}

/** Take away every condition of some filters: resetting one filter, or a whole category. */
export function removeFilters(doc: Doc, filters: ReadonlySet<string>): Edited {
  const ids = [...walk(doc.root), ...walk(doc.exclude)].flatMap((node) =>
    node.type === "condition" && filters.has(node.filter) ? [node.id] : [],
  );
  return remove(doc, ids);
}

/** The same nodes under new ids, for a paste. */
export function renamed(node: Node, freshId: () => string): Node {
  const id = freshId();
  if (node.type === "group") return { ...node, id, children: node.children.map((child) => renamed(child, freshId)) };
  return node.type === "other" ? { ...node, id, json: { ...node.json, id } } : { ...node, id };
}

/** The wanted nodes in reading order, without those that stand below another wanted one. */
export function topmost(doc: Doc, wanted: ReadonlySet<string>): Node[] {
  const found: Node[] = [];
  const look = (node: Node): void => {
    if (wanted.has(node.id) && node.id !== ROOT && node.id !== EXCLUDE) found.push(node);
    else if (node.type === "group") node.children.forEach(look);
  };
  look(doc.root);
  look(doc.exclude);
  return found;
}

// --- keeping what is not mentioned ---------------------------------------------------------------------------------------

function allowed(doc: Doc): Edited {
  if (depthOf(doc) > MAX_DEPTH) return { refused: "too_deep" };
  const count = [...walk(doc.root), ...walk(doc.exclude)].filter((node) => node.type === "condition").length;
  return count > MAX_CONDITIONS ? { refused: "too_many" } : { doc };
}

const spliced = (children: Node[], index: number, nodes: Node[]): Node[] => [
  ...children.slice(0, index),
  ...nodes,
  ...children.slice(index),
];

function below(node: Node, make: (node: Node) => Node): Node {
  if (node.type !== "group") return make(node);
  const children = node.children.map((child) => below(child, make));
  const same = children.every((child, index) => child === node.children[index]);
  return make(same ? node : { ...node, children });
}

/** Every node through a function; what it leaves alone stays the very same object. */
function mapEvery(doc: Doc, make: (node: Node) => Node): Doc {
  const root = below(doc.root, make) as Group;
  const exclude = below(doc.exclude, make) as Group;
  return root === doc.root && exclude === doc.exclude ? doc : { root, exclude };
}

const mapNode = (doc: Doc, id: string, make: (node: Node) => Node): Doc =>
  mapEvery(doc, (node) => (node.id === id ? make(node) : node));

const mapGroup = (doc: Doc, id: string, make: (group: Group) => Group): Doc =>
  mapNode(doc, id, (node) => (node.type === "group" ? make(node) : node));

const mapChildren = (doc: Doc, make: (children: Node[]) => Node[]): Doc =>
  mapEvery(doc, (node) => {
    if (node.type !== "group") return node;
    const children = make(node.children);
    return children.length === node.children.length ? node : { ...node, children };
  });
