/** Live data in sight: an event moves the number, and what was not taken over is tried again from the page. */

import type { APIRequestContext } from "@playwright/test";
import { address, api, expect, send, test, total, totalAfter } from "./marketer";

const sessions = (stamp: number, users: number, at: Date) =>
  Array.from({ length: users }, (_, user) => ({
    id: `${stamp}-${user}`,
    user_id: `U${String(user + 1).padStart(10, "0")}`,
    kind: "session",
    at: at.toISOString(),
  }));

/** Without the session the others share: signing in with it would end it. */
const NOBODY = { cookies: [], origins: [] };

/** Whoever may load data and send events. */
async function asAdmin(request: APIRequestContext) {
  const answer = await request.post(`${address()}/sign-in/demo`, {
    form: { role: "admin", next: "/api/v1/me" },
    headers: { Origin: address() },
  });
  expect(answer.ok()).toBe(true);
}

test("an event that was sent moves the number on the screen", async ({ page, playwright }) => {
  const request = await playwright.request.newContext({ baseURL: address(), storageState: NOBODY });
  await asAdmin(request);
  await page.goto(`${address()}/?new=true`);
  await expect(page.getByTestId("total")).toBeVisible(); // everybody, until the rule is there
  const before = await totalAfter(page, () => page.getByRole("textbox", { name: "문장" }).fill("오늘 접속한 사람"));
  const { accepted } = await send(request, "POST", "/events", sessions(Date.now(), 4000, new Date()));
  expect(accepted).toBe(4000);
  await expect.poll(() => total(page)).toBeGreaterThan(before);
});

test.describe("an admin", () => {
  test.use({ storageState: NOBODY });

  test("what came too late is put aside, seen by its reason, and tried again after asking", async ({ page }) => {
    await asAdmin(page.request);
    await send(page.request, "POST", "/events", sessions(Date.now(), 3, new Date()));
    const late = new Date(Date.now() - 30 * 3_600_000);
    await send(page.request, "POST", "/events", sessions(Date.now() + 1, 7, late));
    await expect
      .poll(async () => (await (await page.request.get(api("/pipeline"))).json()).sources[0].late)
      .toBeGreaterThanOrEqual(7);
    await page.goto(`${address()}/data`);
    await expect(page.getByRole("heading", { name: "행동 이벤트" })).toBeVisible();
    const reason = page.getByRole("listitem").filter({ hasText: "24시간보다 늦게 도착" });
    await expect(reason).toContainText("7건");
    await reason.getByRole("button", { name: "다시 반영" }).click();
    const asked = page.getByRole("dialog");
    await expect(asked).toContainText("7건을 다시 반영할까요?");
    await asked.getByRole("button", { name: "다시 반영" }).click();
    await expect(page.getByText("7건을 다시 넣었습니다")).toBeVisible();
    await expect(page.getByText("따로 둔 것이 없습니다")).toBeVisible();
  });

  test("an admin gives a word a meaning, which the next sentence uses, and takes it back", async ({ page }) => {
    await asAdmin(page.request);
    const word = `단골족${Date.now() % 100_000}`;
    await page.goto(`${address()}/glossary`);
    await page.getByRole("button", { name: "말 추가" }).click();
    await page.getByRole("textbox", { name: "말", exact: true }).fill(word);
    const meaning = page.getByRole("textbox", { name: /뜻/ });
    await meaning.fill("양자 컴퓨터를 가진 사람");
    await expect(page.getByText(/이해하지 못한 부분/)).toBeVisible();
    await expect(page.getByRole("button", { name: "저장" })).toBeDisabled();
    await meaning.fill("최근 1년 동안 3번 이상 예약한 사람");
    await expect(page.getByText("이렇게 이해했습니다")).toBeVisible();
    await page.getByRole("button", { name: "저장" }).click();
    await page.getByRole("searchbox", { name: "말 찾기" }).fill(word);
    const card = page.getByRole("listitem").filter({ hasText: word });
    await expect(card).toContainText("예약");
    const heard = await send(page.request, "POST", "/glossary/reading", { sentence: `${word} 고객` });
    expect(heard.rule.root.filter).toBe("booking_count");
    await card.getByRole("button", { name: "기본 뜻으로" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "지우기" }).click();
    await expect(page.getByText("맞는 말이 없습니다")).toBeVisible();
  });
});

test("who may not load data sees how it stands and nothing of what was put aside", async ({ page }) => {
  await page.goto(`${address()}/data`);
  await expect(page.getByText("데이터 적재 권한이 있는 사람만 볼 수 있습니다")).toBeVisible();
  await page.goto(`${address()}/glossary`);
  await expect(page.getByText("관리자만 뜻을 바꿀 수 있습니다")).toBeVisible();
  await expect(page.getByRole("button", { name: "말 추가" })).toHaveCount(0);
});
