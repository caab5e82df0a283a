import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { type Difference, differences } from "./difference";
import type { Rule } from "./tree";

const MARK: Record<Difference["kind"], { sign: string; look: string }> = {
  added: { sign: "+", look: "text-good" },
  removed: { sign: "−", look: "text-danger" },
  changed: { sign: "~", look: "text-warn" },
  arranged: { sign: "~", look: "text-warn" },
};

/** What differs between two rules, a line each. */
export function DifferenceList({ before, after, catalog }: { before: Rule; after: Rule; catalog: Catalog }) {
  const { t, language } = useWords();
  const found = differences(before, after, catalog, language);
  if (found.length === 0) return <p className="text-xs text-faint">{t("diff_none")}</p>;
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {found.map((each) => (
        <li key={`${each.kind}/${each.text}`} className="flex gap-2">
          <span aria-hidden="true" className={`w-3 shrink-0 text-center font-bold ${MARK[each.kind].look}`}>
            {MARK[each.kind].sign}
          </span>
          <span>
            <span className="sr-only">{t(`diff_${each.kind}`)}: </span>
            {"before" in each && <s className="mr-1.5 text-faint">{each.before}</s>}
            {each.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
