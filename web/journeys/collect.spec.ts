/** A page of another site sends what a visitor does: after they agreed, and only from where its key holds. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { address, expect, send, test, total, totalAfter } from "./marketer";

const NOBODY = { cookies: [], origins: [] };

/** A shop's page on an address of its own; which key it has is in its query. */
async function shop(): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, answer) => {
    const key = new URL(request.url ?? "/", "http://shop").searchParams.get("key") ?? "";
    answer.setHeader("Content-Type", "text/html").end(
      `<!doctype html><link rel="icon" href="data:,"><title>shop</title>
       <script>window.ab = window.ab || ((...words) => { (ab.q = ab.q || []).push(words); });</script>
       <script async src="${address()}/collect.js" data-key="${key.replace(/\W/g, "")}"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test("a search on a shop's page moves the number, after consent and only from its own origin", async ({
  page,
  playwright,
  browser,
}) => {
  const admin = await playwright.request.newContext({ baseURL: address(), storageState: NOBODY });
  await admin.post(`${address()}/sign-in/demo`, {
    form: { role: "admin", next: "/api/v1/me" },
    headers: { Origin: address() },
  });
  const [ours, foreign] = [await shop(), await shop()];
  const { id: key } = await send(admin, "POST", "/browser-keys", { label: "shop", origins: [ours.origin] });
  await page.goto(`${address()}/?new=true`);
  await expect(page.getByTestId("total")).toBeVisible();
  const before = await totalAfter(page, () => page.getByRole("textbox", { name: "문장" }).fill("오늘 접속한 사람"));

  const visitor = await browser.newPage({ storageState: NOBODY });
  const answers: number[] = [];
  visitor.on("response", (each) => each.url().includes("/collect/") && answers.push(each.status()));
  const visits = (agreed: boolean) =>
    visitor.evaluate((consent) => {
      const { ab } = window as unknown as { ab: (word: string, value?: unknown) => void };
      if (consent) ab("consent", true);
      for (let user = 1; user <= 400; user += 1) {
        ab("user", `U${String(user).padStart(10, "0")}`);
        ab("session");
      }
    }, agreed);
  await visitor.goto(`${ours.origin}/?key=${key}`, { waitUntil: "load" });
  await visits(false);
  await visitor.waitForTimeout(3_000);
  expect(answers).toEqual([]);
  await visits(true);
  await expect.poll(() => total(page), { timeout: 60_000 }).toBeGreaterThan(before);
  expect(new Set(answers)).toEqual(new Set([200]));
  if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });

  answers.length = 0;
  const refused: string[] = [];
  visitor.on("requestfailed", (each) => each.url().includes("/collect/") && refused.push(each.url()));
  await visitor.goto(`${foreign.origin}/?key=${key}`, { waitUntil: "load" });
  await visitor.evaluate(() => {
    const { ab } = window as unknown as { ab: (word: string, value?: unknown) => void };
    ab("user", "U0000000001");
    ab("consent", true);
    ab("session");
  });
  await expect.poll(() => refused.length).toBeGreaterThan(0); // the browser may not even read that it is 404
  expect(answers).toEqual([]);
  await visitor.close();
  for (const { server } of [ours, foreign]) server.close();
});
