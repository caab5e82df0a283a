"""Amounts of a source in KRW: amount x unit x rate of the booking's day, rounded down once a booking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
from sqlglot import exp

from audience_builder.intake.map_check import RATE_DECIMALS
from audience_builder.intake.map_file import MoneySection
from audience_builder.intake.stage import Stage
from audience_builder.intake.tree import call, case, cast, empty, number, text, try_cast

AMOUNT = "DECIMAL(38, 9)"
FACTOR = "DECIMAL(16, 8)"
WIDE_NUMBER, WIDE_MONEY = "DECIMAL(19, 3)", "DECIMAL(19, 6)"
LARGEST_LINE = 10**12
LARGEST_BOOKING = 10**13
_NARROW = "DECIMAL(22, 9)"
_FOREVER = date(9999, 12, 31)


def krw(amount: exp.Expr, factor: exp.Expr) -> exp.Expr:
    """KRW of an exact amount, rounded down, as a BIGINT; empty where it is too large or there is no rate."""
    narrow = try_cast(amount, _NARROW)
    product = exp.Mul(this=narrow, expression=factor)
    return cast(call("floor", product), "BIGINT")


def fixed_factor(money: MoneySection) -> exp.Expr | None:
    """KRW of one unit as the map writes amounts; None where it depends on the day."""
    return None if money.rates else _factor((money.rate or Decimal(1)) * money.unit)


def _factor(value: Decimal) -> exp.Expr:
    return cast(text(format(value, "." + str(RATE_DECIMALS) + "f")), FACTOR)


def load_rates(stage: Stage, money: MoneySection) -> None:
    """The table `stage.rate` (`since`, `until`, `factor`): a rate holds from its day until the next one's."""
    days = sorted((date.fromisoformat(day), rate * money.unit) for day, rate in money.rates.items())
    ends = [day for day, _ in days[1:]] + [_FOREVER]
    stage.run_named("make_rate")
    stage.load(
        "rate",
        {
            "since": np.array([day for day, _ in days], dtype="datetime64[D]").astype("datetime64[us]"),
            "until": np.array(ends, dtype="datetime64[D]").astype("datetime64[us]"),
            "factor": np.array([format(rate, "f") for _, rate in days], dtype=object),
        },
    )


def first_rate_day(money: MoneySection) -> exp.Expr:
    """The first day that has a rate."""
    return cast(text(min(money.rates)), "DATE") if money.rates else empty("DATE")


def is_too_large(amount: exp.Expr, most: int) -> exp.Expr:
    """Whether an amount is too large to be true."""
    return call("abs", amount) >= number(most)


def none_if(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    """The value, zero where the condition holds."""
    return case((condition, cast(number(0), AMOUNT)), otherwise=value)
