/** The builder's state: the document with its history, what is selected, what was copied, and which audience it is. */

import { useDeferredValue } from "react";
import { create } from "zustand";
import type { Said } from "@/sentence/said";
import { type Edited, isRefused, type Refusal } from "./edits";
import { amend, begin, goTo, type History, record, redo, undo } from "./history";
import { type Doc, emptyDoc, findNode, type Node, nodesOf, type Rule, ruleOf } from "./tree";

export type Opened = {
  id: string;
  name: string;
  description: string;
  tags: string[];
  version: number;
  rule: Rule;
  size?: number;
};
export type OpenSlot = { node: string; slot: string } | null;

type Builder = {
  history: History;
  selected: ReadonlySet<string>;
  clipboard: Node[];
  opened: Opened | null;
  slot: OpenSlot;
  refusal: { reason: Refusal; at: number } | null;
  /** How often the document was exchanged for another one: by undo, redo, or opening something. */
  travels: number;
  /** Try an edit; what is refused changes nothing and is said. */
  edit: (label: string, make: (doc: Doc) => Edited, slot?: string) => boolean;
  /** Tell the document by this sentence. No step of its own. */
  say: (said: Said) => void;
  select: (ids: Iterable<string>) => void;
  copy: (nodes: Node[]) => void;
  openSlot: (slot: OpenSlot) => void;
  undo: () => void;
  redo: () => void;
  goTo: (length: number) => void;
  load: (doc: Doc, opened: Opened | null) => void;
  saved: (opened: Opened) => void;
};

const KEY = "draft";
const MOST_KEPT = 50;

type Draft = { history: History; opened: Opened | null };

function drafted(): Draft {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null") as Draft | null;
    if (found && findNode(found.history.doc, "root") && Array.isArray(found.history.past)) return found;
  } catch {
    localStorage.removeItem(KEY);
  }
  return { history: begin(emptyDoc()), opened: null };
}

const still = (selected: ReadonlySet<string>, doc: Doc): ReadonlySet<string> => {
  const there = new Set([...nodesOf(doc)].map((node) => node.id));
  return [...selected].every((id) => there.has(id)) ? selected : new Set([...selected].filter((id) => there.has(id)));
};

const travelled = (state: Builder, history: History): Partial<Builder> => ({
  history,
  selected: still(state.selected, history.doc),
  slot: null,
  refusal: null,
  travels: state.travels + 1,
});

export const useBuilder = create<Builder>()((set, get) => ({
  ...drafted(),
  selected: new Set(),
  clipboard: [],
  slot: null,
  refusal: null,
  travels: 0,
  edit: (label, make, slot) => {
    const { history, selected } = get();
    const edited = make(history.doc);
    if (isRefused(edited)) {
      set({ refusal: { reason: edited.refused, at: Date.now() } });
      return false;
    }
    const { doc: made } = edited;
    const doc = made === history.doc || "said" in made ? made : { ...made, said: history.doc.said };
    const next = record(history, doc, { label, at: Date.now(), slot });
    set({ history: next, selected: still(selected, edited.doc), refusal: null });
    return true;
  },
  say: (said) => set(({ history }) => ({ history: amend(history, said) })),
  select: (ids) => set({ selected: new Set(ids) }),
  copy: (clipboard) => set({ clipboard }),
  openSlot: (slot) => set({ slot }),
  undo: () => set((state) => travelled(state, undo(state.history))),
  redo: () => set((state) => travelled(state, redo(state.history))),
  goTo: (length) => set((state) => travelled(state, goTo(state.history, length))),
  load: (doc, opened) => set((state) => ({ ...travelled(state, begin(doc)), opened, selected: new Set<string>() })),
  saved: (opened) => set({ opened }),
}));

const KEEP_MS = 300;
let keeping: ReturnType<typeof setTimeout> | undefined;

/** Writes the draft where a reload finds it; without its history where there is no room for that. */
function keep(): void {
  clearTimeout(keeping);
  keeping = undefined;
  const { history, opened } = useBuilder.getState();
  const kept = { ...history, past: history.past.slice(-MOST_KEPT), future: history.future.slice(0, MOST_KEPT) };
  try {
    localStorage.setItem(KEY, JSON.stringify({ history: kept, opened }));
  } catch {
    localStorage.setItem(KEY, JSON.stringify({ history: begin(history.doc), opened }));
  }
}

useBuilder.subscribe(({ history, opened }, before) => {
  if (history === before.history && opened === before.opened) return;
  keeping ??= setTimeout(keep, KEEP_MS);
});
addEventListener("pagehide", () => keeping !== undefined && keep());

export const useDoc = (): Doc => useBuilder((state) => state.history.doc);

/** The same for what stands beside the rule: drawn after what was touched. */
export const useDocSoon = (): Doc => useDeferredValue(useDoc());

/** Whether the document means something else than what is saved of it. */
export function isChanged(doc: Doc, opened: Opened | null): boolean {
  const rule = ruleOf(doc);
  return opened ? JSON.stringify(rule) !== JSON.stringify(opened.rule) : rule !== null;
}
