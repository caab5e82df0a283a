"""What follows from the nights of a stay: its mode, where the file does not say it, and the band of its price."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from audience_builder.catalog.options import NIGHT_EDGES, PRODUCT_LINES, STAY_MODES, USE_EDGES, night_band, use_band
from audience_builder.intake.tree import case, cast, empty, first_of, is_said, number

STAY_LINES = tuple(sorted(PRODUCT_LINES.codes(["stay"])))
_DAY_USE, _OVERNIGHT, _LONG_STAY, _MONTHLY = (
    next(iter(STAY_MODES.codes([key]))) for key in ("day_use", "overnight", "long_stay", "monthly")
)
_LONG_STAY_FROM, _MONTHLY_FROM = 7, 28


def stay_mode(said: exp.Expr, nights: exp.Expr) -> exp.Expr:
    """The stay mode: as said, else told from the nights."""
    told = case(
        (nights.eq(number(0)), number(_DAY_USE)),
        (nights >= number(_MONTHLY_FROM), number(_MONTHLY)),
        (nights >= number(_LONG_STAY_FROM), number(_LONG_STAY)),
        (nights > number(0), number(_OVERNIGHT)),
    )
    return first_of(said, cast(told, "INTEGER"))


def price_band(krw: exp.Expr, mode: exp.Expr) -> exp.Expr:
    """The band of a price in KRW: of a use where the mode is day use, else of a night. Empty where there is no price."""
    by_use = _band(krw, USE_EDGES, use_band(0))
    by_night = _band(krw, NIGHT_EDGES, night_band(0))
    return case(
        (exp.and_(is_said(krw), mode.eq(number(_DAY_USE))), by_use),
        (is_said(krw), by_night),
        otherwise=empty("INTEGER"),
    )


def _band(krw: exp.Expr, edges: Iterable[int], lowest: int) -> exp.Expr:
    steps = [(krw < number(edge), number(lowest + step)) for step, edge in enumerate(edges)]
    return case(*steps, otherwise=number(lowest + len(steps)))


def price_of_booking(paid: exp.Expr, nights: exp.Expr, mode: exp.Expr) -> exp.Expr:
    """What a booked stay cost in KRW: paid ÷ nights, of day use what was paid. Empty where there are no nights to divide by."""
    per_night = exp.IntDiv(this=paid, expression=nights)
    return case((mode.eq(number(_DAY_USE)), paid), (nights > number(0), per_night), otherwise=empty("BIGINT"))
