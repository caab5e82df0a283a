import type { BrowserContext, Page } from "@playwright/test";
import { type Company, company } from "./company";
import { expect, test } from "./marketer";

const NOBODY = { cookies: [], origins: [] };
const RULE = { version: 1, root: { type: "condition", id: "age", filter: "age", operator: ">=", value: 30 } };
const DISCLOSED = ["code_challenge", "nonce", "state"];

/** How long what has ended may still be connected. */
const MOST_MS = 5_000;

let at: Company;
test.use({ storageState: NOBODY });
test.describe.configure({ mode: "serial" });
test.beforeEach(async ({ context }) => {
  // The provider's pages ask another site for a font.
  await context.route(/^https:/, (route) => route.abort());
});
test.beforeAll(async () => {
  at = await company();
});
test.afterAll(() => at.end());

/** Signs somebody in with the provider's own pages, and gives the address the product sent them to it with. */
async function signIn(page: Page, who: string, path = "/"): Promise<URL> {
  const asked = page.waitForRequest((request) => request.url().startsWith(`${at.provider}/auth?`));
  await page.goto(at.product + path);
  await page.getByRole("link", { name: "회사 계정으로 로그인" }).click();
  const address = new URL((await asked).url());
  await proves(page, who);
  return address;
}

/** What somebody does on the provider's own pages. */
async function proves(page: Page, who: string): Promise<void> {
  await page.locator("[name=login]").fill(who);
  await page.locator("[name=password]").fill("any will do here");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

const me = (context: BrowserContext) => context.request.get(`${at.product}/api/v1/me`);

type Closed = { code: number; at: number };

/** A live connection of another page of the same browser. What it gives waits until it is closed, and says by which code. */
async function live(context: BrowserContext): Promise<() => Promise<Closed>> {
  const page = await context.newPage();
  await page.goto(`${at.product}/signed-out`);
  const ending = await page.evaluateHandle(async () => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/live`);
    const closed = new Promise<Closed>((resolve) => {
      socket.addEventListener("close", ({ code }) => resolve({ code, at: Date.now() }));
    });
    await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
    return { closed };
  });
  return () => ending.evaluate(({ closed }) => closed);
}

test("a marketer signs in with the company's provider, works, and signs out of both", async ({ page, context }) => {
  const asked = await signIn(page, "mina", "/audiences");
  const said = Object.fromEntries(asked.searchParams);
  expect(said).toMatchObject({ response_type: "code", code_challenge_method: "S256", client_id: "audience-builder" });
  for (const name of DISCLOSED) expect(said[name]?.length, name).toBeGreaterThanOrEqual(43);
  await expect(page).toHaveURL(`${at.product}/audiences`);

  const told = await (await me(context)).json();
  expect(told).toMatchObject({ name: "미나", roles: ["marketer"], via: "session" });
  const headers = { "X-CSRF-Token": told.csrf };
  const counted = await context.request.post(`${at.product}/api/v1/count`, { data: RULE, headers });
  expect((await counted.json()).count).toBeGreaterThan(0);
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("ab-flow");
  const seen = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
  expect(seen).not.toMatch(/eyJ|ab-session/);

  const closed = await live(context);
  await page.getByRole("button", { name: "로그아웃" }).click();
  const began = Date.now();
  await page.getByRole("button", { name: /yes/i }).click();
  await expect(page).toHaveURL(`${at.product}/signed-out`);
  const end = await closed();
  expect(end.code).toBe(4401);
  expect(end.at - began).toBeLessThan(MOST_MS);
  expect((await me(context)).status()).toBe(401);
  await page.goto(`${at.provider}/session/end`);
  await expect(page.getByRole("button", { name: /yes/i })).toHaveCount(0);
});

test("what the provider ends is ended here too: it says so behind the browser's back", async ({ page, context }) => {
  await signIn(page, "mina");
  await expect(page).toHaveURL(`${at.product}/`);
  const closed = await live(context);
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${at.provider}/session/end`);
  const began = Date.now();
  await elsewhere.getByRole("button", { name: /yes/i }).click();
  const end = await closed();
  expect(end.code).toBe(4401);
  expect(end.at - began).toBeLessThan(MOST_MS);
  expect((await me(context)).status()).toBe(401);
});

test("groups say who may what: a reader builds nothing, and who has no role here stays out", async ({ browser }) => {
  const [theirs, nobodys] = [
    await browser.newContext({ locale: "ko-KR" }),
    await browser.newContext({ locale: "ko-KR" }),
  ];
  await signIn(await theirs.newPage(), "theo");
  const told = await (await me(theirs)).json();
  expect(told.roles).toEqual(["viewer"]);
  const headers = { "X-CSRF-Token": told.csrf };
  const counted = await theirs.request.post(`${at.product}/api/v1/count`, { data: RULE, headers });
  expect([counted.status(), (await counted.json()).code]).toEqual([403, "denied"]);

  const page = await nobodys.newPage();
  await signIn(page, "nora");
  await expect(page.getByRole("alert")).toBeVisible();
  expect((await me(nobodys)).status()).toBe(401);
});

for (const name of ["state", "nonce", "code_challenge"]) {
  test(`whose ${name} was changed on the way to the provider is not let in by its answer`, async ({
    page,
    context,
  }) => {
    const begun = await context.request.get(`${at.product}/sign-in/provider`, { maxRedirects: 0 });
    const address = new URL(begun.headers().location ?? "");
    address.searchParams.set(
      name,
      (address.searchParams.get(name) ?? "").replace(/^./, (sign) => (sign === "a" ? "b" : "a")),
    );
    await page.goto(address.href);
    await proves(page, "mina");
    await expect(page).toHaveURL(new RegExp(`^${at.product}/sign-in/provider/callback`));
    await expect(page.getByRole("alert")).toBeVisible();
    expect((await me(context)).status()).toBe(401);
  });
}

test("the provider itself turns away who asks without a challenge", async ({ page, context }) => {
  const begun = await context.request.get(`${at.product}/sign-in/provider`, { maxRedirects: 0 });
  const address = new URL(begun.headers().location ?? "");
  for (const name of ["code_challenge", "code_challenge_method"]) address.searchParams.delete(name);
  await page.goto(address.href);
  await expect(page.getByRole("alert")).toBeVisible();
  expect((await me(context)).status()).toBe(401);
});
