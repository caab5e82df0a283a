import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField } from "react-aria-components";
import type { Labels } from "@/catalog/catalog";
import { searchable } from "@/catalog/search";
import { useBuilder } from "@/rule/store";
import { useEdits } from "@/rule/useEdits";
import { catalogQuery } from "@/server/queries";
import { INPUT } from "@/ui/fields";
import { Modal } from "@/ui/overlay";
import { useFrame } from "./commands";
import { setLanguage, useWords } from "./language";
import { en } from "./words/en";
import { ko } from "./words/ko";

type Command = Labels & { hint: string; run: () => void };

/** Everything that can be found by name: filters, pages, things to do. */
export function Palette() {
  const { t, language } = useWords();
  const { palette, show } = useFrame();
  const [text, setText] = useState("");
  const commands = useCommands();
  const find = useMemo(() => searchable(commands), [commands]);
  const found = text ? find(text).slice(0, 12) : commands.slice(0, 12);
  const close = () => {
    setText("");
    show(null);
  };
  const run = (key: unknown) => {
    close();
    commands.find((command) => command.key === key)?.run();
  };
  return (
    <Modal title={t("palette")} isOpen={palette} onClose={close}>
      <Autocomplete inputValue={text} onInputChange={setText}>
        <SearchField aria-label={t("palette")} autoFocus>
          <Input placeholder={t("palette_hint")} className={`${INPUT} h-10 text-base`} />
        </SearchField>
        <ListBox
          aria-label={t("palette")}
          items={found.map((command) => ({ ...command, id: command.key }))}
          dependencies={[language]}
          onAction={run}
          renderEmptyState={() => <p className="p-3 text-sm text-faint">{t("palette_none")}</p>}
          className="mt-3 max-h-96 overflow-auto outline-none"
        >
          {(command) => (
            <ListBoxItem
              id={command.key}
              textValue={command[language]}
              className="flex h-9 items-center justify-between rounded-md px-2.5 text-sm outline-none data-focused:bg-tint data-hovered:bg-sunken"
            >
              <span>{command[language]}</span>
              <span className="text-xs text-faint">{command.hint}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Autocomplete>
    </Modal>
  );
}

type Deed = { key: keyof typeof ko; run: () => void; go?: boolean };

function useCommands(): Command[] {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const catalog = useQuery(catalogQuery).data;
  const show = useFrame((frame) => frame.show);
  const edits = useEdits(catalog);
  return useMemo(() => {
    const { undo, redo } = useBuilder.getState();
    const deeds: Deed[] = [
      { key: "builder", go: true, run: () => void navigate({ to: "/" }) },
      { key: "audiences", go: true, run: () => void navigate({ to: "/audiences" }) },
      { key: "exports", go: true, run: () => void navigate({ to: "/exports" }) },
      { key: "save", run: () => show("save") },
      { key: "templates", run: () => show("templates") },
      { key: "undo", run: undo },
      { key: "redo", run: redo },
      { key: "shortcuts", run: () => show("sheet") },
      { key: "language", run: () => void setLanguage(language === "ko" ? "en" : "ko") },
    ];
    const done = deeds.map(({ key, go, run }) => ({
      key,
      ko: ko[key],
      en: en[key],
      synonyms: [],
      hint: t(go ? "palette_go" : "palette_do"),
      run,
    }));
    const filters = (catalog?.filters ?? []).map((filter) => ({
      ...filter,
      key: `filter:${filter.key}`,
      hint: t(`category_${filter.category}`),
      run: () => {
        void navigate({ to: "/" });
        edits.pick(filter);
      },
    }));
    return [...done, ...filters];
  }, [t, language, navigate, catalog, show, edits]);
}
