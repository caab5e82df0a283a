/** A condition read as a sentence whose changeable parts are slots. The same parts make the row, its label and the summary. */

import {
  type Catalog,
  type Filter,
  type Language,
  measureOf,
  type Operator,
  optionLabel,
  type Property,
  type Unit,
} from "@/catalog/catalog";
import { sayMoney } from "./money";
import type { Condition, Doc, Group, Node, PropertyValue, Range, Stay, Value, Window } from "./tree";
import { sayWindow } from "./windows";

export type Slot = "window" | "measure" | "value" | `property:${string}`;
export type Part = { text: string; slot?: Slot; assumed?: boolean; name?: boolean };

const MOST_OPTIONS = 3;

/** The parts of a condition in reading order. */
export function partsOf(condition: Condition, catalog: Catalog, language: Language): Part[] {
  const filter = catalog.filter.get(condition.filter);
  if (!filter) return [{ text: condition.filter, name: true }];
  if (isAccountStatus(condition)) return accountParts(condition, filter, catalog, language);
  const name: Part = { text: filter[language], name: true };
  const window = windowPart(condition, filter, catalog, language);
  const properties = propertyParts(condition, filter, catalog, language);
  const measure = measurePart(condition, filter, language);
  const value: Part = { slot: "value", text: sayValue(condition, filter, catalog, language) };
  const parts =
    language === "ko" ? [window, ...properties, name, measure, value] : [name, measure, value, ...properties, window];
  return parts.filter((part): part is Part => part !== null);
}

/** A status alone is said of the member, not of the sign-up. */
const isAccountStatus = ({ filter, operator, properties }: Condition) =>
  filter === "signup" && operator === "known" && properties?.account_status !== undefined;

function accountParts(condition: Condition, filter: Filter, catalog: Catalog, language: Language): Part[] {
  const member: Part = { text: language === "ko" ? "회원" : "Members:", name: true };
  const statuses = propertyParts(condition, filter, catalog, language);
  return language === "ko" ? [...statuses, member] : [member, ...statuses];
}

/** The condition as plain text. */
export const sayCondition = (condition: Condition, catalog: Catalog, language: Language): string =>
  partsOf(condition, catalog, language)
    .map((part) => part.text)
    .join(" ");

/** The window that holds for a condition: its own, or its filter's default. */
export function windowOf(condition: Condition, filter: Filter): Window | null {
  if (condition.window) return condition.window;
  if (!filter.default_window) return null;
  const properties = condition.properties ?? {};
  if (String(properties.action) === "viewed") return { type: "last", n: 90 };
  if (String(properties.phase) === "in_trip") return { type: "ever" };
  return filter.default_window as Window;
}

function windowPart(condition: Condition, filter: Filter, catalog: Catalog, language: Language): Part | null {
  const window = windowOf(condition, filter);
  if (!window || filter.windows.length === 0) return null;
  return { slot: "window", text: sayWindow(window, language, catalog), assumed: !condition.window };
}

function measurePart(condition: Condition, filter: Filter, language: Language): Part | null {
  if (filter.measures.length < 2 || !condition.measure || condition.measure === filter.measures[0]?.key) return null;
  return { slot: "measure", text: measureOf(filter, condition.measure)[language] };
}

function propertyParts(condition: Condition, filter: Filter, catalog: Catalog, language: Language): Part[] {
  const given = condition.properties ?? {};
  return filter.properties
    .filter((property) => property.key in given)
    .map((property) => ({
      slot: `property:${property.key}` as const,
      text: sayProperty(property, given[property.key] as PropertyValue, catalog, language),
    }));
}

/** A property's value in words. */
export function sayProperty(property: Property, value: PropertyValue, catalog: Catalog, language: Language): string {
  const name = property[language];
  if (property.form === "flag") return name;
  if (property.form === "range") return sayRange(property, value as Range, language);
  if (property.form === "stay") {
    const stay = value as Stay;
    const when = sayWindow(stay.window, language, catalog);
    if (language === "ko") return stay.relation === "in" ? `체크인 ${when}` : `${when}에 묵는`;
    return stay.relation === "in" ? `check-in ${when}` : `staying ${when}`;
  }
  const said = sayOptions(value as string[], property.options, catalog, language);
  return NAMED.has(property.key) ? (language === "ko" ? `${name} ${said}` : `${name}: ${said}`) : said;
}

/** Properties whose options mean little without the property's name. */
const NAMED = new Set(["has", "lacks", "basis", "nth", "status", "stage", "state", "weekday", "price"]);
const RANGE_UNITS: Record<string, { ko: string; en: string }> = {
  nights: { ko: "박", en: "nights" },
  lead_days: { ko: "일 전 예약·조회", en: "days before check-in" },
  left_hours: { ko: "시간 전 이탈", en: "hours since left" },
};

function sayRange(property: Property, { min, max }: Range, language: Language): string {
  const unit = RANGE_UNITS[property.key]?.[language] ?? "";
  const join = language === "ko" ? "" : " ";
  if (min === max) return `${min}${join}${unit}`;
  if (max === undefined) return language === "ko" ? `${min}${unit} 이상` : `${min}+ ${unit}`;
  if (min === undefined) return language === "ko" ? `${max}${unit} 이하` : `up to ${max} ${unit}`;
  return `${min}~${max}${join}${unit}`;
}

/** Up to three options by name, then how many more. */
export function sayOptions(keys: string[], list: string | null, catalog: Catalog, language: Language): string {
  const named = keys.slice(0, MOST_OPTIONS).map((key) => optionLabel(catalog, list, key, language));
  const more = keys.length - named.length;
  if (more <= 0) return named.join(", ");
  return language === "ko" ? `${named.join(", ")} 외 ${more}` : `${named.join(", ")} +${more}`;
}

// --- values ---------------------------------------------------------------------------------------------------------------

/** A number with the unit of its measure. */
export function sayNumber(value: number, unit: Unit, language: Language): string {
  const plain = value.toLocaleString(language);
  if (unit === "krw") return sayMoney(value, language);
  if (unit === "permille") return `${(value / 10).toLocaleString(language)}%`;
  if (unit === "tenths") return `${(value / 10).toLocaleString(language)}${language === "ko" ? "배" : "×"}`;
  if (language === "ko") return `${plain}${{ times: "회", days: "일", years: "세", lines: "개", option: "" }[unit]}`;
  if (unit === "years" || unit === "option") return plain;
  const word = { times: "time", days: "day", lines: "line" }[unit];
  return `${plain} ${word}${value === 1 ? "" : "s"}`;
}

const COMPARED: Partial<Record<Operator, { ko: (x: string) => string; en: (x: string) => string }>> = {
  "=": { ko: (x) => x, en: (x) => `exactly ${x}` },
  "!=": { ko: (x) => `${x} 아님`, en: (x) => `not ${x}` },
  ">=": { ko: (x) => `${x} 이상`, en: (x) => `at least ${x}` },
  ">": { ko: (x) => `${x} 초과`, en: (x) => `more than ${x}` },
  "<=": { ko: (x) => `${x} 이하`, en: (x) => `at most ${x}` },
  "<": { ko: (x) => `${x} 미만`, en: (x) => `less than ${x}` },
  in: { ko: (x) => x, en: (x) => x },
  not_in: { ko: (x) => `${x} 아님`, en: (x) => `not ${x}` },
  has_all: { ko: (x) => `${x} 모두`, en: (x) => `all of ${x}` },
  only: { ko: (x) => `${x}만`, en: (x) => `only ${x}` },
  within: { ko: (x) => `${x} 안`, en: (x) => x },
  not_within: { ko: (x) => `${x} 안은 아님`, en: (x) => `not ${x}` },
  top_percent: { ko: (x) => `상위 ${x}%`, en: (x) => `top ${x}%` },
  bottom_percent: { ko: (x) => `하위 ${x}%`, en: (x) => `bottom ${x}%` },
};

/** What a condition's value is compared with, in words. */
export function sayValue(condition: Condition, filter: Filter, catalog: Catalog, language: Language): string {
  const { operator, value } = condition;
  if (operator === "known") return language === "ko" ? "알려짐" : "is known";
  if (operator === "unknown") return language === "ko" ? "알 수 없음" : "is unknown";
  const unit = measureOf(filter, condition.measure).unit;
  const share = operator === "top_percent" || operator === "bottom_percent";
  const one = (each: number | string) =>
    typeof each === "number"
      ? sayNumber(each, share ? "option" : unit, language)
      : optionLabel(catalog, filter.options, each, language);
  if (operator === "between" && Array.isArray(value)) {
    const [low, high] = value.map(one);
    return language === "ko" ? `${low} ~ ${high}` : `${low} to ${high}`;
  }
  if (operator === "=" && value === 0 && filter.kind === "events") return language === "ko" ? "없음 (0회)" : "none";
  if (filter.kind === "days" && typeof value === "number") return daysAgo(operator, value, language);
  return COMPARED[operator]?.[language](plainValue(value, filter, catalog, language, one)) ?? operator;
}

function plainValue(
  value: Value | undefined,
  filter: Filter,
  catalog: Catalog,
  language: Language,
  one: (each: number | string) => string,
): string {
  if (value === undefined) return "…";
  if (Array.isArray(value)) return sayOptions(value.map(String), filter.options, catalog, language);
  if (typeof value === "object") return sayWindow(value, language, catalog);
  return one(value);
}

const DAYS_AGO: Partial<Record<Operator, { ko: string; en: string }>> = {
  "=": { ko: "일 전", en: "days ago exactly" },
  "!=": { ko: "일 전이 아님", en: "days ago, not exactly" },
  ">=": { ko: "일 이상 지남", en: "or more days ago" },
  ">": { ko: "일 넘게 지남", en: "days ago at least, not counting that day" },
  "<=": { ko: "일 이내", en: "or fewer days ago" },
  "<": { ko: "일 미만", en: "fewer days ago" },
};

function daysAgo(operator: Operator, value: number, language: Language): string {
  if (language === "en" && operator === ">") return `more than ${value} days ago`;
  if (language === "en" && operator === "<") return `less than ${value} days ago`;
  const said = DAYS_AGO[operator]?.[language] ?? "";
  return language === "ko" ? `${value}${said}` : `${value} ${said}`;
}

// --- whole rules ----------------------------------------------------------------------------------------------------------

const JOINED = { all: { ko: " · ", en: " and " }, any: { ko: " 또는 ", en: " or " } };

/** A rule in one line, for lists, titles and labels. */
export function sayDoc(doc: Doc, catalog: Catalog, language: Language): string {
  const inside = sayNode(doc.root, catalog, language, true);
  if (doc.exclude.children.length === 0) return inside;
  const outside = sayNode(doc.exclude, catalog, language, true);
  return language === "ko" ? `${inside} (제외: ${outside})` : `${inside} (except: ${outside})`.trim();
}

function sayNode(node: Node, catalog: Catalog, language: Language, top = false): string {
  if (node.type === "condition") return sayCondition(node, catalog, language);
  if (node.type === "other") return node.json.type;
  const said = joined(
    node,
    node.children.map((child) => sayNode(child, catalog, language)),
    language,
  );
  return top || node.children.length < 2 ? said : `(${said})`;
}

function joined(group: Group, parts: string[], language: Language): string {
  if (group.logic === "all") return parts.join(JOINED.all[language]);
  const any = parts.join(JOINED.any[language]);
  if (group.logic === "any") return any;
  if (group.logic === "none") return language === "ko" ? `${any} 제외` : `not ${any}`;
  return language === "ko" ? `${group.k}개 이상: ${parts.join(", ")}` : `at least ${group.k} of ${parts.join(", ")}`;
}
