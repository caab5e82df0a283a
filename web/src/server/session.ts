/** Who is signed in here. Whatever changes something says a word that only this server's own page can know. */

import type { Middleware } from "openapi-fetch";
import type { Schemas } from "./client";

export type Me = Schemas["MeAnswer"];

const HEADER = "X-CSRF-Token";

let known: Promise<Me> | null = null;

/** Who is signed in, asked once. Whoever is not is taken to the page where one signs in. */
export function whoAmI(): Promise<Me> {
  known ??= fetch("/api/v1/me").then((answer) => {
    if (answer.status === 401) signIn();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json() as Promise<Me>;
  });
  known.catch(() => {
    known = null;
  });
  return known;
}

/** Go and sign in (with `again`: say once more who one is), then come back to where one was. */
export function signIn(again = false): void {
  const next = location.pathname + location.search;
  location.assign(`/sign-in?${new URLSearchParams(again ? { next, again: "1" } : { next })}`);
}

/** Put before the typed client: requests say the word, and a session that has ended leads to the way in. */
export const session: Middleware = {
  async onRequest({ request }) {
    if (request.method !== "GET") request.headers.set(HEADER, (await whoAmI()).csrf ?? "");
    return request;
  },
  async onResponse({ response }) {
    if (response.status === 401) signIn();
    if (response.status === 403) {
      const { code } = (await response.clone().json()) as { code: string };
      if (code === "sign_in_again") signIn(true);
      if (code === "csrf") known = null;
    }
    return undefined;
  },
};
