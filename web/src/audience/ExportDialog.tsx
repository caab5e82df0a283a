import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form, ProgressBar } from "react-aria-components";
import { useWords } from "@/app/language";
import { Segments } from "@/rule/editors/Choice";
import { type Audience, answered, client, type ExportJob } from "@/server/client";
import { columnsQuery, exportQuery, isOver } from "@/server/queries";
import { Button } from "@/ui/button";
import { Check } from "@/ui/check";
import { Text } from "@/ui/fields";
import { Icon } from "@/ui/icons";
import { sayCount } from "@/ui/numbers";
import { Modal } from "@/ui/overlay";

type Props = { audience: Audience; isOpen: boolean; onClose: () => void };

/** What for, which columns, which kind of file; then how far it is, and the file. */
export function ExportDialog({ audience, isOpen, onClose }: Props) {
  const { t } = useWords();
  const [job, setJob] = useState<string | null>(null);
  const close = () => {
    setJob(null);
    onClose();
  };
  return (
    <Modal title={t("export_title", { name: audience.name })} isOpen={isOpen} onClose={close}>
      {job ? <Progress id={job} /> : <Wish audience={audience} onAsked={setJob} />}
    </Modal>
  );
}

const FORMATS = [
  { key: "csv", name: "CSV" },
  { key: "json", name: "JSON" },
];

function Wish({ audience, onAsked }: { audience: Audience; onAsked: (id: string) => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [purpose, setPurpose] = useState("");
  const [format, setFormat] = useState("csv");
  const [columns, setColumns] = useState<string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async () => {
    const params = { path: { audience: audience.id } };
    const body = { purpose, format, columns, bom: format === "csv" };
    try {
      onAsked((await answered(client.POST("/api/v1/audiences/{audience}/export", { params, body }))).id);
      await queries.invalidateQueries({ queryKey: ["exports"] });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <Text
        label={t("export_purpose")}
        value={purpose}
        onChange={setPurpose}
        isRequired
        autoFocus
        hint={t("export_purpose_hint")}
      />
      <Segments label={t("export_format")} items={FORMATS} value={format} onChange={setFormat} />
      <Columns chosen={columns} onChange={setColumns} />
      {problem && (
        <p role="alert" className="rounded-lg bg-danger-tint p-2 text-xs text-danger">
          {problem}
        </p>
      )}
      <Button look="main" type="submit" isDisabled={purpose.trim() === ""} className="self-end">
        {t("export_start")}
      </Button>
    </Form>
  );
}

function Columns({ chosen, onChange }: { chosen: string[]; onChange: (chosen: string[]) => void }) {
  const { t, language } = useWords();
  const columns = useQuery(columnsQuery).data ?? [];
  const groups = [
    { title: t("export_columns"), hint: t("export_columns_hint"), isContact: false },
    { title: t("export_contacts"), hint: t("export_contacts_hint"), isContact: true },
  ];
  return groups.map(({ title, hint, isContact }) => (
    <fieldset key={title}>
      <legend className="mb-1 text-xs font-medium text-soft">{title}</legend>
      <p className="mb-2 text-xs text-faint">{hint}</p>
      <div className="grid gap-1 sm:grid-cols-2">
        {columns
          .filter(({ contact }) => contact === isContact)
          .map(({ key, ...labels }) => (
            <Check
              key={key}
              label={labels[language]}
              isShown
              isSelected={chosen.includes(key)}
              onChange={(on) => onChange(on ? [...chosen, key] : chosen.filter((each) => each !== key))}
            />
          ))}
      </div>
    </fieldset>
  ));
}

/** How far an export is; its file once it is there. */
function Progress({ id }: { id: string }) {
  const { t } = useWords();
  const job = useQuery(exportQuery(id)).data;
  if (!job) return <div className="h-16 animate-pulse rounded-xl bg-sunken" aria-busy="true" />;
  return (
    <div className="flex flex-col gap-3" aria-live="polite">
      <ExportState job={job} />
      {!isOver(job.state) && (
        <ProgressBar
          aria-label={t("export_running")}
          value={job.written ?? 0}
          maxValue={job.rows || 1}
          isIndeterminate={job.rows === null || job.rows === undefined}
          className="h-1.5 overflow-hidden rounded-full bg-line"
        >
          {({ percentage }) => (
            <div
              className={`h-full rounded-full bg-accent ${percentage === undefined ? "w-1/3 animate-pulse" : "transition-[width]"}`}
              style={percentage === undefined ? undefined : { width: `${percentage}%` }}
            />
          )}
        </ProgressBar>
      )}
      {job.file && <FileLink job={job} />}
    </div>
  );
}

export function FileLink({ job }: { job: ExportJob }) {
  const { t } = useWords();
  return (
    <a
      href={job.file ?? ""}
      download={`audience-${job.id}.${job.format}`}
      className="inline-flex h-8 items-center gap-1.5 self-start rounded-lg bg-accent px-3 text-sm font-semibold text-on-accent"
    >
      <Icon name="download" size={15} />
      {t("export_download", { format: job.format.toUpperCase() })}
    </a>
  );
}

/** Where an export stands, in words. */
export function ExportState({ job }: { job: ExportJob }) {
  const { t, language } = useWords();
  if (job.state === "done") return <p>{t("export_done", { n: sayCount(job.count, language) })}</p>;
  if (job.state === "failed") return <p className="text-danger">{job.problem ?? t("failed")}</p>;
  if (job.state === "requested") return <p className="text-warn">{t("export_waiting")}</p>;
  if (typeof job.rows !== "number") return <p>{t("export_running")}</p>;
  const far = { n: (job.written ?? 0).toLocaleString(language), of: job.rows.toLocaleString(language) };
  return <p className="numbers">{t("export_far", far)}</p>;
}
