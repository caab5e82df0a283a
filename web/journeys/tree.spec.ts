import { example, expect, row, slot, test, totalAfter } from "./marketer";

const LEVELS = /최근 2주 제주/;

test("a row is dragged into the exclusion block by mouse, and the number follows", async ({ page }) => {
  await example(page, LEVELS);
  const tier = row(page, /골드 이상/);
  const out = row(page, /회원/);
  await totalAfter(page, () =>
    tier.dragTo(out, { sourcePosition: { x: 330, y: 8 }, targetPosition: { x: 330, y: 34 } }),
  );
  await expect(page.getByRole("treegrid").getByRole("row").last()).toContainText("골드 이상");
});

test("a row is moved by the drag handle and the keyboard", async ({ page }) => {
  await example(page, /최근 7일 장바구니/);
  const order = () => page.getByRole("treegrid").getByRole("row").allTextContents();
  const before = await order();
  await row(page, /장바구니/).click({ position: { x: 400, y: 8 } });
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.locator("[role=button]:focus")).toHaveAccessibleName(/사이에 삽입/);
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await expect.poll(order).not.toEqual(before);
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect.poll(order).toEqual(before);
});

test("rows are moved, grouped, copied and excluded without dragging", async ({ page }) => {
  await example(page, /최근 2주 제주/);
  const tier = row(page, /골드 이상/);
  const menu = async (name: string) => {
    await row(page, /골드 이상/)
      .first()
      .getByRole("button", { name: "더 보기" })
      .click();
    await page.getByRole("menuitem", { name }).click();
  };
  await menu("위로");
  await expect(page.getByRole("treegrid").getByRole("row").nth(2)).toContainText("골드 이상");
  await menu("복제");
  await expect(tier).toHaveCount(2);
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect(tier).toHaveCount(1);
  await totalAfter(page, () => menu("제외로 옮기기"));
});

test("several rows are selected and given one window", async ({ page }) => {
  await example(page, /최근 2주 제주/);
  await row(page, /제주/).click({ position: { x: 400, y: 8 } });
  await row(page, /예약 횟수/).click({ position: { x: 400, y: 8 }, modifiers: ["ControlOrMeta"] });
  await page.getByRole("toolbar", { name: "2개 선택" }).getByRole("button", { name: "기간 바꾸기" }).click();
  await page.getByRole("dialog").getByText("180일").click();
  await totalAfter(page, () => page.getByRole("button", { name: "적용" }).click());
  await expect(slot(page, "최근 180일")).toHaveCount(2);
});

test("money is understood as marketers write it", async ({ page }) => {
  await example(page, /결제 금액 상위 20%/);
  await slot(page, "상위 20%").click();
  await page.getByRole("dialog").getByText("이상", { exact: true }).click();
  await totalAfter(page, () => page.getByRole("textbox", { name: "값" }).fill("1.5백만"));
  await expect(page.getByRole("dialog").getByText("150만원")).toBeVisible();
});

test("nobody left: the page says which condition it is and offers gentler forms that count", async ({ page }) => {
  await example(page, /최근 2주 제주/);
  await slot(page, "2회 이상").click();
  await page.getByRole("textbox", { name: "값" }).fill("9999");
  await expect(page.getByTestId("total")).toHaveText("0명");
  await page.keyboard.press("Escape");
  const ways = page.getByRole("region", { name: "맞는 고객이 없습니다" });
  await expect(ways).toContainText("9,999회 이상");
  await totalAfter(page, () => ways.getByRole("button").first().click());
});
