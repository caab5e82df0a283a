/** What the sentence asks of the server: what words mean, and how conditions are put into words. */

import { type Doc, findNode, type Rule, type RuleNode, ruleOf, written } from "@/rule/tree";
import { answered, client, type Schemas } from "@/server/client";
import type { Answer } from "./heard";
import { type Form, keyOf, type Want } from "./phrase";
import { type Mark, meanings, type Said, shapeOf, toldOf, UNSAID } from "./said";

type Language = Said["language"];
type Words = Schemas["WordsAnswer"];

/** The rule, or change of a rule, that words mean. */
export const interpret = (sentence: string, rule: Rule | null, signal: AbortSignal): Promise<Answer> =>
  answered(
    client.POST("/api/v1/interpret", {
      body: { sentence, model: false, ...(rule ? { rule: { ...rule } } : {}) },
      signal,
    }),
  );

const aloud = (root: RuleNode, language: Language): Promise<Words> =>
  answered(client.POST("/api/v1/words", { body: { rule: { version: 1, root }, language } }));

/** The rule without what its sentence never tells. */
function toldRule(doc: Doc): Rule | null {
  const children = doc.exclude.children.filter((child) => child.id !== UNSAID);
  return ruleOf({ root: doc.root, exclude: { ...doc.exclude, children } });
}

/** The whole rule read aloud by the product. */
export async function generated(doc: Doc, language: Language): Promise<Said> {
  const rule = toldRule(doc);
  const said = rule ? await aloud(rule.root, language) : { text: "", spans: [] };
  const conditions = new Set(toldOf(doc).map((each) => each.id));
  const marks = said.spans.filter((span) => span.part === "" && conditions.has(span.node));
  return {
    text: said.text,
    origin: "generated",
    language,
    marks: marks.map(({ start, end, node }): Mark => ({ start, end, node, status: "said" })),
    assumptions: [],
    readings: [],
    missed: [],
    of: meanings(doc),
    shape: shapeOf(doc),
    loose: false,
    differs: [],
  };
}

/** Conditions in words, each in the form it is wanted in. One question for each form. */
export async function phrases(wants: readonly Want[], doc: Doc, language: Language): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const listed = (form: Form) => wants.filter((want) => want.form === form);
  const joining = (["and", "or"] as const).filter((form) => listed(form).length > 0);
  await Promise.all([
    ...joining.map(async (form) => {
      const nodes = listed(form).map((want) => asked(want, doc));
      const last = { ...(nodes[0] as RuleNode), id: "last" };
      const said = await aloud(
        { type: form === "and" ? "all" : "any", id: "list", children: [...nodes, last] },
        language,
      );
      for (const want of listed(form)) found.set(keyOf(want), textOf(said, want));
    }),
    ...[...listed("noun"), ...listed("plain")].map(async (want) => {
      const said = await aloud(asked(want, doc), language);
      const whole = want.out && want.form === "plain" && language === "ko";
      const plain = whole ? said.text : said.line;
      found.set(keyOf(want), want.form === "noun" ? textOf(said, want) : plain);
    }),
  ]);
  return found;
}

const outside = (id: string) => `${id}-out`;

/** A condition as a rule of its own; one that is left out, as what is not to be. */
function asked({ node, out }: Want, doc: Doc): RuleNode {
  const found = findNode(doc, node);
  const condition = (found && written(found)) as RuleNode;
  return out ? { type: "not", id: outside(node), child: condition } : condition;
}

function textOf(said: Words, { node, out }: Want): string {
  const id = out ? outside(node) : node;
  const span = said.spans.find((each) => each.node === id && each.part === "");
  return span ? said.text.slice(span.start, span.end) : said.line;
}
