"""The law: what a rule means, said once and slowly, person by person.

Nothing here is fast and nothing here is shared with an engine; each engine is a translation held to this by generated rules over
generated people. The words are those of `docs/meaning.md`. `meaning_values.py` has what a user's value is, `meaning_rows.py`
which rows count towards it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from audience_builder.catalog.filter import Filter
from audience_builder.catalog.operator import Operator
from audience_builder.catalog.option import OptionGroup
from audience_builder.catalog.places import leaves, place_of_code
from audience_builder.clock import day_number
from audience_builder.mart.person import Person
from audience_builder.rule.calendar import days_in
from audience_builder.rule.defaults import filter_of
from audience_builder.rule.meaning_moments import Moment
from audience_builder.rule.meaning_values import UserValue, is_active, status_on, value_of
from audience_builder.rule.tree import All, AnyOf, AtLeast, Condition, Node, Not, Rule, conditions, walk
from audience_builder.rule.window import Window

Thresholds = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one user is in or out: each node's verdict, and the value each condition compared (None = unknown)."""

    active: bool
    member: bool
    nodes: dict[str, bool]
    values: dict[str, UserValue]


def members(rule: Rule, people: Sequence[Person], as_of: datetime) -> frozenset[int]:
    """The numbers of everyone the rule means among `people`, who are everybody there is."""
    limits = thresholds(rule, people, as_of)
    return frozenset(who.user_no for who in people if is_member(rule, who, as_of, limits))


def is_member(rule: Rule, who: Person, as_of: datetime, limits: Thresholds) -> bool:
    """Whether the rule means this user."""
    now = Moment(as_of)
    return is_active(who, now) and _holds(rule.root, who, now, limits)


def explain(rule: Rule, who: Person, as_of: datetime, limits: Thresholds) -> Explanation:
    """Each node's verdict and each condition's value for one user; of a user who is not active nothing is true."""
    now = Moment(as_of)
    active = is_active(who, now)
    verdicts = {node.id: active and _holds(node, who, now, limits) for node in walk(rule.root)}
    values = {entry.id: value_of(entry, who, now) for entry in conditions(rule)} if active else {}
    return Explanation(active, verdicts[rule.root.id], verdicts, values)


def _holds(node: Node, who: Person, now: Moment, limits: Thresholds) -> bool:
    match node:
        case Condition():
            return _condition_holds(node, who, now, limits)
        case Not():
            return not _holds(node.child, who, now, limits)
        case All():
            return all(_holds(child, who, now, limits) for child in node.children)
        case AnyOf():
            return any(_holds(child, who, now, limits) for child in node.children)
        case AtLeast():
            return sum(_holds(child, who, now, limits) for child in node.children) >= node.k


# --- one condition --------------------------------------------------------------------------------------------------------


def _condition_holds(condition: Condition, who: Person, now: Moment, limits: Thresholds) -> bool:
    value = value_of(condition, who, now)
    match condition.operator:
        case Operator.NE:
            return not _positive(condition, Operator.EQ, value, who, now, limits)
        case Operator.NOT_IN:
            return not _positive(condition, Operator.IN, value, who, now, limits)
        case Operator.NOT_WITHIN:
            return not _positive(condition, Operator.WITHIN, value, who, now, limits)
        case Operator.UNKNOWN:
            return not _positive(condition, Operator.KNOWN, value, who, now, limits)
        case operator:
            return _positive(condition, operator, value, who, now, limits)


def _positive(
    condition: Condition, operator: Operator, value: UserValue, who: Person, now: Moment, limits: Thresholds
) -> bool:
    """A positive condition: false where the value is unknown, and where the account status asked for is another."""
    asked_status = condition.properties.get("account_status")
    if value is None or (asked_status is not None and status_on(who, now) not in cast("tuple[str, ...]", asked_status)):
        return False
    if operator is Operator.KNOWN:
        return True
    if operator in (Operator.TOP_PERCENT, Operator.BOTTOM_PERCENT):
        return _in_share(operator, cast(int, value), limits[condition.id])
    if isinstance(value, date):
        return _date_compares(condition, operator, value, now)
    if isinstance(value, frozenset):
        return _options_compare(operator, value, condition)
    if operator is Operator.IN:
        return _option_in(value, condition)
    return _number_compares(operator, value, _asked_numbers(condition))


def _in_share(operator: Operator, value: int, limit: int | None) -> bool:
    if limit is None or value <= 0:
        return False
    return value >= limit if operator is Operator.TOP_PERCENT else value <= limit


def _date_compares(condition: Condition, operator: Operator, value: date, now: Moment) -> bool:
    """Dates are compared as days ago, or lie within a window."""
    if operator is Operator.WITHIN:
        number = day_number(value)
        return any(first <= number <= last for first, last in days_in(cast(Window, condition.value), now.day))
    return _number_compares(operator, (now.day - value).days, _asked_numbers(condition))


def _number_compares(operator: Operator, value: int, asked: tuple[int, int]) -> bool:
    first, last = asked
    match operator:
        case Operator.EQ:
            return value == first
        case Operator.GE:
            return value >= first
        case Operator.GT:
            return value > first
        case Operator.LE:
            return value <= first
        case Operator.LT:
            return value < first
        case Operator.BETWEEN:
            return first <= value <= last
        case _:
            raise AssertionError(operator)


def _asked_numbers(condition: Condition) -> tuple[int, int]:
    """What the condition compares with, as two numbers (the same twice unless it says between)."""
    value = condition.value
    low, high = cast("tuple[int | str, int | str]", value if isinstance(value, tuple) else (value, value))
    return _rank(low, condition), _rank(high, condition)


def _rank(word: int | str, condition: Condition) -> int:
    """A number as it is; an option of an ordered list as its place in it."""
    options = filter_of(condition).options
    if isinstance(word, int) or options is None:
        return cast(int, word)
    return next(option.code for option in options.options if option.key == word)


# --- options --------------------------------------------------------------------------------------------------------------


def _option_in(value: int, condition: Condition) -> bool:
    asked, words = filter_of(condition), cast("tuple[str, ...]", condition.value)
    if asked.places:
        home = leaves(place_of_code(value).key)
        return any(home <= leaves(word) for word in words)
    return any(value in codes_meant(asked, word) for word in words)


def _options_compare(operator: Operator, value: frozenset[int], condition: Condition) -> bool:
    asked = filter_of(condition)
    meant = [codes_meant(asked, word) for word in cast("tuple[str, ...]", condition.value)]
    match operator:
        case Operator.IN:
            return any(value & codes for codes in meant)
        case Operator.HAS_ALL:
            return all(value & codes for codes in meant)
        case Operator.ONLY:
            return bool(value) and all(any(code in codes for codes in meant) for code in value)
        case _:
            raise AssertionError(operator)


def codes_meant(asked: Filter, word: str) -> frozenset[int]:
    """The options a key of the filter's list means: itself, or a group's members."""
    options = asked.options
    if options is None:
        raise AssertionError(asked.key)
    entry = options.named(word)
    if isinstance(entry, OptionGroup):
        return frozenset(option.code for option in options.options if option.key in entry.members)
    return frozenset({entry.code})


# --- shares ---------------------------------------------------------------------------------------------------------------


def thresholds(rule: Rule, people: Sequence[Person], as_of: datetime) -> dict[str, int | None]:
    """For each condition on a share, the value at its edge among all active users known above zero (None: nobody is)."""
    now = Moment(as_of)
    everybody = [who for who in people if is_active(who, now)]
    return {
        entry.id: _threshold(entry, (value_of(entry, who, now) for who in everybody))
        for entry in conditions(rule)
        if entry.operator in (Operator.TOP_PERCENT, Operator.BOTTOM_PERCENT)
    }


def _threshold(condition: Condition, values: Iterable[UserValue]) -> int | None:
    positive = sorted(value for value in values if isinstance(value, int) and value > 0)
    if not positive:
        return None
    wanted = -(-cast(int, condition.value) * len(positive) // 100)
    return positive[-wanted] if condition.operator is Operator.TOP_PERCENT else positive[wanted - 1]
