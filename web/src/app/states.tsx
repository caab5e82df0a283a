import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { useWords } from "./language";

/** The shape of a page while it is on its way. */
export function Loading() {
  const { t } = useWords();
  return (
    <div className="grid flex-1 gap-4 p-4 lg:grid-cols-[16rem_1fr_21rem]" aria-busy="true">
      <span className="sr-only" role="status">
        {t("loading")}
      </span>
      {[0, 1, 2].map((each) => (
        <div key={each} className="h-72 animate-pulse rounded-2xl bg-sunken" />
      ))}
    </div>
  );
}

/** A page that could not be shown, with a way on. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const { t } = useWords();
  return (
    <main className="mx-auto max-w-md p-10 text-center" role="alert">
      <h1 className="text-lg font-semibold">{t("failed")}</h1>
      <p className="mt-1 text-soft">{error instanceof Error ? error.message : String(error)}</p>
      <Button className="mt-4" onPress={reset}>
        {t("retry")}
      </Button>
    </main>
  );
}

/** An address nothing stands at. */
export function NotFound() {
  const { t } = useWords();
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-md p-10 text-center">
      <h1 className="text-lg font-semibold">{t("not_found")}</h1>
      <Link to="/" className="mt-3 inline-block text-accent underline">
        {t("builder")}
      </Link>
    </main>
  );
}
