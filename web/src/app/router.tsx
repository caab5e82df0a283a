import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { audienceQuery, catalogQuery, everybodyQuery, examplesQuery, type ListWish } from "@/server/queries";
import { Shell } from "./Shell";
import { Failed, Loading, NotFound } from "./states";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Shell, notFoundComponent: NotFound });
const getParentRoute = () => root;
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const builder = createRoute({
  getParentRoute,
  path: "/",
  validateSearch: (search): { new?: true } => (search.new ? { new: true } : {}),
  loader: ({ context: { queries } }) => {
    // Asked for along with the catalog: the largest thing on the first picture is how many everybody is.
    void queries.prefetchQuery(everybodyQuery);
    void queries.prefetchQuery(examplesQuery);
    return queries.ensureQueryData(catalogQuery);
  },
  component: lazyRouteComponent(() => import("@/rule/BuilderScreen"), "BuilderScreen"),
});

const list = createRoute({
  getParentRoute,
  path: "/audiences",
  validateSearch: (search): ListWish => ({
    q: text(search.q),
    tag: text(search.tag),
    sort: text(search.sort),
    archived: search.archived ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("@/audience/ListScreen"), "ListScreen"),
});

const detail = createRoute({
  getParentRoute,
  path: "/audiences/$audience",
  loader: ({ context, params }) =>
    Promise.all([
      context.queries.ensureQueryData(catalogQuery),
      context.queries.ensureQueryData(audienceQuery(params.audience)),
    ]),
  component: lazyRouteComponent(() => import("@/audience/DetailScreen"), "DetailScreen"),
});

const compare = createRoute({
  getParentRoute,
  path: "/compare",
  validateSearch: (search): { ids: string[] } => ({
    ids: Array.isArray(search.ids) ? search.ids.map(String).slice(0, 6) : [],
  }),
  component: lazyRouteComponent(() => import("@/audience/CompareScreen"), "CompareScreen"),
});

const files = createRoute({
  getParentRoute,
  path: "/exports",
  component: lazyRouteComponent(() => import("@/audience/ExportsScreen"), "ExportsScreen"),
});

const data = createRoute({
  getParentRoute,
  path: "/data",
  component: lazyRouteComponent(() => import("@/data/DataScreen"), "DataScreen"),
});

const glossary = createRoute({
  getParentRoute,
  path: "/glossary",
  component: lazyRouteComponent(() => import("@/sentence/GlossaryScreen"), "GlossaryScreen"),
});

const tree = root.addChildren([builder, list, detail, compare, files, data, glossary]);

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultErrorComponent: Failed,
  });
