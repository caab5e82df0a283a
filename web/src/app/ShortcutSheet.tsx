import { useState } from "react";
import { Check } from "@/ui/check";
import { Modal } from "@/ui/overlay";
import { SHEET, useFrame } from "./commands";
import { useWords } from "./language";
import { setSingleKeys, singleKeys } from "./shortcuts";

/** Which keys do what; those that are one letter can be switched off. */
export function ShortcutSheet() {
  const { t } = useWords();
  const { sheet, show } = useFrame();
  const [single, setSingle] = useState(singleKeys);
  const set = (on: boolean) => {
    setSingleKeys(on);
    setSingle(on);
  };
  return (
    <Modal title={t("shortcuts")} isOpen={sheet} onClose={() => show(null)}>
      <p className="mb-3 text-sm text-soft">{t("shortcuts_text")}</p>
      <dl className="grid grid-cols-1 gap-x-6 sm:grid-cols-2">
        {SHEET.map(({ keys, word }) => (
          <div key={word} className="flex items-center justify-between border-b border-line py-1.5 text-sm">
            <dt>{t(word)}</dt>
            <dd>
              <kbd className="rounded-md border border-line bg-sunken px-1.5 py-0.5 text-xs">{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-4">
        <Check label={t("shortcuts_single")} isShown isSelected={single} onChange={set} />
      </div>
    </Modal>
  );
}
