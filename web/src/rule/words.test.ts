import { describe, expect, it } from "vitest";
import { parseAmount, sayMoney } from "./money";
import { datesOf } from "./windows";

describe("sums of money", () => {
  it.each([
    ["20만", 200_000],
    ["20만원", 200_000],
    ["1.5억", 150_000_000],
    ["1억 5천만", 150_000_000],
    ["3천", 3_000],
    ["500k", 500_000],
    ["1,200", 1_200],
    ["₩99,000", 99_000],
  ])("%s is understood", (text, krw) => expect(parseAmount(text)).toBe(krw));

  it.each(["", "만", "스무 번", "12a"])("%j is no sum", (text) => expect(parseAmount(text)).toBeNull());

  it.each([
    [200_000, "20만원", "₩200,000"],
    [150_000_000, "1억 5,000만원", "₩150,000,000"],
    [12_345, "12,345원", "₩12,345"],
    [0, "0원", "₩0"],
  ])("%d is said", (krw, ko, en) => {
    expect(sayMoney(krw, "ko")).toBe(ko);
    expect(sayMoney(krw, "en")).toBe(en);
  });
});

describe("the days a window means, seen from 2026-11-23", () => {
  it.each([
    [{ type: "last", n: 14 }, "2026-11-10", "2026-11-23"],
    [{ type: "last", n: 1, unit: "month" }, "2026-10-24", "2026-11-23"],
    [{ type: "next", n: 3 }, "2026-11-23", "2026-11-26"],
    [{ type: "days", start: -60, end: -31 }, "2026-09-24", "2026-10-23"],
    [{ type: "calendar", unit: "month", offset: -1 }, "2026-10-01", "2026-10-31"],
    [{ type: "calendar", unit: "week", offset: -1 }, "2026-11-16", "2026-11-22"],
    [{ type: "calendar", unit: "quarter" }, "2026-10-01", "2026-12-31"],
    [{ type: "calendar", unit: "month", part: "late" }, "2026-11-21", "2026-11-30"],
    [{ type: "ever" }, null, "2026-11-23"],
  ] as const)("%j", (window, start, end) => expect(datesOf(window, "2026-11-23")).toEqual({ start, end }));

  it("are the server's to say for named stretches", () => {
    expect(datesOf({ type: "named", name: "chuseok" }, "2026-11-23")).toBeNull();
  });
});
