/** The product as a company runs it: its people sign in with a real OpenID provider, and its groups say who may what. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const WAIT_MS = 60_000;
const SECRET = "the secret of a journey, on this machine alone";

/** Where both are, until `end` is called. */
export type Company = { product: string; provider: string; end: () => void };

/** Starts a provider and the product that trusts it, over a small sample. */
export async function company(): Promise<Company> {
  const [front, back] = [await freePort(), await freePort()];
  const [product, provider] = [`http://localhost:${front}`, `http://localhost:${back}`];
  const folder = mkdtempSync(join(tmpdir(), "company-"));
  const secret = join(folder, "client-secret");
  writeFileSync(secret, SECRET, { mode: 0o600 });
  const env = {
    ...process.env,
    PYTHONPATH: process.env.PYTHONPATH ?? ".",
    AUDIENCE_BUILDER_DATA: join(folder, "data"),
    AUDIENCE_BUILDER_OIDC_ISSUER: provider,
    AUDIENCE_BUILDER_OIDC_CLIENT_ID: "audience-builder",
    AUDIENCE_BUILDER_OIDC_CLIENT_SECRET_FILE: secret,
    AUDIENCE_BUILDER_OIDC_ROLES_CLAIM: "groups",
    AUDIENCE_BUILDER_OIDC_ROLES: "crm-marketing=marketer,crm-readers=viewer",
  };
  const python = process.env.PYTHON ?? "../.venv/bin/python";
  const run = (...words: string[]) => spawn(python, ["-m", "audience_builder", ...words], { cwd: "..", env });
  const ended: ChildProcess[] = [];
  try {
    await over(run("sample", "--users", "500", "--days", "60"));
    ended.push(spawn(process.execPath, ["provider/provider.mjs", product, String(back)]));
    await says(ended[0] as ChildProcess, provider);
    ended.push(run("serve", "--port", String(front)));
    await says(ended[1] as ChildProcess, "serves");
  } catch (problem) {
    for (const each of ended) each.kill("SIGTERM");
    throw problem;
  }
  const end = () => {
    for (const each of ended) each.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  return { product, provider, end };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const door = createServer().listen(0, "localhost", () => {
      const { port } = door.address() as { port: number };
      door.close(() => resolve(port));
    });
  });
}

function over(started: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    started.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`it ended with ${code}`))));
  });
}

function says(started: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`nobody said ${words}: ${said}`)), WAIT_MS);
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes(words)) return;
      clearTimeout(late);
      resolve();
    };
    started.stdout?.on("data", hear);
    started.stderr?.on("data", hear);
    started.on("exit", () => reject(new Error(`it ended: ${said}`)));
  });
}
