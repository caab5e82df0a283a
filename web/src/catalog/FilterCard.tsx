import { Button } from "react-aria-components";
import { useWords } from "@/app/language";
import { Icon } from "@/ui/icons";
import type { Filter } from "./catalog";
import { FilterInfo } from "./FilterInfo";

/** One filter of the catalog in a line: what it is called, and whether it is in use. */
export function FilterCard({ filter, uses }: { filter: Filter; uses: number }) {
  const { t, language } = useWords();
  return (
    <div className="flex min-h-8 w-full items-center gap-2 py-0.5 pr-1.5 pl-1">
      <Button
        slot="drag"
        aria-label={`${t("drag")}: ${filter[language]}`}
        className="flex size-6 items-center justify-center rounded text-faint opacity-0 group-hover/filter:opacity-100 data-focus-visible:opacity-100"
      >
        <Icon name="drag" size={14} />
      </Button>
      <span className="flex-1 truncate text-sm">{filter[language]}</span>
      {filter.sensitive && <Icon name="lock" size={13} className="text-faint" />}
      {uses > 0 && (
        <span className="numbers rounded-full bg-tint px-1.5 text-xs font-semibold text-accent">
          <span aria-hidden="true">{uses}</span>
          <span className="sr-only">{t("used", { n: uses })}</span>
        </span>
      )}
      <FilterInfo filter={filter} />
    </div>
  );
}
