"""An index holds exactly what the mart says, row by row, however small the pieces it was read in."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from audience_builder.catalog.holidays import night_bits
from audience_builder.clock import day_number, day_of
from audience_builder.errors import EngineError
from audience_builder.index import Index
from audience_builder.index.arrays import unpacked
from audience_builder.index.bookings import NightKinds
from audience_builder.index.columns import (
    BEHAVIOR_LOGS,
    CONSENTS,
    LOGS,
    NO_CODE,
    NO_DATE,
    NO_DAY,
    NO_KINDS,
    NO_NIGHTS,
    NO_PLACE,
    STRETCH_DAYS,
    fitted,
)
from audience_builder.index.contents import micros
from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow
from audience_builder.mart.tables import EventKind
from tests.index.facts import LONG_AGO, NOW, TODAY, booked, built, index_of, numbered, someone
from tests.laws.people import people
from tests.laws.world import mart_of


@pytest.fixture(scope="module")
def crowd() -> list[Person]:
    return people(Random(4), 80, NOW)


@pytest.fixture(scope="module")
def index(crowd: list[Person], tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(crowd, tmp_path_factory.mktemp("index"), rows_at_once=10_000)


def number(day: date | None) -> int:
    return NO_DATE if day is None else day_number(day)


def rows_of(log: Any, *names: str) -> list[tuple[int, ...]]:
    """The rows as plain numbers; a column nobody filled reads as None."""
    columns = [log.get(name) for name in names]
    return [tuple(None if column is None else int(column[row]) for column in columns) for row in range(log.rows)]


@pytest.mark.parametrize("name", BEHAVIOR_LOGS)
def test_behaviour_stands_by_stretch_user_and_day_with_every_row_once(
    crowd: list[Person], index: Index, name: str
) -> None:
    log = index.log(name)
    place = (lambda value: NO_PLACE if value is None else value) if log.get("place") is not None else lambda _: None
    told = sorted(
        (
            number(row.wished_on if row.kind == EventKind.WISH_REMOVED else row.day),
            who.user_no,
            row.count,
            place(row.place),
        )
        for who in crowd
        for row in who.behavior
        if row.kind in BEHAVIOR_LOGS[name]
    )
    found = rows_of(log, "day", "user", "count", "place")
    assert sorted(found) == told
    order = [(day // STRETCH_DAYS, user, day) for day, user, _, _ in found]
    assert order == sorted(order)


def day(moment: Any) -> int:
    return number(moment and day_of(moment))


def test_bookings_stand_by_stretch_user_booked_moment_and_id(crowd: list[Person], index: Index) -> None:
    def order(who: Person, row: BookingRow) -> tuple[Any, ...]:
        moment = row.booked_at or row.carted_at
        stretch = day(moment) // STRETCH_DAYS if moment else 0
        return stretch, who.user_no, row.booked_at is None, row.booked_at or NOW, row.booking_id

    rows = sorted(((who, row) for who in crowd for row in who.bookings), key=lambda each: order(*each))
    told = [
        (who.user_no, day(row.booked_at), day(row.carted_at), number(row.check_in), row.paid_krw) for who, row in rows
    ]
    found = rows_of(index.log("booking"), "user", "booked_day", "carted_day", "check_in", "paid_krw")
    assert [row for row in found if row[1] != NO_DATE] == [row for row in told if row[1] != NO_DATE]
    assert sorted(found) == sorted(told)
    assert [row[:2] for row in found] == [row[:2] for row in told], (
        "a user's bookings first, then what they never booked"
    )


def test_every_stretch_says_which_rows_and_dates_it_holds(index: Index) -> None:
    for name, log in index.logs.items():
        (starts,) = log.starts
        assert (starts[0], starts[-1]) == (0, log.rows)
        for date_name, (earliest, latest) in log.dates.items():
            for first, last, low, high in zip(starts[:-1], starts[1:], earliest, latest, strict=True):
                said = [int(each) for each in log[date_name][first:last] if each != NO_DATE]
                assert (min(said, default=NO_DATE), max(said, default=-1)) == (low, high), (name, date_name)


def test_carts_that_may_be_left_are_kept_with_what_may_answer_them(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 1, 3, tzinfo=UTC)

    def cart(name: str, **more: Any) -> BookingRow:
        return replace(booked(TODAY, booking_id=name), carted_at=noon, booked_at=None, paid_at=None, **more)

    later = replace(booked(TODAY, booking_id="z", product_id="p"), cancelled_at=NOW)
    kept = [cart("a", product_id="p"), cart("b", product_id="q"), cart("c", removed_at=noon + timedelta(hours=2))]
    answered = replace(cart("d"), booked_at=noon + timedelta(minutes=5), product_id="r")
    emptied = cart("e", removed_at=noon + timedelta(minutes=60))
    index = index_of([someone(*kept, answered, emptied, later)], tmp_path)
    carts, answers = index.tables["cart"], index.tables["answer"]
    assert carts["carted_minute"].tolist() == [micros(noon) // 60_000_000] * 3
    assert [minute - carts["carted_minute"][0] for minute in carts["removed_minute"].tolist() if minute != NO_DAY] == [
        120
    ]
    assert carts["answers"].tolist() == [1, 1, 1], "only the first one's product was booked later"
    assert answers["booked_day"].tolist() == [day_number(TODAY)]
    assert answers["cancelled_day"].tolist() == [day_number(day_of(NOW))]


def test_small_pieces_make_the_same_index(crowd: list[Person], index: Index, tmp_path: Path) -> None:
    pieces = index_of(crowd, tmp_path, rows_at_once=7)
    for name in LOGS:
        assert index.log(name).columns.keys() == pieces.log(name).columns.keys()
        key = ("user", "booked_day") if name == "booking" else ("day", "user")
        assert rows_of(index.log(name), *key) == rows_of(pieces.log(name), *key)
        everything = sorted(index.log(name).columns)
        assert sorted(rows_of(index.log(name), *everything)) == sorted(rows_of(pieces.log(name), *everything))
    assert (index.users.consents == pieces.users.consents).all()
    assert all((index.users.profile[name] == pieces.users.profile[name]).all() for name in index.users.profile)


@pytest.mark.parametrize("name", ["behavior", "bookings", "profiles", "traits"])
def test_reading_some_users_passes_over_the_rows_of_others(crowd: list[Person], name: str) -> None:
    """A bound of a wider type than the column's is compared with everybody's number: each piece would read the whole table."""
    query = resources.files("audience_builder.index").joinpath("queries", f"{name}.sql").read_text("utf-8")
    says = {"first": 0, "last": 9, "undone": 5, "stay_lines": [0], "at": NOW.replace(tzinfo=None)}
    asked = {key: value for key, value in says.items() if f"${key}" in query}
    with closing(mart_of(crowd)) as mart, mart.cursor() as cursor:
        mart.refresh_traits(TODAY)
        ((_, plan),) = cursor.execute(f"EXPLAIN (FORMAT json) {query}", asked).fetchall()
    assert "user_no<=9" in plan
    assert "CAST(user_no" not in plan


def test_a_profile_is_one_place_a_user_and_gaps_say_nobody(tmp_path: Path) -> None:
    gone = (ProfileRow(valid_from=LONG_AGO, valid_to=NOW - timedelta(days=1), signed_up_at=LONG_AGO),)
    crowd = [
        someone(born_on=date(1990, 5, 4), tier=2, push_at=LONG_AGO),
        Person(user_no=1),
        Person(user_no=2, profiles=gone),
    ]
    users = index_of(crowd, tmp_path).users
    assert users.size == 3
    assert users.status.tolist() == [1, 0, 0]
    assert users.profile["tier"].tolist() == [2, NO_CODE, NO_CODE]
    assert users.profile["activity_region"].tolist() == [NO_PLACE] * 3
    assert users.profile["born_on"].tolist() == [day_number(date(1990, 5, 4)), NO_DAY, NO_DAY]
    assert unpacked(users.consents[CONSENTS.index("push")], 3).tolist() == [True, False, False]
    assert not users.consents[CONSENTS.index("email")].any()


def test_facts_without_a_profile_wait_in_the_logs(tmp_path: Path) -> None:
    index = index_of([Person(user_no=0, behavior=(BehaviorRow(day=TODAY, kind=EventKind.SEARCH),))], tmp_path)
    assert (index.users.size, index.log("search").rows, index.users.status[0]) == (1, 1, 0)


def test_it_says_from_when_to_when_profiles_hold(tmp_path: Path) -> None:
    changes = [NOW - timedelta(hours=3), NOW + timedelta(hours=2), NOW + timedelta(hours=9)]
    versions = tuple(
        ProfileRow(valid_from=since, valid_to=until)
        for since, until in zip([LONG_AGO, *changes], [*changes, None], strict=True)
    )
    index = index_of([Person(user_no=0, profiles=versions)], tmp_path)
    assert (index.since, index.until) == (micros(changes[0]), micros(changes[1]))


def test_traits_are_of_the_marts_day_and_of_nobody_else(tmp_path: Path) -> None:
    lead = booked(TODAY - timedelta(days=9), product_line=0, check_in=TODAY - timedelta(days=5), check_out=TODAY)
    index = index_of([someone(lead), someone()], tmp_path)
    assert index.traits is not None
    assert index.traits.day == day_number(TODAY)
    assert index.traits["lead_time_days"].tolist() == [4, NO_DAY]
    assert index.traits["preferred_nights"].tolist()[1] == NO_KINDS
    with closing(mart_of(numbered([someone(lead)]))) as mart:
        assert built(mart, tmp_path).traits is None, "before they were computed there are none"


def test_night_kinds_are_those_of_each_night_of_the_stay() -> None:
    random = Random(2)
    stays = [(date(2026, 1, 1) + timedelta(days=random.randrange(800)), random.randrange(0, 9)) for _ in range(300)]
    check_in = np.array([day_number(first) for first, _ in stays], np.uint16)
    check_out = check_in + np.array([nights for _, nights in stays], np.uint16)
    masks = NightKinds().of(check_in, check_out, np.ones(300, np.bool_))
    for (first, nights), mask in zip(stays, masks, strict=True):
        bits = 0
        for night in range(nights):
            bits |= night_bits(first + timedelta(days=night))
        assert mask == bits
    assert not NightKinds().of(check_in, check_out, np.zeros(300, np.bool_)).any(), "off stays there are no nights"
    with pytest.raises(EngineError, match="a stay lies outside"):
        NightKinds().of(np.array([0], np.uint16), np.array([3], np.uint16), np.array([True]))


def test_a_value_that_does_not_fit_is_refused_not_bent(tmp_path: Path) -> None:
    place = next(entry for entry in LOGS["search"] if entry.name == "place")
    nights = next(entry for entry in LOGS["search"] if entry.name == "nights")
    user = next(entry for entry in LOGS["search"] if entry.name == "user")
    hidden = np.ma.MaskedArray([5, 7], mask=[False, True], dtype=np.int64)
    assert fitted(hidden, place).tolist() == [5, NO_PLACE]
    assert fitted(hidden, nights).tolist() == [5, NO_NIGHTS]
    for wrong, column in ((np.array([NO_PLACE]), place), (np.array([-1]), place), (hidden, user)):
        with pytest.raises(EngineError):
            fitted(wrong, column)
    bad = replace(someone(), behavior=(BehaviorRow(day=TODAY, kind=EventKind.SEARCH, count=0),))
    with pytest.raises(EngineError, match="counts 0 events"):
        index_of([bad], tmp_path)
    assert list(tmp_path.iterdir()) == [], "what was half-written is gone"
