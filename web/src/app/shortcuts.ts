/** Keyboard shortcuts by the place of the key, so that they work while the keyboard writes Hangul. */

import { useEffect, useRef } from "react";

export type Shortcut = { code: string; ctrl?: boolean; shift?: boolean; alt?: boolean; run: () => void };

const KEY = "single-keys";

export const singleKeys = (): boolean => localStorage.getItem(KEY) !== "off";
export const setSingleKeys = (on: boolean): void => localStorage.setItem(KEY, on ? "on" : "off");

const WRITING = 'input, textarea, select, [contenteditable="true"]';
const OVERLAY = '[role="dialog"], [role="menu"], [role="listbox"]';

/** Whether somebody is writing, composing a syllable, or answering a sheet. */
function isBusy(event: KeyboardEvent, plain: boolean): boolean {
  if (event.isComposing || event.keyCode === 229) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(WRITING)) return true;
  return plain && Boolean(target?.closest(OVERLAY));
}

/** Listens for these while the component is there. Plain keys rest where they are switched off. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const found = latest.current.find((each) => matches(each, event));
      if (!found) return;
      const plain = !found.ctrl && !found.alt;
      if (isBusy(event, plain) || (plain && found.code.startsWith("Key") && !singleKeys())) return;
      event.preventDefault();
      event.stopPropagation();
      found.run();
    };
    addEventListener("keydown", listen, { capture: true });
    return () => removeEventListener("keydown", listen, { capture: true });
  }, []);
}

function matches({ code, ctrl = false, shift = false, alt = false }: Shortcut, event: KeyboardEvent): boolean {
  const command = event.ctrlKey || event.metaKey;
  return event.code === code && command === ctrl && event.shiftKey === shift && event.altKey === alt;
}
