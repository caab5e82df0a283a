import { useQuery } from "@tanstack/react-query";
import { useWords } from "@/app/language";
import type { Catalog, WindowKind } from "@/catalog/catalog";
import { windowQuery } from "@/server/queries";
import { Text } from "@/ui/fields";
import type { Window } from "../tree";
import { datesOf, todayInKorea } from "../windows";
import { Choice, Segments } from "./Choice";
import { NumberInput } from "./NumberInput";

type Props = { catalog: Catalog; kinds: WindowKind[]; value: Window; onChange: (window: Window) => void };

const ORDER: WindowKind[] = ["last", "next", "calendar", "named", "between", "days", "ever", "future"];
const FIRST: Record<WindowKind, (today: string) => Window> = {
  last: () => ({ type: "last", n: 30 }),
  next: () => ({ type: "next", n: 7 }),
  days: () => ({ type: "days", start: -60, end: -31 }),
  calendar: () => ({ type: "calendar", unit: "month", offset: -1 }),
  named: () => ({ type: "named", name: "chuseok", year: "recent" }),
  between: (today) => ({ type: "between", start: `${today.slice(0, 8)}01`, end: today }),
  ever: () => ({ type: "ever" }),
  future: () => ({ type: "future" }),
};
const QUICK = [7, 14, 30, 90, 180, 365];

/** A span of time, with the days it means as of today. */
export function WindowEditor({ catalog, kinds, value, onChange }: Props) {
  const { t } = useWords();
  const items = ORDER.filter((kind) => kinds.includes(kind)).map((key) => ({ key, name: t(`window_${key}`) }));
  const begin = (kind: string) => {
    if (kind !== value.type) onChange(FIRST[kind as WindowKind](todayInKorea(new Date())));
  };
  return (
    <div className="flex w-72 flex-col gap-3">
      <Segments label={t("window_kind")} items={items} value={value.type} onChange={begin} />
      <Fields catalog={catalog} value={value} onChange={onChange} />
      <Resolved window={value} />
    </div>
  );
}

type FieldsProps = { catalog: Catalog; value: Window; onChange: (window: Window) => void };

function Fields({ catalog, value, onChange }: FieldsProps) {
  switch (value.type) {
    case "last":
    case "next":
      return <Rolling value={value} onChange={onChange} />;
    case "days":
      return <Offsets value={value} onChange={onChange} />;
    case "calendar":
      return <CalendarUnit value={value} onChange={onChange} />;
    case "named":
      return <Season catalog={catalog} value={value} onChange={onChange} />;
    case "between":
      return <Dates value={value} onChange={onChange} />;
    default:
      return null;
  }
}

type Of<Type extends Window["type"]> = { value: Extract<Window, { type: Type }>; onChange: (window: Window) => void };

function Rolling({ value, onChange }: Of<"last" | "next">) {
  const { t } = useWords();
  const unit = value.unit ?? "day";
  const units = (["day", "week", "month", "year"] as const).map((key) => ({ key, name: t(`unit_${key}`) }));
  return (
    <div className="flex flex-col gap-2">
      <div className="grid grid-cols-2 gap-2">
        <NumberInput
          label={t(`window_${value.type}`)}
          value={value.n}
          autoFocus
          onChange={(n) => n > 0 && onChange({ ...value, n })}
        />
        <Choice
          label={t("unit")}
          items={units}
          value={unit}
          onChange={(key) => onChange({ ...value, unit: key as typeof unit })}
        />
      </div>
      <Segments
        label={t("window")}
        items={QUICK.map((n) => ({ key: String(n), name: `${n}${t("unit_day")}` }))}
        value={unit === "day" ? String(value.n) : ""}
        onChange={(key) => onChange({ type: value.type, n: Number(key) })}
      />
    </div>
  );
}

function Offsets({ value, onChange }: Of<"days">) {
  const { t } = useWords();
  return (
    <div className="grid grid-cols-2 gap-2">
      <NumberInput
        label={t("days_start")}
        value={-value.start}
        onChange={(n) => onChange({ ...value, start: -n, end: Math.max(-n, value.end) })}
      />
      <NumberInput
        label={t("days_end")}
        value={-value.end}
        onChange={(n) => onChange({ ...value, end: -n, start: Math.min(-n, value.start) })}
      />
    </div>
  );
}

function CalendarUnit({ value, onChange }: Of<"calendar">) {
  const { t } = useWords();
  const units = (["day", "week", "month", "quarter", "half", "year"] as const).map((key) => ({
    key,
    name: t(`unit_${key}`),
  }));
  const offsets = [-1, 0, 1].map((n) => ({
    key: String(n),
    name: t(n < 0 ? "offset_last" : n > 0 ? "offset_next" : "offset_this"),
  }));
  return (
    <div className="grid grid-cols-2 gap-2">
      <Choice
        label={t("calendar_which")}
        items={offsets}
        value={String(value.offset ?? 0)}
        onChange={(key) => onChange({ ...value, offset: Number(key) })}
      />
      <Choice
        label={t("unit")}
        items={units}
        value={value.unit}
        onChange={(key) => onChange({ type: "calendar", unit: key as typeof value.unit, offset: value.offset ?? 0 })}
      />
    </div>
  );
}

function Season({ catalog, value, onChange }: Of<"named"> & { catalog: Catalog }) {
  const { t, language } = useWords();
  const seasons = catalog.seasons.map((season) => ({ key: season.key, name: season[language] }));
  const years = (["recent", "upcoming", "last", "this", "next"] as const).map((key) => ({
    key,
    name: t(`year_${key}`),
  }));
  return (
    <div className="grid grid-cols-2 gap-2">
      <Choice
        label={t("year")}
        items={years}
        value={String(value.year ?? "this")}
        onChange={(year) => onChange({ ...value, year: year as "last" })}
      />
      <Choice
        label={t("season")}
        items={seasons}
        value={value.name}
        onChange={(name) => onChange({ ...value, name })}
      />
    </div>
  );
}

function Dates({ value, onChange }: Of<"between">) {
  const { t } = useWords();
  const set = (part: Partial<typeof value>) => {
    const next = { ...value, ...part };
    if (next.start && next.end && next.start > next.end) return;
    if (next.start || next.end) onChange(Object.fromEntries(Object.entries(next).filter(([, each]) => each)) as Window);
  };
  return (
    <div className="grid grid-cols-2 gap-2">
      <Text label={t("from")} type="date" defaultValue={value.start ?? ""} onChange={(start) => set({ start })} />
      <Text label={t("to")} type="date" defaultValue={value.end ?? ""} onChange={(end) => set({ end })} />
    </div>
  );
}

/** The days a window means today; named stretches are asked of the server's calendar. */
export function Resolved({ window }: { window: Window }) {
  const { t } = useWords();
  const own = datesOf(window, todayInKorea(new Date()));
  const asked = useQuery({ ...windowQuery(window), enabled: own === null });
  const ranges = own ? [own] : (asked.data ?? []);
  const say = ({ start, end }: { start: string | null; end: string | null }) =>
    start && end
      ? t("resolved", { start, end })
      : start
        ? t("resolved_open_end", { start })
        : t("resolved_open_start", { end: end ?? "" });
  return (
    <p className="numbers text-xs text-faint" aria-live="polite">
      {ranges.length > 0 ? ranges.map(say).join(", ") : t("resolved_server")}
    </p>
  );
}
