/** Where the characters of a text lie in a changed form of it, word by word. */

const WORDS = /\d+|[^\s\d,./()]+|\s+|[,./()]/g;

/** For each character of the old text its place in the new one; -1 where it is gone. */
export function places(before: string, after: string): number[] {
  const [old, now] = [before.match(WORDS) ?? [], after.match(WORDS) ?? []];
  const found = new Array<number>(before.length).fill(-1);
  const starts = (words: readonly string[]) => {
    let at = 0;
    return words.map((word) => {
      at += word.length;
      return at - word.length;
    });
  };
  const [oldStarts, nowStarts] = [starts(old), starts(now)];
  for (const [a, b] of common(old, now)) {
    const [from, to] = [oldStarts[a] as number, nowStarts[b] as number];
    for (let n = 0; n < (old[a] as string).length; n += 1) found[from + n] = to + n;
  }
  return found;
}

/** Pairs of indexes of the words two lists share in order: beginning and end at once, between them the longest such list. */
function common(old: readonly string[], now: readonly string[]): [number, number][] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const middle = longest(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return [
    ...Array.from({ length: head }, (_, n): [number, number] => [n, n]),
    ...middle.map(([a, b]): [number, number] => [a + head, b + head]),
    ...Array.from({ length: tail }, (_, n): [number, number] => [old.length - tail + n, now.length - tail + n]),
  ];
}

function longest(old: readonly string[], now: readonly string[]): [number, number][] {
  const wide = now.length + 1;
  const length = new Uint16Array((old.length + 1) * wide);
  const at = (a: number, b: number) => length[a * wide + b] as number;
  for (let a = old.length - 1; a >= 0; a -= 1)
    for (let b = now.length - 1; b >= 0; b -= 1)
      length[a * wide + b] = old[a] === now[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
  const found: [number, number][] = [];
  for (let a = 0, b = 0; a < old.length && b < now.length; ) {
    if (old[a] === now[b]) found.push([a++, b++]);
    else if (at(a + 1, b) >= at(a, b + 1)) a += 1;
    else b += 1;
  }
  return found;
}

export type Moved = { start: number; end: number; touched: boolean };

/** Carries stretches of the old text over to the new one; `touched` where their words are not all there as they were. */
export function mover(before: string, after: string): (start: number, end: number) => Moved {
  const to = places(before, after);
  return (start, end) => {
    const there = to.slice(start, end).filter((place) => place >= 0);
    const [first, last] = [there[0], there.at(-1)];
    if (first === undefined || last === undefined) {
      const left = to.slice(0, start).reduce((most, place) => Math.max(most, place), -1) + 1;
      return { start: left, end: left, touched: true };
    }
    const whole = there.length === end - start && last - first === end - start - 1;
    return { start: first, end: last + 1, touched: !whole };
  };
}
