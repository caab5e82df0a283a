import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { searchable } from "@/catalog/search";
import type * as edits from "@/rule/edits";
import { freshId, withTeam } from "@/rule/making";
import { useBuilder } from "@/rule/store";
import { docOf, type Rule } from "@/rule/tree";
import { type Template, type TemplateGroup, templatesQuery } from "@/server/queries";
import { Button } from "@/ui/button";
import { Text } from "@/ui/fields";
import { sayCount } from "@/ui/numbers";
import { Modal } from "@/ui/overlay";
import { addedTo } from "./templates";

type Props = { catalog: Catalog; isOpen: boolean; onClose: () => void };

/** Rules a team uses again and again, by what they are for, each with how many people it means today. */
export function TemplateSheet({ catalog, isOpen, onClose }: Props) {
  const { t, language } = useWords();
  const asked = useQuery({ ...templatesQuery, enabled: isOpen });
  const [text, setText] = useState("");
  const edit = useBuilder((state) => state.edit);
  const found = useFound(asked.data, text);
  const read = (template: Template) => docOf(template.rule as unknown as Rule, freshId);
  const use = (template: Template) => {
    edit(template[language], () => ({ doc: withTeam(read(template), catalog) }));
    onClose();
  };
  const add = (template: Template) => {
    const label = t("edit_add", { what: template[language] });
    edit(label, (now): edits.Edited => addedTo(now, read(template), freshId));
    onClose();
  };
  return (
    <Modal title={t("templates")} isOpen={isOpen} onClose={onClose} wide>
      <p className="mb-3 text-sm text-soft">{t("templates_text")}</p>
      <Text label={t("templates_search")} value={text} onChange={setText} autoFocus />
      {asked.isPending && <div className="mt-4 h-64 animate-pulse rounded-xl bg-sunken" aria-busy="true" />}
      {asked.error && (
        <p role="alert" className="mt-4 text-sm text-danger">
          {asked.error.message}
        </p>
      )}
      <p role="status" className={text && asked.data && found.length === 0 ? "mt-4 text-sm text-soft" : "sr-only"}>
        {text && asked.data
          ? t("templates_found", { n: found.reduce((sum, each) => sum + each.templates.length, 0) })
          : ""}
      </p>
      {found.map((group) => (
        <section key={group.key} className="mt-4">
          <h3 className="mb-2 text-sm font-semibold">{group[language]}</h3>
          <ul className="grid gap-2 sm:grid-cols-2">
            {group.templates.map((template) => (
              <Card key={template.key} template={template} onUse={use} onAdd={add} />
            ))}
          </ul>
        </section>
      ))}
    </Modal>
  );
}

/** Every group with those of its templates that answer what was typed, initial consonants too. */
function useFound(groups: TemplateGroup[] | undefined, text: string): TemplateGroup[] {
  const find = useMemo(() => {
    const named = (groups ?? []).flatMap((group) =>
      group.templates.map((each) => ({ ...each, synonyms: [group.ko, group.en] })),
    );
    return searchable(named);
  }, [groups]);
  if (text.trim() === "") return groups ?? [];
  const keys = new Set(find(text).map(({ key }) => key));
  return (groups ?? [])
    .map((group) => ({ ...group, templates: group.templates.filter(({ key }) => keys.has(key)) }))
    .filter((group) => group.templates.length > 0);
}

type CardProps = { template: Template; onUse: (template: Template) => void; onAdd: (template: Template) => void };

function Card({ template, onUse, onAdd }: CardProps) {
  const { t, language } = useWords();
  const { rule, reason, remark, count } = template;
  const name = template[language];
  return (
    <li className="flex flex-col gap-2 rounded-xl border border-line bg-surface p-3 text-sm">
      <div className="flex items-start justify-between gap-3">
        <h4 className={`font-medium ${rule ? "" : "text-soft"}`}>{name}</h4>
        {rule && (
          <span className="numbers shrink-0 text-xs font-semibold text-accent">
            {t("people", { n: sayCount(count, language) })}
          </span>
        )}
      </div>
      {reason && <p className="text-xs text-faint">{reason[language]}</p>}
      {remark && <p className="text-xs text-soft">{remark[language]}</p>}
      {rule && (
        <div className="mt-auto flex gap-2">
          <Button onPress={() => onUse(template)} aria-label={`${t("template_use")}: ${name}`}>
            {t("template_use")}
          </Button>
          <Button look="quiet" onPress={() => onAdd(template)} aria-label={`${t("template_add")}: ${name}`}>
            {t("template_add")}
          </Button>
        </div>
      )}
    </li>
  );
}
