/** Undo and redo: each step is a label with the patches there and back, so that history costs what changed, not the whole. */

import { applyPatches, enablePatches, type Patch, produceWithPatches } from "immer";
import type { Said } from "@/sentence/said";
import type { Doc } from "./tree";

enablePatches();

export type Step = { label: string; at: number; slot: string; forward: Patch[]; back: Patch[] };
export type History = { doc: Doc; past: Step[]; future: Step[] };

const MOST = 200;
const COALESCE_MS = 500;

export const begin = (doc: Doc): History => ({ doc, past: [], future: [] });

/** The history after an edit. Quick edits of the same slot become one step. */
export function record(history: History, next: Doc, step: { label: string; at: number; slot?: string }): History {
  if (next === history.doc) return history;
  const [doc, forward, back] = produceWithPatches(history.doc, (draft) => {
    if (draft.root !== next.root) draft.root = next.root;
    if (draft.exclude !== next.exclude) draft.exclude = next.exclude;
    if (draft.said !== next.said) draft.said = next.said;
  });
  const slot = step.slot ?? "";
  const last = history.past.at(-1);
  const joins = last && slot !== "" && last.slot === slot && step.at - last.at < COALESCE_MS;
  const made: Step = joins
    ? { ...last, at: step.at, forward: [...last.forward, ...forward], back: [...back, ...last.back] }
    : { label: step.label, at: step.at, slot, forward, back };
  const past = joins ? history.past.slice(0, -1) : history.past;
  return { doc, past: [...past, made].slice(-MOST), future: [] };
}

/** The sentence of the document as it is now told: part of the step that made it so, not a step of its own. */
export function amend(history: History, said: Said): History {
  const [doc, forward, back] = produceWithPatches(history.doc, (draft) => {
    draft.said = said;
  });
  const last = history.past.at(-1);
  if (!last) return { ...history, doc };
  const joined = { ...last, forward: [...last.forward, ...forward], back: [...back, ...last.back] };
  return { ...history, doc, past: [...history.past.slice(0, -1), joined] };
}

export function undo(history: History): History {
  const step = history.past.at(-1);
  if (!step) return history;
  const doc = applyPatches(history.doc, step.back);
  return { doc, past: history.past.slice(0, -1), future: [step, ...history.future] };
}

export function redo(history: History): History {
  const [step, ...future] = history.future;
  if (!step) return history;
  return { doc: applyPatches(history.doc, step.forward), past: [...history.past, step], future };
}

/** To where `past` has so many steps: time travel over the history panel. */
export function goTo(history: History, length: number): History {
  let now = history;
  while (now.past.length > length) now = undo(now);
  while (now.past.length < length && now.future.length > 0) now = redo(now);
  return now;
}
