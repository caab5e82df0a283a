/** A language model that answers late: nothing waits for it, it proposes, and what a hand did meanwhile stays. */

import type { Page } from "@playwright/test";
import { expect, row, slot, test } from "./marketer";
import { type Modelled, modelled } from "./model";

const SENTENCE = "제주도에 눈독 들인 골드 이상";
const box = (page: Page) => page.getByRole("textbox", { name: "문장" });
const proposal = (page: Page) => page.getByRole("status").filter({ hasText: "언어 모델의 제안" });

let house: Modelled;
test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  test.setTimeout(180_000);
  house = await modelled(2500);
});
test.afterAll(() => house.end());

async function written(page: Page): Promise<void> {
  await page.context().request.post(`${house.address}/sign-in/demo`, {
    form: { role: "marketer", next: "/api/v1/me" },
    headers: { Origin: house.address },
  });
  await page.goto(`${house.address}/?new=true`);
  await box(page).fill(SENTENCE);
  await expect(row(page, /골드 이상/)).toBeVisible();
}

test("a late answer is offered while one goes on by hand, and the hand wins", async ({ page }) => {
  await written(page);
  await expect(page.getByText("언어 모델에게도 물었습니다")).toBeVisible();
  await slot(page, "골드 이상").click();
  await page.getByRole("radio", { name: "VIP", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(row(page, /VIP 이상/)).toBeVisible();
  await expect(proposal(page)).toBeVisible();
  await expect(row(page, /VIP 이상/)).toBeVisible();
  await proposal(page)
    .getByRole("button", { name: /모두 적용/ })
    .click();
  await expect(proposal(page)).toHaveCount(0);
  await expect(row(page, /제주 지역 검색/)).toBeVisible();
  await expect(row(page, /VIP 이상/)).toBeVisible();
  await expect(row(page, /골드 이상/)).toHaveCount(0);
  await expect(box(page)).toHaveValue(/^제주도에 눈독 들인 .*VIP/);
  await expect(page.locator("[data-node][data-status]", { hasText: "제주도에 눈독 들인" })).toBeVisible();
  await page.getByRole("button", { name: "되돌리기", exact: true }).click();
  await expect(row(page, /제주 지역 검색/)).toHaveCount(0);
  await expect(row(page, /VIP 이상/)).toBeVisible();
});

test("words written anew meanwhile are the ones that count, and what is understood is not sent", async ({ page }) => {
  await written(page);
  await expect(page.getByText("언어 모델에게도 물었습니다")).toBeVisible();
  const before = house.asked();
  await box(page).fill("골드 이상 여성");
  await expect(row(page, /여성/)).toBeVisible();
  await page.waitForTimeout(4000);
  await expect(proposal(page)).toHaveCount(0);
  expect(house.asked()).toBe(before);
});
