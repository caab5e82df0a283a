"""Values of a user that stand in one row (profile, traits), and how a value is compared: one translation of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.catalog.filter import Aggregate, Kind
from audience_builder.catalog.options import CHANNELS, INTENTS
from audience_builder.clock import day_from
from audience_builder.engine import plan
from audience_builder.engine.plan import Ask
from audience_builder.engine.sql_terms import (
    Moment,
    between,
    day_number_of,
    every,
    in_ranges,
    known,
    number,
    one_of,
    shares_bit,
    timestamp,
    total,
    when,
)
from audience_builder.mart.schema import korean_day

EVERYBODY: Final = "everybody"
TRAIT: Final = "trait"


def of_profile(name: str) -> exp.Column:
    """A column of the user's profile as of the moment."""
    return column(name, table=EVERYBODY)


def _of_trait(name: str) -> exp.Column:
    return column(name, table=TRAIT)


# --- values ---------------------------------------------------------------------------------------------------------------


def _profile(ask: Ask, _: Moment) -> exp.Expr:
    return of_profile(ask.column)


def _consents(ask: Ask, now: Moment) -> exp.Expr:
    """The channels as bits: each needs its own consent and that to marketing use, by night its night consent too."""

    def given(name: str) -> exp.Expr:
        return exp.LTE(this=of_profile(name), expression=timestamp(now.as_of))

    def bit(key: str, code: int) -> exp.Expr:
        needed = dict.fromkeys(("marketing_use_at", f"{key}_at"))
        if ask.night and key in _NIGHT_CONSENTS:
            needed[_NIGHT_CONSENTS[key]] = None
        return when(every(given(name) for name in needed), number(1 << code), number(0))

    return total(bit(channel.key, channel.code) for channel in CHANNELS.options)


_NIGHT_CONSENTS: Final = {"push": "push_night_at", "sms": "sms_night_at", "kakao": "kakao_night_at"}
"""Channels that may ring at night only with a consent of their own; e-mail needs none."""


def _age(ask: Ask, now: Moment) -> exp.Expr:
    """Full years: the years between, less one before this year's birthday (29 February: 1 March in common years)."""
    today, born = day_from(now.day), of_profile(ask.column)
    month_day = exp.Add(
        this=exp.Mul(this=exp.Extract(this=exp.var("MONTH"), expression=born), expression=number(100)),
        expression=exp.Extract(this=exp.var("DAY"), expression=born.copy()),
    )
    before = exp.GT(this=month_day, expression=number(100 * today.month + today.day))
    years = exp.Sub(this=number(today.year), expression=exp.Extract(this=exp.var("YEAR"), expression=born.copy()))
    return exp.Sub(this=years, expression=when(before, number(1), number(0)))


def _since(ask: Ask, _: Moment) -> exp.Expr:
    """The day number of the moment: how many days ago is left to the comparison."""
    day = day_number_of(korean_day(of_profile(ask.column)))
    if ask.statuses is None:
        return day
    return when(one_of(of_profile("status"), ask.statuses), day)


def _trait(ask: Ask, _: Moment) -> exp.Expr:
    return _INTENT[ask.column](ask) if ask.column in _INTENT else _of_trait(ask.column)


def _intent(ask: Ask) -> exp.Expr:
    """The highest level any of the countries asked about has; each level's countries include those of the next."""
    level: exp.Expr = number(INTENTS.options[0].code)
    for option in INTENTS.options[1:]:
        countries = _of_trait(f"intent_{option.key}")
        found = (
            exp.NEQ(this=countries, expression=number(0))
            if ask.countries is None
            else shares_bit(countries, ask.countries)
        )
        level = when(found, number(option.code), level)
    return when(_of_trait("visited"), level)


_INTENT: Final[Mapping[str, Callable[[Ask], exp.Expr]]] = {"intent": _intent}

OWN: Final[Mapping[Aggregate, Callable[[Ask, Moment], exp.Expr]]] = {
    Aggregate.PROFILE: _profile,
    Aggregate.CONSENTS: _consents,
    Aggregate.AGE: _age,
    Aggregate.SINCE: _since,
    Aggregate.TRAIT: _trait,
}
"""One translation of each value that stands in the user's own row of profile or traits; NULL = unknown."""


# --- comparisons ----------------------------------------------------------------------------------------------------------


def truth(ask: Ask, value: exp.Expr, threshold: exp.Expr) -> exp.Expr:
    """True or false, never NULL: a comparison is false of what is unknown, and its negative the exact complement.

    `threshold` is looked at by shares only: the least (of the lowest share: the greatest) value that is in.
    """
    found = VALUE_TESTS[type(ask.test)](ask.test, value, ask, threshold)
    two_valued = exp.Coalesce(this=found, expressions=[exp.false()])
    return exp.not_(two_valued) if ask.negated else two_valued


def _between(test: plan.Between, value: exp.Expr, _: Ask, _threshold: exp.Expr) -> exp.Expr:
    return between(value, test.low, test.high)


def _day_in(test: plan.DayIn, value: exp.Expr, _: Ask, _threshold: exp.Expr) -> exp.Expr:
    return in_ranges(value, test.days)


def _in_codes(test: plan.InCodes, value: exp.Expr, ask: Ask, _threshold: exp.Expr) -> exp.Expr:
    if ask.filter.kind is Kind.CHOICES:
        return shares_bit(value, _mask(test.codes))
    return one_of(value, test.codes)


def _has_all(test: plan.HasAll, value: exp.Expr, _: Ask, _threshold: exp.Expr) -> exp.Expr:
    return every(shares_bit(value.copy(), _mask(codes)) for codes in test.sets)


def _only(test: plan.Only, value: exp.Expr, ask: Ask, _threshold: exp.Expr) -> exp.Expr:
    """Something, and nothing that was not asked for."""
    assert ask.filter.options is not None
    others = {option.code for option in ask.filter.options.options} - test.codes
    some = exp.NEQ(this=value, expression=number(0))
    return every((some, exp.not_(shares_bit(value.copy(), _mask(others)))))


def _mask(codes: frozenset[int] | set[int]) -> int:
    return sum(1 << code for code in codes)


def _known(_: plan.Known, value: exp.Expr, _ask: Ask, _threshold: exp.Expr) -> exp.Expr:
    return known(value)


def _share(test: plan.Share, value: exp.Expr, _: Ask, threshold: exp.Expr) -> exp.Expr:
    above = exp.GT(this=value, expression=number(0))
    reaches = (exp.GTE if test.top else exp.LTE)(this=value.copy(), expression=threshold)
    return every((above, reaches))


_Comparison: TypeAlias = Callable[[Any, exp.Expr, Ask, exp.Expr], exp.Expr]

VALUE_TESTS: Final[Mapping[type[plan.ValueTest], _Comparison]] = {
    plan.Between: _between,
    plan.DayIn: _day_in,
    plan.InCodes: _in_codes,
    plan.HasAll: _has_all,
    plan.Only: _only,
    plan.Known: _known,
    plan.Share: _share,
}
"""One translation of each comparison; NULL where the value is unknown."""


def threshold_of(test: plan.Share, values: str, value: str) -> exp.Select:
    """The value of the last user who is in the share, over a relation with one row an active user; NULL without one.

    The share has ceil(n * known / 100) users; the one in place p is in it where 100 (p - 1) < n * known.
    """
    order = exp.Order(expressions=[exp.Ordered(this=column(value), desc=test.top)])
    ranked = (
        select(
            column(value),
            exp.Window(this=exp.RowNumber(), order=order).as_("place"),
            exp.Window(this=exp.Count(this=exp.Star())).as_("known"),
        )
        .from_(exp.to_table(values))
        .where(exp.GT(this=column(value), expression=number(0)))
        .subquery("ranked")
    )
    before = exp.Paren(this=exp.Sub(this=column("place"), expression=number(1)))
    is_in = exp.LT(
        this=exp.Mul(this=number(100), expression=before),
        expression=exp.Mul(this=number(test.percent), expression=column("known")),
    )
    last = (exp.Min if test.top else exp.Max)(this=column(value))
    return select(last.as_("threshold")).from_(ranked).where(is_in)
