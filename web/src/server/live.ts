/** The live connection: the rule in front of you goes in, exact numbers come out, again whenever the data moves. */

import { WebSocket as Reconnecting } from "partysocket";
import type { Rule } from "@/rule/tree";
import type { Schemas } from "./client";

export type Said = Schemas["LiveOut"];
type Listener = { said: (message: Said) => void; opened: () => void; closed: () => void };

const WANT = ["total", "nodes", "channels", "narrowing", "facets"];
/** One document a page: what is being built. */
const DOC = "builder";

export class Live {
  readonly #socket: Reconnecting;

  constructor(listener: Listener) {
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`;
    this.#socket = new Reconnecting(address, [], {
      minReconnectionDelay: 500,
      maxReconnectionDelay: 8000,
      maxEnqueuedMessages: 0,
    });
    this.#socket.addEventListener("message", (event) => listener.said(JSON.parse(String(event.data)) as Said));
    this.#socket.addEventListener("open", () => listener.opened());
    this.#socket.addEventListener("close", () => listener.closed());
  }

  get isOpen(): boolean {
    return this.#socket.readyState === Reconnecting.OPEN;
  }

  /** Keep this rule counted in place of the one before; false where there is no connection. */
  ask(rule: Rule, rev: number): boolean {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify({ t: "eval", doc: DOC, rev, rule, want: WANT }));
    return true;
  }

  /** Nothing is being built any more. */
  stop(): void {
    if (this.isOpen) this.#socket.send(JSON.stringify({ t: "close", doc: DOC }));
  }
}
