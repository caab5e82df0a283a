import type { Page } from "@playwright/test";
import { address, expect, slot, test, total } from "./marketer";

/** Ten groups of ten conditions, each met by somebody. */
const children = Array.from({ length: 10 }, (_, group) => ({
  ...{ type: "group", id: `g${group}`, logic: "any" },
  children: Array.from({ length: 10 }, (_, at) => ({
    ...{ type: "condition", id: `c${group}-${at}`, filter: "total_spend", operator: ">=" },
    ...{ value: 10_000 * (10 * group + at + 1), window: { type: "last", n: 365 } },
  })),
}));
const root = { type: "group", id: "root", logic: "all", children };
const doc = { root, exclude: { type: "group", id: "exclude", logic: "any", children: [] } };

async function long(page: Page): Promise<number> {
  const draft = JSON.stringify({ history: { doc, past: [], future: [] }, opened: null });
  await page.addInitScript((text) => {
    localStorage.getItem("draft") ?? localStorage.setItem("draft", text);
  }, draft);
  await page.goto(address());
  await expect(rows(page).first()).toBeVisible();
  return total(page);
}

const rows = (page: Page) => page.getByRole("treegrid").locator("[data-row]");
const order = (page: Page) => rows(page).evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.row));

test("of a hundred conditions the rows in sight are drawn, and every one is reached by keyboard", async ({ page }) => {
  await long(page);
  expect(await rows(page).count()).toBeLessThan(60);
  await page.locator("[data-row=c0-0]").click({ position: { x: 500, y: 6 } });
  for (let step = 0; step < 60; step++) await page.keyboard.press("ArrowDown");
  const focused = page.getByRole("row").and(page.locator(":focus"));
  await expect(focused).toHaveAccessibleName("최근 365일 결제 금액 56만원 이상");
  await expect(focused).toBeInViewport();
  await page.keyboard.press("End");
  await expect(focused.getByText("제외할 고객")).toBeInViewport();
  await page.keyboard.press("Home");
  await expect(focused.getByText("포함할 고객")).toBeInViewport();
  const scrolled = await page.evaluate(() => document.documentElement.scrollTop);
  expect(scrolled, "the page itself stays where it is").toBe(0);
});

test("a row of a hundred is edited, and is called by what it says now", async ({ page }) => {
  await long(page);
  await slot(page, /^1만원 이상/).click();
  await page.getByRole("textbox", { name: "값" }).fill("300만");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("row", { name: "최근 365일 결제 금액 300만원 이상" })).toBeVisible();
});

test("a row of a hundred is dragged by mouse, and taken back", async ({ page }) => {
  await long(page);
  const before = await order(page);
  const at = { x: 430, y: 4 };
  await page.locator("[data-row=c0-4]").dragTo(page.locator("[data-row=c0-1]"), {
    sourcePosition: at,
    targetPosition: at,
  });
  await expect
    .poll(async () => (await order(page)).slice(0, 6))
    .toEqual(["root", "g0", "c0-0", "c0-4", "c0-1", "c0-2"]);
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect.poll(() => order(page)).toEqual(before);
});

test("a row of a hundred is dragged by keyboard, over rows told by what they say now", async ({ page }) => {
  await long(page);
  await slot(page, /^3만원 이상/).click();
  await page.getByRole("textbox", { name: "값" }).fill("300만");
  await page.keyboard.press("Escape");
  await page.locator("[data-row=c0-1]").click({ position: { x: 500, y: 6 } });
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const target = page.locator("[role=button]:focus");
  await expect(target).toHaveAccessibleName(/300만원 이상.*사이에 삽입/);
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await expect.poll(async () => (await order(page)).slice(2, 5)).toEqual(["c0-0", "c0-2", "c0-1"]);
});
