import { useQuery } from "@tanstack/react-query";
import { whoAmI } from "@/server/session";
import { Button } from "@/ui/button";
import { useWords } from "./language";

/** Who is signed in, and the way out. */
export function Me() {
  const { t } = useWords();
  const { data } = useQuery({ queryKey: ["me"], queryFn: whoAmI, staleTime: Number.POSITIVE_INFINITY });
  if (!data) return null;
  return (
    <form method="post" action="/sign-out" className="flex items-center gap-2">
      <span className="text-sm whitespace-nowrap text-soft max-lg:sr-only">{data.name}</span>
      <input type="hidden" name="csrf" value={data.csrf ?? ""} />
      <Button look="quiet" type="submit">
        {t("sign_out")}
      </Button>
    </form>
  );
}
