import { useQuery } from "@tanstack/react-query";
import { Button as Plain } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { freshId, withTeam } from "@/rule/making";
import { useBuilder } from "@/rule/store";
import { docOf, type Rule } from "@/rule/tree";
import { type Template, templatesQuery } from "@/server/queries";
import { sayCount } from "@/ui/numbers";
import { Modal } from "@/ui/overlay";

type Props = { catalog: Catalog; isOpen: boolean; onClose: () => void };

/** Rules a team uses again and again, by what they are for, each with how many people it means today. */
export function TemplateSheet({ catalog, isOpen, onClose }: Props) {
  const { t } = useWords();
  const asked = useQuery({ ...templatesQuery, enabled: isOpen });
  const edit = useBuilder((state) => state.edit);
  const use = (template: Template, label: string) => {
    if (!template.rule) return;
    edit(label, () => ({ doc: withTeam(docOf(template.rule as unknown as Rule, freshId), catalog) }));
    onClose();
  };
  return (
    <Modal title={t("templates")} isOpen={isOpen} onClose={onClose} wide>
      <p className="mb-3 text-sm text-soft">{t("templates_text")}</p>
      {asked.isPending && <div className="h-64 animate-pulse rounded-xl bg-sunken" aria-busy="true" />}
      {asked.data?.map((group) => (
        <Group key={group.key} group={group} onUse={use} />
      ))}
    </Modal>
  );
}

type GroupProps = {
  group: { key: string; ko: string; en: string; templates: Template[] };
  onUse: (template: Template, label: string) => void;
};

function Group({ group, onUse }: GroupProps) {
  const { t, language } = useWords();
  return (
    <section className="mb-5">
      <h3 className="mb-2 text-sm font-semibold">{group[language]}</h3>
      <ul className="grid gap-2 sm:grid-cols-2">
        {group.templates.map((template) => (
          <li key={template.key}>
            <Plain
              isDisabled={!template.rule}
              onPress={() => onUse(template, template[language])}
              className="flex h-full w-full items-start justify-between gap-3 rounded-xl border border-line bg-surface p-3 text-left text-sm data-disabled:opacity-60 data-hovered:border-accent"
            >
              <span>
                <span className="font-medium">{template[language]}</span>
                {template.reason && <span className="block text-xs text-faint">{template.reason[language]}</span>}
              </span>
              {template.rule && (
                <span className="numbers shrink-0 text-xs font-semibold text-accent">
                  {t("people", { n: sayCount(template.count, language) })}
                </span>
              )}
            </Plain>
          </li>
        ))}
      </ul>
    </section>
  );
}
