/** Every edit a screen offers, with the words the history keeps for it. */

import { useMemo } from "react";
import { useWords } from "@/app/language";
import type { Catalog, Filter } from "@/catalog/catalog";
import * as edits from "./edits";
import { conditionFor, conditionOfCut, freshId, mainProperty } from "./making";
import { sayCondition } from "./sentence";
import { useBuilder } from "./store";
import {
  type Condition,
  type Doc,
  EXCLUDE,
  findNode,
  type Group,
  type Logic,
  type Node,
  parentOf,
  ROOT,
  type Window,
} from "./tree";

export type Edits = ReturnType<typeof useEdits>;

const NO_FILTERS: Pick<Catalog, "filter"> = { filter: new Map() };

export function useEdits(known: Catalog | undefined) {
  const catalog = (known ?? NO_FILTERS) as Catalog;
  const { t, language } = useWords();
  return useMemo(() => {
    const { edit, copy, openSlot, select } = useBuilder.getState();
    const doc = () => useBuilder.getState().history.doc;
    const said = (node: Node | undefined) =>
      node?.type === "condition" ? sayCondition(node, catalog, language) : t("group");
    const filterName = (condition: Condition) => catalog.filter.get(condition.filter)?.[language] ?? condition.filter;

    const add = (condition: Condition, at?: edits.Place) => {
      const what = filterName(condition);
      return edit(t("edit_add", { what }), (now) => edits.insert(now, [condition], at ?? placeToAdd(now)));
    };
    return {
      /** Put a filter to use and open what it needs first. */
      pick: (filter: Filter, at?: edits.Place) => {
        const condition = conditionFor(filter, freshId());
        if (!add(condition, at)) return;
        const main = mainProperty(filter);
        select([condition.id]);
        openSlot({ node: condition.id, slot: main ? `property:${main}` : "value" });
      },
      add,
      narrow: (filter: string, line: string, out: boolean) => {
        const condition = conditionOfCut(catalog, filter, line, freshId());
        if (!condition) return;
        const what = sayCondition(condition, catalog, language);
        const parent = out ? EXCLUDE : topAll(doc());
        edit(t("edit_narrow", { what }), (now) =>
          parent === null
            ? narrowAny(now, condition)
            : edits.insert(now, [condition], { parent, index: Number.POSITIVE_INFINITY }),
        );
      },
      change: (id: string, slot: string, make: (condition: Condition) => Condition) => {
        const found = findNode(doc(), id);
        if (found?.type !== "condition") return;
        edit(t("edit_change", { what: filterName(found) }), (now) => edits.change(now, id, make), `${id}/${slot}`);
      },
      remove: (ids: string[]) => {
        const what = said(findNode(doc(), ids[0] ?? ""));
        const label = ids.length === 1 ? t("edit_remove", { what }) : t("edit_remove_many", { n: ids.length });
        edit(label, (now) => edits.remove(now, ids));
      },
      move: (ids: Iterable<string>, to: edits.Place) => edit(t("edit_move"), (now) => edits.move(now, ids, to)),
      step: (id: string, by: -1 | 1) => edit(t("edit_move"), (now) => stepped(now, id, by)),
      out: (id: string) => edit(t("edit_move"), (now) => steppedOut(now, id)),
      toBlock: (ids: Iterable<string>, block: typeof ROOT | typeof EXCLUDE) =>
        edit(t(block === EXCLUDE ? "do_exclude" : "do_include"), (now) =>
          edits.move(now, ids, { parent: block, index: endOf(now, block) }),
        ),
      join: (target: string, ids: Iterable<string>) => edit(t("edit_group"), (now) => joined(now, target, [...ids])),
      group: (ids: Iterable<string>, logic: Logic = "any") =>
        edit(t("edit_group"), (now) => edits.group(now, ids, { id: freshId(), logic })),
      ungroup: (id: string) => edit(t("edit_ungroup"), (now) => edits.ungroup(now, id)),
      regroup: (id: string, logic: Logic, k?: number) =>
        edit(t("edit_logic"), (now) => edits.regroup(now, id, logic, k), k ? `${id}/k` : undefined),
      duplicate: (ids: Iterable<string>) => edit(t("edit_duplicate"), (now) => edits.duplicate(now, ids, freshId)),
      copy: (ids: Iterable<string>) => copy(edits.topmost(doc(), new Set(ids))),
      paste: (after?: string) => {
        const nodes = useBuilder.getState().clipboard.map((node) => edits.renamed(node, freshId));
        if (nodes.length > 0) edit(t("edit_paste"), (now) => edits.insert(now, nodes, placeToAdd(now, after)));
      },
      windows: (ids: string[], window: Window) =>
        edit(t("edit_windows", { n: ids.length }), (now) => edits.changeWindows(now, ids, window), "windows"),
      reset: (filters: Set<string>) => edit(t("edit_reset"), (now) => edits.removeFilters(now, filters)),
    };
  }, [catalog, t, language]);
}

/** Where a new condition goes: behind the selected one, into the selected group, or at the end. */
function placeToAdd(doc: Doc, after?: string): edits.Place {
  const id = after ?? [...useBuilder.getState().selected].at(-1);
  const found = id ? findNode(doc, id) : undefined;
  if (found?.type === "group") return { parent: found.id, index: found.children.length };
  const place = found && parentOf(doc, found.id);
  return place ? { parent: place.group.id, index: place.index + 1 } : { parent: ROOT, index: doc.root.children.length };
}

const endOf = (doc: Doc, id: string) => (findNode(doc, id) as Group).children.length;
const topAll = (doc: Doc) => (doc.root.logic === "all" || doc.root.children.length < 2 ? ROOT : null);

/** Narrowing a top group that is not `all`: what was there becomes one group of a new `all`. */
function narrowAny(doc: Doc, condition: Condition): edits.Edited {
  const kept: Group = { ...doc.root, id: freshId() };
  return edits.insert({ ...doc, root: { type: "group", id: ROOT, logic: "all", children: [kept] } }, [condition], {
    parent: ROOT,
    index: 1,
  });
}

function stepped(doc: Doc, id: string, by: -1 | 1): edits.Edited {
  const place = parentOf(doc, id);
  if (!place) return { refused: "fixed" };
  const index = place.index + (by === 1 ? 2 : -1);
  if (index < 0 || index > place.group.children.length) return { refused: "not_found" };
  return edits.move(doc, [id], { parent: place.group.id, index });
}

function steppedOut(doc: Doc, id: string): edits.Edited {
  const place = parentOf(doc, id);
  const above = place && parentOf(doc, place.group.id);
  return above ? edits.move(doc, [id], { parent: above.group.id, index: above.index + 1 }) : { refused: "fixed" };
}

/** What is dropped on a condition becomes a group with it. */
function joined(doc: Doc, target: string, ids: string[]): edits.Edited {
  const id = freshId();
  const made = edits.group(doc, [target], { id, logic: "any" });
  return edits.isRefused(made) ? made : edits.move(made.doc, ids, { parent: id, index: 1 });
}
