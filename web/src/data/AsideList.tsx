import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "@/app/language";
import { answered, client } from "@/server/client";
import { deadLettersQuery } from "@/server/queries";
import { Button } from "@/ui/button";
import { sayMoment } from "@/ui/numbers";
import { Modal } from "@/ui/overlay";
import { type Aside, byReason } from "./flow";

const REASONS = [
  "late",
  "erased",
  "future",
  "not_json",
  "missing",
  "unknown_field",
  "wrong_value",
  "unknown_word",
  "reversed_dates",
  "personal_data",
] as const;

/** Of whom nothing is kept nothing can be tried again. */
const NOTHING_KEPT = "erased";

/** A reason in words; one without words by its code. */
function useReason() {
  const { t } = useWords();
  return (code: string) => {
    const known = REASONS.find((reason) => reason === code);
    return known ? t(`data_reason_${known}`) : code;
  };
}

/** What was put aside, by reason, with a way to try it again. */
export function AsideList({ allowed }: { allowed: boolean }) {
  const { t } = useWords();
  const asked = useQuery({ ...deadLettersQuery, enabled: allowed });
  const [chosen, choose] = useState<Aside | null>(null);
  const [replayed, setReplayed] = useState<number | null>(null);
  const found = byReason(asked.data ?? []);
  return (
    <section aria-labelledby="aside" className="rounded-2xl border border-line bg-surface p-4">
      <h2 id="aside" className="font-semibold">
        {t("data_aside")}
      </h2>
      <p className="mt-0.5 text-sm text-soft">{t(allowed ? "data_aside_hint" : "data_aside_no_right")}</p>
      {asked.error && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {asked.error.message}
        </p>
      )}
      {asked.data && found.length === 0 && <p className="mt-3 text-sm text-soft">{t("data_aside_none")}</p>}
      {found.length > 0 && <Reasons found={found} onChoose={choose} />}
      <p role="status" className="text-sm text-good">
        {replayed !== null && t("data_replayed", { n: replayed })}
      </p>
      {chosen && <Replay aside={chosen} onClose={() => choose(null)} onDone={setReplayed} />}
    </section>
  );
}

function Reasons({ found, onChoose }: { found: Aside[]; onChoose: (aside: Aside) => void }) {
  const { t, language } = useWords();
  const say = useReason();
  return (
    <ul className="mt-3 flex flex-col divide-y divide-line">
      {found.map((aside) => (
        <li key={aside.reason} className="flex flex-wrap items-center gap-3 py-2 text-sm">
          <div className="mr-auto min-w-0">
            <span className="font-medium">{say(aside.reason)}</span>{" "}
            <span className="tabular-nums">{t("data_times", { n: aside.times.toLocaleString(language) })}</span>
            <p className="text-xs text-soft">
              {t("data_since", { from: sayMoment(aside.from, language), to: sayMoment(aside.to, language) })}
            </p>
          </div>
          {aside.reason !== NOTHING_KEPT && <Button onPress={() => onChoose(aside)}>{t("data_replay")}</Button>}
        </li>
      ))}
    </ul>
  );
}

type ReplayProps = { aside: Aside; onClose: () => void; onDone: (n: number) => void };

function Replay({ aside, onClose, onDone }: ReplayProps) {
  const { t } = useWords();
  const say = useReason();
  const queries = useQueryClient();
  const replay = useMutation({
    mutationFn: () => answered(client.POST("/api/v1/dead-letters/replay", { body: { reason: aside.reason } })),
    onSuccess: ({ replayed }) => {
      onDone(replayed);
      onClose();
      return queries.invalidateQueries({ queryKey: ["dead-letters"] });
    },
  });
  return (
    <Modal title={t("data_replay")} isOpen onClose={onClose}>
      <p className="text-sm">{t("data_replay_ask", { reason: say(aside.reason), n: aside.times })}</p>
      {replay.error && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {replay.error.message}
        </p>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onPress={onClose}>{t("close")}</Button>
        <Button look="main" isDisabled={replay.isPending} onPress={() => replay.mutate()}>
          {t("data_replay")}
        </Button>
      </div>
    </Modal>
  );
}
