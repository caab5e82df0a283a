import { expect, it } from "vitest";
import { searchable } from "./search";

const filters = [
  { key: "search_region", ko: "지역 검색", en: "Searched a region", synonyms: ["검색 지역", "찾아본"] },
  { key: "wishlist", ko: "찜", en: "Wish list", synonyms: ["하트", "위시"] },
  { key: "jeju", ko: "제주", en: "Jeju", synonyms: [] },
];
const find = searchable(filters);
const keys = (text: string) => find(text).map((each) => each.key);

it.each([
  ["ㄱㅅ", ["search_region"]],
  ["ㅈㅇㄱㅅ", ["search_region"]],
  ["검색", ["search_region"]],
  ["제ㅈ", ["jeju"]],
  ["heart", []],
  ["하트", ["wishlist"]],
  ["WISH", ["wishlist"]],
  ["searched", ["search_region"]],
])("%s finds %j", (text, found) => expect(keys(text)).toEqual(found));

it("finds everything, in order, while nothing is typed", () => {
  expect(keys("")).toEqual(["search_region", "wishlist", "jeju"]);
});
