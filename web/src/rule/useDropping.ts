/** What may be dragged in the rule tree, and what a drop means. */

import { useRef } from "react";
import { type DropTarget, useDragAndDrop } from "react-aria-components";
import { FILTER_DRAG } from "@/catalog/CatalogPanel";
import type { Catalog } from "@/catalog/catalog";
import type { Place } from "./edits";
import { renew } from "./rows";
import { useBuilder } from "./store";
import { EXCLUDE, findNode, parentOf, ROOT } from "./tree";
import type { Edits } from "./useEdits";

const NODE_DRAG = "audience-builder/node";

/** The hooks of the tree, and whether something is on its way: then Enter drops it and does nothing else. */
export function useDropping(catalog: Catalog, edits: Edits) {
  const isDragging = useRef(false);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) =>
      [...keys]
        .filter((key) => key !== ROOT && key !== EXCLUDE)
        .map((key) => ({ [NODE_DRAG]: String(key), "text/plain": String(key) })),
    acceptedDragTypes: [FILTER_DRAG, NODE_DRAG],
    getDropOperation: (_target, types) => (types.has(FILTER_DRAG) ? "copy" : "move"),
    onMove: (event) => dropNodes([...event.keys].map(String), event.target, edits),
    onDragStart: () => {
      isDragging.current = true;
      renew();
    },
    onDragEnd: () => {
      isDragging.current = false;
    },
    onInsert: (event) => dropItems(event.items, event.target),
    onItemDrop: (event) => {
      if (!event.isInternal) void dropItems(event.items, event.target);
    },
    onRootDrop: (event) => dropItems(event.items, null),
  });

  /** A filter of the catalog becomes a condition where it is dropped. */
  async function dropItems(items: Iterable<unknown>, target: Target | null): Promise<void> {
    const [key] = await textsOf(items, FILTER_DRAG);
    const filter = key ? catalog.filter.get(key) : undefined;
    if (filter) edits.pick(filter, target ? (placeOf(target) ?? undefined) : undefined);
  }
  return { hooks: dragAndDropHooks, isDragging };
}

type Target = Pick<Extract<DropTarget, { type: "item" }>, "key" | "dropPosition">;
type Dropped = { kind: string; getText?: (type: string) => Promise<string>; types?: Set<unknown> };

async function textsOf(items: Iterable<unknown>, type: string): Promise<string[]> {
  const found = [...(items as Iterable<Dropped>)].filter((item) => item.kind === "text" && item.types?.has(type));
  return Promise.all(found.map((item) => item.getText?.(type) ?? Promise.resolve("")));
}

function dropNodes(keys: string[], target: Target, edits: Edits): void {
  const found = findNode(useBuilder.getState().history.doc, String(target.key));
  if (target.dropPosition === "on" && found && found.type !== "group") {
    edits.join(found.id, keys);
    return;
  }
  const place = placeOf(target);
  if (place) edits.move(keys, place);
}

/** The place a drop means: between rows, or at the end of a group. The two blocks take what is dropped beside them. */
function placeOf({ key, dropPosition }: Target): Place | null {
  const doc = useBuilder.getState().history.doc;
  const node = findNode(doc, String(key));
  if (!node) return null;
  const block = node.id === ROOT || node.id === EXCLUDE;
  if (node.type === "group" && (block || dropPosition === "on")) {
    return { parent: node.id, index: dropPosition === "before" ? 0 : node.children.length };
  }
  const place = parentOf(doc, node.id);
  return place ? { parent: place.group.id, index: place.index + (dropPosition === "before" ? 0 : 1) } : null;
}
