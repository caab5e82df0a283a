/** What can be done with a saved audience, each followed by what the lists must ask anew. */

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { freshId } from "@/rule/making";
import { useBuilder } from "@/rule/store";
import { docOf } from "@/rule/tree";
import { answered, client } from "@/server/client";
import { forgetAudiences, newest, openedOf } from "./saving";

export function useActing() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const path = (id: string) => ({ params: { path: { audience: id } } });
  return {
    /** Into the builder, at its newest version. */
    open: async (id: string) => {
      const saved = await answered(client.GET("/api/v1/audiences/{audience}", path(id)));
      const counted = await answered(client.GET("/api/v1/audiences/{audience}/count", path(id)));
      useBuilder.getState().load(docOf(newest(saved), freshId), openedOf(saved, counted.count ?? undefined));
      await navigate({ to: "/" });
    },
    duplicate: async (id: string) => {
      const copy = await answered(client.POST("/api/v1/audiences/{audience}/duplicate", { ...path(id), body: {} }));
      await forgetAudiences(queries);
      return copy;
    },
    archive: async (id: string) => {
      await answered(client.POST("/api/v1/audiences/{audience}/archive", path(id)));
      await forgetAudiences(queries);
    },
    restore: async (id: string) => {
      await answered(client.POST("/api/v1/audiences/{audience}/restore", path(id)));
      await forgetAudiences(queries);
    },
  };
}
