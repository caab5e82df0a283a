import { useState } from "react";
import { MenuTrigger, Button as Plain } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Audience } from "@/server/client";
import { Icon } from "@/ui/icons";
import { Menu, MenuItem } from "@/ui/overlay";
import { useActing } from "./acting";
import { ExportDialog } from "./ExportDialog";

/** What can be done with a saved audience, from a list or its own page. */
export function AudienceMenu({ audience }: { audience: Audience }) {
  const { t } = useWords();
  const acting = useActing();
  const [exporting, setExporting] = useState(false);
  const id = audience.id;
  const deeds = {
    open: () => acting.open(id),
    duplicate: () => acting.duplicate(id),
    export: () => setExporting(true),
    ...(audience.archived_at ? { restore: () => acting.restore(id) } : { archive: () => acting.archive(id) }),
  } as Record<"open" | "duplicate" | "export" | "archive" | "restore", () => unknown>;
  const keys = Object.keys(deeds) as (keyof typeof deeds)[];
  return (
    <>
      <MenuTrigger>
        <Plain
          aria-label={`${audience.name}: ${t("row_menu")}`}
          className="flex size-8 shrink-0 items-center justify-center rounded-lg text-faint data-hovered:bg-sunken"
        >
          <Icon name="more" />
        </Plain>
        <Menu aria-label={t("row_menu")} onAction={(key) => void deeds[key as keyof typeof deeds]()}>
          {keys.map((key) => (
            <MenuItem key={key} id={key} textValue={t(`audience_${key}`)}>
              {t(`audience_${key}`)}
            </MenuItem>
          ))}
        </Menu>
      </MenuTrigger>
      <ExportDialog audience={audience} isOpen={exporting} onClose={() => setExporting(false)} />
    </>
  );
}
