import { Button, Dialog, DialogTrigger } from "react-aria-components";
import { useWords } from "@/app/language";
import { useCounting } from "@/server/counting";
import { Icon } from "@/ui/icons";
import { sayCount, sayShare } from "@/ui/numbers";
import { Popover } from "@/ui/overlay";
import { type Filter, lineLabel } from "./catalog";

const LINES = 8;

/** What a filter asks, of how many it is known, how everybody splits, and what it cannot be asked yet. */
export function FilterInfo({ filter }: { filter: Filter }) {
  const { t, language } = useWords();
  return (
    <DialogTrigger>
      <Button
        aria-label={`${filter[language]}: ${t("about_filter")}`}
        className="flex size-6 shrink-0 items-center justify-center rounded text-faint opacity-0 group-focus-within/filter:opacity-100 group-hover/filter:opacity-100 data-focus-visible:opacity-100"
      >
        <Icon name="info" size={14} />
      </Button>
      <Popover placement="right top">
        <Dialog aria-label={filter[language]} className="flex w-72 flex-col gap-3 p-4 text-sm outline-none">
          <div>
            <h3 className="font-semibold">{filter[language]}</h3>
            <p className="text-soft">{filter.asks[language]}</p>
          </div>
          <Distribution filter={filter} />
          {filter.sensitive && <p className="text-xs text-warn">{t("sensitive")}</p>}
          {filter.notyet.length > 0 && (
            <p className="text-xs text-faint">
              {t("catalog_waits")}: {filter.notyet.map((each) => each[language]).join(", ")}
            </p>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** How everybody splits over the filter's lines, by the numbers that are already here. */
function Distribution({ filter }: { filter: Filter }) {
  const { t, language } = useWords();
  const everybody = useCounting((state) => state.everybody);
  const lines = everybody?.facets.find((facet) => facet.filter === filter.key)?.lines;
  if (!everybody || !lines) return null;
  const known = everybody.known.get(filter.key) ?? null;
  const most = Math.max(1, ...lines.map((line) => line.base ?? 0));
  return (
    <div>
      <p className="numbers text-xs text-soft">
        {known === null ? t("nobody_known") : t("known_share", { share: sayShare(known, everybody.base, language) })}
      </p>
      <table className="numbers mt-1 w-full text-xs">
        <tbody>
          {[...lines]
            .sort((a, b) => (b.base ?? 0) - (a.base ?? 0))
            .slice(0, LINES)
            .map((line) => (
              <tr key={line.key}>
                <th scope="row" className="max-w-28 truncate py-0.5 pr-2 text-left font-normal">
                  {lineLabel(filter, line.key, language)}
                </th>
                <td className="w-20">
                  <svg aria-hidden="true" width={80} height={6}>
                    <rect width={80} height={6} rx={3} className="fill-line" />
                    <rect width={(80 * (line.base ?? 0)) / most} height={6} rx={3} className="fill-accent" />
                  </svg>
                </td>
                <td className="pl-2 text-right">{sayCount(line.base, language)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
