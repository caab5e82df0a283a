import { useInfiniteQuery, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useWords } from "@/app/language";
import type { Catalog } from "@/catalog/catalog";
import { lineLabel } from "@/catalog/catalog";
import { DifferenceList } from "@/rule/DifferenceList";
import { freshId } from "@/rule/making";
import { sayDoc } from "@/rule/sentence";
import { docOf, type Rule } from "@/rule/tree";
import type { Saved } from "@/server/client";
import {
  audienceCountQuery,
  audienceFacetsQuery,
  audienceQuery,
  catalogQuery,
  membersQuery,
  sizesQuery,
} from "@/server/queries";
import { Button } from "@/ui/button";
import { SizeChart } from "@/ui/charts";
import { sayCount, sayMoment, sayShare } from "@/ui/numbers";
import { AudienceMenu } from "./AudienceMenu";
import { useActing } from "./acting";
import { leading, ranked } from "./facets";
import { newest } from "./saving";

const Movements = lazy(() => import("./Movements").then((module) => ({ default: module.Movements })));

const TABS = ["overview", "breakdown", "members", "versions"] as const;

/** A saved audience: what it means, how many it is and was, who they are, and how it came to be. */
export function DetailScreen() {
  const { t, language } = useWords();
  const { audience: id } = useParams({ from: "/audiences/$audience" });
  const { data: catalog } = useSuspenseQuery(catalogQuery);
  const { data: saved } = useSuspenseQuery(audienceQuery(id));
  return (
    <main id="content" tabIndex={-1} className="slim-scroll w-full flex-1 overflow-y-auto outline-none">
      <div className="mx-auto max-w-4xl p-4 sm:p-6">
        <Head saved={saved} catalog={catalog} />
        <Tabs className="mt-6">
          <TabList aria-label={saved.name} className="flex gap-1 overflow-x-auto border-b border-line">
            {TABS.map((key) => (
              <Tab
                key={key}
                id={key}
                className="border-b-2 border-transparent px-3 py-2 text-sm whitespace-nowrap text-soft data-selected:border-accent data-selected:font-semibold data-selected:text-accent"
              >
                {t(`detail_${key}`)}
              </Tab>
            ))}
          </TabList>
          <TabPanel id="overview" className="py-4">
            <Overview id={id} saved={saved} language={language} />
          </TabPanel>
          <TabPanel id="breakdown" className="py-4">
            <Breakdown id={id} catalog={catalog} />
          </TabPanel>
          <TabPanel id="members" className="py-4">
            <Members id={id} />
          </TabPanel>
          <TabPanel id="versions" className="py-4">
            <Versions saved={saved} catalog={catalog} />
          </TabPanel>
        </Tabs>
      </div>
    </main>
  );
}

function Head({ saved, catalog }: { saved: Saved; catalog: Catalog }) {
  const { t, language } = useWords();
  const acting = useActing();
  const counted = useQuery(audienceCountQuery(saved.id)).data;
  return (
    <header>
      <div className="flex flex-wrap items-start gap-2">
        <div className="mr-auto min-w-0">
          <h1 className="text-2xl font-bold tracking-tight">{saved.name}</h1>
          <p className="text-xs text-faint">{[saved.owner, ...saved.tags.map((tag) => `#${tag}`)].join(" · ")}</p>
        </div>
        <Button look="main" onPress={() => void acting.open(saved.id)}>
          {t("audience_open")}
        </Button>
        <AudienceMenu audience={saved} />
      </div>
      {saved.description && <p className="mt-2 text-soft">{saved.description}</p>}
      <p className="mt-3 rounded-xl bg-sunken px-4 py-3">{sayDoc(docOf(newest(saved), freshId), catalog, language)}</p>
      <p className="numbers mt-4 text-4xl font-bold tracking-tight">
        {counted ? t("people", { n: sayCount(counted.count, language) }) : "–"}
      </p>
      {counted && (
        <p className="numbers mt-1 text-sm text-soft">
          {t("share_of_base", {
            base: sayCount(counted.base, language),
            share: sayShare(counted.count, counted.base, language),
          })}{" "}
          · {t("as_of", { at: sayMoment(counted.fresh_as_of ?? counted.as_of, language) })}
        </p>
      )}
    </header>
  );
}

function Overview({ id, saved, language }: { id: string; saved: Saved; language: "ko" | "en" }) {
  const { t } = useWords();
  const sizes = useQuery(sizesQuery(id)).data ?? [];
  const points = sizes.map(({ day, size }) => ({ at: day, n: size ?? 0 }));
  return (
    <div className="flex flex-col gap-5">
      <section className="rounded-2xl border border-line bg-surface p-4">
        <h2 className="mb-2 text-sm font-semibold">{t("sizes")}</h2>
        {points.length < 2 && <p className="text-sm text-faint">{t("sizes_few")}</p>}
        <SizeChart
          points={points}
          label={t("sizes_label", { n: points.length })}
          sayNumber={(n) => sayCount(n, language)}
          sayDay={(at) => at}
        />
        {points.length >= 2 && <SizeTable points={points} />}
      </section>
      <Suspense fallback={<div className="h-52 animate-pulse rounded-2xl bg-sunken" aria-busy="true" />}>
        <Movements id={id} />
      </Suspense>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        <dt className="text-faint">{t("created")}</dt>
        <dd>{sayMoment(saved.created_at, language)}</dd>
        <dt className="text-faint">{t("updated")}</dt>
        <dd>{sayMoment(saved.updated_at, language)}</dd>
      </dl>
    </div>
  );
}

function SizeTable({ points }: { points: { at: string; n: number }[] }) {
  const { t, language } = useWords();
  return (
    <details className="mt-2 text-xs">
      <summary className="text-faint">{t("as_table")}</summary>
      <table className="numbers mt-1">
        <tbody>
          {points.map((point) => (
            <tr key={point.at}>
              <th scope="row" className="pr-6 text-left font-normal">
                {point.at}
              </th>
              <td className="text-right">{sayCount(point.n, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const SHOWN = 12;

function Breakdown({ id, catalog }: { id: string; catalog: Catalog }) {
  const { language } = useWords();
  const facets = useQuery(audienceFacetsQuery(id)).data;
  const counted = useQuery(audienceCountQuery(id)).data;
  if (!facets || !counted) return <div className="h-72 animate-pulse rounded-2xl bg-sunken" aria-busy="true" />;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {ranked(facets, counted.count ?? 0, counted.base ?? 0)
        .slice(0, SHOWN)
        .map((facet) => {
          const filter = catalog.filter.get(facet.filter);
          if (!filter) return null;
          return (
            <section key={facet.filter} className="rounded-xl border border-line bg-surface p-3">
              <h3 className="mb-1 text-sm font-semibold">{filter[language]}</h3>
              <table className="numbers w-full text-xs">
                <tbody>
                  {leading(facet.lines, 6).map((line) => (
                    <tr key={line.key}>
                      <th scope="row" className="max-w-32 truncate py-0.5 text-left font-normal">
                        {lineLabel(filter, line.key, language)}
                      </th>
                      <td className="w-1/3 px-2">
                        <svg aria-hidden="true" className="h-1.5 w-full" preserveAspectRatio="none" viewBox="0 0 100 1">
                          <rect width="100" height="1" className="fill-line" />
                          <rect width={Math.min(100, 100 * line.share)} height="1" className="fill-accent" />
                        </svg>
                      </td>
                      <td className="text-right font-medium">{sayShare(line.share, 1, language)}</td>
                      <td className="w-12 text-right text-faint">{line.lift > 0 ? `${line.lift.toFixed(1)}×` : ""}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          );
        })}
    </div>
  );
}

function Members({ id }: { id: string }) {
  const { t } = useWords();
  const asked = useInfiniteQuery(membersQuery(id));
  const members = asked.data?.pages.flatMap((page) => page.user_ids) ?? [];
  if (asked.error)
    return (
      <p role="alert" className="text-danger">
        {asked.error.message}
      </p>
    );
  return (
    <section>
      <p className="mb-2 text-xs text-faint">{t("members_text")}</p>
      <ul className="numbers grid grid-cols-2 gap-1 text-sm sm:grid-cols-4">
        {members.map((member) => (
          <li key={member} className="rounded-md bg-surface px-2 py-1">
            {member.slice(0, 2)}••••{member.slice(-3)}
          </li>
        ))}
      </ul>
      {asked.hasNextPage && (
        <Button className="mt-3" isDisabled={asked.isFetchingNextPage} onPress={() => void asked.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </section>
  );
}

function Versions({ saved, catalog }: { saved: Saved; catalog: Catalog }) {
  const { t, language } = useWords();
  return (
    <ol className="flex flex-col gap-3">
      {saved.versions.map((version, index) => {
        const before = saved.versions[index + 1];
        return (
          <li key={version.version} className="rounded-xl border border-line bg-surface p-3">
            <h3 className="text-sm font-semibold">{t("saved_version", { n: version.version })}</h3>
            <p className="mb-2 text-xs text-faint">
              {[sayMoment(version.at, language), version.author, version.note].filter(Boolean).join(" · ")}
            </p>
            {before ? (
              <DifferenceList
                before={before.rule as unknown as Rule}
                after={version.rule as unknown as Rule}
                catalog={catalog}
              />
            ) : (
              <p className="text-xs">{sayDoc(docOf(version.rule as unknown as Rule, freshId), catalog, language)}</p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
