/** The product beside a language model of the house: a server on this machine that speaks the OpenAI way and answers slowly. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOf } from "./serving";

const JEJU = {
  ...{ evidence: "제주도에 눈독 들인", value_evidence: "", window_evidence: "", filter: "search_region", measure: "" },
  ...{ operator: ">=", values: [], negated: false, group: "" },
  properties: [{ evidence: "제주도", key: "region", values: [] }],
};

export type Modelled = { address: string; asked: () => number; end: () => void };

/** Starts both; the model takes so long to answer, and reads `제주도에 눈독 들인` as a search for Jeju. */
export async function modelled(slow_ms: number): Promise<Modelled> {
  let asked = 0;
  const model = createServer((request, response) => {
    request.resume().on("end", () => {
      asked += 1;
      const content = JSON.stringify({ groups: [], conditions: [JEJU], removed: [], unmapped: [] });
      const choice = { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
      setTimeout(() => response.end(JSON.stringify({ choices: [choice] })), slow_ms);
    });
  });
  await new Promise<void>((done) => model.listen(0, "127.0.0.1", done));
  const { port } = model.address() as { port: number };
  const data = mkdtempSync(join(tmpdir(), "model-"));
  const env = {
    ...process.env,
    PYTHONPATH: process.env.PYTHONPATH ?? ".",
    AUDIENCE_BUILDER_MODEL: "local",
    AUDIENCE_BUILDER_MODEL_URL: `http://127.0.0.1:${port}/v1`,
  };
  const words = ["-m", "audience_builder", "demo", "--users", "500", "--days", "90", "--port", "0", "--data", data];
  const server = spawn(process.env.PYTHON ?? "../.venv/bin/python", words, { cwd: "..", env });
  const end = () => {
    server.kill("SIGTERM");
    model.close();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    return { address: await addressOf(server), asked: () => asked, end };
  } catch (problem) {
    end();
    throw problem;
  }
}
