import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as edits from "./edits";
import { type Standing, standing, within } from "./rows";
import { type Condition, type Doc, emptyDoc, type Node, nodesOf } from "./tree";

const condition = (id: string, value: number): Condition => ({
  ...{ type: "condition", id, filter: "age", operator: ">=", value },
});
/** Groups of these sizes, one after the other; a group of none is a condition. */
const ruleOf = (sizes: readonly number[]): Doc => {
  const children = sizes.map(
    (size, at): Node =>
      size === 0
        ? condition(`c${at}`, at)
        : {
            ...{ type: "group", id: `g${at}`, logic: "any" },
            children: Array.from({ length: size }, (_, below) => condition(`c${at}-${below}`, below)),
          },
  );
  return { ...emptyDoc(), root: { ...emptyDoc().root, children } };
};
const rule = () => fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }).map(ruleOf);

const idsOf = (rows: readonly Standing[]) => rows.flatMap(within).map(({ id }) => id);
const docOf = (edited: edits.Edited): Doc => {
  if (edits.isRefused(edited)) throw new Error(edited.refused);
  return edited.doc;
};
const conditionsOf = (doc: Doc) => [...nodesOf(doc)].filter((node) => node.type === "condition");

describe("where rows stand", () => {
  it("is the order the rule is read in", () => {
    fc.assert(
      fc.property(rule(), (doc) => {
        expect(idsOf(standing(doc))).toEqual([...nodesOf(doc)].map(({ id }) => id));
      }),
    );
  });

  it("is the very same after a value changed", () => {
    fc.assert(
      fc.property(rule(), fc.nat(), (doc, pick) => {
        const was = standing(doc);
        const all = conditionsOf(doc);
        const { id } = all[pick % all.length] as Condition;
        const next = docOf(edits.change(doc, id, (now) => ({ ...now, value: 99 })));
        expect(next).not.toBe(doc);
        expect(standing(next, was)).toBe(was);
      }),
    );
  });

  it("is the very same after a group was joined otherwise", () => {
    const doc = ruleOf([2, 3]);
    const was = standing(doc);
    expect(standing(docOf(edits.regroup(doc, "g0", "all")), was)).toBe(was);
  });

  it("follows a removal, and every row beside it stays the very same", () => {
    fc.assert(
      fc.property(rule(), fc.nat(), (doc, pick) => {
        const was = standing(doc);
        const all = conditionsOf(doc);
        const { id } = all[pick % all.length] as Condition;
        const next = docOf(edits.remove(doc, [id]));
        const rows = standing(next, was);
        expect(idsOf(rows)).toEqual([...nodesOf(next)].map((node) => node.id));
        const before = new Map(was.flatMap(within).map((row) => [row.id, row]));
        const changed = rows.flatMap(within).filter((row) => before.get(row.id) !== row);
        for (const row of changed) expect(within(before.get(row.id) as Standing).map((each) => each.id)).toContain(id);
      }),
    );
  });

  it("tells a condition of another filter from the one that stood there", () => {
    const doc = ruleOf([0]);
    const next = docOf(edits.change(doc, "c0", (now) => ({ ...now, filter: "booking_count" })));
    expect(standing(next, standing(doc))[0]?.children[0]?.node).toMatchObject({ filter: "booking_count" });
  });
});
