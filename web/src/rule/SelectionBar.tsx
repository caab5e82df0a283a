import { useState } from "react";
import { Dialog, DialogTrigger, Button as Plain } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { Button, IconButton } from "@/ui/button";
import { Popover } from "@/ui/overlay";
import { WindowEditor } from "./editors/WindowEditor";
import { useBuilder, useDoc } from "./store";
import { EXCLUDE, findNode, ROOT, type Window } from "./tree";
import type { Edits } from "./useEdits";

type Props = { catalog: Catalog; edits: Edits };

/** What can be done with several rows at once. */
export function SelectionBar({ catalog, edits }: Props) {
  const { t } = useWords();
  const selected = useBuilder((state) => state.selected);
  const select = useBuilder((state) => state.select);
  const ids = [...selected].filter((id) => id !== ROOT && id !== EXCLUDE);
  const act = [
    { key: "group", run: () => edits.group(ids) },
    { key: "duplicate", run: () => edits.duplicate(ids) },
    { key: "copy", run: () => edits.copy(ids) },
    { key: "exclude", run: () => edits.toBlock(ids, EXCLUDE) },
    { key: "delete", run: () => edits.remove(ids) },
  ] as const;
  return (
    <div
      role="toolbar"
      aria-label={t("selected", { n: ids.length })}
      className="mb-2 flex flex-wrap items-center gap-1 rounded-xl bg-tint px-3 py-1.5 text-sm"
    >
      <span className="numbers mr-2 font-semibold text-accent">{t("selected", { n: ids.length })}</span>
      {act.map(({ key, run }) => (
        <Plain key={key} onPress={run} className="h-7 rounded-md px-2 text-sm data-hovered:bg-surface">
          {t(`do_${key}`)}
        </Plain>
      ))}
      <WindowOfMany ids={ids} catalog={catalog} edits={edits} />
      <IconButton icon="close" label={t("close")} onPress={() => select([])} className="ml-auto !size-7" />
    </div>
  );
}

function WindowOfMany({ ids, catalog, edits }: { ids: string[]; catalog: Catalog; edits: Edits }) {
  const { t } = useWords();
  const doc = useDoc();
  const [window, setWindow] = useState<Window>({ type: "last", n: 30 });
  const fitting = ids.filter((id) => {
    const node = findNode(doc, id);
    const kinds = node?.type === "condition" ? catalog.filter.get(node.filter)?.windows : undefined;
    return kinds?.includes(window.type);
  });
  return (
    <DialogTrigger>
      <Plain className="h-7 rounded-md px-2 text-sm data-hovered:bg-surface">{t("do_window")}</Plain>
      <Popover>
        <Dialog aria-label={t("do_window")} className="flex flex-col gap-3 p-3 outline-none">
          {({ close }) => (
            <>
              <p className="text-xs text-soft">{t("window_of_many", { n: fitting.length })}</p>
              <WindowEditor
                catalog={catalog}
                kinds={["last", "calendar", "named", "between", "days", "ever"]}
                value={window}
                onChange={setWindow}
              />
              <Button
                look="main"
                isDisabled={fitting.length === 0}
                onPress={() => {
                  edits.windows(fitting, window);
                  close();
                }}
              >
                {t("apply")}
              </Button>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
