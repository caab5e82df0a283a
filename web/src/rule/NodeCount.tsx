import { useWords } from "@/app/language";
import { useCounting } from "@/server/counting";
import { sayCount } from "@/ui/numbers";
import { EXCLUDE, type Node } from "./tree";

/** How many people a node means on its own, exactly, with a bar of its share of everybody;
 * in a group of which all must hold the strong part of the bar is who is still left after it. */
export function NodeCount({ node }: { node: Node }) {
  const { t, language } = useWords();
  const size = useCounting((state) => state.counted?.nodes[node.id]);
  const base = useCounting((state) => state.counted?.base ?? 0);
  const remaining = useCounting((state) => state.narrowing?.nodes.find((each) => each.node === node.id)?.remaining);
  if (size === undefined) return <span className="w-20 shrink-0 sm:w-28" />;
  const out = node.id === EXCLUDE;
  const share = base === 0 ? 0 : Math.min(100, (100 * (size ?? 0)) / base);
  const left = remaining === null || remaining === undefined || base === 0 ? null : (100 * remaining) / base;
  return (
    <span className="flex w-20 shrink-0 flex-col items-end sm:w-28 gap-0.5 transition-opacity duration-75 group-data-[stale=true]/tree:opacity-45">
      <span className={`numbers text-sm font-medium ${out ? "text-danger" : ""}`}>
        {out && size !== 0 ? "−" : ""}
        {t("people", { n: sayCount(size, language) })}
      </span>
      <svg aria-hidden="true" className="h-1 w-full" preserveAspectRatio="none" viewBox="0 0 100 1">
        <rect width="100" height="1" rx="0.5" className="fill-line" />
        <rect
          x={100 - share}
          width={share}
          height="1"
          className={out ? "fill-danger" : "fill-accent"}
          opacity={left === null ? 1 : 0.35}
        />
        {left !== null && <rect x={100 - left} width={left} height="1" className="fill-accent" />}
      </svg>
    </span>
  );
}
