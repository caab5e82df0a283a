import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amend, begin, record, redo, undo } from "@/rule/history";
import { freshId } from "@/rule/making";
import { type Condition, type Doc, emptyDoc, findNode, type Rule } from "@/rule/tree";
import { mover, places } from "./diff";
import { type Answer, commanded, heard } from "./heard";
import { isLagging, keyOf, lagOf, rewritten, wants } from "./phrase";
import { merged, type Piece, rebased, slotsOf, withPieces } from "./pieces";
import { meanings, type Said, toldOf } from "./said";

const FILTERS = ["제주검색", "예약", "골드", "여성", "푸시", "나이", "찜", "지출"] as const;
const ENDINGS = ["했지만", "이고", "하고", "인", "한"] as const;

/** One clause: a filter that is asked so many times, with the ending it is written with. */
type Clause = { filter: string; n: number; ending: string };
const clauses = (least = 0): fc.Arbitrary<Clause[]> =>
  fc.uniqueArray(
    fc.record({
      filter: fc.constantFrom(...FILTERS),
      n: fc.integer({ min: 1, max: 9 }),
      ending: fc.constantFrom(...ENDINGS),
    }),
    { selector: (each) => each.filter, minLength: least, maxLength: 6 },
  );

const phraseOf = ({ filter, n }: Clause) => `${filter} ${n}회`;
const text = (list: Clause[]) => `${list.map((each) => phraseOf(each) + each.ending).join(" ")} 고객`.trim();
const meant = (id: string, { filter, n }: Clause): Condition => ({
  type: "condition",
  id,
  filter,
  operator: ">=",
  value: n,
});

/** What a server would make of the clauses. */
function answerTo(list: Clause[]): Answer {
  const sentence = text(list);
  const children = list.map((each, index) => ({ ...meant(`n${index}`, each) }));
  const phrases = list.map((each, index) => {
    const start = sentence.indexOf(phraseOf(each));
    return {
      start,
      end: start + phraseOf(each).length,
      text: phraseOf(each),
      node: `n${index}`,
      status: "said",
      source: "phrasebook",
    };
  });
  const rule = children.length > 0 ? { version: 1, root: { type: "all", id: "top", children } } : null;
  const none = {
    assumptions: [],
    readings: [],
    not_understood: [],
    edits: [],
    mended: [],
    interpreter: "phrasebook",
    later: null,
  };
  return { text: sentence, language: "ko", complete: true, rule, words: null, phrases, ...none, elapsed_ms: 1 };
}

/** A document that a sentence made. */
function told(list: Clause[]): Doc {
  const { pieces, said } = heard(answerTo(list), emptyDoc(), undefined);
  return { ...withPieces(emptyDoc(), pieces), said: said as Said };
}

const asked = (doc: Doc) => toldOf(doc).map(({ filter, value }) => `${filter} ${value}`);
const wanted = (list: Clause[]) => list.map(({ filter, n }) => `${filter} ${n}`);
const valued = (doc: Doc, id: string, value: number): Doc => {
  const before = findNode(doc, id) as Condition;
  return { ...withPieces(doc, [{ kind: "change", id, before, after: { ...before, value } }]), said: doc.said };
};
const runs = { numRuns: 300 };

describe("carrying phrases over to a changed text", () => {
  const words = fc.array(fc.constantFrom("제주", "검색", "3", "회", ",", " ", "골드"), { maxLength: 20 });
  it("keeps every kept character the same one, and in order", () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [before, after] = [a.join(""), b.join("")];
        const to = places(before, after);
        const kept = to.flatMap((place, at) => (place < 0 ? [] : [[at, place] as const]));
        for (const [at, place] of kept) expect(after[place]).toBe(before[at]);
        expect(kept.map(([, place]) => place)).toEqual([...kept.map(([, place]) => place)].sort((x, y) => x - y));
      }),
      runs,
    );
  });

  it("moves nothing where nothing changed", () => {
    fc.assert(
      fc.property(clauses(1), (list) => {
        const move = mover(text(list), text(list));
        const { start, end } = answerTo(list).phrases[0] as Answer["phrases"][number];
        expect(move(start, end)).toEqual({ start, end, touched: false });
      }),
      runs,
    );
  });
});

describe("a sentence", () => {
  it("on an empty rule becomes what it says, each phrase tied to its condition", () => {
    fc.assert(
      fc.property(clauses(), (list) => {
        const doc = told(list);
        expect(asked(doc)).toEqual(wanted(list));
        for (const { start, end, node } of doc.said?.marks ?? []) {
          const condition = findNode(doc, node) as Condition;
          expect(doc.said?.text.slice(start, end)).toBe(`${condition.filter} ${condition.value}회`);
        }
      }),
      runs,
    );
  });

  it("read again changes nothing, and nothing that hands did to the rule", () => {
    fc.assert(
      fc.property(clauses(1), fc.integer({ min: 10, max: 20 }), (list, value) => {
        const doc = told(list);
        expect(heard(answerTo(list), doc, doc.said).pieces).toEqual([]);
        const byHand = valued(doc, toldOf(doc)[0]?.id ?? "", value);
        expect(heard(answerTo(list), byHand, byHand.said).pieces).toEqual([]);
      }),
      runs,
    );
  });

  it("changed becomes the other one; conditions whose words stayed are the very same objects", () => {
    fc.assert(
      fc.property(clauses(), clauses(), (before, after) => {
        const doc = told(before);
        const next = withPieces(doc, heard(answerTo(after), doc, doc.said).pieces);
        expect(asked(next).sort()).toEqual(wanted(after).sort());
        for (const each of toldOf(doc)) {
          const same = after.some(({ filter, n }) => filter === each.filter && n === each.value);
          if (same) expect(findNode(next, each.id)).toBe(each);
        }
      }),
      runs,
    );
  });

  it("taken in part changes that part and nothing else", () => {
    fc.assert(
      fc.property(
        clauses(1),
        clauses(1),
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (before, after, coins) => {
          const doc = told(before);
          const pieces = heard(answerTo(after), doc, doc.said).pieces.filter((_, at) => coins[at]);
          const next = withPieces(doc, pieces);
          const named = new Set(pieces.map((piece) => piece.id));
          for (const each of toldOf(doc)) if (!named.has(each.id)) expect(findNode(next, each.id)).toBe(each);
          const comes = pieces.filter((piece) => piece.kind === "add").length;
          const goes = pieces.filter((piece) => piece.kind === "remove").length;
          expect(toldOf(next)).toHaveLength(toldOf(doc).length + comes - goes);
        },
      ),
      runs,
    );
  });

  it("that joins by or regroups the rule as it says", () => {
    const list: Clause[] = [
      { filter: "골드", n: 1, ending: "이거나" },
      { filter: "여성", n: 1, ending: "인" },
    ];
    const answer = answerTo(list);
    const any = { ...answer, rule: { version: 1, root: { ...(answer.rule as Rule).root, type: "any" } } };
    const doc = withPieces(emptyDoc(), heard(any, emptyDoc(), undefined).pieces);
    expect(doc.root.logic).toBe("any");
    const again = heard(answer, doc, heard(any, doc, undefined).said ?? undefined);
    expect(again.pieces.map((piece) => piece.kind)).toEqual(["arrange"]);
    expect(withPieces(doc, again.pieces).root.logic).toBe("all");
  });

  it("that changes the rule touches what it names", () => {
    const doc = told([
      { filter: "골드", n: 1, ending: "이고" },
      { filter: "여성", n: 1, ending: "인" },
    ]);
    const [gold, women] = toldOf(doc) as [Condition, Condition];
    const root = {
      type: "all",
      id: "x",
      children: [
        { ...gold, value: 3 },
        { type: "not", id: "e1", child: { ...women, id: "e2" } },
      ],
    };
    const edits = [
      { operation: "set", node: gold.id, slot: "value" },
      { operation: "remove", node: women.id, slot: "" },
      { operation: "add", node: "e1", slot: "" },
    ];
    const { pieces } = commanded({ ...answerTo([]), rule: { version: 1, root }, edits }, doc);
    const next = withPieces(doc, pieces);
    expect(pieces.map((piece) => piece.kind)).toEqual(["change", "remove", "add"]);
    expect(next.root.children).toEqual([{ ...gold, value: 3 }]);
    expect(next.exclude.children).toHaveLength(1);
  });
});

describe("the words of a changed rule", () => {
  /** Phrases as a server would tell them. */
  const phrases = (said: Said, doc: Doc) =>
    new Map(
      wants(said, doc).map((want) => [
        keyOf(want),
        `${(findNode(doc, want.node) as Condition).filter}가 많은(${want.form})`,
      ]),
    );
  const follow = (doc: Doc): Said => rewritten(doc.said as Said, doc, phrases(doc.said as Said, doc));

  it("are only those of the condition that was changed", () => {
    fc.assert(
      fc.property(clauses(1), fc.nat(), fc.integer({ min: 10, max: 20 }), (list, at, value) => {
        const doc = told(list);
        const one = toldOf(doc)[at % list.length] as Condition;
        const next = valued(doc, one.id, value);
        const said = follow(next);
        const mark = doc.said?.marks.find((each) => each.node === one.id);
        const ending = (list.find((each) => each.filter === one.filter) as Clause).ending;
        expect(said.text.startsWith((doc.said as Said).text.slice(0, mark?.start))).toBe(true);
        expect(said.text.endsWith((doc.said as Said).text.slice((mark?.end ?? 0) + ending.length))).toBe(true);
        expect(said.text).toContain(`${one.filter}가 많은`);
        expect(isLagging(lagOf(said, next))).toBe(false);
        expect(marksHold(said, doc, one.id)).toBe(true);
      }),
      runs,
    );
  });

  it("go with a condition that goes, and the others stay", () => {
    fc.assert(
      fc.property(clauses(2), fc.nat(), (list, at) => {
        const doc = told(list);
        const one = toldOf(doc)[at % list.length] as Condition;
        const next = { ...withPieces(doc, [{ kind: "remove", id: one.id, before: one }]), said: doc.said };
        const said = follow(next);
        expect(said.text).not.toContain(`${one.filter} ${one.value}회`);
        for (const each of toldOf(next)) expect(said.text).toContain(`${each.filter} ${each.value}회`);
        expect(isLagging(lagOf(said, next))).toBe(false);
        expect(marksHold(said, doc, one.id)).toBe(true);
      }),
      runs,
    );
  });

  it("come at the end for a condition that comes", () => {
    fc.assert(
      fc.property(clauses(1), (list) => {
        const doc = told(list);
        const node: Condition = { type: "condition", id: freshId(), filter: "새로움", operator: ">=", value: 1 };
        const next = {
          ...withPieces(doc, [{ kind: "add", id: node.id, node, at: { parent: "root" } }]),
          said: doc.said,
        };
        const said = follow(next);
        expect(said.text).toBe(`${doc.said?.text}, 새로움가 많은(plain)`);
        expect(marksHold(said, doc, node.id)).toBe(true);
      }),
      runs,
    );
  });

  it("read well: a clause that has become the last leads on to nothing", () => {
    const doc = told([
      { filter: "제주검색", n: 1, ending: "했지만" },
      { filter: "골드", n: 1, ending: "인" },
    ]);
    const gold = toldOf(doc)[1] as Condition;
    const next = { ...withPieces(doc, [{ kind: "remove", id: gold.id, before: gold }]), said: doc.said };
    expect(follow(next).text).toBe("제주검색 1회한 고객");
  });

  /** Whether every other phrase still lies where its words are. */
  function marksHold(said: Said, before: Doc, except: string): boolean {
    return said.marks.every(({ start, end, node }) => {
      const was = before.said?.marks.find((each) => each.node === node);
      return node === except || said.text.slice(start, end) === before.said?.text.slice(was?.start, was?.end);
    });
  }
});

const slots = fc.record({
  value: fc.integer({ min: 0, max: 2 }),
  days: fc.integer({ min: 1, max: 3 }),
  region: fc.constantFrom("jeju", "busan"),
});
const conditionOf = ({ value, days, region }: { value: number; days: number; region: string }): Condition => ({
  ...{ type: "condition", id: "a", filter: "search_region", operator: ">=", value },
  window: { type: "last", n: days },
  properties: { region: [region] },
});

describe("an answer that comes while a hand changes the rule", () => {
  it("merges three ways, and where both touched a slot the hand wins", () => {
    fc.assert(
      fc.property(slots, slots, slots, (b, t, m) => {
        const [base, theirs, mine] = [b, t, m].map(conditionOf) as [Condition, Condition, Condition];
        const { condition, conflict } = merged(base, theirs, mine);
        const [was, wish, hand, now] = [base, theirs, mine, condition].map(slotsOf) as [
          Record<string, unknown>,
          Record<string, unknown>,
          Record<string, unknown>,
          Record<string, unknown>,
        ];
        const same = (x: unknown, y: unknown) => JSON.stringify(x) === JSON.stringify(y);
        for (const slot of Object.keys(was)) {
          const touched = !same(was[slot], hand[slot]);
          expect(now[slot]).toEqual(touched ? hand[slot] : wish[slot]);
        }
        const both = Object.keys(was).filter((slot) => !same(was[slot], hand[slot]) && !same(was[slot], wish[slot]));
        expect(conflict).toBe(both.some((slot) => !same(hand[slot], wish[slot])));
      }),
      runs,
    );
  });

  const doc: Doc = {
    ...emptyDoc(),
    root: { ...emptyDoc().root, children: [conditionOf({ value: 1, days: 1, region: "jeju" })] },
  };
  const before = findNode(doc, "a") as Condition;
  const wish: Piece = { kind: "change", id: "a", before, after: { ...before, value: 2 } };

  it("changes nothing of a condition that a hand took away", () => {
    const now = withPieces(doc, [{ kind: "remove", id: "a", before }]);
    expect(rebased([wish], doc, now)).toEqual([]);
  });

  it("asks where a hand edited what it would take away, and where both changed the same slot", () => {
    const now = valued(doc, "a", 9);
    expect(rebased([{ kind: "remove", id: "a", before }], doc, now)).toMatchObject([
      { kind: "remove", conflict: true },
    ]);
    expect(rebased([wish], doc, now)).toMatchObject([{ conflict: true, after: { value: 2 }, mine: { value: 9 } }]);
  });

  it("adds nothing a hand has already added", () => {
    const node = { ...before, id: "b" };
    expect(rebased([{ kind: "add", id: "b", node, at: { parent: "root" } }], emptyDoc(), doc)).toEqual([]);
  });
});

describe("one history", () => {
  it("takes back text and rule together, whichever side changed them", () => {
    const start = told([{ filter: "골드", n: 1, ending: "인" }]);
    const id = toldOf(start)[0]?.id ?? "";
    let history = record(begin(start), valued(start, id, 5), { label: "hand", at: 0 });
    const said: Said = { ...(start.said as Said), text: "골드 5회인 고객", of: meanings(history.doc) };
    history = amend(history, said);
    expect(history.past).toHaveLength(1);
    const end = history.doc;
    expect(undo(history).doc).toEqual(start);
    expect(redo(undo(history)).doc).toEqual(end);
  });
});
