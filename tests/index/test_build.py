"""An index holds exactly what the mart says, row by row, however small the pieces it was read in."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
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
from audience_builder.index.build import NightKinds
from audience_builder.index.columns import (
    BEHAVIOR_LOGS,
    CONSENTS,
    LOGS,
    NO_CODE,
    NO_DAY,
    NO_KINDS,
    NO_NIGHTS,
    NO_PLACE,
    STRETCH_DAYS,
    fitted,
)
from audience_builder.index.contents import micros
from audience_builder.mart.person import BehaviorRow, Person, ProfileRow
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
    return NO_DAY if day is None else day_number(day)


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


def test_bookings_stand_by_user_booked_moment_and_id_with_days_and_minutes(crowd: list[Person], index: Index) -> None:
    def order(who: Person) -> list[Any]:
        return sorted(who.bookings, key=lambda row: (row.booked_at is None, row.booked_at or NOW, row.booking_id))

    def minute(moment: Any) -> int:
        return NO_DAY if moment is None else micros(moment) // 60_000_000

    told = [
        (
            who.user_no,
            number(row.booked_at and day_of(row.booked_at)),
            minute(row.carted_at),
            number(row.check_in),
            row.paid_krw,
        )
        for who in crowd
        for row in order(who)
    ]
    assert rows_of(index.log("booking"), "user", "booked_day", "carted_minute", "check_in", "paid_krw") == told


def test_small_pieces_make_the_same_index(crowd: list[Person], index: Index, tmp_path: Path) -> None:
    pieces = index_of(crowd, tmp_path, rows_at_once=7)
    for name in LOGS:
        assert index.log(name).columns.keys() == pieces.log(name).columns.keys()
        key = ("user",) if name == "booking" else ("day", "user")
        assert rows_of(index.log(name), *key) == rows_of(pieces.log(name), *key)
        everything = sorted(index.log(name).columns)
        assert sorted(rows_of(index.log(name), *everything)) == sorted(rows_of(pieces.log(name), *everything))
    assert (index.users.consents == pieces.users.consents).all()
    assert all((index.users.profile[name] == pieces.users.profile[name]).all() for name in index.users.profile)


def test_products_are_told_apart_within_a_user(tmp_path: Path) -> None:
    names = ("p2", None, "p1", "p2")
    rows = [booked(TODAY - timedelta(days=9 - n), booking_id=str(n), product_id=name) for n, name in enumerate(names)]
    log = index_of([someone(*rows)], tmp_path).log("booking")
    product = log["product"].tolist()
    assert product[0] == product[3] != product[2]
    assert product[1] == 0


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
    check_in = np.array([day_number(first) for first, _ in stays], np.int32)
    check_out = check_in + np.array([nights for _, nights in stays], np.int32)
    masks = NightKinds().of(check_in, check_out, np.ones(300, np.bool_))
    for (first, nights), mask in zip(stays, masks, strict=True):
        bits = 0
        for night in range(nights):
            bits |= night_bits(first + timedelta(days=night))
        assert mask == bits
    assert not NightKinds().of(check_in, check_out, np.zeros(300, np.bool_)).any(), "off stays there are no nights"
    with pytest.raises(EngineError, match="a stay lies outside"):
        NightKinds().of(np.array([0], np.int32), np.array([3], np.int32), np.array([True]))


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
    with pytest.raises(EngineError, match="count holds 0"):
        index_of([bad], tmp_path)
    assert list(tmp_path.iterdir()) == [], "what was half-written is gone"
