import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useWords } from "@/app/language";
import { pipelineQuery } from "@/server/queries";
import { isBehind, slowestOf } from "./flow";

const TOPICS = ["events", "operations"] as const;

/** Beside how old a number is: the source it waits for longest, and the way to see why. */
export function Slowest() {
  const { t } = useWords();
  const pipeline = useQuery({ ...pipelineQuery, refetchInterval: 30_000 }).data;
  const slow = pipeline && slowestOf(pipeline);
  if (!slow) return null;
  const known = TOPICS.find((each) => each === slow.topic);
  const what = known ? t(`data_source_${known}`) : slow.topic;
  const late = isBehind(slow, pipeline.at);
  return (
    <Link to="/data" className={`rounded underline underline-offset-2 ${late ? "text-warn" : "text-faint"}`}>
      {t(late ? "data_slowest_late" : "data_slowest", { what })}
    </Link>
  );
}
