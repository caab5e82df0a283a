/** Saving what is being built: as something new, as the next version, or not at all where somebody else was faster. */

import type { QueryClient } from "@tanstack/react-query";
import { freshId } from "@/rule/making";
import type { Opened } from "@/rule/store";
import { docOf, type Rule, ruleOf } from "@/rule/tree";
import { answered, client, Problem, type Saved } from "@/server/client";

export type Details = { name: string; description: string; tags: string[]; note: string };
export type Conflict = { mine: Rule; base: Rule; theirs: Saved };

/** An audience as the builder holds it: its newest rule, written as the builder writes rules. */
export function openedOf(saved: Saved, size?: number): Opened {
  const rule = newest(saved);
  return {
    id: saved.id,
    name: saved.name,
    description: saved.description,
    tags: saved.tags,
    version: saved.version,
    rule: ruleOf(docOf(rule, freshId)) ?? rule,
    size,
  };
}

export const newest = (saved: Saved): Rule => saved.versions[0]?.rule as unknown as Rule;

export async function saveNew(rule: Rule, { name, description, tags, note }: Details): Promise<Saved> {
  return answered(client.POST("/api/v1/audiences", { body: { name, description, tags, note, rule: { ...rule } } }));
}

/** The next version; a conflict where somebody saved one since `opened`. */
export async function saveVersion(opened: Opened, rule: Rule, details: Details): Promise<Saved | Conflict> {
  const params = { path: { audience: opened.id } };
  const { description, tags, note } = details;
  const body = { rule: { ...rule }, expected_version: opened.version, description, tags, note };
  try {
    return await answered(client.PUT("/api/v1/audiences/{audience}", { params, body }));
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    const theirs = await answered(client.GET("/api/v1/audiences/{audience}", { params }));
    if (theirs.version === opened.version) throw error;
    return { mine: rule, base: opened.rule, theirs };
  }
}

export const isConflict = (found: Saved | Conflict): found is Conflict => "theirs" in found;

export const forgetAudiences = (queries: QueryClient) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ["audiences"] }),
    queries.invalidateQueries({ queryKey: ["audience"] }),
  ]);
