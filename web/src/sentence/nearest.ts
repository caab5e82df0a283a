/** The filters that come nearest to words nobody understood: by shared pairs of letters, so that 환불율 finds 취소·환불. */

import { disassemble } from "es-hangul";
import type { Catalog, Filter } from "@/catalog/catalog";

const LEAST = 0.5;
const plain = (text: string) => disassemble(text.toLowerCase().replace(/[\s·()]/g, ""));

function pairs(text: string): Set<string> {
  const letters = plain(text);
  return new Set(Array.from({ length: Math.max(letters.length - 1, 0) }, (_, at) => letters.slice(at, at + 2)));
}

/** Twice what two texts share of pairs of letters, as a part of all their pairs. */
export function likeness(a: string, b: string): number {
  const [one, other] = [pairs(a), pairs(b)];
  const both = [...one].filter((each) => other.has(each)).length;
  return one.size + other.size === 0 ? 0 : (2 * both) / (one.size + other.size);
}

/** At most `most` filters, the likest first; none where nothing is like it. */
export function nearestFilters(text: string, catalog: Pick<Catalog, "filters">, most = 2): Filter[] {
  const parts = [text, ...text.split(/\s+/).filter((word) => word.length > 1)];
  const score = (filter: Filter) => {
    const names = [
      filter.ko,
      filter.en,
      ...filter.synonyms,
      ...filter.properties.flatMap((each) => [each.ko, each.en]),
    ];
    return Math.max(...names.flatMap((name) => parts.map((part) => likeness(part, name))));
  };
  return catalog.filters
    .map((filter) => ({ filter, score: score(filter) }))
    .filter((each) => each.score >= LEAST)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map((each) => each.filter);
}
