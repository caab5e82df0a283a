import { Button } from "react-aria-components";
import { useWords } from "@/app/language";
import { useBuilder } from "@/rule/store";
import { conditionsOf, type Doc } from "@/rule/tree";
import { Icon } from "@/ui/icons";
import type { Filter } from "./catalog";
import { FilterInfo } from "./FilterInfo";

/** One filter of the catalog in a line: what it is called, and whether it is in use. */
export function FilterCard({ filter }: { filter: Filter }) {
  const { t, language } = useWords();
  // Asked for in the card: the list would draw all of its cards anew.
  const uses = useBuilder(({ history }) => usesOf(history.doc).get(filter.key) ?? 0);
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

const counted = new WeakMap<Doc, ReadonlyMap<string, number>>();

/** How many conditions of a rule ask each filter; worked out once for all cards. */
function usesOf(doc: Doc): ReadonlyMap<string, number> {
  const known = counted.get(doc);
  if (known) return known;
  const uses = new Map<string, number>();
  for (const { filter } of conditionsOf(doc)) uses.set(filter, (uses.get(filter) ?? 0) + 1);
  counted.set(doc, uses);
  return uses;
}
