import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "@/app/language";
import { type Catalog, optionLabel } from "@/catalog/catalog";
import { sayCondition, sayNumber } from "@/rule/sentence";
import { useDocSoon } from "@/rule/store";
import { conditionsOf, type Doc, ruleOf } from "@/rule/tree";
import type { Schemas } from "@/server/client";
import { sampleQuery } from "@/server/queries";
import { Button } from "@/ui/button";

/** A few members without their names, each with the values that put them in. Asked for by hand, because looking is noted. */
export function SampleMembers({ catalog }: { catalog: Catalog }) {
  const { t } = useWords();
  const doc = useDocSoon();
  const rule = ruleOf(doc);
  const [shownFor, setShownFor] = useState<string | null>(null);
  const wanted = rule !== null && shownFor === JSON.stringify(rule);
  const asked = useQuery({ ...sampleQuery(rule), enabled: wanted });
  if (!rule) return null;
  return (
    <section aria-labelledby="members-title">
      <h2 id="members-title" className="text-sm font-semibold">
        {t("sample")}
      </h2>
      <p className="text-xs text-faint">{t("sample_text")}</p>
      {!wanted && (
        <Button className="mt-2" onPress={() => setShownFor(JSON.stringify(rule))}>
          {t("sample_show")}
        </Button>
      )}
      {wanted && asked.isPending && <div className="mt-2 h-24 animate-pulse rounded-xl bg-sunken" aria-busy="true" />}
      {asked.error && wanted && (
        <p role="alert" className="mt-2 text-xs text-danger">
          {asked.error.message}
        </p>
      )}
      <ul className="mt-2 flex flex-col gap-1.5">
        {wanted &&
          asked.data?.members.map((member) => (
            <Member key={member.user_id} member={member} doc={doc} catalog={catalog} />
          ))}
        {wanted && asked.data?.members.length === 0 && <li className="text-xs text-faint">{t("sample_none")}</li>}
      </ul>
    </section>
  );
}

function Member({ member, doc, catalog }: { member: Schemas["WhyAnswer"]; doc: Doc; catalog: Catalog }) {
  const { language } = useWords();
  const why = conditionsOf(doc).filter((condition) => member.nodes[condition.id]?.verdict);
  return (
    <li className="rounded-lg border border-line bg-surface p-2 text-xs">
      <p className="numbers font-medium">{masked(member.user_id)}</p>
      <dl className="mt-1 flex flex-col gap-0.5">
        {why.map((condition) => (
          <div key={condition.id} className="flex justify-between gap-2">
            <dt className="truncate text-faint">{sayCondition(condition, catalog, language)}</dt>
            <dd className="numbers shrink-0">
              {sayWhy(member.nodes[condition.id] as Schemas["WhyNode"], catalog, language)}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** Enough of an id to tell two apart. */
const masked = (id: string) => `${id.slice(0, 2)}••••${id.slice(-3)}`;

/** The value a condition compared, as people read it. */
export function sayWhy({ value, unit }: Schemas["WhyNode"], catalog: Catalog, language: "ko" | "en"): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return sayNumber(value, (unit ?? "option") as "times", language);
  const named = (key: string) => {
    for (const list of catalog.label.values()) if (list.has(key)) return list.get(key)?.[language] ?? key;
    return optionLabel(catalog, null, key, language);
  };
  return Array.isArray(value) ? value.map(named).join(", ") || "–" : named(value);
}
