"""The bitmap engine as a whole: sizes, caches, moments, a newer index, and everything at once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from audience_builder.catalog import FILTERS
from audience_builder.clock import day_from, day_number, day_of
from audience_builder.engine import bitmap_facets
from audience_builder.engine.asks import ask, cut_conditions
from audience_builder.engine.bitmap import MEMBERS_AT_ONCE, BitmapEngine
from audience_builder.engine.bitmap_reading import Reading
from audience_builder.errors import EngineError, NotFoundError
from audience_builder.index import CursorSource, Traits, traits_from
from audience_builder.index.arrays import sealed
from audience_builder.index.columns import STRETCH_DAYS, TRAIT
from audience_builder.mart.person import BehaviorRow, Person, ProfileRow
from audience_builder.mart.tables import EventKind
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Condition, Rule
from tests.engine.asking import one, who
from tests.index.facts import LONG_AGO, NOW, TODAY, bare_index, booked, built, index_of, numbered, someone
from tests.laws.world import mart_of

VISITED = one("visit_frequency", ">=", 1)
DAY = timedelta(days=1)


def visits(users: int, visitors: Any, *, version: int = 1, days_ago: int = 1) -> Any:
    """An index of `users`, of whom the named ones came once."""
    rows = {
        "user": visitors,
        "day": np.full(len(visitors), day_number(TODAY) - days_ago),
        "count": np.ones(len(visitors)),
    }
    return bare_index(users, version=version, session=rows)


def group(kind: str, *children: Rule, **more: Any) -> Rule:
    parts = [
        {**child.model_dump(mode="json", exclude_none=True)["root"], "id": f"c{n}"} for n, child in enumerate(children)
    ]
    return parse_rule({"version": 1, "root": {"type": kind, "id": "top", "children": parts, **more}})


@pytest.mark.parametrize("users", [0, 1, 63, 64, 65, 1_000])
def test_populations_of_every_awkward_size_are_counted(users: int) -> None:
    engine = BitmapEngine(visits(users, np.arange(0, users, 3)))
    count = engine.count(group("any", VISITED, one("visit_frequency", "=", 0)), as_of=NOW)
    third = len(range(0, users, 3))
    assert count.nodes == {"top": users, "c0": third, "c1": users - third}
    assert (count.total, count.base, count.as_of, count.mart_version) == (users, users, NOW, 1)
    assert who(engine, VISITED) == set(range(0, users, 3))


def test_an_empty_mart_has_nobody(tmp_path: Path) -> None:
    engine = BitmapEngine(index_of([], tmp_path))
    assert engine.count(VISITED, as_of=NOW).base == 0
    assert who(engine, one("booking_count", "=", 0)) == set()
    assert {line.count for facet in engine.facets(None, as_of=NOW) for line in facet.lines} == {0}
    assert engine.contains(VISITED, 0, as_of=NOW) == {"c": False}
    assert engine.count(one("total_spend", "top_percent", 10), as_of=NOW).thresholds == {"c": None}


def test_every_kind_of_group_is_counted_node_by_node() -> None:
    rows = {"user": [0, 1, 2, 2, 3], "day": np.full(5, day_number(TODAY)), "count": [1, 2, 1, 2, 5]}
    engine = BitmapEngine(bare_index(70, session=rows))
    once, twice, thrice = (one("visit_frequency", ">=", n) for n in (1, 2, 3))
    assert engine.count(group("all", once, twice), as_of=NOW).total == 3
    assert engine.count(group("any", twice, thrice), as_of=NOW).total == 3
    assert engine.count(group("at_least", once, twice, thrice, k=3), as_of=NOW).total == 2
    inverse = parse_rule(
        {
            "version": 1,
            "root": {
                "type": "not",
                "id": "n",
                "child": group("all", once, twice).model_dump(mode="json", exclude_none=True)["root"],
            },
        }
    )
    assert engine.count(inverse, as_of=NOW).nodes == {"n": 67, "top": 3, "c0": 4, "c1": 3}


def test_members_come_ascending_in_blocks_of_bounded_size() -> None:
    users = 200_000
    engine = BitmapEngine(visits(users, np.arange(users)))
    blocks = list(engine.members(VISITED, as_of=NOW))
    assert max(len(block) for block in blocks) <= MEMBERS_AT_ONCE
    assert {block.dtype for block in blocks} == {np.dtype(np.uint32)}
    assert (np.concatenate(blocks) == np.arange(users)).all()
    assert list(BitmapEngine(visits(users, [])).members(VISITED, as_of=NOW)) == []


def test_one_user_has_a_verdict_on_every_node() -> None:
    engine = BitmapEngine(visits(10, [3]))
    rule = group("any", VISITED, one("visit_frequency", "=", 0))
    assert engine.contains(rule, 3, as_of=NOW) == {"top": True, "c0": True, "c1": False}
    assert engine.contains(rule, 4, as_of=NOW) == {"top": True, "c0": False, "c1": True}
    assert engine.contains(rule, 10, as_of=NOW) == {"top": False, "c0": False, "c1": False}
    assert engine.contains(rule, 4_000_000, as_of=NOW) == {"top": False, "c0": False, "c1": False}


def test_who_is_not_active_is_in_nothing_not_even_a_negation(tmp_path: Path) -> None:
    people = [
        someone(),
        someone(status=11),
        someone(signed_up_at=None),
        someone(signed_up_at=NOW + 2 * DAY),
        Person(user_no=4),
    ]
    engine = BitmapEngine(index_of(people, tmp_path))
    assert who(engine, one("visit_frequency", "=", 0)) == {0}
    assert engine.count(one("gender", "unknown", None), as_of=NOW).base == 1
    assert engine.contains(one("gender", "not_in", ["male"]), 1, as_of=NOW) == {"c": False}


# --- caches ---------------------------------------------------------------------------------------------------------------


def test_the_same_question_on_another_day_is_another_question() -> None:
    engine = BitmapEngine(visits(5, [0], days_ago=6))
    last_week = one("visit_frequency", ">=", 1, window={"type": "last", "n": 7})
    assert who(engine, last_week) == {0}
    assert who(engine, last_week, as_of=NOW + DAY) == set()
    assert who(engine, last_week) == {0}


def test_a_cart_is_asked_about_anew_each_minute(tmp_path: Path) -> None:
    row = replace(booked(TODAY), carted_at=NOW - timedelta(minutes=30), booked_at=None, paid_at=None)
    engine = BitmapEngine(index_of([someone(row)], tmp_path))
    left = one("cart", ">=", 1, properties={"left": True})
    assert who(engine, left) == set()
    assert who(engine, left, as_of=NOW + timedelta(minutes=30)) == {0}
    lines = {line.key: line.count for line in engine.facets(None, as_of=NOW, filters=["cart"])[0].lines}
    later = {
        line.key: line.count
        for line in engine.facets(None, as_of=NOW + timedelta(minutes=30), filters=["cart"])[0].lines
    }
    assert (lines["left"], later["left"]) == (0, 1)


def test_moving_a_number_reads_no_rows_again() -> None:
    reading = Reading(visits(9, [0, 0, 1]), traits_for=None)
    at = reading.at(NOW)
    values = [
        at.values(ask(_condition(one("visit_frequency", operator, n)), NOW))
        for operator, n in ((">=", 1), ("=", 2), ("!=", 2))
    ]
    assert values[0] is values[1] is values[2]
    asked = ask(_condition(VISITED), NOW)
    assert at.people(asked) is at.people(asked)


def _condition(rule: Rule) -> Condition:
    assert isinstance(rule.root, Condition)
    return rule.root


def test_groups_mean_the_same_whatever_the_order_of_their_children() -> None:
    engine = BitmapEngine(visits(9, [0, 1]))
    one_way, other_way = (
        group("all", VISITED, one("gender", "unknown", None)),
        group("all", one("gender", "unknown", None), VISITED),
    )
    assert engine.count(one_way, as_of=NOW).total == engine.count(other_way, as_of=NOW).total == 2
    thrice = group("at_least", VISITED, VISITED, one("gender", "known", None), k=2)
    assert engine.count(thrice, as_of=NOW).total == 2, "a child named twice counts twice"


def test_answers_are_right_with_no_room_to_keep_anything() -> None:
    engine = BitmapEngine(visits(100, np.arange(40)), cache_bytes=0)
    assert engine.count(group("all", VISITED, VISITED), as_of=NOW).total == 40
    shown = engine.facets(VISITED, as_of=NOW, filters=["search_region", "visit_frequency"])
    assert {line.key: line.count for line in shown[1].lines}["1"] == 40


# --- moments --------------------------------------------------------------------------------------------------------------


def test_a_moment_before_the_latest_change_of_a_profile_is_refused(tmp_path: Path) -> None:
    change = NOW - timedelta(hours=5)
    versions = (
        ProfileRow(valid_from=LONG_AGO, valid_to=change, signed_up_at=LONG_AGO, tier=1),
        ProfileRow(valid_from=change, signed_up_at=LONG_AGO, tier=2),
    )
    engine = BitmapEngine(index_of([Person(user_no=0, profiles=versions)], tmp_path))
    silver = one("membership_tier", "=", "silver")
    assert who(engine, silver, as_of=change) == {0}
    for call in (engine.count, engine.members, lambda rule, as_of: engine.facets(rule, as_of=as_of)):
        with pytest.raises(EngineError, match="profiles have changed"):
            call(silver, as_of=change - timedelta(microseconds=1))


def test_a_version_that_begins_later_is_not_there_and_ends_what_can_be_answered(tmp_path: Path) -> None:
    change = NOW + timedelta(hours=5)
    versions = (
        ProfileRow(valid_from=LONG_AGO, valid_to=change, signed_up_at=LONG_AGO, tier=1),
        ProfileRow(valid_from=change, signed_up_at=LONG_AGO, tier=2),
    )
    engine = BitmapEngine(index_of([Person(user_no=0, profiles=versions)], tmp_path))
    welcome = one("membership_tier", "=", "welcome")
    assert who(engine, welcome, as_of=change - timedelta(microseconds=1)) == {0}
    with pytest.raises(EngineError):
        engine.count(welcome, as_of=change)


def test_consents_given_after_the_profile_began_count_from_their_own_moment(tmp_path: Path) -> None:
    given = NOW - timedelta(hours=1)
    people = [someone(marketing_use_at=LONG_AGO, push_at=moment) for moment in (LONG_AGO, given, NOW + DAY, None)]
    people = [replace(each, profiles=(replace(each.profiles[0], marketing_use_at=LONG_AGO - DAY),)) for each in people]
    engine = BitmapEngine(index_of(people, tmp_path))
    push = one("marketing_consent", "in", ["push"])
    assert who(engine, push, as_of=given - timedelta(microseconds=1)) == {0}
    assert who(engine, push, as_of=given) == {0, 1}
    assert who(engine, push, as_of=NOW + DAY) == {0, 1, 2}


def test_traits_of_another_day_are_asked_for_once_and_never_made_up(tmp_path: Path) -> None:
    two = someone(booked(TODAY - 40 * DAY, booking_id="x"), booked(TODAY - 10 * DAY, booking_id="y"))
    elapsed = one("payment_cycle", "=", 3, measure="elapsed_ratio")
    asked: list[int] = []
    with closing(mart_of(numbered([two]))) as mart:
        mart.refresh_traits(day_of(NOW))
        index = built(mart, tmp_path)

        def traits_for(day: int, users: int) -> Traits:
            asked.append(day)
            mart.refresh_traits(day_from(day))
            with mart.cursor() as cursor, CursorSource(cursor, now=NOW) as source:
                return traits_from(source.traits(), day=day, users=users)

        engine = BitmapEngine(index, traits_for=traits_for)
        later = NOW + 2 * DAY
        assert who(engine, elapsed) == {0}
        assert asked == []
        assert who(engine, elapsed, as_of=later) == set()
        assert who(engine, one("payment_cycle", "=", 4, measure="elapsed_ratio"), as_of=later) == {0}
        assert asked == [day_number(day_of(later))]
    with pytest.raises(EngineError, match="no traits of that day"):
        BitmapEngine(index).count(elapsed, as_of=NOW + DAY)


def test_traits_of_the_wrong_day_are_refused() -> None:
    def wrong(day: int, users: int) -> Traits:
        columns = {entry.name: sealed(np.full(users, entry.empty, entry.dtype)) for entry in TRAIT}
        return Traits(day - 1, columns)

    engine = BitmapEngine(bare_index(5), traits_for=wrong)
    with pytest.raises(EngineError, match="another day"):
        engine.count(one("lead_time", ">=", 1), as_of=NOW)


# --- facets ---------------------------------------------------------------------------------------------------------------


def test_each_line_of_a_facet_is_its_condition_counted(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    kinds = (EventKind.SEARCH, EventKind.VIEW, EventKind.SESSION)

    def row() -> BehaviorRow:
        return BehaviorRow(
            day=TODAY - int(random.integers(0, 120)) * DAY,
            kind=kinds[random.integers(0, 3)],
            place=int(random.choice((101, 102, 201, 301))) if random.random() < 0.8 else None,
            product_type=int(random.integers(1, 9)),
            product_line=int(random.integers(0, 8)),
            theme_mask=int(random.integers(0, 2**20)),
            device=int(random.integers(0, 4)),
        )

    people = [someone(*(row() for _ in range(4)), gender=int(random.integers(1, 3))) for _ in range(150)]
    index = index_of(people, tmp_path)
    engine, alone = BitmapEngine(index), BitmapEngine(index)
    rule = one("gender", "in", ["male"])
    meant = who(alone, rule)
    for facet in engine.facets(rule, as_of=NOW):
        asked = next(entry for entry in FILTERS if entry.key == facet.filter)
        for line, (cut, condition) in zip(facet.lines, cut_conditions(asked), strict=True):
            inside = who(alone, Rule(root=condition))
            assert (line.key, line.ko, line.en) == (cut.key, cut.ko, cut.en)
            assert (line.base, line.count) == (len(inside), len(inside & meant)), (facet.filter, cut.key)


def test_lines_that_differ_in_one_property_are_read_in_one_pass() -> None:
    asks = [
        ask(condition, NOW)
        for key in ("search_region", "search_theme", "wishlist")
        for _, condition in cut_conditions(_filter(key))
    ]
    groups = bitmap_facets.read_together(asks).values()
    assert sorted(len(group) for group in groups) == sorted(
        len(_filter(key).cuts) - 1 for key in ("search_region", "search_theme")
    )


def _filter(key: str) -> Any:
    return next(entry for entry in FILTERS if entry.key == key)


def test_only_the_named_facets_are_given_in_their_order() -> None:
    engine = BitmapEngine(visits(5, [1]))
    assert [facet.filter for facet in engine.facets(None, as_of=NOW, filters=["gender", "age"])] == ["gender", "age"]
    with pytest.raises(NotFoundError):
        engine.facets(None, as_of=NOW, filters=["shoe_size"])


# --- many at once ---------------------------------------------------------------------------------------------------------


def test_a_newer_index_takes_the_place_of_the_old_one_at_once() -> None:
    engine = BitmapEngine(visits(9, [0], version=1))
    assert engine.count(VISITED, as_of=NOW).total == 1
    engine.publish(visits(9, [0, 1], version=2))
    count = engine.count(VISITED, as_of=NOW)
    assert (count.total, count.mart_version, engine.mart_version) == (2, 2, 2)


def test_answers_under_way_while_an_index_is_published_are_of_one_index() -> None:
    indexes = [visits(5_000, np.arange(version * 100), version=version) for version in range(1, 9)]
    engine = BitmapEngine(indexes[0])
    done, wrong = Event(), []
    rule = group("all", VISITED, one("visit_frequency", "<=", 5))

    def count() -> None:
        while not done.is_set():
            found = engine.count(rule, as_of=NOW)
            if found.nodes != {"top": found.mart_version * 100, "c0": found.mart_version * 100, "c1": 5_000}:
                wrong.append(found)

    threads = [Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for index in indexes * 10:
        engine.publish(index)
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("measure", ["events", "days"])
def test_windows_that_begin_or_end_within_a_stretch_of_days_count_their_days_only(measure: str) -> None:
    today = day_number(TODAY)
    random = np.random.default_rng(8)
    day, user = random.integers(today - 200, today + 1, 4_000), random.integers(0, 50, 4_000)
    order = np.lexsort((day, user, day // STRETCH_DAYS))
    day, user = day[order], user[order]
    engine = BitmapEngine(bare_index(50, session={"user": user, "day": day, "count": np.ones(4_000)}))
    for first, last in ((200, 0), (27, 27), (90, 1), (56, 29), (28, 0), (400, 190)):
        window = {"type": "days", "start": -first, "end": -last}
        inside = (day >= today - first) & (day <= today - last)
        for number in (0, 1, 5, 20):
            of_user = [day[inside & (user == each)] for each in range(50)]
            counts = [len(found) if measure == "events" else len(set(found.tolist())) for found in of_user]
            meant = {each for each, count in enumerate(counts) if count >= number}
            assert who(engine, one("visit_frequency", ">=", number, window=window, measure=measure)) == meant


def test_days_are_those_of_korea(tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    engine = BitmapEngine(index_of([someone(booked(TODAY, booked_at=midnight))], tmp_path))
    today = one("booking_count", ">=", 1, window={"type": "last", "n": 1})
    assert who(engine, today, as_of=midnight - timedelta(microseconds=1)) == set()
    assert who(engine, today, as_of=midnight) == {0}
