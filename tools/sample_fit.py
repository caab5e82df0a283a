"""Fits the tables of `sample/hotel.py` to the published bookings again, to tell whether they still say what those do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from audience_builder.sample import hotel

_BOOKINGS = """
CREATE TEMP VIEW individual AS
SELECT *, lower(split_part(market_segment, ' ', 1)) AS segment, CAST(stays_in_week_nights + stays_in_weekend_nights AS INTEGER) AS nights,
       CAST(strptime(concat_ws(' ', arrival_date_year, arrival_date_month, arrival_date_day_of_month), '%Y %B %d') AS DATE) AS arrived
FROM booking WHERE deposit_type <> 'Non Refund'
  AND market_segment IN ('Direct', 'Online TA', 'Corporate', 'Offline TA/TO')
"""
_LEADS = """
SELECT quantile_disc(least(lead_time, 365), $steps) FROM individual
WHERE list_contains($segments, segment)
"""
_CANCELLED = """
SELECT round(1000 * avg(is_canceled))::INTEGER FROM individual
WHERE segment <> 'offline' AND lead_time >= $low AND lead_time < $high
"""
_MOMENT = """
SELECT quantile_cont((CAST(reservation_status_date AS DATE) - arrived + lead_time) / lead_time, $steps) FROM individual
WHERE segment <> 'offline' AND reservation_status = 'Canceled' AND lead_time > 0
"""
_NO_SHOWS = """
SELECT round(1000 * count(*) FILTER (reservation_status = 'No-Show') / count(*) FILTER (reservation_status <> 'Canceled'))::INTEGER
FROM individual WHERE segment <> 'offline'
"""
_NIGHTS = "SELECT count(*) FILTER (nights = $nights) / count(*) FROM individual WHERE list_contains($segments, segment)"
_PRICES = """
SELECT quantile_cont(adr / usual, [0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
FROM (SELECT adr, median(adr) OVER (PARTITION BY hotel, arrival_date_year, arrival_date_month) AS usual
      FROM individual WHERE segment <> 'offline' AND adr > 0 AND adr < 1000)
"""
_MONTHLY_PRICES = """
SELECT median(adr) / (SELECT median(adr) FROM individual WHERE segment <> 'offline' AND adr > 0)
FROM individual WHERE segment <> 'offline' AND adr > 0 GROUP BY month(arrived) ORDER BY month(arrived)
"""
_ARRIVALS = """
SELECT 12 * count(*) / sum(count(*)) OVER () FROM individual
WHERE segment <> 'offline' AND arrival_date_year = 2016 GROUP BY month(arrived) ORDER BY month(arrived)
"""
_SEGMENTS = {
    "corporate": ["corporate"],
    "direct": ["direct"],
    "online": ["online"],
    "individuals": ["corporate", "direct", "online"],
    "tour": ["offline"],
}


def wrong_tables(path: Path) -> list[str]:
    """The tables that differ from what the bookings in this Parquet file say by more than rounding."""
    with duckdb.connect(":memory:") as connection:
        connection.read_parquet(str(path)).create("booking")
        connection.execute(_BOOKINGS)

        def ask(query: str, **values: Any) -> list[Any]:
            return [row[0] for row in connection.execute(query, values or None).fetchall()]

        found = {**_by_segment(ask), **_overall(ask)}
    return [name for name, (told, said) in found.items() if not _agree(told, said)]


def _by_segment(ask: Any) -> dict[str, tuple[Sequence[float], Sequence[float]]]:
    steps = [step / 20 for step in range(21)]
    found: dict[str, tuple[Sequence[float], Sequence[float]]] = {}
    for segment, names in _SEGMENTS.items():
        found[f"LEAD_DAYS[{segment!r}]"] = (hotel.LEAD_DAYS[segment], ask(_LEADS, steps=steps, segments=names)[0])
        if segment in hotel.NIGHTS:
            shares = [ask(_NIGHTS, nights=nights, segments=names)[0] for nights in range(1, 7)]
            found[f"NIGHTS[{segment!r}]"] = (hotel.NIGHTS[segment], shares)
    return found


def _overall(ask: Any) -> dict[str, tuple[Sequence[float], Sequence[float]]]:
    edges = (*hotel.LEAD_EDGES, 10_000)
    cancelled = [ask(_CANCELLED, low=low, high=high)[0] for low, high in pairwise(edges)]
    return {
        "CANCELLED_PERMILLE": (hotel.CANCELLED_PERMILLE, cancelled),
        "CANCEL_MOMENT": (hotel.CANCEL_MOMENT, ask(_MOMENT, steps=[step / 10 for step in range(11)])[0]),
        "NO_SHOW_PERMILLE": ([hotel.NO_SHOW_PERMILLE], ask(_NO_SHOWS)),
        "PRICE_SPREAD": (hotel.PRICE_SPREAD, ask(_PRICES)[0]),
        "PRICE_BY_MONTH": (hotel.PRICE_BY_MONTH, ask(_MONTHLY_PRICES)),
        "ARRIVALS_BY_MONTH": (hotel.ARRIVALS_BY_MONTH, ask(_ARRIVALS)),
    }


def _agree(told: Sequence[float], said: Sequence[float]) -> bool:
    """Whether two lists are the same but for the third digit."""
    return len(told) == len(said) and bool(np.allclose(told, said, rtol=0.002, atol=0.0055))
