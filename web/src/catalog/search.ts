/** Finding filters, options and places by Korean, by initial consonants alone (ㄱㅅ → 검색), by English and by synonyms. */

import { disassemble, getChoseong } from "es-hangul";
import type { Labels } from "./catalog";

type Entry<T> = { item: T; words: string[]; letters: string[]; initials: string[] };

const INITIALS_ONLY = /^[ㄱ-ㅎ]+$/;
const plain = (text: string) => text.toLowerCase().replace(/[\s·()]/g, "");

/** A list that can be searched; `more` adds words that are not among the labels. */
export function searchable<T extends Labels>(items: readonly T[], more: (item: T) => string[] = () => []) {
  const entries = items.map((item): Entry<T> => {
    const words = [item.ko, item.en, item.key, ...item.synonyms, ...more(item)].map(plain);
    return { item, words, letters: words.map(disassemble), initials: words.map((word) => getChoseong(word)) };
  });
  return (text: string): T[] => {
    const asked = plain(text);
    if (asked === "") return [...items];
    const score = INITIALS_ONLY.test(asked) ? byInitials(asked) : byLetters(disassemble(asked));
    return entries
      .map((entry, index) => ({ entry, index, rank: score(entry) }))
      .filter((each) => each.rank < MISS)
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
      .map((each) => each.entry.item);
  };
}

const MISS = 1000;

/** Half-typed syllables count by their letters, so 제ㅈ already finds 제주. Names before synonyms, beginnings before middles. */
const byLetters = (asked: string) => (entry: Entry<unknown>) => best(entry.letters, asked);
const byInitials = (asked: string) => (entry: Entry<unknown>) =>
  Math.min(best(entry.initials, asked), best(entry.words, asked));

function best(words: string[], asked: string): number {
  return words.reduce((least, word, index) => {
    const at = word.indexOf(asked);
    if (at < 0) return least;
    return Math.min(least, (at === 0 ? 0 : 10) + Math.min(index, 9) + (word === asked ? -1 : 0));
  }, MISS);
}
