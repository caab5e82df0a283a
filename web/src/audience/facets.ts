/** Which splits say most about the audience in front of you. Pure numbers over what the server counted. */

import type { Facet, Line } from "@/server/counting";

export type Told = Line & { share: number; lift: number };
export type Ranked = { filter: string; score: number; lines: Told[] };

/** A line that says nothing about who these people are like. */
const NOTHING = new Set(["none", "unknown"]);
/** Fewer people than this are too few for their share to say anything. */
const FEWEST = 30;

/** Every facet with its lines' shares and lifts, most over-represented facet first; lines stay in the catalog's order. */
export function ranked(facets: readonly Facet[], total: number, base: number): Ranked[] {
  return facets
    .map((facet) => {
      const lines = facet.lines.map((line) => told(line, total, base));
      return { filter: facet.filter, score: Math.max(0, ...lines.map(surprise)), lines };
    })
    .sort((a, b) => b.score - a.score);
}

function told(line: Line, total: number, base: number): Told {
  const share = total === 0 ? 0 : (line.count ?? 0) / total;
  const usual = base === 0 ? 0 : (line.base ?? 0) / base;
  return { ...line, share, lift: usual === 0 ? 0 : share / usual };
}

/** How much more of the audience than of everybody falls on the line: its share weighed by how unusual it is. */
function surprise(line: Told): number {
  if (NOTHING.has(line.key) || (line.count ?? 0) < FEWEST || line.lift <= 1) return 0;
  return line.share * Math.log(line.lift);
}

/** The lines worth showing first: those with most people, the biggest at the top. */
export const leading = (lines: readonly Told[], most: number): Told[] =>
  lines
    .filter((line) => line.count !== 0)
    .sort((a, b) => (b.count ?? 0) - (a.count ?? 0))
    .slice(0, most);
