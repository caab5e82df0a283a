/** The real server over a generated sample, on a free port, for as long as the journeys take. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "@playwright/test";

const USERS = "60000"; // so many that the longest sentence of the journeys still means ten people or more
const WAIT_MS = 120_000;

/** The cookies of a marketer who signed in. */
export const STATE = "test-results/marketer.json";

export default async function serving(): Promise<() => void> {
  const python = process.env.PYTHON ?? "../.venv/bin/python";
  const data = mkdtempSync(join(tmpdir(), "journeys-"));
  const words = ["-m", "audience_builder", "demo", "--users", USERS, "--days", "365", "--port", "0", "--data", data];
  const options = { cwd: "..", env: { ...process.env, PYTHONPATH: process.env.PYTHONPATH ?? "." } };
  const server = spawn(python, words, options);
  const address = await addressOf(server);
  process.env.AUDIENCE_BUILDER_URL = address;
  await signIn(address);
  return () => {
    server.kill("SIGTERM");
    rmSync(data, { recursive: true, force: true });
  };
}

/** In a demo one click on a role lets one in. */
async function signIn(address: string): Promise<void> {
  const context = await request.newContext({ baseURL: address, extraHTTPHeaders: { Origin: address } });
  const answer = await context.post("/sign-in/demo", { form: { role: "marketer", next: "/api/v1/me" } });
  if (!answer.ok()) throw new Error(`nobody was let in: ${answer.status()} ${await answer.text()}`);
  await context.storageState({ path: STATE });
  await context.dispose();
}

/** Where a server says that it is. */
export function addressOf(server: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the server did not come up")), WAIT_MS);
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/\S+/.exec(said);
      if (!found) return;
      clearTimeout(late);
      resolve(found[0]);
    };
    server.stdout?.on("data", hear);
    server.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    server.on("exit", () => reject(new Error(`the server ended: ${said}`)));
  });
}
