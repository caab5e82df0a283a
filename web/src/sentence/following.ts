/** The sentence of a rule that was changed by hand: whole where the product wrote it, else only the words of what changed. */

import type { Doc } from "@/rule/tree";
import { generated, interpret, phrases } from "./asking";
import { heard } from "./heard";
import { isLagging, isOverwritten, lagOf, rewritten, wants } from "./phrase";
import { meanings, type Said, shapeOf, toldOf } from "./said";

/** The sentence as it should be, or null where it is so already. */
export async function told(doc: Doc, language: Said["language"]): Promise<Said | null> {
  const { said } = doc;
  if (toldOf(doc).length === 0) return said && Object.keys(said.of).length > 0 ? generated(doc, language) : null;
  if (!said) return generated(doc, language);
  const lag = lagOf(said, doc);
  const relabelled = said.origin === "generated" && said.language !== language;
  if (isOverwritten(said, doc)) {
    const current = !isLagging(lag) && said.shape === shapeOf(doc) && !relabelled;
    return current ? null : generated(doc, language);
  }
  if (isLagging(lag)) {
    const next = rewritten(said, doc, await phrases(wants(said, doc), doc, said.language));
    return checked(next, doc);
  }
  return said.shape === shapeOf(doc) ? null : checked({ ...said, shape: shapeOf(doc) }, doc);
}

/** A sentence with what, read alone, it would say otherwise than the rule. */
async function checked(said: Said, doc: Doc): Promise<Said> {
  const answer = await interpret(said.text, null, new AbortController().signal);
  const back = heard(answer, doc, { ...said, loose: false });
  const told = meanings(doc);
  const read = back.said?.marks ?? [];
  const differs = read.filter(({ node, read: words }) => node in told && told[node]?.slice(1) !== words);
  return {
    ...said,
    loose: back.pieces.some((piece) => piece.kind === "arrange"),
    differs: [...new Set(differs.map((mark) => mark.node))],
  };
}
