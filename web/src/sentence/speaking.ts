/** The sentence beside the rule: what is being written, what it would change, and the sentence following the rule. */

import i18next from "i18next";
import { create } from "zustand";
import { useBuilder } from "@/rule/store";
import { type Doc, isEmpty, type Rule, ruleOf } from "@/rule/tree";
import { Problem } from "@/server/client";
import { carried } from "./carried";
import type { Answer, Heard } from "./heard";
import type { Asked, Late } from "./later";
import { type Piece, rebased, withPieces } from "./pieces";
import { meaningOf, meanings, type Said, toldOf } from "./said";

/** What a sentence would change, made from `base`; nothing of it is done until somebody takes it. `from`: the model that read it. */
export type Proposal = { base: Doc; heard: Heard; other: Heard | null; taken: boolean; from?: string };
/** How a language model's answer stands: asked for, or why there is none. */
export type Model = "asked" | NonNullable<Late["problem"]>;

type Speaking = {
  text: string;
  composing: boolean;
  waiting: boolean;
  proposal: Proposal | null;
  missed: Said["missed"] | null;
  elapsed: number | null;
  offline: boolean;
  model: Model | null;
  /** The condition whose phrase, chip and row are lit. */
  lit: string | null;
};

const engine = () => import("./engine");
const spoken = () => useBuilder.getState().history.doc;

export const useSpeaking = create<Speaking>()(() => ({
  text: spoken().said?.text ?? "",
  composing: false,
  waiting: false,
  proposal: null,
  missed: null,
  elapsed: null,
  offline: false,
  model: null,
  lit: null,
}));
const { getState: now, setState: set } = useSpeaking;

export const light = (lit: string | null): void => {
  if (now().lit !== lit) set({ lit });
};

/** Whether there is text in the box that the rule does not follow yet. */
export const isAhead = (): boolean => now().text !== (spoken().said?.text ?? "");

// --- writing ----------------------------------------------------------------------------------------------------------------

const PAUSE_MS = 200;
const AGAIN_MS = 3000;
/** From where somebody began to write, and where what was written has taken the rule since. */
let session: { start: Doc; last: Doc } | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | null = null;

/** The text in the box is this now. Nothing is read while a syllable is being composed. */
export function write(text: string): void {
  session ??= { start: spoken(), last: spoken() };
  set({ text });
  unask();
  wait(PAUSE_MS);
}

export function compose(composing: boolean): void {
  set({ composing });
  if (composing) clearTimeout(timer);
  else wait(PAUSE_MS);
}

function wait(ms: number): void {
  clearTimeout(timer);
  if (!now().composing && isAhead()) timer = setTimeout(() => void ask(), ms);
}

/** Read what is written, at once. */
export async function ask(): Promise<void> {
  clearTimeout(timer);
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const { text } = now();
  const command = commandIn(text);
  set({ waiting: true });
  try {
    const { interpret } = await engine();
    const nothing = text.trim() === "";
    const [answer, change] = await Promise.all([
      nothing ? silence(text) : interpret(text, null, mine.signal),
      command ? interpret(command, ruleOf(spoken()), mine.signal) : null,
    ]);
    if (mine.signal.aborted) return;
    set({ offline: false });
    await hear(text, answer, change);
    const base = session?.last ?? spoken();
    const asCommand = command === text && answer.rule === null && toldOf(base).length > 0;
    consultSoon({ text, base, asCommand }, answer);
  } catch (error) {
    if (mine.signal.aborted) return;
    const offline = !(error instanceof Problem) || error.status === 0 || error.status >= 500;
    set({ offline });
    if (offline) timer = setTimeout(() => void ask(), AGAIN_MS);
  } finally {
    if (asking === mine) set({ waiting: false });
  }
}

const silence = (text: string): Answer => ({
  ...{ text, language: i18next.language, complete: true, rule: null, words: null, elapsed_ms: 0 },
  ...{
    phrases: [],
    assumptions: [],
    readings: [],
    not_understood: [],
    edits: [],
    mended: [],
    interpreter: "phrasebook",
    later: null,
  },
});

/** What may be meant as a change of the rule: all that is written where nothing of the sentence is left, or what follows it. */
function commandIn(text: string): string | null {
  const said = session?.last.said;
  if (isEmpty(spoken()) || text.trim() === "") return null;
  const before = said?.text.trimEnd() ?? "";
  if (before !== "" && text.startsWith(before)) return text.slice(before.length).replace(/^[\s.,]+/, "") || null;
  return said?.marks.some((mark) => !carried(said, text).touched.has(mark.node)) ? null : text;
}

const ASKS = /줘|주세요|바꿔|낮춰|높여|올려|대신|추가|\b(?:drop|remove|add|change|lower|raise|instead|exclude)\b/i;

/** An answer to these words. */
async function hear(text: string, answer: Answer, change: Answer | null): Promise<void> {
  const { heard, commanded } = await engine();
  const { composing } = now();
  if (composing || text !== now().text) return;
  session ??= { start: spoken(), last: spoken() };
  const { last } = session;
  const sentence = heard(answer, last, last.said);
  const command = change && commanded(change, last);
  set({ elapsed: answer.elapsed_ms, missed: sentence.missed });
  if (command && isMeant(change, answer) && command.pieces.length > 0) offer(command, sentence);
  else if (answer.rule === null && text.trim() !== "" && toldOf(last).length > 0) offer(null, command);
  else if (isLive(answer, session.start, heard)) follow(sentence);
  else offer(sentence, command && command.pieces.length > 0 ? command : null);
}

/** Whether words mean a change of the rule rather than the beginning of a sentence. */
function isMeant(change: Answer, whole: Answer): boolean {
  const alters = change.edits.some((edit) => edit.operation !== "add");
  return change.complete && (alters || !whole.complete || ASKS.test(change.text));
}

/** On an empty rule, and where a fully understood sentence only adds to what was there, the rule follows at once. */
function isLive(answer: Answer, start: Doc, heard: typeof import("./heard").heard): boolean {
  if (toldOf(start).length === 0) return true;
  return answer.complete && heard(answer, start, start.said).pieces.every((piece) => piece.kind === "add");
}

function follow(sentence: Heard): void {
  const { edit, say } = useBuilder.getState();
  const doc = spoken();
  const pieces = rebased(sentence.pieces, session?.last ?? doc, doc);
  const said = sentence.said ?? undefined;
  own(() => {
    if (pieces.length === 0) said && say(said);
    else edit(i18next.t("edit_said"), (was) => ({ doc: { ...withPieces(was, pieces), said } }));
  });
  if (session) session.last = spoken();
  set({ proposal: null });
  mend();
}

function offer(meant: Heard | null, other: Heard | null): void {
  if (!meant || !session) set({ proposal: null });
  else if (meant.pieces.length === 0) follow(meant);
  else set({ proposal: { base: session.last, heard: meant, other, taken: false } });
}

// --- a language model, late -------------------------------------------------------------------------------------------------

/** Writing has to rest this long before a model is asked: every call leaves the house and is paid for. */
const REST_MS = 900;
/** Where no model is switched on, it is not tried again with every sentence. */
const NOT_BEFORE_MS = 60_000;
let consulting: AbortController | null = null;
let notBefore = 0;

/** Whatever a model was asked about is no longer of interest. */
function unask(): void {
  consulting?.abort();
  consulting = null;
  if (now().model) set({ model: null });
}

/** Ask a model what the phrasebook was not sure of, once nobody writes any more. */
function consultSoon(asked: Asked, answer: Answer): void {
  unask();
  if (asked.text.trim() === "" || (answer.complete && answer.readings.length === 0) || Date.now() < notBefore) return;
  const mine = new AbortController();
  consulting = mine;
  setTimeout(() => {
    if (!mine.signal.aborted) void consult(asked, mine.signal);
  }, REST_MS);
}

/** Its answer is only ever offered, and never over something that is being decided. That it fails stops nobody. */
async function consult(asked: Asked, signal: AbortSignal): Promise<void> {
  try {
    const { askModel, fetchLate, lateHeard } = await engine();
    const ticket = await askModel(asked, signal);
    if (!ticket) notBefore = Date.now() + NOT_BEFORE_MS;
    if (!ticket || signal.aborted) return;
    set({ model: "asked" });
    const late = await fetchLate(ticket, signal);
    if (signal.aborted) return;
    set({ model: late?.problem ?? null });
    const { composing, proposal, text } = now();
    const answer = late?.interpretation;
    if (!answer || composing || proposal?.taken || (isAhead() && text !== asked.text)) return;
    const meant = lateHeard(answer, asked, spoken());
    if (!meant) return;
    session ??= { start: asked.base, last: asked.base };
    set({ proposal: { base: asked.base, heard: meant, other: null, taken: false, from: late.interpreter } });
  } catch {
    if (!signal.aborted) set({ model: null });
  }
}

// --- taking and leaving -----------------------------------------------------------------------------------------------------

/** The pieces of a proposal as they stand on the rule there is now. */
export const piecesOf = (proposal: Proposal | null, doc: Doc): Piece[] =>
  proposal ? rebased(proposal.heard.pieces, proposal.base, doc) : [];

/** Do these pieces of what is proposed. */
export function take(ids: readonly string[]): void {
  const { proposal } = now();
  if (!proposal) return;
  const pieces = piecesOf(proposal, spoken()).filter((piece) => ids.includes(piece.id));
  const { said } = proposal.heard;
  own(() =>
    useBuilder.getState().edit(i18next.t("edit_said"), (was) => ({
      doc: { ...withPieces(was, pieces), said: said ?? was.said },
    })),
  );
  without({ ...proposal, taken: true }, ids);
}

/** Leave these pieces as they are in the rule. */
export function leave(ids: readonly string[]): void {
  const { proposal } = now();
  if (proposal) without(proposal, ids);
}

function without(proposal: Proposal, ids: readonly string[]): void {
  const pieces = proposal.heard.pieces.filter((piece) => !ids.includes(piece.id));
  const next = { ...proposal, heard: { ...proposal.heard, pieces } };
  if (piecesOf(next, spoken()).length > 0) set({ proposal: next });
  else if (proposal.taken) settle();
  else discard();
}

/** Everything is decided: the box shows the rule's sentence again. */
function settle(): void {
  session = null;
  set({ proposal: null, missed: null, text: spoken().said?.text ?? "" });
  mend();
}

/** What was written is given up; the rule's sentence is in the box again. */
export function discard(): void {
  unask();
  clearTimeout(timer);
  asking?.abort();
  settle();
}

/** What was proposed in one way is proposed in the other: as a whole sentence, or as a change of the rule. */
export function readOtherwise(): void {
  const { proposal } = now();
  if (proposal?.other) set({ proposal: { ...proposal, heard: proposal.other, other: proposal.heard } });
}

/** The box was left. */
export function rest(): void {
  if (!isAhead()) session = null;
}

// --- the sentence follows the rule ------------------------------------------------------------------------------------------

let mine = false;

/** An edit of the rule that comes from the sentence itself. */
function own(act: () => void): void {
  mine = true;
  act();
  mine = false;
}

let mending = 0;

/** Make the sentence tell the rule that there is: whole where the product wrote it, else only the words of what changed. */
export async function mend(): Promise<void> {
  const doc = spoken();
  const turn = ++mending;
  if (now().proposal) return;
  const language = i18next.language === "en" ? "en" : "ko";
  const { told } = await engine();
  const said = await told(doc, language).catch(() => null);
  if (!said || turn !== mending || spoken() !== doc || now().proposal) return;
  const shown = now().text === (doc.said?.text ?? "");
  own(() => useBuilder.getState().say(said));
  if (session?.last === doc) session.last = spoken();
  if (shown && !now().composing) set({ text: said.text, missed: null });
}

/** Write the whole sentence anew, in the product's words. */
export async function writeAnew(): Promise<void> {
  const doc = spoken();
  const { generated } = await engine();
  const said = await generated(doc, i18next.language === "en" ? "en" : "ko");
  if (spoken() !== doc) return;
  own(() => useBuilder.getState().edit(i18next.t("edit_written"), (was) => ({ doc: { ...was, said } })));
  discard();
}

/** Another thing the words of a condition could have meant. The words stay; the condition is that one now. */
export function choose(id: string, fragment: Rule["root"]): void {
  const { edit } = useBuilder.getState();
  own(() =>
    edit(i18next.t("edit_reading"), (doc) => {
      const next = chosen(doc, id, fragment);
      return { doc: next.said ? { ...next, said: { ...next.said, of: meanings(next) } } : next };
    }),
  );
}

function chosen(doc: Doc, id: string, fragment: Rule["root"]): Doc {
  const before = toldOf(doc).find((each) => each.id === id);
  if (!before) return doc;
  const after = { ...(fragment as unknown as typeof before), id };
  const next = withPieces(doc, [{ kind: "change", id, before, after }]);
  const readings = doc.said?.readings.map((each) =>
    each.node === id && meaningOf(each.fragment as unknown as typeof before) === meaningOf(after)
      ? { ...each, fragment: { ...before, id } as unknown as typeof each.fragment }
      : each,
  );
  return { ...next, said: doc.said && { ...doc.said, readings: readings ?? [] } };
}

useBuilder.subscribe((state, before) => {
  const [doc, was] = [state.history.doc, before.history.doc];
  if (doc === was) return;
  const shown = now().text === (was.said?.text ?? "");
  if (state.travels !== before.travels) {
    session = null;
    clearTimeout(timer);
    asking?.abort();
    unask();
    set({ proposal: null, missed: null, waiting: false, ...(now().composing ? {} : { text: doc.said?.text ?? "" }) });
  } else if (shown && !now().composing) {
    set({ text: doc.said?.text ?? "" });
    if (!mine) session = null;
  }
  if (!mine) {
    const { proposal } = now();
    if (proposal && piecesOf(proposal, doc).length === 0) settle();
    void mend();
  }
});
