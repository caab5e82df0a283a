/** Sums as Korean marketers write them: 20만, 1.5억, 3천, 500k. */

const UNITS: Record<string, number> = {
  천: 1e3,
  만: 1e4,
  십만: 1e5,
  백만: 1e6,
  천만: 1e7,
  억: 1e8,
  조: 1e12,
  k: 1e3,
  m: 1e6,
};
const PART = /^(\d+(?:\.\d+)?)(천만|백만|십만|천|만|억|조|k|m)?/i;

/** The whole number meant, or null where it is none: `20만` → 200000, `1억 5천만` → 150000000, `1,200` → 1200. */
export function parseAmount(text: string): number | null {
  let rest = text.replace(/[\s,₩]/g, "").replace(/원$/, "");
  const negative = rest.startsWith("-");
  if (negative) rest = rest.slice(1);
  if (rest === "") return null;
  let sum = 0;
  while (rest !== "") {
    const found = PART.exec(rest);
    if (!found) return null;
    sum += Number(found[1]) * (UNITS[(found[2] ?? "").toLowerCase()] ?? 1);
    rest = rest.slice(found[0].length);
  }
  return (negative ? -1 : 1) * Math.round(sum);
}

/** 200000 → 20만원, 150000000 → 1억 5,000만원; in English ₩200,000. */
export function sayMoney(krw: number, language: "ko" | "en"): string {
  if (language === "en") return `₩${krw.toLocaleString("en")}`;
  const size = Math.abs(krw);
  if (size < 10_000 || size % 1000 !== 0) return `${krw.toLocaleString("ko")}원`;
  const eok = Math.floor(size / 1e8);
  const man = (size % 1e8) / 1e4;
  const parts = [eok > 0 ? `${eok.toLocaleString("ko")}억` : "", man > 0 ? `${man.toLocaleString("ko")}만` : ""];
  return `${krw < 0 ? "-" : ""}${parts.filter(Boolean).join(" ")}원`;
}
