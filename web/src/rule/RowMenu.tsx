import { Button, MenuTrigger } from "react-aria-components";
import { useWords } from "@/app/language";
import { Icon } from "@/ui/icons";
import { Menu, MenuItem } from "@/ui/overlay";
import { useBuilder } from "./store";
import { EXCLUDE, findNode, type Node, ROOT, walk } from "./tree";
import type { Edits } from "./useEdits";

type Do = { key: string; keys?: string; danger?: boolean; run: () => void };

/** Everything that can be done with a row without dragging it. */
export function RowMenu({ node, edits }: { node: Node; edits: Edits }) {
  const { t } = useWords();
  const excluded = useBuilder(({ history }) => [...walk(history.doc.exclude)].some((each) => each.id === node.id));
  if (node.id === ROOT || node.id === EXCLUDE) return <span className="size-7 shrink-0" />;
  const items = actions(node, edits, excluded);
  return (
    <MenuTrigger>
      <Button
        aria-label={t("row_menu")}
        className="flex size-7 shrink-0 items-center justify-center rounded-md text-faint data-hovered:bg-sunken data-hovered:text-ink"
      >
        <Icon name="more" />
      </Button>
      <Menu aria-label={t("row_menu")} onAction={(key) => items.find((item) => item.key === key)?.run()}>
        {items.map((item) => (
          <MenuItem
            key={item.key}
            id={item.key}
            keys={item.keys}
            danger={item.danger}
            textValue={t(`do_${item.key}` as "do_up")}
          >
            {t(`do_${item.key}` as "do_up")}
          </MenuItem>
        ))}
      </Menu>
    </MenuTrigger>
  );
}

function actions(node: Node, edits: Edits, excluded: boolean): Do[] {
  const id = node.id;
  const isGroup = node.type === "group" && findNode(useBuilder.getState().history.doc, id) !== undefined;
  return [
    { key: "up", keys: "Alt ↑", run: () => edits.step(id, -1) },
    { key: "down", keys: "Alt ↓", run: () => edits.step(id, 1) },
    { key: "out", keys: "Alt ←", run: () => edits.out(id) },
    { key: "group", keys: "G", run: () => edits.group([id]) },
    ...(isGroup ? [{ key: "ungroup", run: () => edits.ungroup(id) }] : []),
    excluded
      ? { key: "include", keys: "X", run: () => edits.toBlock([id], ROOT) }
      : { key: "exclude", keys: "X", run: () => edits.toBlock([id], EXCLUDE) },
    { key: "duplicate", keys: "Ctrl D", run: () => edits.duplicate([id]) },
    { key: "copy", keys: "Ctrl C", run: () => edits.copy([id]) },
    { key: "paste", keys: "Ctrl V", run: () => edits.paste(id) },
    { key: "delete", keys: "Del", danger: true, run: () => edits.remove([id]) },
  ];
}
