import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { catalogQuery } from "@/server/queries";
import { Shell } from "./Shell";
import { Failed, Loading } from "./states";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Shell });

const builder = createRoute({
  getParentRoute: () => root,
  path: "/",
  loader: ({ context }) => context.queries.ensureQueryData(catalogQuery),
  component: lazyRouteComponent(() => import("@/rule/BuilderScreen"), "BuilderScreen"),
});

const tree = root.addChildren([builder]);

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultErrorComponent: Failed,
  });
