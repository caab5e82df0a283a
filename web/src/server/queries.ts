/** What the pages ask of the server, each with the key it is remembered by. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type CatalogAnswer, catalogOf } from "@/catalog/catalog";
import type { Rule, Window } from "@/rule/tree";
import { answered, client, type Schemas } from "./client";
import { whoAmI } from "./session";

export const catalogQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: async () => catalogOf((await answered(client.GET("/api/v1/catalog"))) as unknown as CatalogAnswer),
  staleTime: Number.POSITIVE_INFINITY,
});

/** How many everybody is, how they split, and what each filter knows of them. */
export const everybodyQuery = queryOptions({
  queryKey: ["everybody"],
  queryFn: async () => {
    const { base, filters } = await answered(client.GET("/api/v1/coverage"));
    return { base: base ?? 0, facets: filters, known: new Map(filters.map(({ filter, known }) => [filter, known])) };
  },
  staleTime: 60_000,
});

export type Example = { key: string; ko: string; en: string; rule: Rule };

export const examplesQuery = queryOptions({
  queryKey: ["examples"],
  queryFn: async () => (await answered(client.GET("/api/v1/rule/examples"))) as unknown as Example[],
  staleTime: Number.POSITIVE_INFINITY,
});

export type ListWish = { q?: string; tag?: string; archived?: boolean; sort?: string };

/** The saved audiences that answer a wish, page by page. */
export const audiencesQuery = ({ q, tag, archived, sort }: ListWish) =>
  infiniteQueryOptions({
    queryKey: ["audiences", { q, tag, archived, sort }],
    queryFn: ({ pageParam }) => {
      const query = { q, tag, archived, sort, limit: 100, cursor: pageParam ?? undefined };
      return answered(client.GET("/api/v1/audiences", { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData, // a letter typed does not empty the list, nor shut a menu that is open
  });

export const tagsQuery = queryOptions({
  queryKey: ["audiences", "tags"],
  queryFn: async () => (await answered(client.GET("/api/v1/audiences/tags"))).tags,
});

export const overlapQuery = (audiences: string[]) =>
  queryOptions({
    queryKey: ["audience", "overlap", audiences],
    queryFn: () => answered(client.POST("/api/v1/audiences/overlap", { body: { audiences, rules: true } })),
    staleTime: 30_000,
  });

export const sizesQuery = (id: string) =>
  queryOptions({
    queryKey: ["audience", id, "sizes"],
    queryFn: async () =>
      (await answered(client.GET("/api/v1/audiences/{audience}/sizes", { params: { path: { audience: id } } }))).sizes,
  });

export const audienceFacetsQuery = (id: string) =>
  queryOptions({
    queryKey: ["audience", id, "facets"],
    queryFn: async () =>
      (await answered(client.GET("/api/v1/audiences/{audience}/facets", { params: { path: { audience: id } } })))
        .facets,
    staleTime: 60_000,
  });

export const membersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["audience", id, "members"],
    queryFn: ({ pageParam }) => {
      const params = { path: { audience: id }, query: { limit: 50, cursor: pageParam ?? undefined } };
      return answered(client.GET("/api/v1/audiences/{audience}/members", { params }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const audienceQuery = (id: string) =>
  queryOptions({
    queryKey: ["audience", id],
    queryFn: () => answered(client.GET("/api/v1/audiences/{audience}", { params: { path: { audience: id } } })),
  });

/** The days a window means now, by the server's calendar of holidays. */
export const windowQuery = (window: Window) =>
  queryOptions({
    queryKey: ["window", window],
    queryFn: async () => {
      const { windows } = await answered(client.POST("/api/v1/windows", { body: { windows: [asSent(window)] } }));
      return windows[0] ?? [];
    },
    staleTime: 3_600_000,
  });

type Sent = Schemas["WindowsQuestion"]["windows"][number];
const asSent = (window: Window) => window as Sent;

/** Gentler forms of a rule, each with its count. */
export const relaxQuery = (rule: Rule | null) =>
  queryOptions({
    queryKey: ["relax", rule],
    queryFn: () => answered(client.POST("/api/v1/relax", { body: { rule: { ...rule } } })),
    staleTime: 30_000,
  });

/** A few members of a rule with why they are in it. */
export const sampleQuery = (rule: Rule | null) =>
  queryOptions({
    queryKey: ["sample", rule],
    queryFn: () => answered(client.POST("/api/v1/sample", { body: { rule: { ...rule }, n: 5 } })),
    staleTime: 60_000,
  });

export type Template = {
  key: string;
  ko: string;
  en: string;
  rule: Rule | null;
  count: number | null;
  reason: { ko: string; en: string } | null;
  remark: { ko: string; en: string } | null;
};
export type TemplateGroup = { key: string; ko: string; en: string; templates: Template[] };

/** The rules to begin with, each with how many people it means now. */
export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async (): Promise<TemplateGroup[]> => {
    const groups = (await answered(client.GET("/api/v1/rule/templates"))) as unknown as TemplateGroup[];
    const rules = groups.flatMap((group) => group.templates.flatMap(({ rule }) => (rule ? [{ ...rule }] : [])));
    if (rules.length === 0) return groups;
    const { counts } = await answered(client.POST("/api/v1/counts", { body: { rules } }));
    let next = 0;
    const counted = (each: Template) => ({ ...each, count: each.rule ? (counts[next++] ?? null) : null });
    return groups.map((group) => ({ ...group, templates: group.templates.map(counted) }));
  },
  staleTime: 60_000,
});

/** How fresh the numbers are. */
export const freshnessQuery = queryOptions({
  queryKey: ["freshness"],
  queryFn: () => answered(client.GET("/api/v1/freshness")),
  refetchInterval: 2000,
});

/** How the sources of live data stand. */
export const pipelineQuery = queryOptions({
  queryKey: ["pipeline"],
  queryFn: async () => ({ ...(await answered(client.GET("/api/v1/pipeline"))), at: Date.now() }),
  refetchInterval: 2000,
});

/** What could not be taken over, the newest first. Asked once: every look is in the trail. */
export const deadLettersQuery = queryOptions({
  queryKey: ["dead-letters"],
  queryFn: async () =>
    (await answered(client.GET("/api/v1/dead-letters", { params: { query: { limit: 1000 } } }))).letters,
});

/** The vague words of the team, and what each is taken for. */
export const glossaryQuery = queryOptions({
  queryKey: ["glossary"],
  queryFn: async () => (await answered(client.GET("/api/v1/glossary"))).words,
});

export const exportsQuery = queryOptions({
  queryKey: ["exports"],
  queryFn: async () => (await answered(client.GET("/api/v1/exports"))).exports,
});

export const audienceCountQuery = (id: string) =>
  queryOptions({
    queryKey: ["audience", id, "count"],
    queryFn: () => answered(client.GET("/api/v1/audiences/{audience}/count", { params: { path: { audience: id } } })),
    staleTime: 30_000,
  });

/** Who is signed in, and what they may do. */
export const meQuery = queryOptions({ queryKey: ["me"], queryFn: whoAmI, staleTime: 60_000 });

export const columnsQuery = queryOptions({
  queryKey: ["columns"],
  queryFn: () => answered(client.GET("/api/v1/exports/columns")),
  staleTime: Number.POSITIVE_INFINITY,
});

/** An export on its way, asked again until it has ended. */
export const exportQuery = (id: string | null) =>
  queryOptions({
    queryKey: ["export", id],
    queryFn: () =>
      answered(client.GET("/api/v1/exports/{export}", { params: { path: { export: id ?? "" }, query: { wait: 1 } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && isOver(state.data.state) ? false : 300),
  });

const OVER = new Set(["done", "failed", "refused", "expired"]);
export const isOver = (state: string): boolean => OVER.has(state);
