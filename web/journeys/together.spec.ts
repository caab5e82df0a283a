import { address, api, example, expect, row, send, slot, test, total, totalAfter } from "./marketer";

test("the second of two people who edit is given the choice, and nothing is overwritten", async ({
  page,
  context,
  request,
}) => {
  const name = `함께 ${Date.now()}`;
  await example(page, /최근 7일 장바구니/);
  await page.getByRole("button", { name: "저장" }).click();
  await page.getByRole("textbox", { name: "이름" }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "저장" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();

  const { audiences } = await (await request.get(api(`/audiences?q=${encodeURIComponent(name)}`))).json();
  const saved = await (await request.get(api(`/audiences/${audiences[0].id}`))).json();
  const theirs = { type: "condition", filter: "gender", operator: "in", value: ["female"] };
  const root = { type: "all", children: [saved.versions[0].rule.root, theirs] };
  await send(request, "PUT", `/audiences/${saved.id}`, { rule: { version: 1, root }, expected_version: 1 });

  await slot(page, "최근 7일").click();
  await totalAfter(page, () => page.getByRole("dialog").getByText("30일").click());
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "저장" }).click();
  await page.getByRole("button", { name: "다음 버전으로 저장" }).click();
  const choice = page.getByRole("dialog");
  await expect(choice.getByRole("heading", { name: "다른 사람이 먼저 저장했습니다" })).toBeVisible();
  await expect(choice).toContainText("성별 여성");
  await expect(choice).toContainText("최근 30일");
  await choice.getByRole("button", { name: /둘 다/ }).click();
  await expect(page.getByRole("heading", { name: `${name} (사본)`, level: 1 })).toBeVisible();
  const after = await (await request.get(api(`/audiences/${saved.id}`))).json();
  expect(after.version).toBe(2);
  await context.close();
});

test("without a connection editing goes on, and the number comes when it is back", async ({ page, context }) => {
  await example(page, /최근 7일 장바구니/);
  await context.setOffline(true);
  await slot(page, "최근 7일").click();
  await page.getByRole("dialog").getByText("90일").click();
  await page.keyboard.press("Escape");
  await expect(slot(page, "최근 90일")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByTestId("total")).toHaveAttribute("data-state", "fresh");
  expect(await total(page)).toBeGreaterThan(0);
});

test("a template with its count replaces the rule, and undo brings it back", async ({ page }) => {
  await example(page, /최근 7일 장바구니/);
  await page.keyboard.press("KeyT");
  const sheet = page.getByRole("dialog", { name: "템플릿" });
  await totalAfter(page, () =>
    sheet
      .getByRole("button", { name: /^이 규칙으로/ })
      .first()
      .click(),
  );
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect(row(page, /장바구니/)).toBeVisible();
});

test("a template is found by its initial consonants and added to the rule, all from the keyboard", async ({ page }) => {
  await example(page, /최근 7일 장바구니/);
  const before = await total(page);
  await page.keyboard.press("KeyT");
  const sheet = page.getByRole("dialog", { name: "템플릿" });
  await expect(sheet.getByRole("textbox", { name: /템플릿 찾기/ })).toBeFocused();
  await expect(sheet.getByText(/다른 곳으로 가는 여행이 있는 고객도 빠집니다/)).toBeVisible();
  await page.keyboard.insertText("ㅈㅈㄱㅅ");
  await expect(sheet.getByRole("heading", { level: 4 })).toHaveText(["제주 검색 미예약"]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(sheet.getByRole("button", { name: "내 규칙에 더하기: 제주 검색 미예약" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(sheet).toHaveCount(0);
  await expect(row(page, /장바구니/)).toBeVisible();
  await expect(row(page, /제주 지역 검색/)).toBeVisible();
  await expect(page.getByTestId("total")).toHaveAttribute("data-state", "fresh");
  await expect.poll(() => total(page)).toBeLessThan(before);
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect(row(page, /제주 지역 검색/)).toHaveCount(0);
  expect(await total(page)).toBe(before);
});

test("the palette finds filters and pages; the sheet says which keys there are", async ({ page }) => {
  await page.goto(`${address()}/?new=true`);
  await expect(page.getByRole("heading", { name: "새 오디언스" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("렌터카");
  await page.keyboard.press("Enter");
  await expect(row(page, /^렌터카|전체 기간 렌터카/).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Shift+Slash");
  await expect(page.getByRole("dialog", { name: "단축키" })).toBeVisible();
});
