/** A booking that is made in the operational database moves the number on the screen. */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { expect, test, total } from "./marketer";

/** Beside its own session, so that nobody else is signed out. */
test.use({ storageState: { cookies: [], origins: [] } });

const MISSING = 3;
const START_MS = 180_000;

/** The product and its database; undefined where this machine has no PostgreSQL. */
type Shop = { address: string; book: (users: number) => Promise<void>; end: () => Promise<void> };

async function shop(): Promise<Shop | undefined> {
  const python = process.env.PYTHON ?? "../.venv/bin/python";
  const env = { ...process.env, PYTHONPATH: process.env.PYTHONPATH ?? "." };
  const process_ = spawn(python, ["-m", "tools.services.operations"], { cwd: "..", env });
  const lines = createInterface({ input: process_.stdout });
  const ended = new Promise<number | null>((resolve) => process_.on("exit", resolve));
  const address = await Promise.race([line(lines), ended]);
  if (address === MISSING) return undefined;
  if (typeof address !== "string") throw new Error(`the shop ended: ${address}`);
  return { address, book: (users) => booked(process_, lines, users), end: () => over(process_, ended) };
}

const line = (lines: Interface) => new Promise<string>((resolve) => lines.once("line", resolve));

async function booked(child: ChildProcess, lines: Interface, users: number): Promise<void> {
  child.stdin?.write(`${users}\n`);
  expect(await line(lines)).toBe("booked");
}

async function over(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.stdin?.end();
  await ended;
}

test("a booking inserted into PostgreSQL moves the number on the screen", async ({ page }) => {
  test.setTimeout(START_MS + 120_000);
  const place = await shop();
  test.skip(place === undefined, "PostgreSQL 15 is not on this machine (apt-get install postgresql-15)");
  if (!place) return;
  try {
    const signedIn = await page.request.post(`${place.address}/sign-in/demo`, {
      form: { role: "marketer", next: "/api/v1/me" },
      headers: { Origin: place.address },
    });
    expect(signedIn.ok()).toBe(true);
    await page.goto(`${place.address}/?new=true`);
    await expect(page.getByTestId("total")).toHaveAttribute("data-state", "fresh");
    const everybody = await page.getByTestId("total").textContent();
    await page.getByRole("textbox", { name: "문장" }).fill("오늘 예약한 사람");
    await expect(page.getByTestId("total")).not.toHaveText(everybody ?? "");
    await place.book(40);
    await expect.poll(() => total(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(40);
    const before = await total(page);
    const begun = Date.now();
    await place.book(25);
    await expect.poll(() => total(page), { timeout: 30_000, intervals: [50] }).toBe(before + 25);
    test
      .info()
      .annotations.push({ type: "seconds from commit to screen", description: String((Date.now() - begun) / 1000) });
    await page.screenshot({ path: test.info().outputPath("booked.png") });
  } finally {
    await place.end();
  }
});
