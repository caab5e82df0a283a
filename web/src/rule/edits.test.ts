import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as edits from "./edits";
import { begin, goTo, type History, record, redo, undo } from "./history";
import {
  type Condition,
  type Doc,
  docOf,
  EXCLUDE,
  emptyDoc,
  findNode,
  type Group,
  type Node,
  nodesOf,
  ROOT,
  type Rule,
  type RuleNode,
  ruleOf,
} from "./tree";

let ids = 0;
const freshId = () => {
  ids += 1;
  return `n${ids}`;
};

const condition = (): fc.Arbitrary<Condition> =>
  fc.record({
    type: fc.constant("condition" as const),
    id: fc.constant("").map(freshId),
    filter: fc.constantFrom("age", "search_region", "booking_count"),
    operator: fc.constantFrom(">=" as const, "=" as const),
    value: fc.integer({ min: 0, max: 50 }),
  });

const node = (depth: number): fc.Arbitrary<Node> =>
  depth === 0
    ? condition()
    : fc.oneof(
        { weight: 3, arbitrary: condition() },
        {
          weight: 1,
          arbitrary: fc.record({
            type: fc.constant("group" as const),
            id: fc.constant("").map(freshId),
            logic: fc.constantFrom("all" as const, "any" as const, "none" as const),
            children: fc.array(node(depth - 1), { maxLength: 4 }),
          }),
        },
      );

const doc = (): fc.Arbitrary<Doc> =>
  fc.tuple(fc.array(node(2), { maxLength: 5 }), fc.array(node(1), { maxLength: 3 })).map(([root, exclude]) => {
    const made = emptyDoc();
    return { root: { ...made.root, children: root }, exclude: { ...made.exclude, children: exclude } };
  });

/** One edit, chosen by numbers: which kind, of which nodes, to where. */
type Choice = { kind: number; a: number; b: number; at: number };
const choice = (): fc.Arbitrary<Choice> => fc.record({ kind: fc.nat(8), a: fc.nat(40), b: fc.nat(40), at: fc.nat(5) });

function made(now: Doc, { kind, a, b, at }: Choice): { edited: edits.Edited; named: Set<string> } {
  const all = [...nodesOf(now)];
  const pick = (n: number) => all[n % all.length] as Node;
  const [first, second] = [pick(a), pick(b)];
  const one: Condition = { type: "condition", id: freshId(), filter: "age", operator: ">=", value: 20 };
  const named = new Set([first.id, second.id]);
  const kinds: (() => edits.Edited)[] = [
    () => edits.insert(now, [one], { parent: second.id, index: at }),
    () => edits.remove(now, [first.id]),
    () => edits.move(now, [first.id], { parent: second.id, index: at }),
    () => edits.change(now, first.id, (each) => ({ ...each, value: at })),
    () => edits.regroup(now, first.id, "any"),
    () => edits.group(now, [first.id, second.id], { id: freshId(), logic: "any" }),
    () => edits.ungroup(now, first.id),
    () => edits.duplicate(now, [first.id], freshId),
    () => edits.changeWindows(now, [first.id, second.id], { type: "last", n: at + 1 }),
  ];
  return { edited: (kinds[kind] as () => edits.Edited)(), named };
}

const runs = { numRuns: 400 };

describe("edits", () => {
  it("are undone step by step to where it began, and redone to where it ended", () => {
    fc.assert(
      fc.property(doc(), fc.array(choice(), { maxLength: 12 }), (start, choices) => {
        let history: History = begin(start);
        choices.forEach((each, at) => {
          const { edited } = made(history.doc, each);
          if (!edits.isRefused(edited)) history = record(history, edited.doc, { label: "x", at: at * 1000 });
        });
        const [end, steps] = [history.doc, history.past.length];
        for (let n = 0; n < steps; n += 1) history = undo(history);
        expect(history.doc).toEqual(start);
        for (let n = 0; n < steps; n += 1) history = redo(history);
        expect(history.doc).toEqual(end);
        expect(goTo(history, 0).doc).toEqual(start);
      }),
      runs,
    );
  });

  it("leave every condition they do not mention the very same object, wherever it stands", () => {
    fc.assert(
      fc.property(doc(), choice(), (start, each) => {
        const { edited, named } = made(start, each);
        if (edits.isRefused(edited)) return;
        const after = new Map([...nodesOf(edited.doc)].map((node) => [node.id, node]));
        const gone = new Set([...named].flatMap((id) => below(start, id)));
        for (const before of nodesOf(start)) {
          if (before.type !== "condition" || gone.has(before.id)) continue;
          expect(after.get(before.id)).toBe(before);
        }
      }),
      runs,
    );
  });

  it("never lose a condition by moving, grouping or dissolving, nor use an id twice", () => {
    fc.assert(
      fc.property(doc(), choice(), (start, each) => {
        const { edited } = made(start, each);
        if (edits.isRefused(edited)) return;
        const now = [...nodesOf(edited.doc)].map((node) => node.id);
        expect(new Set(now).size).toBe(now.length);
        if (![2, 5, 6].includes(each.kind)) return;
        const conditions = (of: Doc) => [...nodesOf(of)].filter((n) => n.type === "condition").map((n) => n.id);
        expect(conditions(edited.doc).sort()).toEqual(conditions(start).sort());
      }),
      runs,
    );
  });

  it("refuse to move a group into itself and to move the blocks", () => {
    const inner: Group = { type: "group", id: "g", logic: "any", children: [] };
    const start = { ...emptyDoc(), root: { ...emptyDoc().root, children: [inner] } };
    expect(edits.move(start, ["g"], { parent: "g", index: 0 })).toEqual({ refused: "inside_itself" });
    expect(edits.move(start, [ROOT], { parent: EXCLUDE, index: 0 })).toEqual({ refused: "fixed" });
  });

  it("put what moves within one group where it was dropped", () => {
    const [a, b, c] = ["a", "b", "c"].map(
      (id): Condition => ({ type: "condition", id, filter: "age", operator: ">=", value: 1 }),
    );
    const start = { ...emptyDoc(), root: { ...emptyDoc().root, children: [a, b, c] as Node[] } };
    const order = (edited: edits.Edited) =>
      edits.isRefused(edited) ? [] : (findNode(edited.doc, ROOT) as Group).children.map((each) => each.id);
    expect(order(edits.move(start, ["a"], { parent: ROOT, index: 3 }))).toEqual(["b", "c", "a"]);
    expect(order(edits.move(start, ["c"], { parent: ROOT, index: 0 }))).toEqual(["c", "a", "b"]);
    expect(order(edits.move(start, ["a", "b"], { parent: ROOT, index: 3 }))).toEqual(["c", "a", "b"]);
  });
});

describe("quick edits of one slot", () => {
  it("are one step of the history", () => {
    const start = {
      ...emptyDoc(),
      root: {
        ...emptyDoc().root,
        children: [{ type: "condition", id: "a", filter: "age", operator: ">=", value: 1 }] as Node[],
      },
    };
    let history = begin(start);
    for (const [at, value] of [
      [0, 2],
      [100, 20],
      [200, 25],
      [2000, 30],
    ] as const) {
      const edited = edits.change(history.doc, "a", (each) => ({ ...each, value }));
      if (!edits.isRefused(edited)) history = record(history, edited.doc, { label: "x", at, slot: "a/value" });
    }
    expect(history.past).toHaveLength(2);
    expect((findNode(undo(history).doc, "a") as Condition).value).toBe(25);
    expect(undo(undo(history)).doc).toEqual(start);
  });
});

describe("a rule", () => {
  it("read back from the server means the same, and is written the same ever after", () => {
    fc.assert(
      fc.property(doc(), fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (start, coins) => {
        const rule = ruleOf(start);
        if (rule === null) return;
        const conditions = [...nodesOf(start)].filter((each) => each.type === "condition").map((each) => each.id);
        const truth = new Map(conditions.map((id, index) => [id, coins[index % coins.length] ?? false]));
        const again = ruleOf(docOf(rule, freshId)) as Rule;
        expect(isTrue(again.root, truth)).toBe(isTrue(rule.root, truth));
        expect(ruleOf(docOf(again, freshId))).toEqual(again);
      }),
      runs,
    );
  });

  it("without a condition is no rule at all", () => {
    expect(ruleOf(emptyDoc())).toBeNull();
  });
});

/** A node's id and those of everything below it. */
function below(of: Doc, id: string): string[] {
  const found = findNode(of, id);
  if (!found) return [];
  return found.type === "group" ? [id, ...found.children.flatMap((child) => below(of, child.id))] : [id];
}

/** Whether a rule holds where its conditions do or do not. */
function isTrue(node: RuleNode, truth: Map<string, boolean>): boolean {
  const children = (node.children as RuleNode[] | undefined) ?? [];
  if (node.type === "not") return !isTrue(node.child as RuleNode, truth);
  if (node.type === "all") return children.every((child) => isTrue(child, truth));
  if (node.type === "any") return children.some((child) => isTrue(child, truth));
  return truth.get(node.id as string) ?? false;
}
