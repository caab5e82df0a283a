/** What can be done from the keyboard at all: one list, from which the palette and the sheet of shortcuts are made. */

import { create } from "zustand";
import type { Word } from "./words/ko";

type Frame = {
  palette: boolean;
  sheet: boolean;
  save: boolean;
  templates: boolean;
  show: (what: "palette" | "sheet" | "save" | "templates" | null) => void;
};

/** Which sheet lies over the page. One at a time. */
export const useFrame = create<Frame>()((set) => ({
  palette: false,
  sheet: false,
  save: false,
  templates: false,
  show: (what) =>
    set({
      palette: what === "palette",
      sheet: what === "sheet",
      save: what === "save",
      templates: what === "templates",
    }),
}));

/** The sheet of shortcuts, in the order a marketer meets them. */
export const SHEET = [
  { keys: "Ctrl K", word: "palette" },
  { keys: "/", word: "key_sentence" },
  { keys: "F", word: "key_search" },
  { keys: "T", word: "templates" },
  { keys: "Enter", word: "key_edit" },
  { keys: "G", word: "do_group" },
  { keys: "O", word: "key_logic" },
  { keys: "X", word: "do_exclude" },
  { keys: "Alt ↑ ↓ ←", word: "key_move" },
  { keys: "Ctrl C · X · V", word: "do_copy" },
  { keys: "Ctrl D", word: "do_duplicate" },
  { keys: "Delete", word: "do_delete" },
  { keys: "Ctrl Z", word: "undo" },
  { keys: "Ctrl Shift Z", word: "redo" },
  { keys: "Ctrl S", word: "save" },
  { keys: "?", word: "shortcuts" },
] as const satisfies { keys: string; word: Word }[];
