/** New conditions: what a filter asks when it is first picked, and the condition a facet's line stands for. */

import type { Catalog, Cut, Filter } from "@/catalog/catalog";
import { type Condition, type Doc, emptyDoc, type PropertyValue, type Value } from "./tree";

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

// --- who is never meant ---------------------------------------------------------------------------------------------------

export const TEAM = "team";
const TEAM_STATUSES = ["staff_test", "withdrawal_pending"];

/** Staff, test accounts and those about to leave: left out of every new audience, in sight, and free to be taken away. */
function teamCondition(catalog: Catalog): Condition | null {
  const status = catalog.filter.get("signup")?.properties.find((each) => each.key === "account_status");
  const known = new Set(catalog.options[status?.options ?? ""]?.options.map((option) => option.key));
  const statuses = TEAM_STATUSES.filter((key) => known.has(key));
  if (statuses.length === 0) return null;
  const properties = { account_status: statuses };
  return { type: "condition", id: TEAM, filter: "signup", operator: "known", properties };
}

/** The document with the standing exclusion, unless it has it already. */
export function withTeam(doc: Doc, catalog: Catalog): Doc {
  const team = teamCondition(catalog);
  if (!team || doc.exclude.children.some((child) => child.id === TEAM)) return doc;
  return { ...doc, exclude: { ...doc.exclude, children: [...doc.exclude.children, team] } };
}

export const newDoc = (catalog: Catalog): Doc => withTeam(emptyDoc(), catalog);

/** Whether nothing was asked yet: at most the standing exclusion is there. */
export const isBlank = (doc: Doc): boolean =>
  doc.root.children.length === 0 && doc.exclude.children.every((child) => child.id === TEAM);

/** The condition with a property said, or without it. */
export function withProperty(condition: Condition, key: string, value: PropertyValue | undefined): Condition {
  const { [key]: _, ...others } = condition.properties ?? {};
  const empty = value === undefined || (Array.isArray(value) && value.length === 0);
  return { ...condition, properties: empty ? others : { ...others, [key]: value } };
}
