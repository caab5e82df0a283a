/** A sentence's phrases, carried over to a changed text. */

import { mover } from "./diff";
import type { Said } from "./said";

export type Was = { said: Said; touched: Set<string> };

/** A sentence's marks as they lie in a changed text, and the conditions whose words were touched. */
export function carried(said: Said, text: string): Was {
  const move = mover(said.text, text);
  const touched = new Set<string>();
  const marks = said.marks.map((mark) => {
    const { start, end, touched: changed } = move(mark.start, mark.end);
    if (changed) touched.add(mark.node);
    return { ...mark, start, end };
  });
  return { said: { ...said, text, marks }, touched };
}
