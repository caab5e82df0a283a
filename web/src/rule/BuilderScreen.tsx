import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useLayoutEffect, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useFrame } from "@/app/commands";
import { useWords } from "@/app/language";
import { useShortcuts } from "@/app/shortcuts";
import { ReachPanel, SmallTotal } from "@/audience/ReachPanel";
import { CatalogPanel } from "@/catalog/CatalogPanel";
import type { Catalog } from "@/catalog/catalog";
import { SentenceBox } from "@/sentence/SentenceBox";
import { countRule, useCounting } from "@/server/counting";
import { catalogQuery, everybodyQuery, examplesQuery } from "@/server/queries";
import { Button } from "@/ui/button";
import { useWide } from "@/ui/useWide";
import { fetchEditors } from "./editors/fetched";
import { freshId, isBlank, newDoc, withTeam } from "./making";
import { RuleTree } from "./RuleTree";
import { useBuilder } from "./store";
import { Toolbar } from "./Toolbar";
import { docOf, EXCLUDE, isEmpty, ROOT, type Rule, ruleOf } from "./tree";
import { useBuilderKeys } from "./useBuilderKeys";
import { type Edits, useEdits } from "./useEdits";

const SelectionBar = lazy(() => import("./SelectionBar").then((module) => ({ default: module.SelectionBar })));
const SaveDialog = lazy(() => import("@/audience/SaveDialog").then((module) => ({ default: module.SaveDialog })));
const TemplateSheet = lazy(() =>
  import("@/audience/TemplateSheet").then((module) => ({ default: module.TemplateSheet })),
);

type Parts = { catalog: Catalog; edits: Edits };

/** The builder: what can be asked, the rule, and how many people it reaches. Side by side where there is room, else one at a time. */
export function BuilderScreen() {
  const { data: catalog } = useSuspenseQuery(catalogQuery);
  const edits = useEdits(catalog);
  const wide = useWide();
  const { save, templates, show } = useFrame();
  useStanding(catalog);
  useCountingAlong();
  useBuilderKeys(edits);
  useEffect(fetchEditors, []);
  return (
    <>
      <Everybody />
      {wide ? <SideBySide catalog={catalog} edits={edits} /> : <OneAtATime catalog={catalog} edits={edits} />}
      <Suspense>
        {save && <SaveDialog catalog={catalog} isOpen onClose={() => show(null)} />}
        {templates && <TemplateSheet catalog={catalog} isOpen onClose={() => show(null)} />}
      </Suspense>
    </>
  );
}

/** A new builder, and one nobody touched, begins with the standing exclusion. */
function useStanding(catalog: Catalog) {
  const { new: fresh } = useSearch({ from: "/" });
  const navigate = useNavigate();
  useEffect(() => {
    const { history, opened, load } = useBuilder.getState();
    const untouched = !opened && history.past.length === 0 && isEmpty(history.doc);
    if (fresh || untouched) load(newDoc(catalog), null);
    if (fresh) void navigate({ to: "/", replace: true });
  }, [catalog, fresh, navigate]);
}

/** Ask for the numbers of what is being built. */
function useCountingAlong() {
  useEffect(() => {
    countRule(ruleOf(useBuilder.getState().history.doc));
    // Before anything is drawn: what was edited and the number that fades are one change of the screen.
    return useBuilder.subscribe(({ history }, before) => {
      if (history.doc !== before.history.doc) countRule(ruleOf(history.doc));
    });
  }, []);
}

/** The numbers of everybody, for those who show them. It stands by itself: nothing else is drawn anew when they come. */
function Everybody() {
  const everybody = useQuery(everybodyQuery).data;
  useLayoutEffect(() => useCounting.setState({ everybody: everybody ?? null }), [everybody]);
  return null;
}

const focusSearch = () =>
  document.querySelector<HTMLInputElement>("#catalog-search input, input#catalog-search")?.focus();

function SideBySide({ catalog, edits }: Parts) {
  const { t } = useWords();
  useShortcuts([{ code: "KeyF", run: focusSearch }]);
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[16rem_minmax(0,1fr)_21rem]">
      <div className="relative min-h-0 border-r border-line bg-surface p-3">
        <CatalogPanel catalog={catalog} onPick={edits.pick} />
      </div>
      <main
        id="content"
        tabIndex={-1}
        aria-label={t("rule")}
        className="slim-scroll relative min-h-0 overflow-y-auto p-5 outline-none"
      >
        <RulePart catalog={catalog} edits={edits} />
      </main>
      <aside aria-label={t("reach")} className="slim-scroll relative min-h-0 overflow-y-auto border-l border-line p-5">
        <ReachPanel catalog={catalog} edits={edits} />
      </aside>
    </div>
  );
}

const TABS = ["catalog", "rule", "reach"] as const;

function OneAtATime({ catalog, edits }: Parts) {
  const { t } = useWords();
  const [tab, setTab] = useState<string>("rule");
  useShortcuts([{ code: "KeyF", run: () => setTab("catalog") }]);
  const pick: Edits["pick"] = (filter, at) => {
    setTab("rule");
    edits.pick(filter, at);
  };
  return (
    <main id="content" tabIndex={-1} aria-label={t("builder")} className="flex flex-1 flex-col outline-none">
      <SmallTotal />
      <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))} className="flex flex-1 flex-col">
        <TabList aria-label={t("builder")} className="sticky top-14 z-10 flex border-b border-line bg-surface px-2">
          {TABS.map((key) => (
            <Tab
              key={key}
              id={key}
              className="flex-1 border-b-2 border-transparent py-2.5 text-center text-sm text-soft data-selected:border-accent data-selected:font-semibold data-selected:text-accent"
            >
              {t(`tab_${key}`)}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="catalog" className="p-3">
          <CatalogPanel catalog={catalog} onPick={pick} />
        </TabPanel>
        <TabPanel id="rule" className="p-3">
          <RulePart catalog={catalog} edits={edits} />
        </TabPanel>
        <TabPanel id="reach" className="p-4">
          <ReachPanel catalog={catalog} edits={edits} />
        </TabPanel>
      </Tabs>
    </main>
  );
}

function RulePart({ catalog, edits }: Parts) {
  const several = useBuilder((state) => [...state.selected].filter((id) => id !== ROOT && id !== EXCLUDE).length > 1);
  const show = useFrame((frame) => frame.show);
  return (
    <div className="mx-auto max-w-4xl">
      <Toolbar catalog={catalog} edits={edits} onSave={() => show("save")} />
      <Refusal />
      <Trouble />
      <SentenceBox catalog={catalog} edits={edits} />
      {several && (
        <Suspense>
          <SelectionBar catalog={catalog} edits={edits} />
        </Suspense>
      )}
      <div className="rounded-2xl border border-line bg-surface p-2 sm:p-3">
        <RuleTree catalog={catalog} edits={edits} />
      </div>
      <BlankHelp catalog={catalog} />
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

/** The server cannot be reached, or says what is wrong with the rule. */
function Trouble() {
  const { t } = useWords();
  const state = useCounting((now) => now.state);
  const problem = useCounting((now) => now.problem);
  if (state === "offline")
    return <p className="mb-2 rounded-lg bg-warn-tint px-3 py-2 text-sm text-warn">{t("offline")}</p>;
  if (state !== "invalid" || !problem) return null;
  return (
    <div className="mb-2 rounded-lg bg-danger-tint px-3 py-2 text-sm text-danger">
      <p className="font-semibold">{t("invalid")}</p>
      <ul>
        {problem.problems.map((each) => (
          <li key={each.pointer + each.code}>
            {each.detail} {each.fix && <span className="text-ink">· {each.fix}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function BlankHelp({ catalog }: { catalog: Catalog }) {
  const { t, language } = useWords();
  const blank = useBuilder((state) => isBlank(state.history.doc));
  const show = useFrame((frame) => frame.show);
  const edit = useBuilder((state) => state.edit);
  const examples = useQuery(examplesQuery).data ?? [];
  if (!blank) return null;
  const use = (label: string, rule: Rule) => edit(label, () => ({ doc: withTeam(docOf(rule, freshId), catalog) }));
  return (
    <section className="mx-auto max-w-xl py-10 text-center">
      <h2 className="text-lg font-semibold">{t("empty_title")}</h2>
      <p className="mt-1 text-soft">{t("empty_text")}</p>
      <h3 className="mt-6 mb-2 text-xs font-semibold text-faint">{t("empty_examples")}</h3>
      <div className="flex flex-col gap-1.5">
        {examples.map((example) => (
          <Button
            key={example.key}
            onPress={() => use(example[language], example.rule)}
            className="!h-auto min-h-9 !justify-start py-1.5 text-left !whitespace-normal"
          >
            {example[language]}
          </Button>
        ))}
        <Button look="quiet" onPress={() => show("templates")}>
          {t("templates")}
        </Button>
      </div>
    </section>
  );
}
