"""Questions the words table answers from its own columns: a value of the user, compared in logic over its slices."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.options import CHANNELS
from audience_builder.clock import day_from, day_number
from audience_builder.engine import plan
from audience_builder.engine.plan import Ask
from audience_builder.engine.words import logic
from audience_builder.engine.words.logic import Bits, named
from audience_builder.engine.words.stored import INTENT, KNOWN_NIGHTS, PREFERRED_NIGHTS, Sliced, Stored


@dataclass(frozen=True, slots=True)
class Options:
    """Several options a user: who has each code, and of whom the options are known (None = of everybody)."""

    sets: Mapping[int, Bits]
    known: Bits | None

    def any(self, codes: Collection[int]) -> Bits | None:
        """Who has any of the codes."""
        return logic.any_of(self.sets.get(code) for code in sorted(codes))


Value: TypeAlias = Sliced | Options


def value_of(ask: Ask, stored: Stored) -> Value | None:
    """The value the question compares, where the table has it as of the question's day."""
    find = VALUES.get(ask.aggregate)
    return None if find is None else find(ask, stored)


def truth(ask: Ask, stored: Stored, base: Bits, threshold: int | None) -> Bits:
    """The active users of whom the condition is true, `base` being everybody active. The table has the value.

    `threshold` is looked at by shares only: the least (of the lowest share: the greatest) value that is in.
    """
    value = value_of(ask, stored)
    assert value is not None
    test = _as_range(ask.test, threshold)
    if ask.aggregate is Aggregate.AGE and test is not None:
        test = born(test, day_from(ask.day))
    found = None if test is None else TESTS[type(value)][type(test)](test, value, base)
    if ask.statuses is not None and found is not None:
        status = _coded(ask.statuses, stored.sliced["status"])
        found = None if status is None else logic.every((found, status))
    return _within(base, found, negated=ask.negated)


def _within(base: Bits, found: Bits | None, *, negated: bool) -> Bits:
    if found is None:
        return base if negated else logic.every((base, logic.others(base)))
    return logic.every((base, logic.others(found) if negated else found))


# --- values ---------------------------------------------------------------------------------------------------------------


def _profile(ask: Ask, stored: Stored) -> Value:
    return stored.sliced[ask.column]


def _since(_: Ask, stored: Stored) -> Value:
    return stored.sliced["signed_up_day"]


def _age(_: Ask, stored: Stored) -> Value:
    return stored.sliced["born_on"]


def _consents(ask: Ask, _: Stored) -> Value:
    """A channel counts with marketing use; where night is asked also with its night consent, if that channel needs one."""

    def needed(channel: str) -> Sequence[str]:
        night = (f"{channel}_night",) if ask.night and f"{channel}_night" in NIGHT_CONSENTS else ()
        return tuple(dict.fromkeys(("marketing_use", channel, *night)))

    return Options(
        {option.code: logic.every([named(name) for name in needed(option.key)]) for option in CHANNELS.options}, None
    )


NIGHT_CONSENTS: Final = frozenset({"push_night", "sms_night", "kakao_night"})
"""Channels that may ring at night only with a consent of their own; e-mail needs none."""


def _trait(ask: Ask, stored: Stored) -> Value | None:
    if stored.traits_day != ask.day or ask.countries is not None:
        return None
    if ask.column == PREFERRED_NIGHTS:
        return Options({code: named(name) for code, name in stored.nights.items()}, named(KNOWN_NIGHTS))
    return stored.sliced.get(INTENT if ask.column == INTENT else ask.column)


VALUES: Final[Mapping[Aggregate, Callable[[Ask, Stored], Value | None]]] = {
    Aggregate.PROFILE: _profile,
    Aggregate.SINCE: _since,
    Aggregate.AGE: _age,
    Aggregate.CONSENTS: _consents,
    Aggregate.TRAIT: _trait,
}
"""The aggregates the table has columns for; those over facts come as sets from the index."""


# --- comparisons ----------------------------------------------------------------------------------------------------------


def _as_range(test: plan.ValueTest, threshold: int | None) -> plan.ValueTest | None:
    """A share as the range of numbers that are in it; None where nobody is."""
    if not isinstance(test, plan.Share):
        return test
    if threshold is None:
        return None
    return plan.Between(threshold, None) if test.top else plan.Between(1, threshold)


def born(test: plan.ValueTest, today: date) -> plan.ValueTest:
    """A range of ages as the range of birth days that have them."""
    if not isinstance(test, plan.Between):
        return test
    first = None if test.high is None else _latest_birth(test.high + 1, today) + 1
    return plan.Between(first, None if test.low is None else _latest_birth(test.low, today))


def _latest_birth(age: int, today: date) -> int:
    """The latest day on which somebody who is so old (or older) can be born; who was on 29 February ages on 1 March."""
    year = today.year - age
    if not date.min.year <= year <= date.max.year:
        return day_number(date.min) - 1 if year < date.min.year else day_number(date.max)
    leaps = (today.month, today.day) == (2, 29) and not isleap(year)
    return day_number(date(year, today.month, 28 if leaps else today.day))


def _range(value: Sliced, low: int | None, high: int | None) -> Bits | None:
    first = 1 if low is None else value.written(low)
    return logic.between([*value.columns], first, None if high is None else value.written(high))


def _between(test: plan.Between, value: Sliced, _: Bits) -> Bits | None:
    return _range(value, test.low, test.high)


def _day_in(test: plan.DayIn, value: Sliced, _: Bits) -> Bits | None:
    return logic.any_of(_range(value, low, high) for low, high in test.days)


def _coded(codes: Collection[int], value: Sliced) -> Bits | None:
    return logic.one_of(value.columns, [value.written(code) for code in codes], value.most)


def _code_in(test: plan.InCodes, value: Sliced, _: Bits) -> Bits | None:
    return _coded(test.codes, value)


def _known_number(_: plan.Known, value: Sliced, __: Bits) -> Bits | None:
    return _range(value, None, None)


def _of_known(value: Options, found: Bits | None) -> Bits | None:
    return found if value.known is None or found is None else logic.every((value.known, found))


def _any_option(test: plan.InCodes, value: Options, _: Bits) -> Bits | None:
    return _of_known(value, value.any(test.codes))


def _every_set(test: plan.HasAll, value: Options, base: Bits) -> Bits | None:
    found = [value.any(codes) for codes in test.sets]
    has_all = [bits for bits in found if bits is not None]
    return _of_known(value, logic.every((base, *has_all))) if len(has_all) == len(found) else None


def _only(test: plan.Only, value: Options, _: Bits) -> Bits | None:
    """Something, and nothing that was not asked for."""
    asked, other = value.any(test.codes), value.any(value.sets.keys() - test.codes)
    if asked is None or other is None:
        return _of_known(value, asked)
    return _of_known(value, logic.every((asked, logic.others(other))))


def _known_options(_: plan.Known, value: Options, base: Bits) -> Bits | None:
    return base if value.known is None else value.known


_Comparison: TypeAlias = Callable[[Any, Any, Bits], Bits | None]

TESTS: Final[Mapping[type[Any], Mapping[type[Any], _Comparison]]] = {
    Sliced: {
        plan.Between: _between,
        plan.DayIn: _day_in,
        plan.InCodes: _code_in,
        plan.Known: _known_number,
    },
    Options: {
        plan.InCodes: _any_option,
        plan.HasAll: _every_set,
        plan.Only: _only,
        plan.Known: _known_options,
    },
}
"""How each test compares each shape of value. Shares are ranges by then; one number has no `has_all` nor `only`."""
