import { describe, expect, it } from "vitest";
import { type Condition, type Doc, emptyDoc, findNode } from "@/rule/tree";
import { type Answer, heard } from "./heard";
import { type Asked, lateHeard } from "./later";
import { rebased, withPieces } from "./pieces";
import { type Said, toldOf } from "./said";

const TEXT = "제주도에 눈독 들인 골드 이상";
const GOLD = { type: "condition", id: "n1", filter: "membership_tier", operator: ">=", value: "gold" };
const JEJU = {
  ...{ type: "condition", id: "m1", filter: "search_region", operator: ">=", value: 1 },
  properties: { region: ["jeju"] },
};

/** What was read: each condition with the words it was read from. */
function read(conditions: [typeof GOLD | typeof JEJU, string][]): Answer {
  const phrases = conditions.map(([{ id }, text]) => {
    const start = TEXT.indexOf(text);
    return { start, end: start + text.length, text, node: id, status: "said", source: "model" };
  });
  const children = conditions.map(([condition]) => condition);
  return {
    ...{ text: TEXT, language: "ko", complete: true, words: null, phrases, elapsed_ms: 1, interpreter: "model" },
    ...{ assumptions: [], readings: [], not_understood: [], edits: [], mended: [], later: null },
    rule: { version: 1, root: { type: "all", id: "top", children } },
  };
}

const FIRST = read([[GOLD as typeof GOLD, "골드 이상"]]);
const BOTH = read([
  [JEJU, "제주도에 눈독 들인"],
  [GOLD, "골드 이상"],
]);

/** The rule the phrasebook made of the sentence, and what a model was asked of it. */
function asked(): Asked {
  const { pieces, said } = heard(FIRST, emptyDoc(), undefined);
  return { text: TEXT, base: { ...withPieces(emptyDoc(), pieces), said: said ?? undefined }, asCommand: false };
}

const values = (doc: Doc) => toldOf(doc).map(({ filter, value }) => [filter, value]);
const withValue = (doc: Doc, value: string): Doc => {
  const [before] = toldOf(doc) as [Condition];
  return {
    ...withPieces(doc, [{ kind: "change", id: before.id, before, after: { ...before, value } }]),
    said: doc.said,
  };
};

describe("an answer of a language model that comes late", () => {
  it("adds what the phrasebook did not read, and touches nothing it did", () => {
    const question = asked();
    const late = lateHeard(BOTH, question, question.base);
    expect(late?.pieces.map(({ kind }) => kind)).toEqual(["add"]);
    const next = withPieces(question.base, late?.pieces ?? []);
    const [gold] = toldOf(question.base) as [Condition];
    expect(findNode(next, gold.id)).toBe(findNode(question.base, gold.id));
    expect(values(next)).toEqual([
      ["membership_tier", "gold"],
      ["search_region", 1],
    ]);
    expect(late?.said?.marks).toHaveLength(2);
  });

  it("leaves as it is what a hand changed meanwhile, and the sentence to follow the rule", () => {
    const question = asked();
    const now = withValue(question.base, "vip");
    const text = "제주도에 눈독 들인 VIP 이상";
    const mark = { ...(now.said as Said).marks[0], start: 11, end: 17 } as Said["marks"][number];
    const missed = [{ start: 0, end: 7, text: "제주도에 눈독", ko: "", en: "", nearest: null }];
    const follows: Doc = { ...now, said: { ...(now.said as Said), text, marks: [mark], missed } };
    const late = lateHeard(BOTH, question, follows);
    expect(late?.said?.text).toBe(text);
    expect(late?.said?.marks.map(({ start, end }) => text.slice(start, end))).toEqual([
      "제주도에 눈독 들인",
      "VIP 이상",
    ]);
    expect(late?.said?.missed).toEqual([]);
    const next = withPieces(now, rebased(late?.pieces ?? [], question.base, now));
    expect(values(next)).toEqual([
      ["membership_tier", "vip"],
      ["search_region", 1],
    ]);
  });

  it("that wishes another value where a hand put its own is a conflict for people to settle", () => {
    const question = asked();
    const now = withValue(question.base, "vip");
    const other = read([[{ ...GOLD, value: "silver" }, "골드 이상"]]);
    const late = lateHeard(other, question, now);
    const [piece, ...more] = rebased(late?.pieces ?? [], question.base, now);
    expect(more).toEqual([]);
    expect([piece?.kind, piece?.conflict]).toEqual(["change", true]);
  });

  it("that says what is there already is not shown", () => {
    const question = asked();
    expect(lateHeard(FIRST, question, question.base)).toBeNull();
    const { pieces } = heard(BOTH, question.base, question.base.said);
    expect(lateHeard(BOTH, question, withPieces(question.base, pieces))).toBeNull();
  });
});
