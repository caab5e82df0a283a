/** Spans of time in words, and the days they mean where that needs no calendar of holidays. */

import type { Catalog, Language } from "@/catalog/catalog";
import type { CalendarUnit, Window, WindowUnit } from "./tree";

type Dates = { start: string | null; end: string | null };

const UNITS: Record<CalendarUnit, { ko: string; en: string; count: string }> = {
  day: { ko: "일", en: "day", count: "일" },
  week: { ko: "주", en: "week", count: "주" },
  month: { ko: "달", en: "month", count: "개월" },
  quarter: { ko: "분기", en: "quarter", count: "분기" },
  half: { ko: "반기", en: "half-year", count: "반기" },
  year: { ko: "해", en: "year", count: "년" },
};
const NEAR: Record<string, { ko: string; en: string }> = {
  "day:0": { ko: "오늘", en: "today" },
  "day:-1": { ko: "어제", en: "yesterday" },
  "day:1": { ko: "내일", en: "tomorrow" },
  "year:0": { ko: "올해", en: "this year" },
  "year:-1": { ko: "작년", en: "last year" },
  "year:1": { ko: "내년", en: "next year" },
};
const PARTS = {
  early: { ko: "초순", en: "early" },
  middle: { ko: "중순", en: "middle of" },
  late: { ko: "하순", en: "late" },
};
const YEARS: Record<string, { ko: string; en: string }> = {
  last: { ko: "작년", en: "last year's" },
  this: { ko: "올해", en: "this year's" },
  next: { ko: "내년", en: "next year's" },
  recent: { ko: "지난", en: "the last" },
  upcoming: { ko: "다가오는", en: "the next" },
};

/** A window in words: 최근 14일 · in the last 14 days. */
export function sayWindow(window: Window, language: Language, catalog: Catalog): string {
  return language === "ko" ? korean(window, catalog) : english(window, catalog);
}

function korean(window: Window, catalog: Catalog): string {
  switch (window.type) {
    case "last":
      return window.n === 1 && (window.unit ?? "day") === "day" ? "오늘" : `최근 ${counted(window.n, window.unit)}`;
    case "next":
      return window.n === 0 ? "오늘" : `앞으로 ${counted(window.n, window.unit)}`;
    case "days":
      return daysKo(window.start, window.end);
    case "calendar":
      return calendarKo(window.unit, window.offset ?? 0, window.part);
    case "named":
      return namedKo(window, catalog);
    case "between":
      return `${window.start ?? ""} ~ ${window.end ?? ""}`.trim();
    case "ever":
      return "전체 기간";
    case "future":
      return "앞으로 전체";
  }
}

const counted = (n: number, unit: WindowUnit = "day") => `${n}${UNITS[unit].count}`;

function daysKo(start: number, end: number): string {
  if (start === end) return start === 0 ? "오늘" : start < 0 ? `정확히 ${-start}일 전` : `D-${start}`;
  if (end <= 0) return `${-end}~${-start}일 전`;
  return start >= 0 ? `${start}~${end}일 뒤` : `${-start}일 전 ~ ${end}일 뒤`;
}

function calendarKo(unit: CalendarUnit, offset: number, part?: keyof typeof PARTS): string {
  const said = NEAR[`${unit}:${offset}`]?.ko ?? (offset === 0 ? `이번 ${UNITS[unit].ko}` : relativeKo(unit, offset));
  return part ? `${said} ${PARTS[part].ko}` : said;
}

function relativeKo(unit: CalendarUnit, offset: number): string {
  const [one, more] = offset < 0 ? ["지난", "전"] : ["다음", "뒤"];
  return Math.abs(offset) === 1 ? `${one} ${UNITS[unit].ko}` : `${Math.abs(offset)}${UNITS[unit].count} ${more}`;
}

type NamedWindow = Extract<Window, { type: "named" }>;

function namedKo(window: NamedWindow, catalog: Catalog): string {
  const year = YEARS[String(window.year ?? "this")]?.ko ?? `${window.year}년`;
  const name = `${year} ${catalog.season.get(window.name)?.ko ?? window.name}`;
  return window.start === undefined ? name : `${name} 시작 ${aroundKo(window.start)}~${aroundKo(window.end ?? 0)}`;
}
const aroundKo = (days: number) => (days < 0 ? `${-days}일 전` : days === 0 ? "당일" : `${days}일 뒤`);

function english(window: Window, catalog: Catalog): string {
  switch (window.type) {
    case "last":
      return window.n === 1 && (window.unit ?? "day") === "day"
        ? "today"
        : `in the last ${plural(window.n, window.unit)}`;
    case "next":
      return window.n === 0 ? "today" : `in the next ${plural(window.n, window.unit)}`;
    case "days":
      return daysEn(window.start, window.end);
    case "calendar":
      return calendarEn(window.unit, window.offset ?? 0, window.part);
    case "named":
      return namedEn(window, catalog);
    case "between":
      return window.start && window.end
        ? `from ${window.start} to ${window.end}`
        : window.start
          ? `from ${window.start} on`
          : `until ${window.end}`;
    case "ever":
      return "ever";
    case "future":
      return "from today on";
  }
}

const plural = (n: number, unit: WindowUnit = "day") => (n === 1 ? UNITS[unit].en : `${n} ${UNITS[unit].en}s`);

function daysEn(start: number, end: number): string {
  if (start === end)
    return start === 0 ? "today" : start < 0 ? `exactly ${-start} days ago` : `in exactly ${start} days`;
  if (end <= 0) return `${-end} to ${-start} days ago`;
  return start >= 0 ? `${start} to ${end} days ahead` : `${-start} days ago to ${end} days ahead`;
}

function calendarEn(unit: CalendarUnit, offset: number, part?: keyof typeof PARTS): string {
  const name = UNITS[unit].en;
  const near = ({ 0: `this ${name}`, [-1]: `last ${name}`, 1: `next ${name}` } as Record<number, string>)[offset];
  const far = offset < 0 ? `${-offset} ${name}s ago` : `${offset} ${name}s ahead`;
  const said = NEAR[`${unit}:${offset}`]?.en ?? near ?? far;
  return part ? `${PARTS[part].en} ${said}` : said;
}

function namedEn(window: NamedWindow, catalog: Catalog): string {
  const name = catalog.season.get(window.name)?.en ?? window.name;
  const year = YEARS[String(window.year ?? "this")]?.en;
  const said = year ? `${year} ${name}` : `${name} ${window.year}`;
  return window.start === undefined ? said : `${said}, days ${window.start} to ${window.end} from its start`;
}

// --- the days meant -------------------------------------------------------------------------------------------------------

const DAY_MS = 86_400_000;
const SEOUL = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Seoul" });

/** The day it is in Korea, as 2026-11-23. */
export const todayInKorea = (now: Date): string => SEOUL.format(now);

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);
const sayDay = (date: Date) => date.toISOString().slice(0, 10);
const plusDays = (date: Date, days: number) => new Date(date.getTime() + days * DAY_MS);

function plusMonths(date: Date, months: number): Date {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)));
}

const shifted = (date: Date, n: number, unit: WindowUnit = "day") =>
  unit === "day"
    ? plusDays(date, n)
    : unit === "week"
      ? plusDays(date, 7 * n)
      : plusMonths(date, unit === "year" ? 12 * n : n);

/** First and last day of a window seen from `today`, both in; null where only the server's calendar knows (named stretches). */
export function datesOf(window: Window, today: string): Dates | null {
  const now = dateOf(today);
  switch (window.type) {
    case "last":
      return { start: sayDay(plusDays(shifted(now, -window.n, window.unit), 1)), end: today };
    case "next":
      return { start: today, end: sayDay(shifted(now, window.n, window.unit)) };
    case "days":
      return { start: sayDay(plusDays(now, window.start)), end: sayDay(plusDays(now, window.end)) };
    case "calendar":
      return calendarDates(now, window.unit, window.offset ?? 0, window.part);
    case "between":
      return { start: window.start ?? null, end: window.end ?? null };
    case "ever":
      return { start: null, end: today };
    case "future":
      return { start: today, end: null };
    case "named":
      return null;
  }
}

const MONTHS: Partial<Record<CalendarUnit, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

function calendarDates(now: Date, unit: CalendarUnit, offset: number, part?: keyof typeof PARTS): Dates {
  const length = MONTHS[unit];
  if (!length) {
    const first = unit === "week" ? plusDays(now, -((now.getUTCDay() + 6) % 7) + 7 * offset) : plusDays(now, offset);
    return { start: sayDay(first), end: sayDay(plusDays(first, unit === "week" ? 6 : 0)) };
  }
  const begun = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (now.getUTCMonth() % length), 1));
  const first = plusMonths(begun, offset * length);
  const last = plusDays(plusMonths(first, length), -1);
  if (!part) return { start: sayDay(first), end: sayDay(last) };
  const [from, to] = { early: [0, 9], middle: [10, 19], late: [20, 30] }[part] as [number, number];
  const end = Math.min(plusDays(first, to).getTime(), last.getTime());
  return { start: sayDay(plusDays(first, from)), end: sayDay(new Date(end)) };
}
