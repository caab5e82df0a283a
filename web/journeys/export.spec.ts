/** An export with every column, as JSON: each cell is what the API writes of the same people, and everybody is in it once. */

import { readFileSync } from "node:fs";
import { address, api, expect, send, test } from "./marketer";

const RULE = { version: 1, root: { type: "condition", filter: "membership_tier", operator: ">=", value: "vip" } };
type Row = Record<string, string | null>;

test("every column of a file is what the API says of everybody in it", async ({ page, request }) => {
  test.slow();
  const saved = await send(request, "POST", "/audiences", { name: `모든 열 ${Date.now()}`, rule: RULE });
  const listed: { key: string; ko: string; contact: boolean }[] = await (
    await request.get(api("/exports/columns"))
  ).json();
  const columns = listed.filter(({ contact }) => !contact);
  await page.goto(`${address()}/audiences?q=${encodeURIComponent(saved.name)}`);
  await page.getByRole("button", { name: `${saved.name}: 더 보기` }).click();
  await page.getByRole("menuitem", { name: "내보내기" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("textbox", { name: "무엇에 쓰나요?" }).fill("모든 열을 견줘 보기");
  await sheet.getByRole("radio", { name: "JSON" }).click();
  for (const { ko } of columns) await sheet.getByText(ko, { exact: true }).click();
  await sheet.getByRole("button", { name: "내보내기 시작" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    sheet.getByRole("link", { name: /JSON 받기/ }).click(),
  ]);
  const rows: Row[] = JSON.parse(readFileSync(await file.path(), "utf8"));
  const keys = ["user_id", ...columns.map(({ key }) => key)];
  expect(Object.keys(rows[0] ?? {})).toEqual(keys);

  const body = { purpose: "같은 것을 CSV로", format: "csv", columns: keys.slice(1), bom: false };
  const job = await send(request, "POST", `/audiences/${saved.id}/export`, body);
  await expect
    .poll(async () => (await (await request.get(api(`/exports/${job.id}?wait=2`))).json()).state, { timeout: 30_000 })
    .toBe("done");
  const done = await (await request.get(api(`/exports/${job.id}`))).json();
  const text = await (await request.get(api(`/exports/${job.id}/file`))).text();
  const [head, ...lines] = text.trim().split("\r\n").map(cells);
  expect(head).toEqual(keys);
  const plain = (row: Row) => keys.map((key) => row[key] ?? "");
  expect(rows.map(plain).sort()).toEqual(lines.sort());
  expect(rows).toHaveLength(done.count);
  const counted = await (await request.get(api(`/audiences/${saved.id}/count`))).json();
  expect(rows).toHaveLength(counted.count);
  expect(new Set(rows.map((row) => row.user_id)).size).toBe(rows.length);
});

/** The cells of a line of CSV. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'),
  );
}
