// A marketer's moves in a real Chromium, timed as they are seen. Reads what to do from standard input, writes what was found to standard output.
import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { probes } from "./probes.mjs";

const WAIT_MS = 60_000;
const SETTLE_MS = 400; // what a move leaves behind is drawn, and told by the browser, within this

const asked = JSON.parse(readFileSync(0, "utf8"));
const say = (text) => console.error(text);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

/** A page of somebody who signed in, with this rule in the builder. */
async function opened(url, draft) {
  const context = await browser.newContext({
    baseURL: url,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    viewport: { width: 1440, height: 900 },
  });
  const headers = { Origin: url };
  const answer = await context.request.post("/sign-in/demo", {
    headers,
    form: { role: "marketer", next: "/api/v1/me" },
  });
  if (!answer.ok()) throw new Error(`nobody was let in: ${answer.status()}`);
  await context.addInitScript(probes);
  if (draft) await context.addInitScript((text) => localStorage.setItem("draft", text), JSON.stringify(draft));
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  return page;
}

const settled = async (page) => {
  await page.locator("[data-testid=total][data-state=fresh]").waitFor();
  await page.locator("[aria-labelledby=facets-title][aria-busy=false]").waitFor();
  await page.waitForTimeout(SETTLE_MS);
};

/** What a first visit carries, and when the largest thing on the page was seen. */
async function firstLoad(slowdown) {
  const page = await opened(asked.url, null);
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  await wire.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: asked.latency_ms,
    downloadThroughput: (asked.megabits * 1e6) / 8,
    uploadThroughput: (asked.megabits * 1e6) / 8,
  });
  await wire.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.goto("/");
  await page.getByRole("treegrid").waitFor();
  await page.waitForTimeout(2000);
  const found = await page.evaluate(() => ({ largest: window.measure.largest(), carried: window.measure.carried() }));
  await page.context().close();
  return found;
}

/** Type these values, one after the other, into the slot of a row; each is one edit. */
async function typed(page, row, values) {
  await page.locator(`[data-row="${row}"]`).getByRole("button", { name: /이상$/ }).click();
  const box = page.getByRole("textbox", { name: "값" });
  await box.waitFor();
  const times = [];
  for (const value of values) {
    await box.press("Control+a");
    await page.waitForTimeout(50);
    await page.evaluate(() => window.measure.arm());
    await page.keyboard.insertText(String(value));
    times.push(await (await page.waitForFunction(() => window.measure.edited())).jsonValue());
    await page.waitForTimeout(100);
  }
  await page.keyboard.press("Escape");
  await box.waitFor({ state: "detached" });
  return times;
}

async function during(page, name, act) {
  say(`  ${name} …`);
  await page.evaluate(() => window.measure.begin());
  const times = await act();
  await page.waitForTimeout(SETTLE_MS);
  return { name, times: times ?? [], ...(await page.evaluate(() => window.measure.end())) };
}

async function edits() {
  const page = await opened(asked.url, asked.few);
  await page.goto("/");
  await settled(page);
  await typed(page, "spend", asked.warm);
  const times = await typed(page, "spend", asked.values);
  await page.context().close();
  return times;
}

/** A long rule: typed into, opened, rearranged, taken back. */
async function hundred() {
  const page = await opened(asked.url, asked.many);
  await page.goto("/");
  await settled(page);
  const rows = page.locator("[data-row]");
  say(`  ${await rows.count()} rows`);
  const found = [
    await during(page, "typing into a slot", () => typed(page, "spend", asked.values.slice(0, 12))),
    await during(page, "opening and closing editors", () => openEditors(page)),
    await during(page, "dragging rows", () => dragRows(page)),
    await during(page, "undo and redo by keyboard", async () => {
      for (const key of ["Control+z", "Control+z", "Control+Shift+z"]) {
        await page.keyboard.press(key);
        await settled(page);
      }
    }),
  ];
  await page.context().close();
  return found;
}

async function openEditors(page) {
  for (const number of [2, 5, 9, 14, 20]) {
    const slot = page
      .locator("[data-row^=c]")
      .nth(number)
      .locator("button[aria-haspopup=dialog], button.bg-tint")
      .first();
    await slot.scrollIntoViewIfNeeded();
    await slot.click();
    await page.getByRole("dialog").waitFor();
    await page.waitForTimeout(SETTLE_MS);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
}

async function dragRows(page) {
  for (const number of [3, 6, 8]) {
    const row = page.locator("[data-row^=c]");
    await row.nth(number).scrollIntoViewIfNeeded();
    await row.nth(number).dragTo(row.nth(number - 2), {
      sourcePosition: { x: 430, y: 6 },
      targetPosition: { x: 430, y: 4 },
    });
    await settled(page);
  }
}

/** Ten thousand saved audiences: scrolled, searched, sorted. */
async function list() {
  const page = await opened(asked.list_url, null);
  await page.goto("/audiences");
  const rows = page.getByRole("main").getByRole("listitem");
  await rows.first().waitFor();
  await page.waitForTimeout(1000);
  const found = [
    await during(page, "scrolling", async () => {
      await rows.nth(4).hover();
      for (let step = 0; step < 200; step++) {
        await page.mouse.wheel(0, 900);
        await page.waitForTimeout(16);
      }
    }),
    await during(page, "searching", async () => {
      await page.getByRole("searchbox").click();
      for (const letter of asked.search) await page.keyboard.type(letter, { delay: 60 });
      await page.waitForFunction(
        (text) => document.querySelector("main li")?.textContent?.includes(text),
        asked.search,
      );
    }),
    await during(page, "sorting", async () => {
      await page.getByRole("searchbox").fill("");
      await page.waitForTimeout(600);
      for (const number of [2, 3, 0]) {
        await page.getByRole("main").locator("button[aria-haspopup=listbox]").first().click();
        await page.getByRole("option").nth(number).click();
        await page.waitForTimeout(700);
      }
    }),
  ];
  const total = await page.getByRole("heading", { level: 1 }).locator("span").textContent();
  const asking = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => /\/audiences\?/.test(name))
      .map(({ duration }) => duration),
  );
  await page.context().close();
  return { found, asking, total: Number(total?.replace(/\D/g, "")) };
}

say("first loads");
const loads = [];
for (let run = 0; run < asked.loads; run++) loads.push(await firstLoad(1));
const slowed = [];
for (let run = 0; run < asked.loads; run++) slowed.push(await firstLoad(4));
say("edits of a rule");
const edited = await edits();
say("a rule of a hundred conditions");
const long = await hundred();
say("the list of saved audiences");
const listed = await list();
const { base } = await (await (await opened(asked.url, null)).request.get("/api/v1/coverage")).json();
const version = browser.version();
await browser.close();
console.log(JSON.stringify({ loads, slowed, edited, hundred: long, list: listed, browser: version, users: base }));
