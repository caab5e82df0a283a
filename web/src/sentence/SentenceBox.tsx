import { type KeyboardEvent, lazy, type PointerEvent, Suspense, useId, useMemo, useRef } from "react";
import { useWords } from "@/app/language";
import type { Catalog, Category } from "@/catalog/catalog";
import { useBuilder, useDoc } from "@/rule/store";
import { conditionsOf, isEmpty } from "@/rule/tree";
import type { Edits } from "@/rule/useEdits";
import { Button } from "@/ui/button";
import { type Stretch, stretches, useShown } from "./shown";
import { ask, compose, discard, isAhead, light, piecesOf, rest, take, useSpeaking, write, writeAnew } from "./speaking";

const Chips = lazy(() => import("./Chips").then((module) => ({ default: module.Chips })));
const ProposalBar = lazy(() => import("./ProposalBar").then((module) => ({ default: module.ProposalBar })));

type Props = { catalog: Catalog; edits: Edits };

/** The rule as a sentence: written in, it changes the rule; the rule changed by hand, it says so. */
export function SentenceBox({ catalog, edits }: Props) {
  const { t } = useWords();
  const shown = useShown();
  const about = useId();
  return (
    <section
      aria-label={t("sentence")}
      className="mb-3 rounded-2xl border border-line bg-surface focus-within:border-accent"
    >
      <Box catalog={catalog} about={about} />
      <div className="px-3 pb-2.5">
        <StatusLine id={about} />
        <Suspense>
          {(shown.said?.origin === "user" || shown.missed.length > 0) && (
            <Chips catalog={catalog} edits={edits} shown={shown} />
          )}
          <ProposalBar catalog={catalog} />
        </Suspense>
        <Starters />
      </div>
    </section>
  );
}

const FACE =
  "col-start-1 row-start-1 min-h-16 px-3 py-2.5 text-base leading-7 break-words whitespace-pre-wrap [word-break:keep-all] [overflow-wrap:anywhere]";

/** A plain text box over its own text, which is there once more, unseen, to carry the highlights. */
function Box({ catalog, about }: { catalog: Catalog; about: string }) {
  const { t } = useWords();
  const shown = useShown();
  const behind = useRef<HTMLDivElement>(null);
  const point = (event: PointerEvent) => light(nodeAt(behind.current, event.clientX, event.clientY));
  const atCaret = (box: HTMLTextAreaElement) => {
    const at = box.selectionStart;
    light(shown.said?.marks.find((mark) => mark.start <= at && at <= mark.end)?.node ?? null);
  };
  return (
    <div className="grid max-h-48 overflow-y-auto slim-scroll">
      <div ref={behind} aria-hidden="true" className={`${FACE} pointer-events-none text-transparent select-none`}>
        <Highlights stretches={stretches(shown)} catalog={catalog} />
        {"\u200b"}
      </div>
      <textarea
        id="sentence"
        aria-label={t("sentence")}
        aria-describedby={about}
        placeholder={t("sentence_placeholder")}
        maxLength={1000}
        rows={2}
        spellCheck={false}
        value={shown.text}
        onChange={(event) => write(event.target.value)}
        onCompositionStart={() => compose(true)}
        onCompositionEnd={() => compose(false)}
        onKeyDown={onKey}
        onSelect={(event) => atCaret(event.currentTarget)}
        onBlur={() => {
          light(null);
          rest();
        }}
        onPointerMove={point}
        onPointerLeave={() => light(null)}
        className={`${FACE} h-full resize-none overflow-hidden bg-transparent outline-none placeholder:text-faint`}
      />
    </div>
  );
}

/** Keys of the box. Nothing is done while a syllable is being composed; what is not read yet is the browser's to undo. */
function onKey(event: KeyboardEvent): void {
  if (event.nativeEvent.isComposing || event.keyCode === 229) return;
  const command = event.ctrlKey || event.metaKey;
  const { undo, redo, history } = useBuilder.getState();
  const run = (act: () => void) => {
    event.preventDefault();
    act();
  };
  const { proposal } = useSpeaking.getState();
  if (command && event.key === "Enter") run(() => (proposal ? takeFree() : void ask()));
  else if (event.key === "Escape" && (proposal || isAhead())) run(discard);
  else if (command && event.code === "KeyZ" && !isAhead()) run(event.shiftKey ? redo : undo);
  else if (command && event.code === "KeyY" && !isAhead() && history.future.length > 0) run(redo);
}

/** Everything that is proposed and that no hand has touched meanwhile. */
function takeFree(): void {
  const pieces = piecesOf(useSpeaking.getState().proposal, useBuilder.getState().history.doc);
  take(pieces.filter((piece) => !piece.conflict).map((piece) => piece.id));
}

function nodeAt(behind: HTMLElement | null, x: number, y: number): string | null {
  for (const mark of behind?.querySelectorAll<HTMLElement>("[data-node]") ?? []) {
    const hit = [...mark.getClientRects()].some((at) => x >= at.left && x <= at.right && y >= at.top && y <= at.bottom);
    if (hit) return mark.dataset.node ?? null;
  }
  return null;
}

const LINES: Record<Category, string> = {
  behavioral: "decoration-behavioral",
  transactional: "decoration-transactional",
  profile: "decoration-profile",
  cross_sell: "decoration-cross_sell",
};

function Highlights({ stretches: parts, catalog }: { stretches: Stretch[]; catalog: Catalog }) {
  const doc = useDoc();
  const lit = useSpeaking((state) => state.lit);
  const proposal = useSpeaking((state) => state.proposal);
  const colours = useMemo(() => {
    const added = piecesOf(proposal, doc).flatMap((piece) =>
      piece.kind === "add"
        ? conditionsOf({ root: { type: "group", id: "", logic: "all", children: [piece.node] }, exclude: doc.exclude })
        : [],
    );
    return new Map(
      [...conditionsOf(doc), ...added].map((each) => [each.id, catalog.filter.get(each.filter)?.category]),
    );
  }, [doc, proposal, catalog]);
  return parts.map(({ start, text, mark, missed }) => {
    if (missed)
      return (
        <del key={start} className="rounded-sm bg-sunken decoration-strong decoration-wavy underline">
          {text}
        </del>
      );
    if (!mark) return <span key={start}>{text}</span>;
    const style = { said: "decoration-solid", assumed: "decoration-dashed", ambiguous: "decoration-dotted" }[
      mark.status
    ];
    const category = colours.get(mark.node);
    const look = `rounded-sm underline decoration-2 underline-offset-4 ${style} ${category ? LINES[category] : ""}`;
    return (
      <span
        key={start}
        data-node={mark.node}
        data-status={mark.status}
        className={`${look} ${lit === mark.node ? "bg-tint" : ""}`}
      >
        {text}
      </span>
    );
  });
}

/** How the text stands: being read, read, waiting to be applied, or not matching the rule word for word. */
function StatusLine({ id }: { id: string }) {
  const { t, language } = useWords();
  const { waiting, offline, elapsed, proposal, text, model } = useSpeaking();
  const said = useDoc().said;
  const empty = isEmpty(useDoc());
  const said_alone = !proposal && said?.origin === "user" && (said.differs.length > 0 || said.loose);
  const line = offline
    ? t("sentence_offline")
    : waiting
      ? t("sentence_reading")
      : elapsed !== null && text.trim() !== ""
        ? t("sentence_read", { n: Math.max(1, Math.round(elapsed)) })
        : t("sentence_hint");
  return (
    <div className="flex min-h-6 flex-wrap items-center gap-x-3 text-xs text-faint">
      <p id={id} role="status">
        {line}
      </p>
      {model && (
        <p role="status">{model === "asked" ? t("model_asked") : t("model_failed", { why: model[language] })}</p>
      )}
      {said_alone && <p className="text-warn">{t(said.loose ? "sentence_loose" : "sentence_differs")}</p>}
      {said?.origin === "user" && !proposal && !empty && (
        <Button look="quiet" className="ml-auto !h-6 !px-2 !text-xs" onPress={() => void writeAnew()}>
          {t("sentence_anew")}
        </Button>
      )}
    </div>
  );
}

/** Sentences to begin with, while there is none. */
function Starters() {
  const { t } = useWords();
  const blank = useShown().text === "" && isEmptyOfSaid();
  if (!blank) return null;
  return (
    <ul aria-label={t("sentence_starters")} className="mt-1 flex flex-wrap gap-1.5">
      {(["starter_1", "starter_2", "starter_3"] as const).map((key) => (
        <li key={key}>
          <Button
            className="!h-auto min-h-7 py-0.5 text-left !text-xs !whitespace-normal"
            onPress={() => {
              write(t(key));
              document.querySelector<HTMLTextAreaElement>("#sentence")?.focus();
            }}
          >
            {t(key)}
          </Button>
        </li>
      ))}
    </ul>
  );
}

const isEmptyOfSaid = () => (useBuilder.getState().history.doc.root.children.length ?? 0) === 0;
