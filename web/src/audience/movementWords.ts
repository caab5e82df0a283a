/** The words of movements: here and not among the page's, for only an audience's own page has them. */

import type { Language } from "@/catalog/catalog";
import type { Schemas } from "@/server/client";

export type Cause = Schemas["Cause"];

const ko = {
  title: "들어오고 나간 고객",
  by: "단위",
  day: "일별",
  hour: "시간별",
  entered: "들어옴",
  exited: "나감",
  size: "인원",
  when: "언제",
  why: "이유",
  none: "이 기간에는 들어오거나 나간 고객이 없습니다.",
  not_yet: "아직 기록 전입니다. 데이터가 움직이면 곧 기록을 시작합니다.",
  hidden: "인원은 볼 권한이 있는 사람에게만 보입니다.",
  since: "{at}부터 기록했습니다. 그때 있던 고객은 들어온 것으로 세지 않습니다.",
  label: "{n}개 구간의 이동: 들어옴 {entered}, 나감 {exited}",
  as_table: "표로 보기",
};

const en: typeof ko = {
  title: "Who entered and left",
  by: "By",
  day: "day",
  hour: "hour",
  entered: "Entered",
  exited: "Left",
  size: "Size",
  when: "When",
  why: "Why",
  none: "Nobody entered or left in this time.",
  not_yet: "Not recorded yet. Recording begins as soon as the data moves.",
  hidden: "Numbers are shown to those who may see them.",
  since: "Recorded since {at}. Whoever was in then is not counted as entering.",
  label: "Movements in {n} steps: {entered} entered, {exited} left",
  as_table: "As a table",
};

const causesKo: Record<Cause, string> = {
  baseline: "처음부터 있음",
  behaviour: "행동·예약",
  profile: "프로필 변경",
  consent: "수신 동의 변경",
  roll_off: "기간 경과",
  ranking: "순위 변동",
  rule_change: "규칙 변경",
  erasure: "고객 삭제",
  unknown: "알 수 없음",
};

const causesEn: Record<Cause, string> = {
  baseline: "in from the start",
  behaviour: "behaviour, bookings",
  profile: "profile changed",
  consent: "consent changed",
  roll_off: "time passed",
  ranking: "ranking moved",
  rule_change: "rule changed",
  erasure: "erased",
  unknown: "not known",
};

const ALL = { ko: { words: ko, causes: causesKo }, en: { words: en, causes: causesEn } };

/** What is said of movements in a language. */
export const movementWords = (language: Language) => ALL[language];

/** A sentence with its blanks filled in. */
export const filled = (sentence: string, values: Record<string, string | number>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ""));
