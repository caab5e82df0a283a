import { useQuery } from "@tanstack/react-query";
import { useWords } from "@/app/language";
import { exportsQuery } from "@/server/queries";
import { sayMoment } from "@/ui/numbers";
import { ExportState, FileLink } from "./ExportDialog";

/** What was exported, what for, and where it stands. */
export function ExportsScreen() {
  const { t, language } = useWords();
  const asked = useQuery({ ...exportsQuery, refetchInterval: 5000 });
  const jobs = asked.data ?? [];
  return (
    <main id="content" tabIndex={-1} className="slim-scroll w-full flex-1 overflow-y-auto outline-none">
      <div className="mx-auto max-w-4xl p-4 sm:p-6">
        <h1 className="mb-4 text-xl font-bold tracking-tight">{t("exports")}</h1>
        {asked.isPending && <div className="h-64 animate-pulse rounded-2xl bg-sunken" aria-busy="true" />}
        {asked.error && (
          <p role="alert" className="text-danger">
            {asked.error.message}
          </p>
        )}
        {asked.data && jobs.length === 0 && (
          <p className="rounded-2xl border border-dashed border-line p-12 text-center text-soft">
            {t("exports_empty")}
          </p>
        )}
        <ul className="flex flex-col gap-2">
          {jobs.map((job) => (
            <li key={job.id} className="flex flex-wrap items-center gap-3 rounded-xl border border-line bg-surface p-3">
              <div className="mr-auto min-w-0">
                <h2 className="text-sm font-semibold">{job.purpose}</h2>
                <p className="text-xs text-faint">
                  {sayMoment(job.requested_at, language)} · {job.principal} · {job.format.toUpperCase()}
                </p>
                <div className="mt-1 text-xs">
                  <ExportState job={job} />
                </div>
              </div>
              {job.file && <FileLink job={job} />}
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
