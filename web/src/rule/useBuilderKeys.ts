/** The keys of the builder. */

import { useFrame } from "@/app/commands";
import { type Shortcut, useShortcuts } from "@/app/shortcuts";
import { useBuilder } from "./store";
import { EXCLUDE, findNode, parentOf, ROOT, walk } from "./tree";
import type { Edits } from "./useEdits";

export function useBuilderKeys(edits: Edits): void {
  useShortcuts([...rowKeys(edits), ...clipboardKeys(edits), ...pageKeys()]);
}

const chosen = (): string[] => [...useBuilder.getState().selected].filter((id) => id !== ROOT && id !== EXCLUDE);
const doc = () => useBuilder.getState().history.doc;

/** Runs with what is selected, where something is. */
const withChosen = (run: (ids: string[], first: string) => void) => () => {
  const ids = chosen();
  if (ids[0]) run(ids, ids[0]);
};

function rowKeys(edits: Edits): Shortcut[] {
  const swap = (ids: string[]) => {
    const out = [...walk(doc().exclude)].some((node) => node.id === ids[0]);
    edits.toBlock(ids, out ? ROOT : EXCLUDE);
  };
  const flip = () => {
    const id = [...useBuilder.getState().selected][0] ?? ROOT;
    const node = findNode(doc(), id);
    const group = node?.type === "group" ? node : parentOf(doc(), id)?.group;
    if (group) edits.regroup(group.id, group.logic === "all" ? "any" : "all");
  };
  return [
    { code: "KeyG", run: withChosen((ids) => edits.group(ids)) },
    { code: "KeyO", run: flip },
    { code: "KeyX", run: withChosen(swap) },
    { code: "Delete", run: withChosen((ids) => edits.remove(ids)) },
    { code: "Backspace", run: withChosen((ids) => edits.remove(ids)) },
    { code: "ArrowUp", alt: true, run: withChosen((_, id) => edits.step(id, -1)) },
    { code: "ArrowDown", alt: true, run: withChosen((_, id) => edits.step(id, 1)) },
    { code: "ArrowLeft", alt: true, run: withChosen((_, id) => edits.out(id)) },
  ];
}

function clipboardKeys(edits: Edits): Shortcut[] {
  return [
    { code: "KeyC", ctrl: true, run: withChosen((ids) => edits.copy(ids)) },
    {
      code: "KeyX",
      ctrl: true,
      run: withChosen((ids) => {
        edits.copy(ids);
        edits.remove(ids);
      }),
    },
    { code: "KeyV", ctrl: true, run: () => edits.paste() },
    { code: "KeyD", ctrl: true, run: withChosen((ids) => edits.duplicate(ids)) },
  ];
}

function pageKeys(): Shortcut[] {
  const { undo, redo } = useBuilder.getState();
  const { show } = useFrame.getState();
  return [
    { code: "KeyZ", ctrl: true, run: undo },
    { code: "KeyZ", ctrl: true, shift: true, run: redo },
    { code: "KeyY", ctrl: true, run: redo },
    { code: "KeyS", ctrl: true, run: () => show("save") },
    { code: "KeyT", run: () => show("templates") },
    { code: "Slash", run: () => document.querySelector<HTMLElement>("#sentence")?.focus() },
  ];
}
