import { describe, expect, it } from "vitest";
import { freshId } from "@/rule/making";
import { type Condition, docOf, type Rule } from "@/rule/tree";
import { meaningOf, shapeOf } from "./said";

describe("what conditions and groups mean", () => {
  it("does not depend on ids, on the order of keys, nor on what says nothing", () => {
    const one: Condition = {
      type: "condition",
      id: "a",
      filter: "f",
      operator: "=",
      value: 1,
      window: { type: "last", n: 3 },
    };
    const other = {
      properties: {},
      window: { unit: "day", n: 3, type: "last" },
      value: 1,
      operator: "=",
      filter: "f",
      id: "b",
      type: "condition",
    };
    expect(meaningOf(one)).toBe(meaningOf(other as Condition));
    expect(meaningOf(one)).not.toBe(meaningOf({ ...one, value: 2 }));
  });

  it("is the same for a group within one of its kind, and another one for another kind", () => {
    const leaf = (id: string) => ({ type: "condition", id, filter: "f", operator: "=", value: 1 });
    const of = (root: object) => shapeOf(docOf({ version: 1, root } as Rule, freshId));
    const nested = {
      type: "all",
      id: "r",
      children: [{ type: "all", id: "s", children: [leaf("a"), leaf("b")] }, leaf("c")],
    };
    const flat = { type: "all", id: "r", children: [leaf("c"), leaf("b"), leaf("a")] };
    expect(of(nested)).toBe(of(flat));
    expect(of({ ...flat, type: "any" })).not.toBe(of(flat));
    expect(of({ type: "not", id: "n", child: { type: "any", id: "o", children: [leaf("a"), leaf("b")] } })).toBe(
      of({
        type: "all",
        id: "r",
        children: [
          { type: "not", id: "n", child: leaf("a") },
          { type: "not", id: "m", child: leaf("b") },
        ],
      }),
    );
  });
});
