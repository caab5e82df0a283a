import { Button, Dialog, DialogTrigger } from "react-aria-components";
import { useWords } from "@/app/language";
import { Icon } from "@/ui/icons";
import { Popover } from "@/ui/overlay";
import { LogicEditor } from "./editors/fetched";
import { EXCLUDE, type Group, type Logic, ROOT } from "./tree";
import type { Edits } from "./useEdits";

const LOGICS: Logic[] = ["all", "any", "none", "at_least"];

/** A group's own line: how its children are joined, as a pill that opens. */
export function GroupRow({ group, edits }: { group: Group; edits: Edits }) {
  const { t } = useWords();
  if (group.id === EXCLUDE) {
    return (
      <span className="flex flex-1 items-center gap-2 py-1 text-sm font-semibold text-danger">
        <Icon name="exclude" />
        {t("exclude")}
        {group.children.length === 0 && <span className="truncate font-normal text-faint">{t("exclude_empty")}</span>}
      </span>
    );
  }
  return (
    <span className="flex flex-1 items-center gap-2 py-1 text-sm">
      {group.id === ROOT && <span className="font-semibold">{t("include")}</span>}
      <LogicPill group={group} edits={edits} />
      {group.children.length === 0 && group.id !== ROOT && <span className="text-faint">{t("group_empty")}</span>}
    </span>
  );
}

function LogicPill({ group, edits }: { group: Group; edits: Edits }) {
  const { t } = useWords();
  const k = group.k ?? 2;
  const say = (logic: Logic) => t(`logic_${logic}`, { k: logic === "at_least" ? k : 2 });
  const logics = LOGICS.filter((logic) => group.id !== ROOT || logic !== "none");
  return (
    <DialogTrigger>
      <Button
        className={`inline-flex h-6 items-center gap-1 rounded-full px-2.5 text-xs font-semibold ${group.logic === "none" ? "bg-danger-tint text-danger" : "bg-sunken text-ink"} data-hovered:bg-tint data-hovered:text-accent`}
      >
        {say(group.logic)}
        <Icon name="down" size={11} />
      </Button>
      <Popover>
        <Dialog aria-label={t("logic_label")} className="flex max-w-80 flex-col gap-3 p-3 outline-none">
          <LogicEditor {...{ group, logics, k, say, edits }} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
