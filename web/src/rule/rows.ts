/** The rule as it stands on the screen, with what is proposed to come into it. Each row hears of its own node alone, the tree of nothing but where rows stand. */

import { create } from "zustand";
import { type Piece, withPieces } from "@/sentence/pieces";
import { piecesOf, useSpeaking } from "@/sentence/speaking";
import { useBuilder } from "./store";
import { type Doc, type Node, nodesOf } from "./tree";

/** Where a row stands. `node` is what stood there when it came; what it has become since, the row itself looks up. */
export type Standing = { id: string; node: Node; children: readonly Standing[] };
type Rows = {
  blocks: readonly Standing[];
  nodes: ReadonlyMap<string, Node>;
  pieces: ReadonlyMap<string, Piece>;
};

/** The rows of a rule; whatever stands as it stood, with all below it, stays the very same object. */
export function standing(doc: Doc, was: readonly Standing[] = []): readonly Standing[] {
  const known = new Map(was.flatMap(within).map((each) => [each.id, each]));
  const stand = (node: Node): Standing => {
    const before = known.get(node.id);
    const children = node.type === "group" ? node.children.map(stand) : [];
    return before && isAlike(before.node, node) && isSame(before.children, children)
      ? before
      : { id: node.id, node, children };
  };
  const blocks = [stand(doc.root), stand(doc.exclude)];
  return isSame(was, blocks) ? was : blocks;
}

/** The rows again, each with what it has become: what is said of rows that are dragged over is exact. */
export const renew = (): void => useRows.setState(({ nodes, blocks }) => ({ blocks: renewed(blocks, nodes) }));

/** A row and all below it, parents first. */
export const within = (row: Standing): Standing[] => [row, ...row.children.flatMap(within)];

function renewed(rows: readonly Standing[], nodes: Rows["nodes"]): readonly Standing[] {
  const made = rows.map((row) => {
    const node = nodes.get(row.id) ?? row.node;
    const children = renewed(row.children, nodes);
    const isCurrent = children === row.children && (node === row.node || node.type === "group");
    return isCurrent ? row : { ...row, node, children };
  });
  return isSame(rows, made) ? rows : made;
}

const isSame = (some: readonly Standing[], others: readonly Standing[]): boolean =>
  some.length === others.length && some.every((each, index) => each === others[index]);
const isAlike = (a: Node, b: Node): boolean =>
  a.type === b.type && (a.type !== "condition" || b.type !== "condition" || a.filter === b.filter);

function read(was?: Rows): Rows {
  const { doc } = useBuilder.getState().history;
  const { proposal } = useSpeaking.getState();
  const pieces = piecesOf(proposal, doc);
  const shown = withPieces(
    doc,
    pieces.filter((piece) => piece.kind === "add"),
  );
  return {
    blocks: standing(shown, was?.blocks),
    nodes: new Map([...nodesOf(shown)].map((node) => [node.id, node])),
    pieces: proposal ? new Map(pieces.map((piece) => [piece.id, piece])) : NONE,
  };
}
const NONE: Rows["pieces"] = new Map();

export const useRows = create<Rows>()(() => read());
const follow = (): void => useRows.setState(read);
useBuilder.subscribe(({ history }, before) => history.doc !== before.history.doc && follow());
useSpeaking.subscribe(({ proposal }, before) => proposal !== before.proposal && follow());
