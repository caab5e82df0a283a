import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "@/app/language";
import type { Schemas } from "@/server/client";
import { glossaryQuery, meQuery } from "@/server/queries";
import { Button } from "@/ui/button";
import { Text } from "@/ui/fields";
import { sayMoment } from "@/ui/numbers";
import { MeaningDialog, TakeBackDialog } from "./MeaningDialog";

export type Word = Schemas["WordAnswer"];
type Doing = { what: "change" | "back"; word: Word | null } | null;

/** The words the team has settled, and the product's own. */
export function GlossaryScreen() {
  const { t } = useWords();
  const asked = useQuery(glossaryQuery);
  const isAdmin = useQuery(meQuery).data?.permissions.includes("administer") ?? false;
  const [sought, seek] = useState("");
  const [doing, set] = useState<Doing>(null);
  const found = (asked.data ?? []).filter((word) => word.said.some((said) => said.includes(sought.trim())));
  return (
    <main id="content" tabIndex={-1} className="slim-scroll w-full flex-1 overflow-y-auto outline-none">
      <div className="mx-auto flex max-w-4xl flex-col gap-4 p-4 sm:p-6">
        <header className="flex flex-wrap items-end gap-3">
          <div className="mr-auto">
            <h1 className="text-xl font-bold tracking-tight">{t("glossary")}</h1>
            <p className="mt-1 text-sm text-soft">{t("glossary_intro")}</p>
            {!isAdmin && <p className="mt-1 text-xs text-soft">{t("glossary_admin")}</p>}
          </div>
          {isAdmin && (
            <Button look="main" onPress={() => set({ what: "change", word: null })}>
              {t("glossary_add")}
            </Button>
          )}
        </header>
        <Text label={t("glossary_find")} value={sought} onChange={seek} type="search" />
        {asked.isPending && <div className="h-48 animate-pulse rounded-2xl bg-sunken" aria-busy="true" />}
        {asked.error && (
          <p role="alert" className="text-sm text-danger">
            {asked.error.message}
          </p>
        )}
        {asked.data && found.length === 0 && <p className="text-sm text-soft">{t("glossary_none")}</p>}
        <ul className="flex flex-col gap-2">
          {found.map((word) => (
            <WordCard key={word.word} word={word} isAdmin={isAdmin} onDo={(what) => set({ what, word })} />
          ))}
        </ul>
      </div>
      {doing?.what === "change" && <MeaningDialog word={doing.word} onClose={() => set(null)} />}
      {doing?.what === "back" && doing.word && <TakeBackDialog word={doing.word} onClose={() => set(null)} />}
    </main>
  );
}

type CardProps = { word: Word; isAdmin: boolean; onDo: (what: "change" | "back") => void };

function WordCard({ word, isAdmin, onDo }: CardProps) {
  const { t, language } = useWords();
  const isOurs = word.changed_by !== "";
  const others = [...new Set(word.said)].filter((said) => said !== word.word);
  return (
    <li className="flex flex-wrap items-start gap-3 rounded-xl border border-line bg-surface p-3">
      <div className="mr-auto min-w-0">
        <h2 className="text-sm font-semibold">
          {word.word}
          {others.length > 0 && <span className="ml-2 text-xs font-normal text-soft">{others.join(" · ")}</span>}
        </h2>
        <p className="mt-0.5 text-sm">{word.meaning[language]}</p>
        {word.others.length > 0 && (
          <p className="mt-0.5 text-xs text-soft">
            {t("glossary_others")}: {word.others.map((other) => other[language]).join(" / ")}
          </p>
        )}
        <p className="mt-1 text-xs text-soft">
          {isOurs && word.changed_at
            ? t("glossary_by", { who: word.changed_by, when: sayMoment(word.changed_at, language) })
            : t("glossary_own")}
          {word.asks && ` · ${t("glossary_asks")}`}
        </p>
      </div>
      {isAdmin && (
        <div className="flex gap-1">
          <Button aria-label={`${word.word}: ${t("glossary_change")}`} onPress={() => onDo("change")}>
            {t("glossary_change")}
          </Button>
          {isOurs && (
            <Button aria-label={`${word.word}: ${t("glossary_back")}`} look="quiet" onPress={() => onDo("back")}>
              {t("glossary_back")}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
