"""Writes docs/sample.md and its charts: a generated sample measured beside the real hotel bookings it is shaped after.

Run as `python -m tools.sample_docs`; with `--hotel FILE` instead checks the fitted tables of `sample/hotel.py` against the
published bookings as a Parquet file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from audience_builder.catalog.dimensions import dimensions
from audience_builder.catalog.options import PRODUCT_LINES, STAY_TYPES
from audience_builder.clock import day_number
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.tables import EventKind
from audience_builder.sample import generate, hotel
from audience_builder.sample.travellers import TRAVELLERS
from tools.sample_fit import wrong_tables

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = "docs/sample.md"
USERS, DAYS, SEED, END = 50_000, 365, 1, date(2026, 9, 30)
_SEASON_USERS, _SEASON_DAYS = 50_000, 730

_PERCENTS: Final = (10, 25, 50, 75, 90, 95)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LEAD_NAMES: Final = ("0", "1", "2–3", "4–7", "8–14", "15–30", "31–60", "61–90", "91–180", "181+")

_STAYS = """
SELECT check_in_day - booked_day AS lead, nights, product_type, cancelled_at IS NOT NULL AS cancelled, check_in_day, no_show
FROM booking_now WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL
"""
_BY_MONTH = """
SELECT month(check_in), count(*), median(paid_krw / nights) FILTER (paid_krw > 0)
FROM booking_now WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL AND check_in > $after AND check_in <= $end
GROUP BY 1 ORDER BY 1
"""
_A_USER = "SELECT count(b.booked_at) FROM user_number u LEFT JOIN booking_now b USING (user_no) GROUP BY u.user_no"
_EVENTS = "SELECT kind, count(*) FROM behavior_daily GROUP BY kind ORDER BY kind"
_UNKNOWN = """
SELECT avg((gender IS NULL)::INTEGER), avg((born_on IS NULL)::INTEGER), avg((life_stage IS NULL)::INTEGER),
       avg((activity_region IS NULL)::INTEGER) FROM user_profile WHERE valid_to IS NULL
"""

Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of two series side by side: the real hotels and the sample."""

    name: str
    title: str
    labels: tuple[str, ...]
    real: tuple[float, ...]
    sample: tuple[float, ...]
    shown: Callable[[float], str]

    @property
    def path(self) -> str:
        """Where it lies, seen from the project."""
        return f"docs/images/sample-{self.name}.svg"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: the charts, and the sentences' numbers by name."""

    charts: tuple[Chart, ...]
    numbers: Mapping[str, str]


@contextmanager
def _asked(users: int, days: int) -> Generator[Ask]:
    mart = DuckDBMart(None, dimensions=dimensions())
    try:
        generate(mart, users=users, days=days, seed=SEED, end=END)
        with mart.cursor() as cursor:

            def ask(query: str, **values: object) -> list[tuple[Any, ...]]:
                return cursor.execute(query, values or None).fetchall()

            yield ask
    finally:
        mart.close()


@cache
def measured() -> Measured:
    """The sample measured; made once."""
    (line,) = PRODUCT_LINES.codes(["domestic_stay"])
    with _asked(USERS, DAYS) as ask:
        stays = np.array(ask(_STAYS, line=line), dtype=np.int64)
        numbers = _numbers(ask, stays)
    with _asked(_SEASON_USERS, _SEASON_DAYS) as ask:
        after = date(END.year - 1, END.month, END.day)
        months = np.array(ask(_BY_MONTH, line=line, after=after, end=END), dtype=np.float64)
    return Measured((*_charts(stays), *_season_charts(months)), numbers)


def _charts(stays: npt.NDArray[np.int64]) -> tuple[Chart, ...]:
    lead, nights = stays[:, 0], stays[:, 1]
    real_lead = [float(np.interp(p, np.arange(0, 101, 5), hotel.LEAD_DAYS["individuals"])) for p in _PERCENTS]
    over = stays[stays[:, 4] <= day_number(END)]
    edge = np.searchsorted(hotel.LEAD_EDGES, over[:, 0], side="right") - 1
    cancelled = [float(over[edge == at, 3].mean()) for at in range(len(hotel.LEAD_EDGES))]
    share = [float((nights == count).mean()) for count in range(1, 7)]
    real_share = hotel.NIGHTS["individuals"]
    return (
        Chart(
            "lead", "Days from booking to check-in, at each percentile", tuple(f"{p} %" for p in _PERCENTS),
            tuple(real_lead), tuple(float(np.percentile(lead, p)) for p in _PERCENTS), lambda days: f"{days:.0f}",
        ),
        Chart(
            "cancelled", "Share of bookings cancelled, by days from booking to check-in", _LEAD_NAMES,
            tuple(permille / 1000 for permille in hotel.CANCELLED_PERMILLE), tuple(cancelled), _percent,
        ),
        Chart(
            "nights", "Share of stays of so many nights", ("1", "2", "3", "4", "5", "6"),
            real_share, tuple(share), _percent,
        ),
    )  # fmt: skip


def _season_charts(months: npt.NDArray[np.float64]) -> tuple[Chart, ...]:
    arrivals = months[:, 1] / months[:, 1].mean()
    prices = months[:, 2] / np.median(months[:, 2])
    return (
        Chart(
            "arrivals",
            "Check-ins a month, mean month = 1",
            _MONTHS,
            hotel.ARRIVALS_BY_MONTH,
            tuple(arrivals.tolist()),
            _twofold,
        ),
        Chart(
            "prices",
            "Median price a night, median of the year = 1",
            _MONTHS,
            hotel.PRICE_BY_MONTH,
            tuple(prices.tolist()),
            _twofold,
        ),
    )


def _numbers(ask: Ask, stays: npt.NDArray[np.int64]) -> dict[str, str]:
    (motel,) = STAY_TYPES.codes(["motel"])
    bookings = np.sort(np.array(ask(_A_USER))[:, 0])
    events = {EventKind(kind): rows for kind, rows in ask(_EVENTS)}
    gender, born, stage, home = ask(_UNKNOWN)[0]
    over = stays[stays[:, 4] <= day_number(END)]
    came = over[over[:, 3] == 0]
    ahead = stays[stays[:, 2] != motel, 0]
    return {
        "behavior": f"{sum(events.values()) / USERS:.1f}",
        "sessions": f"{events[EventKind.SESSION] / USERS:.1f}",
        "searches": f"{events[EventKind.SEARCH] / USERS:.1f}",
        "views": f"{events[EventKind.VIEW] / USERS:.1f}",
        "bookings": f"{bookings.mean():.2f}",
        "none": _percent(float((bookings == 0).mean())),
        "busiest": _percent(float(bookings[-USERS // 10 :].sum() / bookings.sum())),
        "most": str(bookings[-1]),
        "cancelled": _percent(float(over[:, 3].mean())),
        "no_shows": f"{came[:, 5].mean():.1%}",
        "long": f"{(stays[:, 1] >= 7).mean():.1%}",
        "leads_without_motels": " · ".join(f"{np.percentile(ahead, p):.0f}" for p in _PERCENTS),
        "unknown": f"gender {_percent(gender)}, birth date {_percent(born)}, life stage {_percent(stage)}, home {_percent(home)}",
    }


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _twofold(value: float) -> str:
    return f"{value:.2f}"


def page() -> str:
    """The whole document."""
    found = measured()
    return "\n".join([*_about(found.numbers), *_scale(), *_beside(found), *_recipe(), *_limits()]) + "\n"


def _about(numbers: Mapping[str, str]) -> Iterator[str]:
    yield "# The sample"
    yield "\n<!-- Generated by tools/sample_docs.py. Do not edit. -->\n"
    yield "`audience_builder.sample.generate` writes a make-believe Yeogi Eottae into an empty mart: travellers, what they look for, what they"
    yield "book, what they agreed to. It is made up. Nobody in it exists, and no number of it says anything about the real company."
    yield "The same users, days, seed and end write the same content on every machine, block by block of 50,000 users. Each block is"
    yield "kept as soon as it is written, and nobody sees the sample before it is whole: stopped at any moment, the same command goes on."
    yield "The same sample again writes nothing; another one is refused unless the data directory is empty.\n"
    yield f"Measured below: {USERS:,} users, {DAYS} days up to {END}, seed {SEED}.\n"
    yield "| what | a user |"
    yield "|---|--:|"
    yield f"| rows of behaviour | {numbers['behavior']} |"
    yield f"| … of them visits · searches · views | {numbers['sessions']} · {numbers['searches']} · {numbers['views']} |"
    yield f"| bookings | {numbers['bookings']} |\n"
    yield f"{numbers['none']} of the users book nothing, the busiest tenth makes {numbers['busiest']} of all bookings, one user {numbers['most']}."
    yield f"Not known: {numbers['unknown']}.\n"


def _scale() -> Iterator[str]:
    """Measured once by hand: it takes half an hour, so the page is not written anew from it."""
    yield "## At scale\n"
    yield "`--density loyal` is of customers who keep coming back: most travel now and then, know what they want and book it. It looks less"
    yield "before it books than people do, so that rows come to the product's founding numbers. Measured on 2026-11-23 on two cores and 23 GB"
    yield "shared with other work (load 6 to 11): `generate` of 5,000,000 loyal users, 1,095 days up to 2026-11-22, seed 1, 2 GB for the database.\n"
    yield "| what | 5,000,000 users, 1,095 days |"
    yield "|---|--:|"
    yield "| booking rows · of them with a booked moment · users with any | 60,264,020 · 53,757,748 · 3,863,218 |"
    yield "| behaviour rows · visits · searches · views | 199,128,663 · 77,270,566 · 49,197,160 · 64,436,055 |"
    yield "| profile versions | 21,233,338 |"
    yield "| written in, by the clock · of processor time | 1,703 s · 737 s |"
    yield "| highest memory of the process | 3.75 GB |"
    yield "| file of the mart | 9.85 GB |"
    yield "| everybody's traits, 1 GB for the database: clock (load 13) · processor time | 273 s · 76 s |"
    yield "| … highest memory of the process · temporary files | 1.49 GB · 0.90 GB |\n"
    yield "`python -m bench.index_only` makes the index of a sample without its mart, equal to the one the mart gives file by file."
    yield "It is for more users than a mart is wanted of; nobody can be looked up or exported from it.\n"


def _beside(found: Measured) -> Iterator[str]:
    numbers = found.numbers
    yield "## Beside real bookings\n"
    yield "Leads, cancellations, no-shows and the spread of prices are drawn from tables fitted to 119,390 bookings of two Portuguese hotels"
    yield "(N. Antonio, A. de Almeida, L. Nunes, *Hotel booking demand datasets*, Data in Brief 22, 2019, 41–49, CC BY 4.0); of those, the 73,969 of"
    yield "individuals (direct, online agencies, companies) that are no bulk bookings. The sample's side are domestic stays with a night."
    yield "Cancellations are of check-ins that are over; months are of the second of two years, because the first has no bookings from before it.\n"
    for chart in found.charts:
        yield f"![{chart.title}: real hotels and the sample](images/{Path(chart.path).name})\n"
        yield f"| {chart.title} | {' | '.join(chart.labels)} |"
        yield f"|---|{'--:|' * len(chart.labels)}"
        for name, values in (("real hotels", chart.real), ("sample", chart.sample)):
            yield f"| {name} | {' | '.join(chart.shown(value) for value in values)} |"
        yield ""
    yield f"- Without motels, which are booked on the day, the sample's leads are {numbers['leads_without_motels']} days."
    yield f"- {numbers['cancelled']} of the sample's stays are cancelled, 31 % of the hotels': the share is the hotels' for each lead, but the sample is"
    yield f"  booked later. No-shows are {numbers['no_shows']} of what was not cancelled, 1.7 % of the hotels'."
    yield "- Stays are shorter than the hotels': most Koreans are assumed to stay one night, where those guests spread over one to four."
    yield f"  {numbers['long']} of the sample's stays last a week or longer."
    yield "- Prices swing over the year half as much as the hotels', with Korea's weekends, holidays and summer on top.\n"


def _recipe() -> Iterator[str]:
    names = ", ".join(f"`{kind.key}`" for kind in TRAVELLERS)
    yield "## How it is made\n"
    yield f"Each user is one of {len(TRAVELLERS)} kinds of travellers, which is stored nowhere and shows in everything:"
    yield "who they are, where they live and go, when, with whom, in what, for how much, how far ahead, and how often it comes to a booking."
    yield f"The kinds: {names}.\n"
    yield "1. **A trip is thought of.** Its check-in day is drawn from the Korean year (weekends, long weekends, 설, 추석, summer, school holidays,"
    yield "   blossom and leaves), its lead from the hotels' tables; who is not registered or no longer active on the day of booking drops it."
    yield "2. **It leads to visits** in the days before, each a session on one of the user's devices: searches that say some of it (제주, or 애월·협재, with"
    yield "   or without dates), views of the product and of others like it, wishes, some taken back."
    yield "3. **It ends** in a booking, a cart left at some stage or emptied by hand, or nothing. A booking is paid, perhaps cancelled and refunded in full"
    yield "   or in part by the days left, and now and then not turned up for. Trips booked ahead lie after the last day; no event does."
    yield "4. **What goes with it** follows how one gets there: flights and cars for Jeju, trains to the coast, ferries to islands, tickets on the day."
    yield "5. **Profiles** are versions: sign-up, consents given and taken back, accounts closed, and tiers reviewed on the first of each month from the"
    yield "   bookings and the spend of the twelve months before (1, 3, 6, 12 bookings or ₩200,000, 600,000, 1,500,000, 4,000,000).\n"
    yield "Chance is uniform numbers, sums, products and comparisons only, so that processors cannot disagree about a last bit.\n"


def _limits() -> Iterator[str]:
    yield "## What it is not\n"
    yield "- Shares of the kinds, rates, weights of regions and types, ordinary prices and consent rates are assumptions, none measured at any company."
    yield "- Provinces have about their shares of the population, districts within them only roughly."
    yield "- The mart knows nothing from before the first day, so check-ins are thin in the first weeks and tiers start at the lowest."
    yield "- Travellers know nothing of one another, prices do not answer to demand, and nothing is ever sold out."


def chart_svg(chart: Chart) -> str:
    """The chart as a small SVG: grey bars are the real hotels, blue ones the sample."""
    width, height, left, base = 720, 240, 12, 196
    step = (width - 2 * left) / len(chart.labels)
    bar = min(step * 0.4, 30)
    top = max(*chart.real, *chart.sample)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11" role="img">',
        f"<title>{chart.title}: real hotels and the sample</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{left}" y="16" font-size="13">{chart.title}</text>',
        f'<text x="{width - left}" y="16" text-anchor="end"><tspan fill="#888">■ real hotels</tspan> <tspan fill="#2b6cb0">■ sample</tspan></text>',
        f'<path d="M{left} {base}H{width - left}" stroke="#444"/>',
    ]
    for at, label in enumerate(chart.labels):
        middle = left + step * (at + 0.5)
        parts.append(f'<text x="{middle:.0f}" y="{base + 16}" text-anchor="middle">{label}</text>')
        for value, x, colour in ((chart.real[at], middle - bar, "#aaa"), (chart.sample[at], middle, "#2b6cb0")):
            tall = value / top * (base - 48)
            parts.append(
                f'<rect x="{x:.1f}" y="{base - tall:.1f}" width="{bar - 1:.1f}" height="{tall:.1f}" fill="{colour}"/>'
            )
            parts.append(
                f'<text x="{x + bar / 2:.1f}" y="{base - tall - 4:.1f}" text-anchor="middle" font-size="9">{chart.shown(value)}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the page and its charts, or check the fitted tables. Returns the exit code."""
    if "--hotel" in arguments:
        wrong = wrong_tables(Path(arguments[arguments.index("--hotel") + 1]))
        for name in wrong:
            print(f"{name} in sample/hotel.py is not what the bookings say")
        return 1 if wrong else 0
    for chart in measured().charts:
        (ROOT / chart.path).write_text(chart_svg(chart), encoding="utf-8")
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
