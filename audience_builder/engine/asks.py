"""From a condition to an `Ask`: one look-up a word, one table a kind of choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from audience_builder.catalog.filter import Aggregate, Cut, Facts, Filter, Kind, Property, RowState, Test
from audience_builder.catalog.operator import POSITIVE_OF, Operator
from audience_builder.catalog.option import OptionList
from audience_builder.catalog.options import (
    BOOKING_STATUSES,
    LEISURE_TYPES,
    PRODUCT_LINES,
    SPACE_TYPES,
    STAY_TYPES,
    TRANSPORT_TYPES,
    VEHICLE_CLASSES,
)
from audience_builder.catalog.places import COUNTRY_BITS, countries_of, matching
from audience_builder.clock import day_number, day_of
from audience_builder.engine import plan
from audience_builder.mart.tables import EventKind
from audience_builder.rule.calendar import days_in
from audience_builder.rule.canonical import condition_key
from audience_builder.rule.defaults import filter_of, is_viewed, measure_of, window_of
from audience_builder.rule.tree import Condition, PropertyValue, Range, Stay
from audience_builder.rule.window import Window

_CONFIRMED = BOOKING_STATUSES.codes(("confirmed",))
_CANCELLED = BOOKING_STATUSES.codes(("cancelled",))
_KINDS = {"search": {EventKind.SEARCH}, "view": {EventKind.VIEW}, "session": {EventKind.SESSION},
          "wish": {EventKind.WISH, EventKind.WISH_REMOVED}}  # fmt: skip
_TYPE_LISTS = (STAY_TYPES, SPACE_TYPES, LEISURE_TYPES, TRANSPORT_TYPES, VEHICLE_CLASSES)
_STATUSES_OF = {
    RowState.CARTED: None,
    RowState.BOOKED: None,
    RowState.CONFIRMED: _CONFIRMED,
    RowState.CANCELLED: _CANCELLED,
}


_ASKS_KEPT = 16_384


def ask(condition: Condition, as_of: datetime) -> plan.Ask:
    """The condition made ready as of a moment. The condition has passed `rule.check`."""
    said = _SERIALIZER.to_json(condition, exclude={"id"})
    ready = _asked(_Said(said, day_of(as_of), condition))
    return _of_minute(ready, int(as_of.timestamp()) // 60) if ready.rows and ready.rows.needs_minute else ready


_SERIALIZER = Condition.__pydantic_serializer__


@dataclass(frozen=True, slots=True)
class _Said:
    """A condition as of a day: equal for equal ones, whatever their ids."""

    said: bytes
    today: date
    condition: Condition = field(compare=False)


@lru_cache(maxsize=_ASKS_KEPT)
def _asked(said: _Said) -> plan.Ask:
    """What is asked all day long; the same conditions come with every letter somebody types."""
    condition, today = said.condition, said.today
    asked, measure = filter_of(condition), measure_of(condition)
    negated = condition.operator in POSITIVE_OF
    operator = POSITIVE_OF.get(condition.operator, condition.operator)
    day = day_number(today)
    return plan.Ask(
        cache_key=f"{condition_key(condition)}@{day}.0", filter=asked, measure=measure, aggregate=measure.aggregate,
        column=measure.column, test=_value_test(condition, operator, asked, today), negated=negated, day=day, minute=0,
        rows=_rows(condition, asked, today) if asked.facts else None, countries=_countries(condition),
        night="night" in condition.properties, statuses=_account_statuses(condition),
    )  # fmt: skip


def _of_minute(ready: plan.Ask, minute: int) -> plan.Ask:
    return replace(ready, cache_key=f"{ready.cache_key.removesuffix('.0')}.{minute}", minute=minute)


def cut_conditions(asked: Filter) -> tuple[tuple[Cut, Condition], ...]:
    """Each line of the filter's facet with the condition that counts it."""
    return tuple((cut, _cut_condition(asked, cut)) for cut in asked.cuts)


def _cut_condition(asked: Filter, cut: Cut) -> Condition:
    return Condition.model_validate(
        {
            "id": "cut",
            "filter": asked.key,
            "operator": cut.operator,
            "value": cut.value,
            "measure": cut.measure or None,
            "properties": dict(cut.properties),
        }
    )


# --- values ---------------------------------------------------------------------------------------------------------------


def _value_test(condition: Condition, operator: Operator, asked: Filter, today: date) -> plan.ValueTest:
    match operator:
        case Operator.KNOWN:
            return plan.Known()
        case Operator.TOP_PERCENT | Operator.BOTTOM_PERCENT:
            return plan.Share(cast(int, condition.value), top=operator is Operator.TOP_PERCENT)
        case Operator.WITHIN:
            return plan.DayIn(days_in(cast(Window, condition.value), today))
        case Operator.IN:
            return plan.InCodes(_option_codes(asked, cast(tuple[str, ...], condition.value)))
        case Operator.ONLY:
            return plan.Only(_option_codes(asked, cast(tuple[str, ...], condition.value)))
        case Operator.HAS_ALL:
            return plan.HasAll(tuple(_option_codes(asked, (key,)) for key in cast(tuple[str, ...], condition.value)))
        case _:
            return _number_test(condition, operator, asked, today)


def _number_test(condition: Condition, operator: Operator, asked: Filter, today: date) -> plan.ValueTest:
    low, high = _INTERVALS[operator](_numbers(condition, asked))
    if asked.kind is Kind.DAYS:
        day = day_number(today)
        return plan.DayIn(((-(10**9) if high is None else day - high, 10**9 if low is None else day - low),))
    return plan.Between(low, high)


def _numbers(condition: Condition, asked: Filter) -> tuple[int, int]:
    """The value as (first, last) numbers; of an ordered filter, its options' codes."""
    value = condition.value
    pair = cast(tuple[int | str, int | str], value if isinstance(value, tuple) else (value, value))
    if asked.options is None:
        return cast(tuple[int, int], pair)
    (first,), (last,) = (asked.options.codes((str(key),)) for key in pair)
    return first, last


_INTERVALS: dict[Operator, Callable[[tuple[int, int]], tuple[int | None, int | None]]] = {
    Operator.EQ: lambda v: (v[0], v[0]),
    Operator.GE: lambda v: (v[0], None),
    Operator.GT: lambda v: (v[0] + 1, None),
    Operator.LE: lambda v: (None, v[0]),
    Operator.LT: lambda v: (None, v[0] - 1),
    Operator.BETWEEN: lambda v: v,
}


def _option_codes(asked: Filter, keys: Iterable[str]) -> frozenset[int]:
    if asked.places:
        return matching(keys)
    return cast(OptionList, asked.options).codes(keys)


def _countries(condition: Condition) -> int | None:
    asked = condition.properties.get("destination")
    if condition.filter != "overseas_intent" or asked is None:
        return None
    return sum({1 << COUNTRY_BITS[key] for place in cast(tuple[str, ...], asked) for key in countries_of(place)})


def _account_statuses(condition: Condition) -> frozenset[int] | None:
    found = condition.properties.get("account_status")
    asked = filter_of(condition).property_named("account_status")
    return asked.options.codes(cast(tuple[str, ...], found)) if found and asked and asked.options else None


# --- rows -----------------------------------------------------------------------------------------------------------------


def _rows(condition: Condition, asked: Filter, today: date) -> plan.Rows:
    facts = cast(Facts, asked.viewed if is_viewed(condition) else asked.facts)
    window = window_of(condition)
    named: list[tuple[Property, PropertyValue]] = [
        (cast(Property, asked.property_named(key)), value) for key, value in condition.properties.items()
    ]
    rows = plan.Rows(
        table=facts.table,
        date=_date_of(condition, facts, measure_of(condition).aggregate),
        days=((-(10**9), 10**9),) if window is None else days_in(window, today),
        kinds=frozenset(int(kind) for name in facts.kinds for kind in _KINDS[name]),
        statuses=_statuses(condition, facts, measure_of(condition).aggregate),
        carted=facts.state is RowState.CARTED,
        booked=facts.state in (RowState.BOOKED, RowState.CONFIRMED, RowState.CANCELLED),
        lines=PRODUCT_LINES.codes(facts.lines),
        types=frozenset(
            code for options in _TYPE_LISTS for code in options.codes(k for k in facts.types if k in options)
        ),
        tests=tuple(_ROW_TESTS[prop.test](prop, value, today) for prop, value in named if prop.test in _ROW_TESTS),
    )
    return _with_row_sets(rows, {prop.test: value for prop, value in named})


def _date_of(condition: Condition, facts: Facts, aggregate: Aggregate) -> str:
    if aggregate is Aggregate.CANCEL_RATE:
        return "booked"
    basis = cast("tuple[str, ...] | None", condition.properties.get("basis"))
    return basis[0] if basis else facts.date


def _statuses(condition: Condition, facts: Facts, aggregate: Aggregate) -> frozenset[int] | None:
    if aggregate in (Aggregate.CANCEL_RATE, Aggregate.SPEND, Aggregate.AVERAGE_SPEND):
        return None
    asked = condition.properties.get("status")
    if asked is not None:
        return BOOKING_STATUSES.codes(cast(tuple[str, ...], asked))
    if condition.filter == "booking_count":
        return _CONFIRMED
    return None if facts.state is None else _STATUSES_OF[facts.state]


def _with_row_sets(rows: plan.Rows, values: dict[Test, PropertyValue]) -> plan.Rows:
    has, lacks, state = (
        cast("tuple[str, ...]", values.get(test, ())) for test in (Test.HAS, Test.LACKS, Test.WISH_STATE)
    )
    return replace(
        rows,
        has=tuple(PRODUCT_LINES.codes((key,)) for key in has),
        lacks=PRODUCT_LINES.codes(lacks),
        wish_state=state[0] if state else "any",
    )


def _codes(column: str) -> Callable[[Property, PropertyValue, date], plan.RowTest]:
    def build(prop: Property, value: PropertyValue, _: date) -> plan.RowTest:
        return plan.CodeIn(column, cast(OptionList, prop.options).codes(cast(tuple[str, ...], value)))

    return build


def _mask(column: str) -> Callable[[Property, PropertyValue, date], plan.RowTest]:
    def build(prop: Property, value: PropertyValue, _: date) -> plan.RowTest:
        codes = cast(OptionList, prop.options).codes(cast(tuple[str, ...], value))
        return plan.MaskAny(column, sum(1 << code for code in codes))

    return build


def _number(column: str) -> Callable[[Property, PropertyValue, date], plan.RowTest]:
    return lambda _prop, value, _day: plan.NumberIn(column, cast(Range, value).min, cast(Range, value).max)


def _stay(_: Property, value: PropertyValue, today: date) -> plan.RowTest:
    stay = cast(Stay, value)
    return (plan.CheckInIn if stay.relation == "in" else plan.Touches)(days_in(stay.window, today))


def _keys(value: PropertyValue) -> tuple[str, ...]:
    return cast(tuple[str, ...], value)


_ROW_TESTS: dict[Test, Callable[[Property, PropertyValue, date], plan.RowTest]] = {
    Test.PLACE: lambda _prop, value, _day: plan.CodeIn("place", matching(_keys(value))),
    Test.LINE: _codes("product_line"),
    Test.TYPE: _codes("product_type"),
    Test.MODE: _codes("stay_mode"),
    Test.PRICE: _codes("price_band"),
    Test.DEVICE: _codes("device"),
    Test.THEME: _mask("theme_mask"),
    Test.PARTY: _mask("party_mask"),
    Test.NIGHT_KIND: _mask("night_mask"),
    Test.NIGHTS: _number("nights"),
    Test.LEAD: _number("lead_days"),
    Test.LEFT_HOURS: _number("left_hours"),
    Test.STAY: _stay,
    Test.LEFT: lambda _prop, _value, _day: plan.Left(),
    Test.STAGE: lambda prop, value, _day: plan.StageIn(cast(OptionList, prop.options).codes(_keys(value))),
    Test.NTH: lambda _prop, value, _day: plan.Nth(latest=_keys(value) == ("latest",)),
    Test.PHASE: lambda _prop, value, _day: plan.Phase(in_trip=_keys(value) == ("in_trip",)),
}
"""Properties that are asked of a row alone; status, basis, action, wish state, has and lacks shape the rows as a whole."""
