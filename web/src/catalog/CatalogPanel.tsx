import { useMemo, useState } from "react";
import {
  Button,
  Disclosure,
  DisclosurePanel,
  GridList,
  GridListItem,
  Heading,
  useDragAndDrop,
} from "react-aria-components";
import { useWords } from "@/app/language";
import { renew } from "@/rule/rows";
import { Text } from "@/ui/fields";
import { Icon } from "@/ui/icons";
import { CATEGORIES, type Catalog, type Category, type Filter } from "./catalog";
import { FilterCard } from "./FilterCard";
import { searchable } from "./search";

export const FILTER_DRAG = "audience-builder/filter";

type Props = { catalog: Catalog; onPick: (filter: Filter) => void };

/** The 32 filters on four shelves; a click, Enter or a drag puts one to use. */
export function CatalogPanel({ catalog, onPick }: Props) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const find = useMemo(
    () =>
      searchable(catalog.filters, (filter) => [
        filter.asks.ko,
        filter.asks.en,
        ...filter.measures.flatMap((m) => [m.ko, m.en]),
      ]),
    [catalog],
  );
  const found = find(text);
  return (
    <nav aria-label={t("catalog")} className="flex h-full min-h-0 flex-col gap-3">
      <Text
        label={t("catalog_search")}
        hidden
        placeholder={t("catalog_search")}
        value={text}
        onChange={setText}
        type="search"
        id="catalog-search"
      />
      <div className="slim-scroll -mr-2 min-h-0 flex-1 overflow-y-auto pr-2">
        {text ? (
          <FilterList filters={found} label={t("catalog")} onPick={onPick} empty={t("catalog_none", { text })} />
        ) : (
          CATEGORIES.map((category) => <Shelf key={category} category={category} catalog={catalog} onPick={onPick} />)
        )}
      </div>
    </nav>
  );
}

function Shelf({ category, catalog, onPick }: Props & { category: Category }) {
  const { t } = useWords();
  const name = t(`category_${category}`);
  const filters = catalog.filters.filter((filter) => filter.category === category);
  return (
    <Disclosure defaultExpanded className="mb-2">
      {({ isExpanded }) => (
        <>
          <Heading level={3}>
            <Button
              slot="trigger"
              className="flex h-8 w-full items-center gap-2 rounded-lg px-2 text-xs font-semibold text-soft data-hovered:bg-sunken"
            >
              <Icon name={category} className={COLOUR[category]} />
              <span className="flex-1 text-left">{name}</span>
              <span className="numbers font-normal text-faint">{filters.length}</span>
              <Icon
                name="chevron"
                size={12}
                className={`text-faint transition-transform ${isExpanded ? "rotate-90" : ""}`}
              />
            </Button>
          </Heading>
          <DisclosurePanel>
            {isExpanded && <FilterList filters={filters} label={name} onPick={onPick} />}
          </DisclosurePanel>
        </>
      )}
    </Disclosure>
  );
}

export const COLOUR: Record<Category, string> = {
  behavioral: "text-behavioral",
  transactional: "text-transactional",
  profile: "text-profile",
  cross_sell: "text-cross_sell",
};

type ListProps = { filters: Filter[]; label: string; onPick: (filter: Filter) => void; empty?: string };

function FilterList({ filters, label, onPick, empty }: ListProps) {
  const { language } = useWords();
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ [FILTER_DRAG]: String(key), "text/plain": String(key) })),
    onDragStart: renew,
  });
  const pick = (key: unknown) => {
    const filter = filters.find((each) => each.key === key);
    if (filter) onPick(filter);
  };
  return (
    <GridList
      aria-label={label}
      items={filters}
      dependencies={[language]}
      dragAndDropHooks={dragAndDropHooks}
      onAction={pick}
      renderEmptyState={() => <p className="p-2 text-sm text-faint">{empty}</p>}
      className="py-0.5"
    >
      {(filter) => (
        <GridListItem
          id={filter.key}
          textValue={filter[language]}
          className="group/filter flex items-center rounded-lg data-dragging:opacity-50 data-hovered:bg-sunken data-focus-visible:-outline-offset-2"
        >
          <FilterCard filter={filter} />
        </GridListItem>
      )}
    </GridList>
  );
}
