"""Which rows count: of the right kind and state, dated in the window, with every property true of one and the same row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import cast

from audience_builder.catalog.filter import Aggregate, Facts, Property, RowState, Test
from audience_builder.catalog.holidays import night_bits
from audience_builder.catalog.option import OptionGroup, OptionList
from audience_builder.catalog.options import PRODUCT_LINES, STAY_MODES
from audience_builder.catalog.places import leaves, place_of_code
from audience_builder.clock import day_number, day_of
from audience_builder.mart.person import BehaviorRow, BookingRow, Person
from audience_builder.mart.tables import EventKind
from audience_builder.rule.calendar import days_in
from audience_builder.rule.defaults import filter_of, is_viewed, measure_of, window_of
from audience_builder.rule.meaning_carts import is_left, left_hours
from audience_builder.rule.meaning_moments import Moment, Row, happened, is_confirmed, is_stay, last_night
from audience_builder.rule.tree import Condition, PropertyValue, Range, Stay
from audience_builder.rule.window import Window

_DAY = timedelta(days=1)
_KINDS = {
    "search": (EventKind.SEARCH,),
    "view": (EventKind.VIEW,),
    "session": (EventKind.SESSION,),
    "wish": (EventKind.WISH, EventKind.WISH_REMOVED),
}
_DAY_USE = next(option.code for option in STAY_MODES.options if option.key == "day_use")


def counted_rows(condition: Condition, who: Person, now: Moment) -> list[Row]:
    """The rows that count towards the condition's value."""
    rows = [row for row in _rows_of(condition, who, now) if _is_dated_right(row, condition, now)]
    lines = {row.product_line for row in rows}
    wanted = cast("tuple[str, ...]", condition.properties.get("has", ()))
    unwanted = cast("tuple[str, ...]", condition.properties.get("lacks", ()))
    has_all = all(lines & set(_codes(PRODUCT_LINES, word)) for word in wanted)
    lacks_all = not any(lines & set(_codes(PRODUCT_LINES, word)) for word in unwanted)
    return rows if has_all and lacks_all else []


def paid_rows(condition: Condition, who: Person, now: Moment) -> list[BookingRow]:
    """The rows paid by today, in the window."""
    return [
        row
        for row in cast(list[BookingRow], _rows_of(condition, who, now))
        if row.paid_at is not None
        and happened(row.paid_at, now)
        and _in_window(day_of(row.paid_at), window_of(condition), now)
    ]


def wish_totals(condition: Condition, who: Person, now: Moment) -> tuple[dict[date, int], dict[date, int]]:
    """Wishes made in the window, and those of them undone since, by the day they were made."""
    made, undone = defaultdict[date, int](int), defaultdict[date, int](int)
    for row in cast(list[BehaviorRow], _rows_of(condition, who, now)):
        total = undone if row.kind == EventKind.WISH_REMOVED else made
        day = _said_day(row, now)
        if day is not None and _in_window(day, window_of(condition), now):
            total[day] += row.count
    return made, undone


def _rows_of(condition: Condition, who: Person, now: Moment) -> list[Row]:
    """Rows of the right kind, line and state with every property, whatever their date."""
    asked = filter_of(condition)
    facts = cast(Facts, asked.viewed if is_viewed(condition) else asked.facts)
    rows: tuple[Row, ...] = who.behavior if facts.table == "behavior_daily" else who.bookings
    return [
        row
        for row in rows
        if _is_of(facts, row)
        and _is_visible(row, now)
        and _has_state(row, condition, facts, now)
        and all(
            _has(row, cast(Property, asked.property_named(key)), value, who, now)
            for key, value in condition.properties.items()
        )
    ]


def _is_of(facts: Facts, row: Row) -> bool:
    if isinstance(row, BehaviorRow) and EventKind(row.kind) not in {
        kind for name in facts.kinds for kind in _KINDS[name]
    }:
        return False
    if not (facts.lines or facts.types):
        return True
    by_line = any(row.product_line in _codes(PRODUCT_LINES, line) for line in facts.lines)
    return by_line or any(row.product_type == _type_code(key) for key in facts.types)


def _is_visible(row: Row, now: Moment) -> bool:
    return not isinstance(row, BehaviorRow) or row.day <= now.day


def _has_state(row: Row, condition: Condition, facts: Facts, now: Moment) -> bool:
    """Of bookings, the state the filter looks at; `status` says otherwise where it is named."""
    if isinstance(row, BehaviorRow) or facts.state is None:
        return True
    if measure_of(condition).aggregate is Aggregate.CANCEL_RATE:
        return happened(row.booked_at, now)
    if condition.filter == "booking_count" and "status" not in condition.properties:
        return is_confirmed(row, now)
    return {
        RowState.CARTED: happened(row.carted_at, now),
        RowState.BOOKED: happened(row.booked_at, now),
        RowState.CONFIRMED: is_confirmed(row, now),
        RowState.CANCELLED: happened(row.booked_at, now) and happened(row.cancelled_at, now),
    }[facts.state]


# --- dates ----------------------------------------------------------------------------------------------------------------


def _basis(condition: Condition) -> str:
    if measure_of(condition).aggregate is Aggregate.CANCEL_RATE:
        return "booked"
    asked = cast("tuple[str, ...] | None", condition.properties.get("basis"))
    facts = filter_of(condition).viewed if is_viewed(condition) else filter_of(condition).facts
    return asked[0] if asked else cast(Facts, facts).date


def row_day(row: Row, condition: Condition) -> date | None:
    """The row's day as the condition counts days; None where it has none."""
    if isinstance(row, BehaviorRow):
        return row.day
    basis = _basis(condition)
    if basis in ("check_in", "stay"):
        return row.check_in
    if basis == "check_out":
        return row.check_out
    moment = cast("datetime | None", getattr(row, f"{basis}_at"))
    return None if moment is None else day_of(moment)


def _is_dated_right(row: Row, condition: Condition, now: Moment) -> bool:
    day, window = row_day(row, condition), window_of(condition)
    if day is None:
        return False
    basis = _basis(condition)
    if isinstance(row, BookingRow) and basis == "stay":
        return _touches(row, window, now)
    if basis in ("carted", "booked", "paid", "cancelled") and day > now.day:
        return False
    return _in_window(day, window, now)


def _in_window(day: date, window: Window | None, now: Moment) -> bool:
    if window is None:
        return True
    number = day_number(day)
    return any(first <= number <= last for first, last in days_in(window, now.day))


def _touches(row: Row, window: Window | None, now: Moment) -> bool:
    """Any night of it lies in the window."""
    last = last_night(row)
    if row.check_in is None or last is None:
        return False
    if window is None:
        return True
    return any(first <= day_number(last) and day_number(row.check_in) <= end for first, end in days_in(window, now.day))


# --- properties -----------------------------------------------------------------------------------------------------------


def _codes(options: OptionList, word: str) -> tuple[int, ...]:
    entry = options.named(word)
    members = entry.members if isinstance(entry, OptionGroup) else (entry.key,)
    return tuple(option.code for option in options.options if option.key in members)


def _type_code(key: str) -> int:
    prop = cast(Property, filter_of(_TRANSPORT).property_named("type"))
    return _codes(cast(OptionList, prop.options), key)[0]


_TRANSPORT = Condition.model_construct(filter="transport")


def _has(row: Row, prop: Property, value: PropertyValue, who: Person, now: Moment) -> bool:
    ask = _ASKED.get(prop.test)
    return ask is None or ask(row, prop, value, who, now)


def _words(value: PropertyValue) -> tuple[str, ...]:
    return cast("tuple[str, ...]", value)


def _code_is(column: str) -> Callable[[Row, Property, PropertyValue, Person, Moment], bool]:
    def ask(row: Row, prop: Property, value: PropertyValue, _who: Person, _now: Moment) -> bool:
        code = getattr(row, column, None)
        return any(code in _codes(cast(OptionList, prop.options), word) for word in _words(value))

    return ask


def _bit_in(bits: Callable[[Row], int]) -> Callable[[Row, Property, PropertyValue, Person, Moment], bool]:
    def ask(row: Row, prop: Property, value: PropertyValue, _who: Person, _now: Moment) -> bool:
        found = bits(row)
        return any(found >> code & 1 for word in _words(value) for code in _codes(cast(OptionList, prop.options), word))

    return ask


def _in_range(
    number: Callable[[Row, Person, Moment], int | None],
) -> Callable[[Row, Property, PropertyValue, Person, Moment], bool]:
    def ask(row: Row, _prop: Property, value: PropertyValue, who: Person, now: Moment) -> bool:
        found, asked = number(row, who, now), cast(Range, value)
        if found is None:
            return False
        return (asked.min is None or found >= asked.min) and (asked.max is None or found <= asked.max)

    return ask


def _place(row: Row, _prop: Property, value: PropertyValue, _who: Person, _now: Moment) -> bool:
    if row.place is None:
        return False
    there = leaves(place_of_code(row.place).key)
    return any(there <= leaves(word) for word in _words(value))


def _night_mask(row: Row) -> int:
    """The kinds of nights of a stay; day use and other lines have none."""
    if not isinstance(row, BookingRow) or not is_stay(row) or row.check_in is None or row.check_out is None:
        return 0
    bits, night = 0, row.check_in
    while night < row.check_out:
        bits |= night_bits(night)
        night += _DAY
    return bits


def _nights(row: Row, _who: Person, _now: Moment) -> int | None:
    if isinstance(row, BehaviorRow):
        return row.nights
    if not is_stay(row) or row.check_in is None or row.check_out is None:
        return None
    return (row.check_out - row.check_in).days


def _said_day(row: Row, now: Moment) -> date | None:
    """The day of the event itself: a removal speaks of the wish it undoes, a cart not booked by today of its carting."""
    if isinstance(row, BehaviorRow):
        return row.wished_on if row.kind == EventKind.WISH_REMOVED else row.day
    moment = row.booked_at if happened(row.booked_at, now) else row.carted_at
    return None if moment is None else day_of(moment)


def _lead_days(row: Row, _who: Person, now: Moment) -> int | None:
    day = _said_day(row, now)
    return (row.check_in - day).days if row.check_in is not None and day is not None else None


def _stay(row: Row, _prop: Property, value: PropertyValue, _who: Person, now: Moment) -> bool:
    stay = cast(Stay, value)
    if stay.relation == "touches":
        return _touches(row, stay.window, now)
    return row.check_in is not None and _in_window(row.check_in, stay.window, now)


def _status(row: Row, _prop: Property, value: PropertyValue, _who: Person, now: Moment) -> bool:
    booking = cast(BookingRow, row)
    confirmed = is_confirmed(booking, now)
    came_in = booking.check_in is not None and booking.check_in <= now.day
    ended = booking.check_out or booking.check_in
    missed = confirmed and booking.no_show and came_in
    states = {
        "confirmed": confirmed,
        "cancelled": happened(booking.booked_at, now) and happened(booking.cancelled_at, now),
        "no_show": missed,
        "completed": confirmed and not booking.no_show and ended is not None and ended <= now.day,
        "upcoming": confirmed and booking.check_in is not None and booking.check_in > now.day,
    }
    return any(states[word] for word in _words(value))


def _nth(row: Row, _prop: Property, value: PropertyValue, who: Person, now: Moment) -> bool:
    confirmed = sorted(
        (entry for entry in who.bookings if is_confirmed(entry, now)),
        key=lambda entry: (cast(datetime, entry.booked_at), entry.booking_id),
    )
    return bool(confirmed) and row == confirmed[0 if _words(value) == ("first",) else -1]


def _stage(row: Row, prop: Property, value: PropertyValue, _who: Person, now: Moment) -> bool:
    booking = cast(BookingRow, row)
    reached = "carted"
    if happened(booking.checkout_at, now):
        reached = "checkout_started"
    if happened(booking.payment_failed_at, now):
        reached = "payment_failed"
    return reached in _words(value)


def _phase(row: Row, _prop: Property, value: PropertyValue, _who: Person, now: Moment) -> bool:
    booking = cast(BookingRow, row)
    if booking.check_in is None:
        return False
    if _words(value) == ("upcoming",):
        return booking.check_in >= now.day
    return booking.check_in <= now.day <= (booking.check_out or booking.check_in) and booking.stay_mode != _DAY_USE


_ASKED: dict[Test, Callable[[Row, Property, PropertyValue, Person, Moment], bool]] = {
    Test.PLACE: _place,
    Test.LINE: _code_is("product_line"),
    Test.TYPE: _code_is("product_type"),
    Test.MODE: _code_is("stay_mode"),
    Test.PRICE: _code_is("price_band"),
    Test.DEVICE: _code_is("device"),
    Test.THEME: _bit_in(lambda row: row.theme_mask or 0),
    Test.PARTY: _bit_in(lambda row: row.party_mask or 0),
    Test.NIGHT_KIND: _bit_in(_night_mask),
    Test.NIGHTS: _in_range(_nights),
    Test.LEAD: _in_range(_lead_days),
    Test.LEFT_HOURS: _in_range(left_hours),
    Test.STAY: _stay,
    Test.STATUS: _status,
    Test.NTH: _nth,
    Test.STAGE: _stage,
    Test.LEFT: lambda row, _prop, _value, who, now: is_left(row, who, now),
    Test.PHASE: _phase,
}
"""What is asked of a row. Basis, action, wish state, has and lacks shape which rows are looked at and are asked above."""
