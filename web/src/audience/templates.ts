/** A template put beside what is there: whoever is meant now and by the template too, without whom either leaves out. */

import * as edits from "@/rule/edits";
import { type Doc, EXCLUDE, type Group, ROOT } from "@/rule/tree";

const AT_END = Number.POSITIVE_INFINITY;

/** The rule narrowed by another. A rule that asks for any of its conditions is kept whole, as one of two that must both hold. */
export function addedTo(now: Doc, other: Doc, freshId: () => string): edits.Edited {
  const whole: Doc = now.root.logic === "all" || now.root.children.length === 0 ? now : wrapped(now, freshId());
  const inside = other.root.logic === "all" ? other.root.children : [{ ...other.root, id: freshId() } as Group];
  const joined =
    other.root.children.length === 0 ? { doc: whole } : edits.insert(whole, inside, { parent: ROOT, index: AT_END });
  if (edits.isRefused(joined) || other.exclude.children.length === 0) return joined;
  return edits.insert(joined.doc, other.exclude.children, { parent: EXCLUDE, index: AT_END });
}

function wrapped(doc: Doc, id: string): Doc {
  const { k: _, ...root } = doc.root;
  return { ...doc, root: { ...root, logic: "all", children: [{ ...doc.root, id }] } };
}
