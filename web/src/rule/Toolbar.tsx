import { Dialog, DialogTrigger, ListBox, ListBoxItem, MenuTrigger } from "react-aria-components";
import { useWords } from "@/app/language";
import { CATEGORIES, type Catalog } from "@/catalog/catalog";
import { Button, IconButton } from "@/ui/button";
import { Icon } from "@/ui/icons";
import { Menu, MenuItem, Popover } from "@/ui/overlay";
import { isBlank, newDoc } from "./making";
import { isChanged, useBuilder, useDoc } from "./store";
import { conditionsOf } from "./tree";
import type { Edits } from "./useEdits";

type Props = { catalog: Catalog; edits: Edits; onSave: () => void };

/** The audience's name, where it stands, and what can be done with all of it. */
export function Toolbar({ catalog, edits, onSave }: Props) {
  const { t } = useWords();
  const { history, opened, undo, redo } = useBuilder();
  const changed = isChanged(history.doc, opened) && (opened !== null || !isBlank(history.doc));
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-1 gap-y-2">
      <div className="mr-auto min-w-0">
        <h1 className="truncate text-xl font-bold tracking-tight">{opened?.name ?? t("untitled")}</h1>
        <p className="text-xs text-faint">
          {opened && t("saved_version", { n: opened.version })}
          {opened && changed && " · "}
          {changed && <span className="text-warn">{t("unsaved")}</span>}
        </p>
      </div>
      <IconButton icon="undo" label={t("undo")} keys="Ctrl Z" isDisabled={history.past.length === 0} onPress={undo} />
      <IconButton
        icon="redo"
        label={t("redo")}
        keys="Ctrl Shift Z"
        isDisabled={history.future.length === 0}
        onPress={redo}
      />
      <HistoryButton />
      <ResetMenu catalog={catalog} edits={edits} />
      <Button look="main" onPress={onSave} isDisabled={!changed} className="ml-1">
        <Icon name="save" size={15} />
        {t("save")}
      </Button>
    </div>
  );
}

/** Every step so far, newest first; pressing one goes there. */
function HistoryButton() {
  const { t } = useWords();
  const { history, goTo } = useBuilder();
  const steps = [...history.past, ...history.future];
  const items = [
    { id: "0", name: t("history_start") },
    ...steps.map((step, index) => ({ id: String(index + 1), name: step.label })),
  ].reverse();
  return (
    <DialogTrigger>
      <IconButton icon="history" label={t("history")} />
      <Popover>
        <Dialog aria-label={t("history")} className="w-72 p-1 outline-none">
          {steps.length === 0 ? (
            <p className="p-3 text-sm text-faint">{t("history_empty")}</p>
          ) : (
            <ListBox
              aria-label={t("history")}
              items={items}
              selectionMode="single"
              selectedKeys={[String(history.past.length)]}
              onSelectionChange={(keys) => keys !== "all" && keys.size > 0 && goTo(Number([...keys][0]))}
              className="slim-scroll max-h-80 overflow-auto outline-none"
            >
              {(item) => (
                <ListBoxItem
                  id={item.id}
                  textValue={item.name}
                  className="truncate rounded-md px-2 py-1.5 text-sm outline-none data-focused:bg-tint data-selected:font-semibold data-selected:text-accent"
                >
                  {item.name}
                </ListBoxItem>
              )}
            </ListBox>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** Begin anew: one filter, a category, or everything. All of it can be undone. */
function ResetMenu({ catalog, edits }: Omit<Props, "onSave">) {
  const { t, language } = useWords();
  const doc = useDoc();
  const used = [...new Set(conditionsOf(doc).map((condition) => condition.filter))];
  const categories = CATEGORIES.filter((category) =>
    used.some((key) => catalog.filter.get(key)?.category === category),
  );
  const filtersOf = (category: string) =>
    catalog.filters.filter((each) => each.category === category).map((each) => each.key);
  const { edit, load } = useBuilder.getState();
  const run = (key: string) => {
    if (key === "new") load(newDoc(catalog), null);
    else if (key === "all") edit(t("reset_all"), () => ({ doc: newDoc(catalog) }));
    else if (key.startsWith("category:")) edits.reset(new Set(filtersOf(key.slice("category:".length))));
    else edits.reset(new Set([key]));
  };
  return (
    <MenuTrigger>
      <Button look="quiet">
        {t("reset")}
        <Icon name="down" size={12} />
      </Button>
      <Menu aria-label={t("reset")} onAction={(key) => run(String(key))}>
        {[
          ...used.map((key) => ({
            id: key,
            name: t("reset_filter", { name: catalog.filter.get(key)?.[language] ?? key }),
          })),
          ...categories.map((category) => ({
            id: `category:${category}`,
            name: t("reset_category", { name: t(`category_${category}`) }),
          })),
          { id: "all", name: t("reset_all") },
          { id: "new", name: t("new") },
        ].map((item) => (
          <MenuItem key={item.id} id={item.id} textValue={item.name}>
            {item.name}
          </MenuItem>
        ))}
      </Menu>
    </MenuTrigger>
  );
}
