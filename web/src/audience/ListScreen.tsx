import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useWords } from "@/app/language";
import { Choice } from "@/rule/editors/Choice";
import type { Schemas } from "@/server/client";
import { audiencesQuery, tagsQuery } from "@/server/queries";
import { Button } from "@/ui/button";
import { Sparkline } from "@/ui/charts";
import { Check } from "@/ui/check";
import { Text } from "@/ui/fields";
import { Icon } from "@/ui/icons";
import { sayCount, sayMoment } from "@/ui/numbers";
import { AudienceMenu } from "./AudienceMenu";

export const MOST_COMPARED = 6;
const ROW = 64;
type Listed = Schemas["ListedAnswer"];

/** The saved audiences: found, sorted, opened, compared. */
export function ListScreen() {
  const { t } = useWords();
  const wish = useSearch({ from: "/audiences" });
  const asked = useInfiniteQuery(audiencesQuery(wish));
  const [chosen, setChosen] = useState<string[]>([]);
  const rows = asked.data?.pages.flatMap((page) => page.audiences) ?? [];
  const total = asked.data?.pages[0]?.total ?? 0;
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex min-h-0 w-full max-w-6xl flex-1 flex-col p-4 outline-none sm:p-6"
    >
      <header className="mb-4 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-xl font-bold tracking-tight">
          {t("audiences")} <span className="numbers text-base font-normal text-faint">{total.toLocaleString()}</span>
        </h1>
        <CompareButton chosen={chosen} />
        <NewButton />
      </header>
      <Filters />
      {asked.isPending && <div className="h-72 animate-pulse rounded-2xl bg-sunken" aria-busy="true" />}
      {asked.error && (
        <p role="alert" className="rounded-lg bg-danger-tint p-3 text-danger">
          {asked.error.message}
        </p>
      )}
      {asked.data && rows.length === 0 && <Empty />}
      {rows.length > 0 && (
        <Rows
          rows={rows}
          chosen={chosen}
          onChoose={(id, on) =>
            setChosen(on ? [...chosen, id].slice(-MOST_COMPARED) : chosen.filter((each) => each !== id))
          }
          onEnd={() => asked.hasNextPage && !asked.isFetchingNextPage && void asked.fetchNextPage()}
        />
      )}
    </main>
  );
}

function CompareButton({ chosen }: { chosen: string[] }) {
  const { t } = useWords();
  const navigate = useNavigate();
  if (chosen.length < 2) return null;
  return (
    <Button onPress={() => void navigate({ to: "/compare", search: { ids: chosen } })}>
      {t("compare_n", { n: chosen.length })}
    </Button>
  );
}

function NewButton() {
  const { t } = useWords();
  const navigate = useNavigate();
  return (
    <Button look="main" onPress={() => void navigate({ to: "/", search: { new: true } })}>
      <Icon name="plus" size={14} />
      {t("new")}
    </Button>
  );
}

const SORTS = ["-updated", "-created", "name", "-size", "owner"] as const;
const PAUSE_MS = 150;

/** Which audiences and in which order; all of it stands in the address. */
function Filters() {
  const { t } = useWords();
  const wish = useSearch({ from: "/audiences" });
  const navigate = useNavigate();
  const tags = useQuery(tagsQuery).data ?? [];
  const [text, setText] = useState(wish.q ?? "");
  const set = (part: Partial<typeof wish>) =>
    navigate({ to: "/audiences", search: { ...wish, ...part }, replace: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed asks anew
  useEffect(() => {
    if (text === (wish.q ?? "")) return;
    const timer = setTimeout(() => void set({ q: text || undefined }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="mb-3 grid grid-cols-2 gap-2 sm:grid-cols-[minmax(0,1fr)_10rem_10rem_auto]">
      <div className="max-sm:col-span-2">
        <Text
          label={t("audiences_search")}
          hidden
          placeholder={t("audiences_search")}
          value={text}
          onChange={setText}
          type="search"
        />
      </div>
      <Choice
        label={t("sort")}
        hidden
        items={SORTS.map((key) => ({ key, name: t(`sort_${key}`) }))}
        value={wish.sort ?? "-updated"}
        onChange={(sort) => void set({ sort })}
      />
      <Choice
        label={t("tags")}
        hidden
        items={[
          { key: "", name: t("tags_all") },
          ...tags.map(({ tag, count }) => ({ key: tag, name: `${tag} (${count})` })),
        ]}
        value={wish.tag ?? ""}
        onChange={(tag) => void set({ tag: tag || undefined })}
      />
      <Button
        look="quiet"
        aria-pressed={wish.archived ?? false}
        onPress={() => void set({ archived: wish.archived ? undefined : true })}
      >
        <Icon name="archive" size={14} />
        {t(wish.archived ? "archived_hide" : "archived_show")}
      </Button>
    </div>
  );
}

function Empty() {
  const { t } = useWords();
  const wish = useSearch({ from: "/audiences" });
  const filtered = Boolean(wish.q || wish.tag || wish.archived);
  return (
    <section className="rounded-2xl border border-dashed border-line p-12 text-center">
      <h2 className="text-lg font-semibold">{t(filtered ? "audiences_none" : "audiences_empty")}</h2>
      <p className="mt-1 mb-4 text-soft">{t(filtered ? "audiences_none_text" : "audiences_empty_text")}</p>
      {!filtered && <NewButton />}
    </section>
  );
}

type RowsProps = { rows: Listed[]; chosen: string[]; onChoose: (id: string, on: boolean) => void; onEnd: () => void };

/** Only the rows in sight are drawn, so that ten thousand scroll like ten. */
function Rows({ rows, chosen, onChoose, onEnd }: RowsProps) {
  const { t } = useWords();
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd();
  }, [last, rows.length, onEnd]);
  return (
    <div ref={place} className="slim-scroll max-h-[70dvh] overflow-auto rounded-2xl border border-line bg-surface">
      <ul aria-label={t("audiences")} className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index] as Listed;
          return (
            <li
              key={row.id}
              aria-posinset={item.index + 1}
              aria-setsize={rows.length}
              className="absolute inset-x-0 flex items-center gap-3 border-b border-line px-3 hover:bg-sunken"
              style={{ height: ROW, transform: `translateY(${item.start}px)` }}
            >
              <AudienceRow row={row} isChosen={chosen.includes(row.id)} onChoose={(on) => onChoose(row.id, on)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function AudienceRow({ row, isChosen, onChoose }: { row: Listed; isChosen: boolean; onChoose: (on: boolean) => void }) {
  const { t, language } = useWords();
  const points = row.sizes.map(({ day, size }) => ({ at: day, n: size ?? 0 }));
  return (
    <>
      <Check label={t("compare_choose", { name: row.name })} isSelected={isChosen} onChange={onChoose} />
      <div className="min-w-0 flex-1">
        <Link
          to="/audiences/$audience"
          params={{ audience: row.id }}
          className="block truncate rounded font-medium hover:text-accent"
        >
          {row.name}
        </Link>
        <p className="truncate text-xs text-faint">
          {[row.description, ...row.tags.map((tag) => `#${tag}`)].filter(Boolean).join(" · ") || row.owner}
        </p>
      </div>
      <span className="hidden text-xs text-faint md:block">{sayMoment(row.updated_at, language)}</span>
      <span className="hidden w-22 justify-end sm:flex">
        <Sparkline points={points} label={t("sizes_label", { n: points.length })} />
      </span>
      <span className="numbers w-20 text-right text-sm font-semibold">
        {row.size === null && row.sizes.length === 0 ? "–" : t("people", { n: sayCount(row.size, language) })}
        {!row.is_current && row.size !== null && (
          <span className="block text-xs font-normal text-warn">{t("not_current")}</span>
        )}
      </span>
      <AudienceMenu audience={row} />
    </>
  );
}
