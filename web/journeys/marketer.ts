/** What a marketer does and sees, in the words of the page. */

import { type APIRequestContext, test as base, expect, type Page } from "@playwright/test";

export const address = () => process.env.AUDIENCE_BUILDER_URL ?? "";
export const api = (path: string) => `${address()}/api/v1${path}`;

/** The number in sight, once it is what the server last said of what is being built. */
export async function total(page: Page): Promise<number> {
  const shown = page.getByTestId("total");
  await expect(shown).toHaveAttribute("data-state", "fresh");
  return Number((await shown.textContent())?.replace(/\D/g, ""));
}

/** The number after it has become another one. */
export async function totalAfter(page: Page, act: () => Promise<unknown>): Promise<number> {
  const before = (await page.getByTestId("total").textContent()) ?? "";
  await act();
  await expect(page.getByTestId("total")).not.toHaveText(before);
  return total(page);
}

export const row = (page: Page, text: string | RegExp) => page.getByRole("treegrid").getByRole("row", { name: text });
export const slot = (page: Page, text: string | RegExp) =>
  page.getByRole("treegrid").getByRole("button", { name: text });

/** A new builder, counted: nothing of it is still on its way. */
export async function opened(page: Page): Promise<void> {
  await page.goto(`${address()}/?new=true`);
  await expect(page.getByTestId("total")).toHaveAttribute("data-state", "fresh");
}

/** Opens the builder with the first example. */
export async function example(page: Page, name: RegExp): Promise<number> {
  await opened(page);
  return totalAfter(page, () => page.getByRole("button", { name }).first().click());
}

/** What a page would send to change something: with the word that only this server's page can know. */
export async function send(request: APIRequestContext, method: "POST" | "PUT", path: string, data: unknown) {
  const { csrf } = await (await request.get(api("/me"))).json();
  const answer = await request.fetch(api(path), { method, data, headers: { "X-CSRF-Token": csrf ?? "" } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.json();
}

type Fixtures = { quiet: string[] };

/** A test that fails where the browser complains. */
export const test = base.extend<Fixtures>({
  quiet: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on("pageerror", (error) => said.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" && !/Failed to load resource|WebSocket|ERR_INTERNET/.test(message.text()))
          said.push(message.text());
      });
      await use(said);
      expect(said, "the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };
