/** The typed client. Every failure is a `Problem`: what the server says of it, or that it cannot be reached. */

import createClient from "openapi-fetch";
import type { components, paths } from "./schema";
import { session } from "./session";

export type Schemas = components["schemas"];
export type CountAnswer = Schemas["CountAnswer"];
export type Facet = Schemas["FacetAnswer"];
export type FacetLine = Schemas["FacetLineAnswer"];
export type Audience = Omit<Schemas["SavedAnswer"], "versions">;
export type Saved = Schemas["SavedAnswer"];
export type ExportJob = Schemas["ExportAnswer"];

export const client = createClient<paths>({ baseUrl: "" });
client.use(session);

/** Something the server refused, or could not be asked. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly fix: string;
  readonly problems: Schemas["ProblemAnswer"][];

  constructor(said: Partial<Schemas["Problem"]>) {
    super(said.detail ?? "offline");
    this.code = said.code ?? "offline";
    this.status = said.status ?? 0;
    this.fix = said.fix ?? "";
    this.problems = said.problems ?? [];
  }
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The answer's content. Throws a Problem for anything else; leaves an aborted request as it is. */
export async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem({});
  }
  if (answer.error !== undefined || !answer.response.ok)
    throw new Problem((answer.error ?? {}) as Partial<Schemas["Problem"]>);
  return answer.data as T;
}
