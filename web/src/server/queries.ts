/** What the pages ask of the server, each with the key it is remembered by. */

import { queryOptions } from "@tanstack/react-query";
import { type CatalogAnswer, catalogOf } from "@/catalog/catalog";
import type { Rule, Window } from "@/rule/tree";
import { answered, client, type Schemas } from "./client";

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

export const audiencesQuery = (archived: boolean) =>
  queryOptions({
    queryKey: ["audiences", { archived }],
    queryFn: () => answered(client.GET("/api/v1/audiences", { params: { query: { archived } } })),
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
