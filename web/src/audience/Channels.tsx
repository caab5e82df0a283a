import { useWords } from "@/app/language";
import { useCounting } from "@/server/counting";
import { sayCount } from "@/ui/numbers";

/** Whom each channel may reach after consent, by day and by night. */
export function Channels() {
  const { t, language } = useWords();
  const reach = useCounting((state) => state.reach);
  if (!reach) return null;
  const total = reach.count ?? 0;
  return (
    <section aria-labelledby="channels-title">
      <h2 id="channels-title" className="text-sm font-semibold">
        {t("channels")}
      </h2>
      <table className="mt-1 w-full text-xs">
        <thead>
          <tr className="text-faint">
            <th scope="col" className="py-1 text-left font-normal">
              {t("channel")}
            </th>
            <th scope="col" className="text-right font-normal">
              {t("channel_consented")}
            </th>
            <th scope="col" className="pl-3 text-right font-normal whitespace-nowrap">
              {t("channel_night")}
            </th>
          </tr>
        </thead>
        <tbody className="numbers">
          {reach.channels.map((channel) => (
            <tr key={channel.channel} className="border-t border-line">
              <th scope="row" className="max-w-24 truncate py-1 pr-2 text-left font-medium" title={channel[language]}>
                {channel[language].split("(")[0]}
              </th>
              <td className="text-right whitespace-nowrap">
                <Share part={channel.consented} whole={total} /> {sayCount(channel.consented, language)}
              </td>
              <td className="text-right text-soft">
                {channel.needs_night_consent ? sayCount(channel.night, language) : t("channel_night_free")}
              </td>
            </tr>
          ))}
          <tr className="border-t border-line text-soft">
            <th scope="row" className="py-1 text-left font-medium">
              {t("channel_none")}
            </th>
            <td className="text-right">{sayCount(reach.none, language)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Share({ part, whole }: { part: number | null; whole: number }) {
  const width = part === null || whole === 0 ? 0 : (32 * part) / whole;
  return (
    <svg aria-hidden="true" width={32} height={6} className="mr-1.5 inline-block align-middle">
      <rect width={32} height={6} rx={3} className="fill-line" />
      <rect width={width} height={6} rx={3} className="fill-accent" />
    </svg>
  );
}
