import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button as Plain } from "react-aria-components";
import { useWords } from "@/app/language";
import { freshId } from "@/rule/making";
import { useBuilder } from "@/rule/store";
import { docOf, type Rule } from "@/rule/tree";
import type { Schemas } from "@/server/client";
import { overlapQuery } from "@/server/queries";
import { sayCount } from "@/ui/numbers";
import { type Circle, circles } from "./circles";

type Overlap = Schemas["OverlapAnswer"];
type Region = Overlap["regions"][number];

/** How audiences overlap: circles for two or three, a table of bars for more. Every piece can become an audience. */
export function CompareScreen() {
  const { t, language } = useWords();
  const { ids } = useSearch({ from: "/compare" });
  const asked = useQuery({ ...overlapQuery(ids), enabled: ids.length > 1 });
  const found = asked.data;
  return (
    <main
      id="content"
      tabIndex={-1}
      className="slim-scroll mx-auto w-full max-w-5xl flex-1 overflow-y-auto p-4 outline-none sm:p-6"
    >
      <h1 className="text-xl font-bold tracking-tight">{t("compare")}</h1>
      <p className="mb-5 text-sm text-soft">{t("compare_text")}</p>
      {ids.length < 2 && <p>{t("compare_few")}</p>}
      {asked.error && (
        <p role="alert" className="rounded-lg bg-danger-tint p-3 text-danger">
          {asked.error.message}
        </p>
      )}
      {asked.isLoading && <div className="h-80 animate-pulse rounded-2xl bg-sunken" aria-busy="true" />}
      {found && (
        <div className={found.audiences.length <= 3 ? "grid items-start gap-6 md:grid-cols-2" : ""}>
          {found.audiences.length <= 3 && <Venn overlap={found} />}
          <Pieces overlap={found} />
          <p className="numbers text-sm text-soft">{t("compare_union", { n: sayCount(found.union, language) })}</p>
        </div>
      )}
    </main>
  );
}

const FILLS = ["fill-behavioral", "fill-transactional", "fill-profile"];
const BOX = 420;
const EDGE = 24;

function Venn({ overlap }: { overlap: Overlap }) {
  const { t, language } = useWords();
  const placed = fitted(circlesOf(overlap));
  const label = overlap.audiences.map((each) => `${each.name} ${sayCount(each.count, language)}`).join(", ");
  return (
    <figure>
      <svg
        role="img"
        aria-label={`${t("compare")}: ${label}`}
        viewBox={`0 0 ${BOX} ${BOX}`}
        className="w-full rounded-2xl border border-line bg-surface"
      >
        {placed.map((circle, index) => (
          <circle
            key={overlap.audiences[index]?.id}
            cx={circle.x}
            cy={circle.y}
            r={circle.r}
            className={FILLS[index]}
            fillOpacity={0.3}
            stroke="currentColor"
            strokeOpacity={0.35}
          />
        ))}
        {placed.map((circle, index) => {
          const audience = overlap.audiences[index];
          return (
            <text
              key={audience?.id}
              x={circle.x}
              y={circle.y + (index === 2 ? circle.r * 0.55 : -circle.r * 0.55)}
              textAnchor="middle"
              className="fill-ink text-[13px] font-semibold"
            >
              {audience?.name.slice(0, 14)}
            </text>
          );
        })}
      </svg>
      <figcaption className="mt-1 text-xs text-faint">{t(placed.length === 3 ? "venn_three" : "venn_two")}</figcaption>
    </figure>
  );
}

function circlesOf({ audiences, regions }: Overlap): Circle[] {
  const both = (i: number, j: number) => {
    const [a, b] = [audiences[i]?.id ?? "", audiences[j]?.id ?? ""];
    return regions
      .filter((region) => region.audiences.includes(a) && region.audiences.includes(b))
      .reduce((sum, region) => sum + (region.count ?? 0), 0);
  };
  return circles(
    audiences.map((each) => each.count ?? 0),
    both,
  );
}

/** The circles as large as the picture allows. */
function fitted(placed: Circle[]): Circle[] {
  const [left, right] = [Math.min(...placed.map((c) => c.x - c.r)), Math.max(...placed.map((c) => c.x + c.r))];
  const [top, bottom] = [Math.min(...placed.map((c) => c.y - c.r)), Math.max(...placed.map((c) => c.y + c.r))];
  const scale = (BOX - 2 * EDGE) / Math.max(right - left, bottom - top, 1e-9);
  const shift = (low: number, high: number) => (BOX - (high - low) * scale) / 2 - low * scale;
  return placed.map((c) => ({
    x: c.x * scale + shift(left, right),
    y: c.y * scale + shift(top, bottom),
    r: c.r * scale,
  }));
}

/** Every piece with its number: which audiences it lies in, as dots in columns, the largest first. */
function Pieces({ overlap }: { overlap: Overlap }) {
  const { t } = useWords();
  const pieces = [...overlap.regions]
    .filter((region) => region.count !== 0)
    .sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
  const most = pieces[0]?.count ?? 1;
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{t("pieces")}</caption>
        <thead>
          <tr>
            {overlap.audiences.map((audience) => (
              <th
                key={audience.id}
                scope="col"
                className="max-w-28 truncate px-1 pb-2 text-xs font-medium text-soft"
                title={audience.name}
              >
                {audience.name}
              </th>
            ))}
            <th scope="col" className="pb-2 text-right text-xs font-medium text-soft">
              {t("pieces_count")}
            </th>
          </tr>
        </thead>
        <tbody>
          {pieces.map((piece) => (
            <Piece key={piece.audiences.join()} piece={piece} overlap={overlap} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Piece({ piece, overlap, most }: { piece: Region; overlap: Overlap; most: number }) {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const open = () => {
    if (!piece.rule) return;
    useBuilder.getState().load(docOf(piece.rule as unknown as Rule, freshId), null);
    void navigate({ to: "/" });
  };
  const names = overlap.audiences.filter((each) => piece.audiences.includes(each.id)).map((each) => each.name);
  return (
    <tr className="border-t border-line">
      {overlap.audiences.map((audience) => {
        const inside = piece.audiences.includes(audience.id);
        return (
          <td key={audience.id} className="px-1 py-1.5 text-center">
            <span
              aria-hidden="true"
              className={`inline-block size-3 rounded-full ${inside ? "bg-accent" : "bg-line"}`}
            />
            <span className="sr-only">{t(inside ? "piece_in" : "piece_out")}</span>
          </td>
        );
      })}
      <td className="w-1/2 py-1.5">
        <Plain
          isDisabled={!piece.rule}
          onPress={open}
          className="flex w-full items-center justify-end gap-2 rounded-md px-1 py-0.5 data-hovered:bg-sunken"
        >
          <svg aria-hidden="true" className="h-2 w-0 flex-1" preserveAspectRatio="none" viewBox="0 0 100 1">
            <rect
              x={100 - (100 * (piece.count ?? 0)) / most}
              width={(100 * (piece.count ?? 0)) / most}
              height="1"
              className="fill-accent"
            />
          </svg>
          <span className="numbers w-20 text-right font-semibold">{sayCount(piece.count, language)}</span>
          <span className="sr-only">{t("piece_open", { what: names.join(" ∩ ") })}</span>
        </Plain>
      </td>
    </tr>
  );
}
