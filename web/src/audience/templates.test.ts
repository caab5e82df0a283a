import { expect, it } from "vitest";
import { isRefused } from "@/rule/edits";
import { type Condition, type Doc, emptyDoc, type Logic } from "@/rule/tree";
import { addedTo } from "./templates";

let n = 0;
const id = () => `f${n++}`;
const one = (key: string): Condition => ({ type: "condition", id: key, filter: key, operator: ">=", value: 1 });
const doc = (logic: Logic, inside: string[], out: string[] = []): Doc => ({
  root: { ...emptyDoc().root, logic, children: inside.map(one) },
  exclude: { ...emptyDoc().exclude, children: out.map(one) },
});
const added = (now: Doc, other: Doc): Doc => {
  const edited = addedTo(now, other, id);
  if (isRefused(edited)) throw new Error(edited.refused);
  return edited.doc;
};
const shape = (made: Doc) => [
  made.root.logic,
  made.root.children.map((each) => (each.type === "group" ? [each.logic, each.children.map(({ id }) => id)] : each.id)),
  made.exclude.children.map(({ id }) => id),
];

it("a template beside a rule narrows it, and what either leaves out stays out", () => {
  const now = doc("all", ["a"], ["x"]);
  const made = added(now, doc("all", ["b", "c"], ["y"]));
  expect(shape(made)).toEqual(["all", ["a", "b", "c"], ["x", "y"]]);
  expect(made.root.children[0]).toBe(now.root.children[0]);
});

it("any of some conditions stays any of them, on either side", () => {
  expect(shape(added(doc("any", ["a", "b"]), doc("all", ["c"])))).toEqual(["all", [["any", ["a", "b"]], "c"], []]);
  expect(shape(added(doc("all", ["a"]), doc("any", ["b", "c"])))).toEqual(["all", ["a", ["any", ["b", "c"]]], []]);
});

it("beside nothing it is the template, and of nothing but exclusions only those come", () => {
  expect(shape(added(doc("all", []), doc("all", ["b"])))).toEqual(["all", ["b"], []]);
  expect(shape(added(doc("all", ["a"]), doc("all", [], ["y"])))).toEqual(["all", ["a"], ["y"]]);
});
