import { useMemo, useState } from "react";
import { ListBox, ListBoxItem, ListLayout, Button as Plain, Virtualizer } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog, Labels, Place } from "@/catalog/catalog";
import { searchable } from "@/catalog/search";
import { Text } from "@/ui/fields";
import { Icon } from "@/ui/icons";

type Props = {
  label: string;
  catalog: Catalog;
  list: string | null;
  value: string[];
  one?: boolean;
  onChange: (value: string[]) => void;
};
type Row = Labels & { depth: number; within?: string };

const SEARCH_FROM = 9;

/** Several options (or places) of a list, found by typing; long lists draw only what is in sight. */
export function OptionsEditor({ label, catalog, list, value, one, onChange }: Props) {
  const { t, language } = useWords();
  const [text, setText] = useState("");
  const rows = useMemo(() => (list ? optionRows(catalog, list) : placeRows(catalog)), [catalog, list]);
  const find = useMemo(() => searchable(rows, (row) => (row.within ? [row.within] : [])), [rows]);
  const shown = useMemo(() => find(text), [find, text]);
  return (
    <div className="flex w-72 flex-col gap-2">
      {rows.length >= SEARCH_FROM && (
        <Text
          label={t("options_search")}
          hidden
          placeholder={t("options_search")}
          value={text}
          onChange={setText}
          type="search"
          autoFocus
        />
      )}
      <Chosen rows={rows} value={value} onChange={onChange} />
      <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: 32 }}>
        <ListBox
          aria-label={label}
          items={shown.map((row) => ({ ...row, id: row.key }))}
          dependencies={[language, text]}
          selectionMode={one ? "single" : "multiple"}
          disallowEmptySelection={one}
          selectedKeys={value}
          onSelectionChange={(keys) => onChange(kept(keys, value, shown))}
          renderEmptyState={() => <p className="p-2 text-sm text-faint">{t("options_none")}</p>}
          style={{ height: Math.min(288, Math.max(40, shown.length * 32)) }}
          className="slim-scroll overflow-auto outline-none"
        >
          {(row) => <OptionLine row={row} name={row[language]} flat={text !== ""} />}
        </ListBox>
      </Virtualizer>
    </div>
  );
}

function OptionLine({ row, name, flat }: { row: Row; name: string; flat: boolean }) {
  return (
    <ListBoxItem
      id={row.key}
      textValue={name}
      className="flex h-8 items-center gap-2 rounded-md px-2 text-sm outline-none data-focus-visible:bg-tint data-hovered:bg-sunken"
    >
      {({ isSelected }) => (
        <>
          <span
            className={`flex size-4 items-center justify-center rounded border ${isSelected ? "border-accent bg-accent text-on-accent" : "border-strong"}`}
          >
            {isSelected && <Icon name="check" size={12} />}
          </span>
          <span className={`truncate ${flat ? "" : (INDENT[row.depth] ?? "")} ${row.depth === 0 ? "font-medium" : ""}`}>
            {name}
          </span>
          {flat && row.within && <span className="truncate text-xs text-faint">{row.within}</span>}
        </>
      )}
    </ListBoxItem>
  );
}

const INDENT: Record<number, string> = { 1: "pl-3", 2: "pl-6", 3: "pl-9" };

/** What is chosen, each with a way to let it go; also what the search hides. */
function Chosen({ rows, value, onChange }: { rows: Row[]; value: string[]; onChange: (value: string[]) => void }) {
  const { t, language } = useWords();
  if (value.length === 0) return null;
  const named = new Map(rows.map((row) => [row.key, row[language]]));
  return (
    <div className="flex max-h-24 flex-wrap gap-1 overflow-auto">
      {value.map((key) => (
        <Plain
          key={key}
          aria-label={`${named.get(key) ?? key} ${t("clear")}`}
          onPress={() => onChange(value.filter((each) => each !== key))}
          className="flex h-6 items-center gap-1 rounded-full bg-tint px-2 text-xs font-medium text-accent"
        >
          {named.get(key) ?? key}
          <Icon name="close" size={10} />
        </Plain>
      ))}
    </div>
  );
}

/** What is selected now, keeping the order things were chosen in and what the search does not show. */
function kept(keys: "all" | Set<unknown>, before: string[], shown: Row[]): string[] {
  const visible = new Set(shown.map((row) => row.key));
  const now = keys === "all" ? [...visible] : [...keys].map(String);
  const stays = before.filter((key) => now.includes(key) || !visible.has(key));
  return [...stays, ...now.filter((key) => !before.includes(key))];
}

function optionRows(catalog: Catalog, list: string): Row[] {
  const found = catalog.options[list];
  if (!found) return [];
  return [
    ...found.groups.map((group) => ({ ...group, depth: 0 })),
    ...found.options.map((option) => ({ ...option, depth: found.groups.length > 0 ? 1 : 0 })),
  ];
}

/** Places as a tree read from the top; groups that cut across it stand first. */
function placeRows(catalog: Catalog): Row[] {
  const children = Map.groupBy(catalog.places, (place) => place.parent);
  const rows: Row[] = [];
  const add = (place: Place, depth: number, within?: string) => {
    rows.push({ ...place, depth, within });
    for (const child of children.get(place.key) ?? []) add(child, depth + 1, place.ko);
  };
  const tops = children.get(null) ?? [];
  for (const place of tops.filter((each) => each.level === "group")) add(place, 0);
  for (const place of tops.filter((each) => each.level !== "group")) add(place, 0);
  return rows;
}
