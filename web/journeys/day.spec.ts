import { readFileSync } from "node:fs";
import { address, api, example, expect, row, send, slot, test, total, totalAfter } from "./marketer";

test("by mouse: pick a filter, say where and how often, and see exactly how many", async ({ page, request }) => {
  await page.goto(`${address()}/?new=true`);
  await page.getByRole("searchbox", { name: /필터 검색/ }).fill("ㅈㅇㄱㅅ");
  await totalAfter(page, () => page.getByRole("row", { name: "지역 검색", exact: true }).click());
  const editor = page.getByRole("dialog");
  await editor.getByRole("searchbox").fill("ㅈㅈ");
  const jeju = await totalAfter(page, () => editor.getByRole("option", { name: /^제주 국내/ }).click());
  await page.keyboard.press("Escape");
  await slot(page, "1회 이상").click();
  const twice = await totalAfter(page, () => page.getByRole("textbox", { name: "값" }).fill("2"));
  expect(twice).toBeLessThan(jeju);
  const rule = {
    version: 1,
    root: {
      type: "all",
      children: [
        {
          type: "condition",
          filter: "search_region",
          operator: ">=",
          value: 2,
          properties: { region: ["jeju"] },
          window: { type: "last", n: 90 },
        },
        {
          type: "not",
          child: {
            type: "condition",
            filter: "signup",
            operator: "known",
            properties: { account_status: ["staff_test", "withdrawal_pending"] },
          },
        },
      ],
    },
  };
  expect((await send(request, "POST", "/count", { rule })).count).toBe(twice);
});

test("by keyboard alone: find, pick, edit, group, undo, redo", async ({ page }) => {
  await page.goto(`${address()}/?new=true`);
  await expect(page.getByRole("heading", { name: "새 오디언스" })).toBeVisible();
  await page.keyboard.press("KeyF");
  await page.keyboard.type("연령");
  await page.keyboard.press("Tab");
  const adults = await totalAfter(page, () => page.keyboard.press("Enter"));
  const value = page.getByRole("textbox", { name: "값" });
  await expect(value).toBeFocused();
  await page.keyboard.press("Control+a");
  const forties = await totalAfter(page, () => page.keyboard.insertText("40"));
  expect(forties).toBeLessThan(adults);
  await page.keyboard.press("Escape");
  await expect(value).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("total")).toContainText(adults.toLocaleString("ko"));
  await page.keyboard.press("Control+Shift+z");
  await expect(page.getByTestId("total")).toContainText(forties.toLocaleString("ko"));
});

test("narrow by a facet, undo, redo", async ({ page }) => {
  const before = await example(page, /결제 금액 상위 20%/);
  await page.getByRole("searchbox", { name: "구성 검색" }).fill("성별");
  const women = await totalAfter(page, () => page.getByRole("button", { name: /성별 여성.*좁히기/ }).click());
  expect(women).toBeLessThan(before);
  await expect(row(page, /성별 여성/)).toBeVisible();
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect(page.getByTestId("total")).toContainText(before.toLocaleString("ko"));
  await page.getByRole("button", { name: "다시 하기" }).click();
  await expect(page.getByTestId("total")).toContainText(women.toLocaleString("ko"));
});

test("save, reload, duplicate, overlap, export; the file is what the API says", async ({ page, request }) => {
  const name = `골드 ${Date.now()}`;
  const size = await example(page, /결제 금액 상위 20%/);
  await page.getByRole("button", { name: "저장" }).click();
  await page.getByRole("textbox", { name: "이름" }).fill(name);
  await page.getByRole("textbox", { name: "태그" }).fill("가을, 시험");
  await page.getByRole("dialog").getByRole("button", { name: "저장" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  expect(await total(page)).toBe(size);

  await page.getByRole("link", { name: "오디언스", exact: true }).click();
  await expect(page.getByRole("searchbox")).toHaveCount(1); // the builder, which has two, has gone
  await page.getByRole("searchbox").fill(name);
  await expect(page).toHaveURL(/[?&]q=/);
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: `${name}: 더 보기` }).click();
  await page.getByRole("menuitem", { name: "복제" }).click();
  const boxes = page.getByRole("listitem").filter({ hasText: name }).getByRole("checkbox");
  await expect(boxes).toHaveCount(2);
  for (const box of await boxes.all()) await box.check({ force: true });
  await page.getByRole("button", { name: "2개 겹쳐 보기" }).click();
  await expect(page.getByText(`모두 합치면 ${size.toLocaleString("ko")}명`)).toBeVisible();

  await page.goBack();
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("button", { name: `${name}: 더 보기` }).click();
  await page.getByRole("menuitem", { name: "내보내기" }).click();
  await page.getByRole("textbox", { name: "무엇에 쓰나요?" }).fill("가을 기획전 시험");
  await page.getByText("멤버십·혜택").click();
  await page.getByRole("button", { name: "내보내기 시작" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /CSV 받기/ }).click(),
  ]);
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split(/\r?\n/);
  expect(lines[0]?.replace("\ufeff", "")).toBe("user_id,membership_tier");
  const { audiences } = await (await request.get(api(`/audiences?q=${encodeURIComponent(name)}`))).json();
  const id = audiences.find((each: { name: string }) => each.name === name).id;
  const members = await membersOf(id, (path) => request.get(api(path)).then((answer) => answer.json()));
  expect(
    lines
      .slice(1)
      .map((line) => line.split(",")[0])
      .sort(),
  ).toEqual(members.sort());
  expect(members).toHaveLength(size);
});

type Page = { user_ids: string[]; next: string | null };

async function membersOf(id: string, get: (path: string) => Promise<Page>): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Page = await get(
      `/audiences/${id}/members?limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    found.push(...page.user_ids);
    cursor = page.next;
  }
  return found;
}
