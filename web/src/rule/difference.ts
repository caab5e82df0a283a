/** What differs between two rules, condition by condition, in words. */

import type { Catalog, Language } from "@/catalog/catalog";
import { freshId } from "./making";
import { sayCondition, sayDoc } from "./sentence";
import { type Condition, conditionsOf, type Doc, docOf, type Rule, walk } from "./tree";

export type Difference =
  | { kind: "added" | "removed"; text: string }
  | { kind: "changed"; text: string; before: string }
  | { kind: "arranged"; text: string; before: string };

/** From one rule to another: what was added, taken away or changed; or else how it was arranged anew. */
export function differences(before: Rule, after: Rule, catalog: Catalog, language: Language): Difference[] {
  const [old, now] = [before, after].map((rule) => docOf(rule, freshId)) as [Doc, Doc];
  const say = (doc: Doc) => (condition: Condition) => said(condition, doc, catalog, language);
  const [oldOnes, nowOnes] = [conditionsOf(old), conditionsOf(now)];
  const gone = without(oldOnes.map(say(old)), nowOnes.map(say(now)));
  const come = without(nowOnes.map(say(now)), oldOnes.map(say(old)));
  const found: Difference[] = [];
  for (const condition of nowOnes) {
    const text = say(now)(condition);
    const was = oldOnes.find((each) => each.id === condition.id);
    const beforeText = was && say(old)(was);
    if (!come.includes(text)) continue;
    come.splice(come.indexOf(text), 1);
    if (beforeText && gone.includes(beforeText)) {
      gone.splice(gone.indexOf(beforeText), 1);
      found.push({ kind: "changed", text, before: beforeText });
    } else found.push({ kind: "added", text });
  }
  found.push(...gone.map((text) => ({ kind: "removed" as const, text })));
  if (found.length > 0) return found;
  const [text, was] = [sayDoc(now, catalog, language), sayDoc(old, catalog, language)];
  return text === was ? [] : [{ kind: "arranged", text, before: was }];
}

function said(condition: Condition, doc: Doc, catalog: Catalog, language: Language): string {
  const out = [...walk(doc.exclude)].some((node) => node.id === condition.id);
  const text = sayCondition(condition, catalog, language);
  return out ? `${text} (${OUT[language]})` : text;
}
const OUT = { ko: "제외", en: "left out" };

/** The first list without what is in the second, each as often as it is there. */
function without(list: string[], other: string[]): string[] {
  const left = [...other];
  return list.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
