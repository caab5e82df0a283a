import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useWords } from "@/app/language";
import { answered, client, type ExportJob } from "@/server/client";
import { columnsQuery, exportsQuery, meQuery } from "@/server/queries";
import { Button } from "@/ui/button";
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
              {job.state === "requested" && <Approve job={job} />}
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}

/** What somebody else asked for, for who may approve it: contacts take a right of their own. */
function Approve({ job }: { job: ExportJob }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const contacts = new Set((useQuery(columnsQuery).data ?? []).filter(({ contact }) => contact).map(({ key }) => key));
  const params = { path: { export: job.id } };
  const approval = useMutation({
    mutationFn: () => answered(client.POST("/api/v1/exports/{export}/approve", { params })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["exports"] }),
  });
  const needed = job.columns.some((key) => contacts.has(key)) ? "approve_contacts" : "approve";
  if (!me?.permissions.includes(needed) || me.id === job.principal) return null;
  return (
    <div className="flex flex-col items-end gap-1">
      <Button look="main" onPress={() => approval.mutate()} isDisabled={approval.isPending}>
        {t("export_approve")}
      </Button>
      {approval.error && (
        <p role="alert" className="text-xs text-danger">
          {approval.error.message}
        </p>
      )}
    </div>
  );
}
