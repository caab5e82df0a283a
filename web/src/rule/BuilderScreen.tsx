import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useWords } from "@/app/language";
import { ReachPanel } from "@/audience/ReachPanel";
import { CatalogPanel } from "@/catalog/CatalogPanel";
import { countRule, useCounting } from "@/server/counting";
import { catalogQuery, everybodyQuery, examplesQuery } from "@/server/queries";
import { Button, IconButton } from "@/ui/button";
import { freshId } from "./making";
import { RuleTree } from "./RuleTree";
import { useBuilder, useDoc } from "./store";
import { docOf, isEmpty, ruleOf } from "./tree";
import { useEdits } from "./useEdits";

/** The builder: what can be asked, the rule, and how many people it reaches. */
export function BuilderScreen() {
  const { t } = useWords();
  const { data: catalog } = useSuspenseQuery(catalogQuery);
  const edits = useEdits(catalog);
  useCountingAlong();
  return (
    <div className="grid min-h-0 flex-1 grid-cols-1 lg:grid-cols-[16rem_minmax(28rem,1fr)_21rem]">
      <aside className="hidden min-h-0 border-r border-line bg-surface p-3 lg:block">
        <CatalogPanel catalog={catalog} onPick={edits.pick} />
      </aside>
      <main
        id="content"
        tabIndex={-1}
        className="slim-scroll min-h-0 overflow-y-auto p-4 outline-none"
        aria-label={t("rule")}
      >
        <Toolbar />
        <Refusal />
        <div className="rounded-2xl border border-line bg-surface p-3">
          <RuleTree catalog={catalog} edits={edits} />
        </div>
        <EmptyHelp />
      </main>
      <aside className="slim-scroll min-h-0 overflow-y-auto border-l border-line bg-canvas p-4">
        <ReachPanel catalog={catalog} edits={edits} />
      </aside>
    </div>
  );
}

/** Ask for the numbers of what is being built, and of everybody. */
function useCountingAlong() {
  const doc = useDoc();
  const everybody = useQuery(everybodyQuery).data;
  useEffect(() => countRule(ruleOf(doc)), [doc]);
  useEffect(() => useCounting.setState({ everybody: everybody ?? null }), [everybody]);
}

function Toolbar() {
  const { t } = useWords();
  const { history, opened, undo, redo } = useBuilder();
  return (
    <div className="mb-3 flex items-center gap-1">
      <h1 className="flex-1 truncate text-xl font-bold tracking-tight">{opened?.name ?? t("untitled")}</h1>
      <IconButton icon="undo" label={t("undo")} keys="Ctrl Z" isDisabled={history.past.length === 0} onPress={undo} />
      <IconButton
        icon="redo"
        label={t("redo")}
        keys="Ctrl Shift Z"
        isDisabled={history.future.length === 0}
        onPress={redo}
      />
    </div>
  );
}

function Refusal() {
  const { t } = useWords();
  const refusal = useBuilder((state) => state.refusal);
  return (
    <p role="alert" className={refusal ? "mb-2 rounded-lg bg-warn-tint px-3 py-2 text-sm text-warn" : "sr-only"}>
      {refusal ? t(`refused_${refusal.reason}`) : ""}
    </p>
  );
}

function EmptyHelp() {
  const { t, language } = useWords();
  const empty = useBuilder((state) => isEmpty(state.history.doc));
  const examples = useQuery(examplesQuery).data ?? [];
  const load = useBuilder((state) => state.load);
  if (!empty) return null;
  return (
    <section className="mx-auto max-w-xl py-10 text-center">
      <h2 className="text-lg font-semibold">{t("empty_title")}</h2>
      <p className="mt-1 text-soft">{t("empty_text")}</p>
      <h3 className="mt-6 mb-2 text-xs font-semibold text-faint">{t("empty_examples")}</h3>
      <div className="flex flex-col gap-1.5">
        {examples.map((example) => (
          <Button
            key={example.key}
            onPress={() => load(docOf(example.rule, freshId), null)}
            className="!h-auto min-h-9 justify-start py-1.5 text-left whitespace-normal"
          >
            {example[language]}
          </Button>
        ))}
      </div>
    </section>
  );
}
