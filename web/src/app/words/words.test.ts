import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { en } from "./en";
import { ko } from "./ko";

const sources = readdirSync("src", { recursive: true })
  .map(String)
  .filter((name) => /\.tsx?$/.test(name) && !/test\.|words\/(ko|en)|schema\.d/.test(name))
  .map((name) => readFileSync(join("src", name), "utf8"));

it("every text is there in both languages, and none is empty", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort());
  for (const words of [ko, en]) expect(Object.values(words).filter((text) => text.trim() === "")).toEqual([]);
});

it("both languages put the same values into a text", () => {
  const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();
  for (const [key, text] of Object.entries(ko))
    expect([key, holes(en[key as keyof typeof ko])]).toEqual([key, holes(text)]);
});

it("every text is used somewhere", () => {
  const all = sources.join("\n");
  const families = [...all.matchAll(/`(\w+_)\$\{/g)].map((found) => found[1] as string);
  const unused = Object.keys(ko).filter(
    (key) => !all.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)),
  );
  expect(unused).toEqual([]);
});
