"""The laws where they are easily broken: first and last days, the very moment, two things at once, the same question again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Form
from audience_builder.catalog.seasons import SEASONS, occurrences
from audience_builder.clock import day_of
from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Rule
from tests.laws import rules
from tests.laws.people import people
from tests.laws.test_laws import World, agree, world
from tests.laws.world import engines_of, mart_of, other

_SINCE = datetime(2023, 1, 1, tzinfo=UTC)
_NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DOMESTIC_STAY = 0
_SEARCH = 2
_DAY = timedelta(days=1)
_CONSENTS = ("marketing_use", "push", "email", "sms", "kakao", "push_night", "sms_night", "kakao_night")


def asked(filter_key: str, operator: str, value: object = None, **more: Any) -> Rule:
    root = {"type": "condition", "filter": filter_key, "operator": operator, **more}
    return parse_rule({"version": 1, "root": root if value is None else {**root, "value": value}})


def everyone(rows: Sequence[tuple[list[BehaviorRow], list[BookingRow]]], **profile: Any) -> list[Person]:
    """Active people with these rows, numbered from 0."""
    known = ProfileRow(valid_from=_SINCE, signed_up_at=_SINCE, **profile)
    return [
        Person(user_no=number, profiles=(known,), behavior=tuple(behavior), bookings=tuple(bookings))
        for number, (behavior, bookings) in enumerate(rows)
    ]


def all_agree(population: list[Person], as_of: datetime, asked_rules: Sequence[Rule]) -> None:
    with closing(mart_of(population)) as mart:
        where = World(population, as_of, engines_of(mart, as_of, population))
        assert any(where.meant(rule) for rule in asked_rules), "nobody is meant: this says nothing"
        for rule in asked_rules:
            agree(rule, where)


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def test_a_named_stretch_holds_its_first_and_last_day_and_none_beside() -> None:
    edges = sorted(
        {edge + beside for name in SEASONS for stretch in occurrences(name, 2025) for edge in _ends(stretch)
         for beside in (-_DAY, timedelta(0), _DAY)}
    )  # fmt: skip
    population = everyone([
        ([BehaviorRow(day=day, kind=_SEARCH, count=1, place=0)], [BookingRow(booking_id=f"b{day}", booked_at=at_noon(day), check_in=day, check_out=day + _DAY)])
        for day in edges
    ])  # fmt: skip
    several = [name for name in sorted(SEASONS) if len(occurrences(name, 2025)) > 1]
    assert several
    found = [asked("visit_frequency", ">=", 1, window=named(name)) for name in sorted(SEASONS)]
    for name in several:
        found.append(asked("search_region", "known", window=named(name)))
        found.append(asked("booking_count", ">=", 1, window=named(name)))
        found += [
            asked("booking_count", ">=", 1, properties={"stay": {"relation": relation, "window": named(name)}})
            for relation in ("in", "touches")
        ]
    all_agree(population, _NOON, found)


def _ends(stretch: Any) -> tuple[date, date]:
    first, last = stretch
    return first, last


def named(name: str) -> dict[str, Any]:
    return {"type": "named", "name": name, "year": 2025}


@pytest.mark.parametrize("entry", FILTERS, ids=lambda entry: entry.key)
def test_each_property_of_each_filter_agrees(entry: Filter) -> None:
    """Each alone, some values of each, however seldom the generated rules come to it."""
    random = Random(entry.key)
    with world(2_000 + FILTERS.index(entry), 60) as where:
        for prop in entry.properties:
            for _ in range(3 if prop.form is Form.RANGE else 1):
                made = rules.condition(random, entry) | {"properties": {prop.key: rules.a_property(random, prop)}}
                agree(parse_rule({"version": 1, "root": made}), where)


def test_hours_count_from_the_latest_touch_of_a_cart_that_has_come() -> None:
    """Carted, on to checkout, a payment that failed: each may be the last, lie ahead, or never have been."""
    hours = (None, 1, 30, 100, -2)
    carts = [
        BookingRow(booking_id=f"c{a}{b}{c}", carted_at=_NOON - timedelta(hours=200), checkout_at=_before(a), payment_failed_at=_before(b), removed_at=_before(c))
        for a in hours for b in hours for c in (None, 1, 150)
    ]  # fmt: skip
    bounds = [{"max": 29}, {"min": 1, "max": 1}, {"min": 30, "max": 30}, {"min": 100}, {"min": 200, "max": 200}]
    found = [asked("cart", ">=", 1, properties={"left_hours": bound}) for bound in bounds]
    all_agree(everyone([([], [cart]) for cart in carts]), _NOON, found)


def _before(hours: int | None) -> datetime | None:
    return None if hours is None else _NOON - timedelta(hours=hours)


def test_what_is_paid_or_cancelled_later_lies_in_no_window_yet() -> None:
    later = (None, -40, -1, 0, 1, 40)
    bookings = [
        BookingRow(booking_id=f"b{paid}{gone}", booked_at=_NOON - 2 * _DAY, paid_at=_days(paid), cancelled_at=_days(gone), paid_krw=100_000)
        for paid in later for gone in later
    ]  # fmt: skip
    windows = [{"type": "days", "start": -1, "end": 14}, {"type": "last", "n": 1, "unit": "day"}, {"type": "ever"}]
    found = [asked("cancellation", ">=", 1, window=window) for window in windows]
    found += [asked("total_spend", ">=", 1, window=window) for window in windows]
    found += [
        asked("booking_count", ">=", 1, window=window, properties={"basis": [basis]})
        for window in windows for basis in ("booked", "paid", "stay")
    ]  # fmt: skip
    all_agree(everyone([([], [booking]) for booking in bookings]), _NOON, found)


def _days(days: int | None) -> datetime | None:
    return None if days is None else _NOON + days * _DAY


def test_the_first_of_two_bookings_at_one_moment_is_told_by_its_id_whatever_stands_between() -> None:
    """Both the earliest of all there are, with what was never booked between them."""
    first = datetime(2024, 3, 1, tzinfo=UTC)
    rows = [
        BookingRow(booking_id="z", booked_at=first, place=1, product_line=0),
        BookingRow(booking_id="y", carted_at=first, place=3, product_line=2),
        BookingRow(booking_id="a", booked_at=first, place=2, product_line=1),
    ]
    population = everyone(
        [([], [rows[place] for place in order]) for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1))]
    )
    population = [
        replace(who, bookings=tuple(replace(row, booking_id=f"{row.booking_id}{who.user_no}") for row in who.bookings))
        for who in population
    ]  # fmt: skip
    found = [
        asked("booking_count", ">=", 1, properties={"nth": [nth], "product_line": [line]})
        for nth in ("first", "latest") for line in ("domestic_stay", "overseas_stay")
    ]  # fmt: skip
    all_agree(population, _NOON, found)


@pytest.mark.parametrize("after", [timedelta(0), timedelta(microseconds=1), timedelta(hours=5)], ids=str)
def test_an_index_knows_consents_given_since_the_last_profile_began(after: timedelta) -> None:
    """Asked at moments before, at and after a consent; profiles were the same all along, so one index answers them all."""
    given = _NOON + after
    profiles = [
        ProfileRow(valid_from=_SINCE, signed_up_at=_SINCE, **{f"{name}_at": moment for name in chosen})
        for moment in (given - timedelta(microseconds=1), given, given + timedelta(microseconds=1), None)
        for chosen in (_CONSENTS, ("marketing_use", "push"), ("push",), ())
    ]
    population = [Person(user_no=number, profiles=(profile,)) for number, profile in enumerate(profiles)]
    channels = [asked("marketing_consent", "has_all", [name]) for name in ("marketing_use", "push", "sms")]
    with closing(mart_of(population)) as mart:
        engines = engines_of(mart, given, population)
        for moment in (given - timedelta(microseconds=1), given, given + timedelta(microseconds=1)):
            if day_of(moment) == day_of(given):
                for rule in channels:
                    agree(rule, World(population, moment, engines))


@pytest.mark.parametrize("seed", range(2))
def test_asked_again_and_in_another_order_every_count_stays(seed: int) -> None:
    """What was worked out is kept by what it means: neither by its place in a rule nor by the rule it came in."""
    with world(3_000 + seed, 40) as where:
        random = Random(seed)
        made = [rules.rule(random) for _ in range(6)]
        joined = [_joined(kind, made[at : at + 3]) for kind in ("all", "any") for at in (0, 1, 3)]
        for rule in (*made, *joined, *reversed(made), *joined):
            agree(rule, where)


def _joined(kind: str, parts: Sequence[Rule]) -> Rule:
    children = [_without_ids(to_json(part)["root"]) for part in parts]
    return parse_rule({"version": 1, "root": {"type": kind, "children": children}})


def _without_ids(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_ids(value) for key, value in node.items() if key != "id"}
    return [_without_ids(each) for each in node] if isinstance(node, list) else node


def test_some_of_the_generated_people_become_active_and_some_leave_in_a_patch() -> None:
    """Or the laws would say nothing of who is counted at all once people change."""
    population = people(Random(0), 60, _NOON)
    changed = {
        (who.profiles[-1].status <= 4, other(who).profiles[-1].status <= 4) for who in population if who.profiles
    }
    assert {(True, False), (False, True)} <= changed


def test_each_status_of_a_booking_is_told_by_its_days_and_whether_somebody_came() -> None:
    """Every way a booking can stand, with each end of the stay before, on and after the day."""
    days = (None, -3, -1, 0, 1)
    today = day_of(_NOON)
    bookings = [
        BookingRow(
            booking_id=f"s{number}", booked_at=booked, cancelled_at=gone, no_show=no_show,
            check_in=None if start is None else today + start * _DAY,
            check_out=None if start is None or nights is None else today + (start + nights) * _DAY,
        )
        for number, (booked, gone, no_show, start, nights) in enumerate(product(
            (_NOON - 5 * _DAY, _NOON + _DAY, None), (None, _NOON - _DAY, _NOON + _DAY), (False, True), days, (None, 0, 1, 3)
        ))
    ]  # fmt: skip
    statuses = ("confirmed", "completed", "upcoming", "cancelled", "no_show")
    found = [asked("booking_count", ">=", 1, properties={"status": [status]}) for status in statuses]
    found += [asked("upcoming_trip", ">=", 1), asked("booking_count", ">=", 1)]
    all_agree(everyone([([], [booking]) for booking in bookings]), _NOON, found)


def test_days_ahead_count_from_the_booking_and_of_what_was_not_booked_yet_from_the_cart() -> None:
    today = day_of(_NOON)
    rows = [
        BookingRow(booking_id=f"l{number}", carted_at=carted, booked_at=booked, check_in=today + ahead * _DAY)
        for number, (carted, booked, ahead) in enumerate(product(
            (None, _NOON - 9 * _DAY), (None, _NOON - 2 * _DAY, _NOON + 2 * _DAY), (-1, 0, 3, 10)
        ))
    ]  # fmt: skip
    bounds = [{"min": 0, "max": 4}, {"min": 5, "max": 5}, {"min": 12, "max": 12}, {"min": 6}, {"max": 8}]
    found = [
        asked(key, ">=", 1, properties={"lead_days": bound})
        for key in ("cart", "booking_count", "cancellation") for bound in bounds
    ]  # fmt: skip
    all_agree(everyone([([], [row]) for row in rows]), _NOON, found)


def test_a_cart_is_answered_by_what_is_booked_for_it_since_and_by_nothing_else() -> None:
    """Products, places and nights that are the same, others, or not said; booked just before, in the minute or after; cancelled or not."""
    carted, gone = _NOON - 6 * _DAY, (None, _NOON - 3 * _DAY, _NOON + 40 * _DAY)
    products = (("p", "p"), ("p", "q"), (None, None), ("p", None))
    places = ((1, 1), (1, 2), (None, None), (1, None), (None, 1))
    nights = ((0, 2), (1, 3), (2, 3), (-2, 0), (-2, 1), (None, None))
    booked = (-_DAY, timedelta(seconds=-61), timedelta(seconds=-30), timedelta(0), 2 * _DAY, 9 * _DAY)
    rows: list[list[BookingRow]] = []
    for number, ((ours, theirs), (here, there), (start, end), after) in enumerate(
        product(products, places, nights, booked)
    ):
        cart = BookingRow(
            booking_id=f"c{number}", carted_at=carted, product_id=ours, place=here, check_in=_in(60), check_out=_in(62)
        )
        answer = BookingRow(
            booking_id=f"a{number}", booked_at=carted + after, cancelled_at=gone[number % 3], product_id=theirs, place=there,
            check_in=None if start is None else _in(60 + start), check_out=None if end is None else _in(60 + end),
        )  # fmt: skip
        rows.append([cart, answer])
    rows += [
        [replace(each, booking_id=f"d{each.booking_id}") for each in both]
        + [replace(both[1], booking_id=f"g{both[1].booking_id}", booked_at=carted, cancelled_at=carted + _DAY)]
        for both in rows
    ]
    found = [asked("cart", ">=", 1), asked("cart", ">=", 1, properties={"left_hours": {"min": 1}})]
    for as_of in (_NOON, _NOON + 5 * _DAY):
        all_agree(everyone([([], bookings) for bookings in rows]), as_of, found)


def _in(days: int) -> date:
    return day_of(_NOON) + days * _DAY
