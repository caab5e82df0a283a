/** New conditions: what a filter asks when it is first picked, and the condition a facet's line stands for. */

import type { Catalog, Cut, Filter } from "@/catalog/catalog";
import type { Condition, PropertyValue, Value } from "./tree";

let counter = 0;

/** An id no other node of this page has: time and a running number. */
export function freshId(): string {
  counter += 1;
  return `c${Date.now().toString(36)}${counter.toString(36)}`;
}

const NUMBERS: Record<string, [Condition["operator"], Value]> = {
  krw: [">=", 100_000],
  years: [">=", 20],
  days: ["<=", 30],
  lines: [">=", 2],
  permille: [">=", 300],
  tenths: [">=", 15],
  times: [">=", 1],
};

/** The condition a filter begins with. Choices begin without a value: the page asks for one at once. */
export function conditionFor(filter: Filter, id: string): Condition {
  const base = { type: "condition" as const, id, filter: filter.key };
  const window = filter.default_window ? { window: filter.default_window as Condition["window"] } : {};
  if (filter.kind === "events") return { ...base, operator: ">=", value: 1, ...window };
  if (filter.kind === "days") return { ...base, operator: "<=", value: 30 };
  if (filter.kind === "number") {
    const [operator, value] = NUMBERS[filter.measures[0]?.unit ?? "times"] as [Condition["operator"], Value];
    return { ...base, operator, value, ...window };
  }
  if (filter.kind === "ordered") return { ...base, operator: ">=" };
  return { ...base, operator: "in", value: [], ...window };
}

/** The property that makes a filter what it is called: the region of a region search. */
const MAIN: Record<string, string> = {
  search_region: "region",
  search_stay_type: "stay_type",
  search_theme: "theme",
  viewed_category: "product_line",
};
export const mainProperty = (filter: Filter): string | undefined => MAIN[filter.key];

/** The condition a line of a facet counts; undefined where the catalog has no such line. */
export function conditionOfCut(
  catalog: Catalog,
  filterKey: string,
  lineKey: string,
  id: string,
): Condition | undefined {
  const filter = catalog.filter.get(filterKey);
  const cut = filter?.cuts.find((each) => each.key === lineKey);
  return filter && cut ? fromCut(filter, cut, id) : undefined;
}

function fromCut(filter: Filter, cut: Cut, id: string): Condition {
  const made: Condition = { type: "condition", id, filter: filter.key, operator: cut.operator };
  if (cut.value !== null && cut.value !== undefined) made.value = cut.value as Value;
  if (cut.measure) made.measure = cut.measure;
  if (filter.default_window) made.window = filter.default_window as Condition["window"];
  if (Object.keys(cut.properties).length > 0) made.properties = cut.properties as Record<string, PropertyValue>;
  return made;
}
