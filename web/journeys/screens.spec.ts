/** The pictures of docs/screens: both languages, both themes, three widths. Made on request (`npm run screens`), looked at by people. */

import { mkdirSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { address, example, expect, send, test } from "./marketer";

const FOLDER = "../docs/screens";
const RULE = { version: 1, root: { type: "condition", filter: "membership_tier", operator: ">=", value: "gold" } };
const OTHER = { version: 1, root: { type: "condition", filter: "last_visit", operator: "<=", value: 30 } };
const SHOTS = [
  { name: "builder-ko-light-1440", width: 1440, theme: "light", language: "ko" },
  { name: "builder-en-dark-1440", width: 1440, theme: "dark", language: "en" },
  { name: "builder-ko-dark-820", width: 820, theme: "dark", language: "ko" },
  { name: "builder-ko-light-360", width: 360, theme: "light", language: "ko" },
  { name: "builder-en-light-360", width: 360, theme: "light", language: "en" },
] as const;

test.skip(!process.env.SCREENS, "pictures are made on request");
test.describe.configure({ mode: "serial" });

for (const { name, width, theme, language } of SHOTS) {
  test(name, async ({ page }) => {
    await page.setViewportSize({ width, height: width > 1000 ? 900 : 800 });
    await page.emulateMedia({ colorScheme: theme });
    await page.addInitScript((chosen) => localStorage.setItem("language", chosen), language);
    if (width > 1000) await example(page, /상위 20%|Top 20%/);
    else {
      await page.goto(`${address()}/?new=true`);
      await page.getByRole("button", { name: /상위 20%|Top 20%/ }).click();
    }
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await picture(page, name);
  });
}

test("saved audiences", async ({ page, request }) => {
  test.slow();
  const stamp = Date.now() % 10_000;
  const names = [`골드 이상 ${stamp}`, `최근 30일 접속 ${stamp}`];
  const saved = [];
  for (const [index, rule] of [RULE, OTHER].entries()) {
    const body = { name: names[index], rule, description: "가을 기획전 후보", tags: ["가을"] };
    saved.push(await send(request, "POST", "/audiences", body));
  }
  await page.goto(`${address()}/audiences`);
  await expect(page.getByText(names[1] ?? "")).toBeVisible();
  await picture(page, "audiences-ko-light-1440");
  const ids = encodeURIComponent(JSON.stringify(saved.map((each) => each.id)));
  await page.goto(`${address()}/compare?ids=${ids}`);
  await expect(page.getByRole("table")).toBeVisible();
  await picture(page, "overlap-ko-light-1440");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${address()}/audiences/${saved[0].id}`);
  await page.getByRole("tab", { name: "구성" }).click();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await picture(page, "audience-ko-dark-1440");
});

test.describe("for an admin", () => {
  test.use({ storageState: { cookies: [], origins: [] } });
  for (const [name, path, width, theme, language] of [
    ["data-ko-light-1440", "/data", 1440, "light", "ko"],
    ["data-en-dark-360", "/data", 360, "dark", "en"],
    ["glossary-ko-light-1440", "/glossary", 1440, "light", "ko"],
    ["glossary-en-dark-820", "/glossary", 820, "dark", "en"],
  ] as const)
    test(name, async ({ page }) => {
      const form = { role: "admin", next: "/api/v1/me" };
      await page.request.post(`${address()}/sign-in/demo`, { form, headers: { Origin: address() } });
      const events = [0, 1, 2].map((n) => ({
        id: `${name}-${n}`,
        user_id: `U000000000${n + 1}`,
        kind: "session",
        at: new Date(Date.now() - (n === 2 ? 30 * 3_600_000 : 0)).toISOString(),
      }));
      await send(page.request, "POST", "/events", events);
      await page.setViewportSize({ width, height: width > 1000 ? 900 : 800 });
      await page.emulateMedia({ colorScheme: theme });
      await page.addInitScript((chosen) => localStorage.setItem("language", chosen), language);
      await page.waitForTimeout(1500);
      await page.goto(address() + path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await picture(page, name);
    });
});

/** A picture that is small enough to be kept. */
async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.waitForTimeout(600);
  const browser = await page.context().newCDPSession(page);
  const { data } = await browser.send("Page.captureScreenshot", { format: "webp", quality: 60 });
  writeFileSync(`${FOLDER}/${name}.webp`, Buffer.from(data, "base64"));
}
