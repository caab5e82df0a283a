/** Numbers, shares and moments as the reader's language writes them. */

import type { Language } from "@/catalog/catalog";

export const sayCount = (n: number, language: Language): string => n.toLocaleString(language);

/** 12.3%; under a tenth of a percent one more digit, so that few do not look like none. */
export function sayShare(part: number, whole: number, language: Language): string {
  if (whole === 0) return "–";
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
