/** Numbers, shares and moments as the reader's language writes them. */

import type { Language } from "@/catalog/catalog";

/** A number of people; one that is too small to be told says so. */
export const sayCount = (n: number | null | undefined, language: Language, below = 10): string =>
  n === null || n === undefined ? `<${below}` : n.toLocaleString(language);

/** 12.3%; under a tenth of a percent one more digit, so that few do not look like none. */
export function sayShare(part: number | null, whole: number | null, language: Language): string {
  if (part === null || !whole) return "–";
  const percent = (100 * part) / whole;
  const digits = percent > 0 && percent < 0.1 ? 3 : 1;
  return `${percent.toLocaleString(language, { maximumFractionDigits: digits })}%`;
}

export const sayMoment = (at: string, language: Language): string =>
  new Date(at).toLocaleString(language, { timeZone: "Asia/Seoul", dateStyle: "medium", timeStyle: "short" });

/** +1,234 or −56; 0 as ±0. */
export function sayDelta(n: number, language: Language): string {
  if (n === 0) return "±0";
  return `${n > 0 ? "+" : "−"}${Math.abs(n).toLocaleString(language)}`;
}
