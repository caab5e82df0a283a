/** What the box shows: the text in it with what each stretch of it became. */

import { useMemo } from "react";
import { useDoc } from "@/rule/store";
import { carried } from "./carried";
import type { Mark, Said } from "./said";
import { useSpeaking } from "./speaking";

export type Shown = { text: string; said: Said | null; missed: Said["missed"] };
export type Stretch = { start: number; end: number; text: string; mark?: Mark; missed?: boolean };

export function useShown(): Shown {
  const doc = useDoc();
  const { text, proposal, missed } = useSpeaking();
  return useMemo(() => {
    const said = proposal?.heard.said ?? doc.said ?? null;
    const moved = said && said.text !== text ? still(carried(said, text).said) : said;
    const lost = missed ?? said?.missed ?? [];
    return { text, said: moved, missed: lost.filter((each) => text.slice(each.start, each.end) === each.text) };
  }, [doc.said, text, proposal, missed]);
}

/** Without the phrases of which nothing is left. */
const still = (said: Said): Said => ({ ...said, marks: said.marks.filter((mark) => mark.end - mark.start > 1) });

/** The text cut where phrases begin and end, in order and without gaps. */
export function stretches({ text, said, missed }: Shown): Stretch[] {
  const cuts = [
    ...(said?.marks ?? []).map((mark) => ({ start: mark.start, end: mark.end, mark })),
    ...missed.map(({ start, end }) => ({ start, end, missed: true })),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
  const found: Stretch[] = [];
  let at = 0;
  for (const cut of cuts) {
    const start = Math.max(cut.start, at);
    if (cut.end <= start) continue;
    if (start > at) found.push({ start: at, end: start, text: text.slice(at, start) });
    found.push({ ...cut, start, text: text.slice(start, cut.end) });
    at = cut.end;
  }
  if (at < text.length) found.push({ start: at, end: text.length, text: text.slice(at) });
  return found;
}
