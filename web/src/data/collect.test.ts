/** The script other sites load, run as they run it. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import source from "../../public/collect.js?raw";

type Say = (word: string, value?: unknown) => void;
const KEPT = "ab:abw_1";
const answers: (number | "offline")[] = [];
const sent: { id: string; kind: string; place?: string; user_id: string }[][] = [];
const beacon = vi.fn((_url: string, _body: string) => true);

/** A page that loads the script. */
function loaded(): Say {
  const script = Object.assign(document.createElement("script"), { src: "https://ab.example/collect.js" });
  script.dataset.key = "abw_1";
  Object.defineProperty(document, "currentScript", { value: script, configurable: true });
  new Function(source)();
  return (window as unknown as { ab: Say }).ab;
}

const kept = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime("2026-11-23T03:00:00Z");
  localStorage.clear();
  (window as unknown as { ab?: Say }).ab = undefined;
  answers.length = sent.length = 0;
  beacon.mockClear();
  Object.defineProperty(navigator, "sendBeacon", { value: beacon, configurable: true });
  vi.stubGlobal("fetch", async (url: string, words: RequestInit) => {
    expect(url).toBe("https://ab.example/api/v1/collect/abw_1");
    expect(words).toMatchObject({ credentials: "omit", keepalive: true });
    const status = answers.shift() ?? 200;
    sent.push(JSON.parse(String(words.body)));
    if (status === "offline") throw new TypeError("offline");
    return new Response(null, { status, headers: { "Retry-After": "7" } });
  });
});

afterEach(() => {
  (window as unknown as { ab: Say }).ab("consent", false);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("without consent nothing is sent and nothing is kept", async () => {
  const ab = loaded();
  ab("user", "U1");
  ab("search", { place: "jeju" });
  dispatchEvent(new Event("pagehide"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([]);
  expect(beacon).not.toHaveBeenCalled();
  expect(localStorage.length).toBe(0);
});

test("events go together after two seconds, and are forgotten once taken", async () => {
  const ab = loaded();
  ab("user", "U1");
  ab("consent", true);
  ab("search", { place: "jeju" });
  ab("session");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent.flat().map((each) => [each.kind, each.user_id, each.place])).toEqual([
    ["search", "U1", "jeju"],
    ["session", "U1", undefined],
  ]);
  expect(kept()).toEqual([]);
});

test("twenty go at once", async () => {
  const ab = loaded();
  ab("user", "U1");
  ab("consent", true);
  for (let number = 0; number < 20; number += 1) ab("view");
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((each) => each.length)).toEqual([20]);
});

test.each([[429], [503], ["offline"]] as const)(
  "after %s the same ids are sent again, later and later",
  async (status) => {
    answers.push(status, status);
    const ab = loaded();
    ab("user", "U1");
    ab("consent", true);
    ab("wish");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.flat().map((each) => each.id)).size).toBe(1);
    expect(kept()).toEqual([]);
  },
);

test("Retry-After is waited for", async () => {
  answers.push(429);
  const ab = loaded();
  ab("user", "U1");
  ab("consent", true);
  ab("wish");
  await vi.advanceTimersByTimeAsync(6_900);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_200);
  expect(sent).toHaveLength(2);
});

test("what is refused for good is not sent again", async () => {
  answers.push(404);
  const ab = loaded();
  ab("user", "U1");
  ab("consent", true);
  ab("wish");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
});

test("a page that is left sends by beacon, and the next one again under the same id", async () => {
  const ab = loaded();
  ab("user", "U1");
  ab("consent", true);
  ab("search", { place: "jeju" });
  dispatchEvent(new Event("pagehide"));
  const [first] = JSON.parse(beacon.mock.calls[0]?.[1] ?? "[]");
  expect(kept()[0].id).toBe(first.id);
});

test("with consent withdrawn what waited is gone", async () => {
  const ab = loaded();
  ab("user", "U1");
  ab("consent", true);
  ab("search", { place: "jeju" });
  ab("consent", false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([sent, localStorage.length]).toEqual([[], 0]);
});

test("no more than five hundred are kept, the newest", async () => {
  answers.push(...Array<"offline">(50).fill("offline"));
  const ab = loaded();
  ab("user", "U1");
  ab("consent", true);
  for (let number = 0; number < 600; number += 1) ab("view", { price: number });
  expect([kept().length, kept()[499].price]).toEqual([500, 599]);
});
