import { expect, it } from "vitest";
import { en } from "./en";
import { ko } from "./ko";

it("every text is there in both languages, and none is empty", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort());
  for (const words of [ko, en]) expect(Object.values(words).filter((text) => text.trim() === "")).toEqual([]);
});

it("both languages put the same values into a text", () => {
  const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();
  for (const [key, text] of Object.entries(ko))
    expect([key, holes(en[key as keyof typeof ko])]).toEqual([key, holes(text)]);
});
