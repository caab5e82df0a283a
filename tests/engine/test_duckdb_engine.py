"""The engine over the mart's own DuckDB: counts, members, facets and verdicts, now and in the past."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Kind
from audience_builder.catalog.operator import POSITIVE_OF, Operator
from audience_builder.clock import SEOUL
from audience_builder.engine.asks import cut_conditions
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.errors import EngineError, NotFoundError
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.person import Person, ProfileRow
from audience_builder.rule.tree import Rule
from tests.engine.sql_world import (
    JEJU,
    NOON,
    SEOUL_CITY,
    TOKYO,
    ago,
    at,
    booked,
    carted,
    mart_of,
    put,
    rule,
    search,
    unwish,
    user,
    visit,
    wish,
)

SEARCHED = {"filter": "search_region", "operator": ">=", "value": 1}
GOLD = {"filter": "membership_tier", "operator": ">=", "value": "gold"}
CYCLE = {"filter": "payment_cycle", "operator": "<=", "value": 10}

PEOPLE = (
    user(0, search(1, count=3, place=JEJU), visit(1, device=0), tier=3, gender=1, born_on=date(1990, 1, 1)),
    user(1, search(2), booked(9, "a"), booked(5, "b"), tier=1, marketing_use_at=at(9), push_at=at(9)),
    user(2, booked(40, "c", paid_krw=5), carted(3, "d", place=TOKYO), visit(2), tier=4, activity_region=SEOUL_CITY),
    user(3, wish(3), unwish(1, wished=3), status=2),
    user(4, search(1), status=11),
    user(5, search(1), signed_up_at=at(-1)),
    Person(user_no=6, behavior=(search(1),)),
    user(7, booked(9, "e", check_in=ago(-3), check_out=ago(-5)), booked(8, "f", cancelled_at=at(7)), tier=5),
)
EVERYBODY = {0, 1, 2, 3, 7}


@pytest.fixture(scope="module")
def mart() -> Iterator[DuckDBMart]:
    with mart_of(*PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def engine(mart: DuckDBMart) -> DuckDBEngine:
    return DuckDBEngine(mart)


def who(engine: DuckDBEngine, root: dict[str, Any], as_of: datetime = NOON) -> set[int]:
    return {int(number) for block in engine.members(rule(root), as_of=as_of) for number in block}


# --- counts and groups ----------------------------------------------------------------------------------------------------


def test_every_node_is_counted_on_its_own_among_the_active_users(engine: DuckDBEngine, mart: DuckDBMart) -> None:
    asked = rule(
        {
            "type": "all",
            "id": "both",
            "children": [
                {**SEARCHED, "id": "searched"},
                {"type": "not", "id": "not_gold", "child": {**GOLD, "id": "gold"}},
            ],
        }
    )
    found = engine.count(asked, as_of=NOON)
    assert found.nodes == {"both": 1, "searched": 2, "not_gold": 2, "gold": 3}
    assert (found.total, found.base, found.as_of, found.mart_version) == (1, 5, NOON, mart.version)
    assert found.thresholds == {}


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({"type": "all"}, set()),
        ({"type": "any"}, {0, 1, 2, 7}),
        ({"type": "at_least", "k": 1}, {0, 1, 2, 7}),
        ({"type": "at_least", "k": 2}, {0, 1, 2, 7}),
        ({"type": "at_least", "k": 3}, set()),
    ],
)
def test_groups_are_logic_over_their_children(engine: DuckDBEngine, group: dict[str, Any], expected: set[int]) -> None:
    booking = {"filter": "booking_count", "operator": ">=", "value": 1}
    children = [SEARCHED, GOLD, booking]  # {0, 1}, {0, 2, 7}, {1, 2, 7}
    assert who(engine, {**group, "children": children}) == expected


def test_the_threshold_of_a_share_is_told_and_empty_where_nobody_is_above_zero(engine: DuckDBEngine) -> None:
    of = {"filter": "search_region", "operator": "top_percent"}
    asked = rule(
        {
            "type": "any",
            "children": [
                {**of, "id": "some", "value": 50},
                {**of, "id": "lowest", "operator": "bottom_percent", "value": 50},
                {**of, "id": "none", "value": 50, "properties": {"region": ["busan"]}},
            ],
        }
    )
    found = engine.count(asked, as_of=NOON)
    assert found.thresholds == {"some": 3, "lowest": 1, "none": None}
    assert (found.nodes["some"], found.nodes["lowest"], found.nodes["none"]) == (1, 1, 0)


def test_questions_that_share_a_scan_are_answered_as_if_asked_alone(engine: DuckDBEngine) -> None:
    last = [{"type": "last", "n": days} for days in (1, 2, 7, 40, 60)]
    searches = {"filter": "search_region", "operator": ">=", "value": 1}
    children = [
        *({**searches, "window": window} for window in last),
        *({**searches, "properties": {"region": [key]}} for key in ("jeju", "seoul")),
        {**searches, "value": 3, "window": last[1], "properties": {"region": ["jeju"]}},
        {**searches, "window": {"type": "named", "name": "golden_holiday", "year": 2024}},
        *({"filter": "average_order_value", "operator": "known", "window": window} for window in last),
        *({"filter": "total_spend", "operator": ">", "value": 0, "window": window} for window in last),
        *({"filter": "cancellation", "measure": "rate", "operator": "known", "window": window} for window in last),
        *({"filter": "device_type", "operator": "known", "window": window} for window in last),
        *({"filter": "booking_count", "operator": ">=", "value": 1, "window": window} for window in last),
        {"filter": "upcoming_trip", "operator": ">=", "value": 1, "properties": {"has": ["stay"]}},
        {"filter": "upcoming_trip", "operator": ">=", "value": 1, "properties": {"lacks": ["stay"]}},
        {"filter": "upcoming_trip", "operator": ">=", "value": 1, "window": {"type": "next", "n": 2}},
        *(
            {"filter": "last_booking", "operator": "known", "properties": {"product_line": [key]}}
            for key in ("stay", "bus")
        ),
    ]
    together = rule({"type": "any", "children": children})
    found = list(engine.count(together, as_of=NOON).nodes.values())[1:]
    assert found == [engine.count(rule(child), as_of=NOON).total for child in children]
    assert 0 < sum(found) < len(found) * len(EVERYBODY)


def test_the_largest_rule_is_answered(engine: DuckDBEngine) -> None:
    children = [{**SEARCHED, "window": {"type": "last", "n": days}} for days in range(1, 201)]
    found = engine.count(rule({"type": "at_least", "k": 200, "children": children}), as_of=NOON)
    assert (found.total, len(found.nodes)) == (0, 201)
    assert engine.count(rule({"type": "at_least", "k": 199, "children": children}), as_of=NOON).total == 1


# --- the law of complements -----------------------------------------------------------------------------------------------


def _value(asked: Filter, operator: Operator) -> dict[str, Any]:
    if operator is Operator.UNKNOWN:
        return {}
    if operator is Operator.NOT_WITHIN:
        return {"value": {"type": "last", "n": 7}}
    if asked.kind in (Kind.CHOICE, Kind.CHOICES) or operator is Operator.NOT_IN:
        return {"value": ["jeju"] if asked.options is None else [asked.options.keys()[0]]}
    return {"value": asked.options.keys()[0] if asked.kind is Kind.ORDERED and asked.options else 1}


def test_a_negative_operator_is_the_exact_complement_of_its_positive_for_every_filter(engine: DuckDBEngine) -> None:
    pairs = [(asked, negative) for asked in FILTERS for negative in asked.operators if negative in POSITIVE_OF]
    assert {negative for _, negative in pairs} == set(POSITIVE_OF)
    for asked, negative in pairs:
        more = {"filter": asked.key, **_value(asked, negative)}
        positive = {**more, "id": "is", "operator": POSITIVE_OF[negative].value}
        is_not = {**more, "id": "is_not", "operator": negative.value}
        both = {"type": "all", "id": "both", "children": [positive, is_not]}
        inverse = {"type": "not", "id": "inverse", "child": {**positive, "id": "again"}}
        nodes = engine.count(rule({"type": "any", "children": [both, inverse]}), as_of=NOON).nodes
        assert nodes["both"] == 0, (asked.key, negative)
        assert nodes["is"] + nodes["is_not"] == len(EVERYBODY), (asked.key, negative)
        assert nodes["inverse"] == nodes["is_not"], (asked.key, negative)


# --- members and single users ---------------------------------------------------------------------------------------------


def test_members_ascend_in_blocks_of_at_most_65536() -> None:
    with mart_of() as mart:
        many = 140_000
        since = np.full(many, np.datetime64("2020-01-01", "us"))
        with mart.transaction("people", "many") as tx:
            tx.profiles(
                {
                    "user_no": np.random.default_rng(1).permutation(many).astype(np.uint32),
                    "valid_from": since,
                    "status": np.ones(many, dtype=np.uint8),
                    "signed_up_at": since,
                }
            )
        nothing_booked = rule({"filter": "booking_count", "operator": "=", "value": 0})
        blocks = list(DuckDBEngine(mart).members(nothing_booked, as_of=NOON))
        assert [len(block) for block in blocks] == [65_536, 65_536, 140_000 - 2 * 65_536]
        assert all(block.dtype == np.uint32 for block in blocks)
        assert np.array_equal(np.concatenate(blocks), np.arange(many, dtype=np.uint32))


def test_no_member_is_no_block(engine: DuckDBEngine) -> None:
    assert list(engine.members(rule({**SEARCHED, "value": 99}), as_of=NOON)) == []


def test_contains_tells_every_node_of_one_user_and_nothing_of_who_is_not_active(engine: DuckDBEngine) -> None:
    asked = rule({"type": "any", "id": "top", "children": [{**SEARCHED, "id": "a"}, {**GOLD, "id": "b"}]})
    assert engine.contains(asked, 1, as_of=NOON) == {"top": True, "a": True, "b": False}
    for inactive in (4, 5, 6, 99):
        assert engine.contains(asked, inactive, as_of=NOON) == {"top": False, "a": False, "b": False}


def test_contains_and_count_agree_with_members(engine: DuckDBEngine) -> None:
    asked = rule(
        {"type": "at_least", "k": 1, "children": [SEARCHED, CYCLE, {**GOLD, "operator": "not_in", "value": ["vip"]}]}
    )
    found = {int(number) for block in engine.members(asked, as_of=NOON) for number in block}
    assert found == {number for number in range(8) if engine.contains(asked, number, as_of=NOON)[asked.root.id]}
    assert engine.count(asked, as_of=NOON).total == len(found)


# --- facets ---------------------------------------------------------------------------------------------------------------


def test_every_line_of_every_facet_counts_what_its_condition_does(engine: DuckDBEngine) -> None:
    asked = rule(GOLD)
    facets = engine.facets(asked, as_of=NOON)
    assert [facet.filter for facet in facets] == [entry.key for entry in FILTERS]
    assert engine.facets(None, as_of=NOON, filters=["gender"])[0].lines[0].count == 1
    gold = who(engine, GOLD)
    for entry, facet in zip(FILTERS, facets, strict=True):
        assert [line.key for line in facet.lines] == [cut.key for cut in entry.cuts]
        for line, (_, condition) in list(zip(facet.lines, cut_conditions(entry), strict=True))[::5]:
            found = {int(number) for block in engine.members(Rule(root=condition), as_of=NOON) for number in block}
            assert (line.count, line.base) == (len(found & gold), len(found)), (entry.key, line.key)


def test_facets_can_be_asked_of_a_few_filters_and_of_everybody(engine: DuckDBEngine) -> None:
    tiers, genders = engine.facets(None, as_of=NOON, filters=["membership_tier", "gender"])
    assert {line.key: line.count for line in tiers.lines} == {
        "welcome": 1, "silver": 0, "gold": 1, "vip": 1, "vvip": 1, "unknown": 1,
    }  # fmt: skip
    assert all(line.count == line.base for line in (*tiers.lines, *genders.lines))
    assert engine.facets(None, as_of=NOON, filters=[]) == ()


def test_an_unknown_filter_is_refused(engine: DuckDBEngine) -> None:
    with pytest.raises(NotFoundError, match="no filter shoe_size"):
        engine.facets(None, as_of=NOON, filters=["shoe_size"])


# --- the past -------------------------------------------------------------------------------------------------------------


def test_the_profile_is_the_version_that_held_at_the_very_moment() -> None:
    change = datetime(2026, 11, 1, 3, 0, 0, 1, tzinfo=UTC)
    before = ProfileRow(valid_from=at(100), valid_to=change, signed_up_at=at(100), tier=1)
    after = ProfileRow(valid_from=change, signed_up_at=at(100), tier=3)
    gone = ProfileRow(valid_from=change, signed_up_at=at(100), status=11)
    with mart_of(Person(user_no=0, profiles=(before, after)), Person(user_no=1, profiles=(before, gone))) as mart:
        engine = DuckDBEngine(mart)
        just_before = change - timedelta(microseconds=1)
        assert who(engine, GOLD, just_before) == set()
        assert who(engine, GOLD, change) == {0}
        bases = [engine.count(rule(GOLD), as_of=moment).base for moment in (at(101), just_before, change)]
        assert bases == [0, 2, 1]


def test_facts_are_those_of_the_day_asked_about_with_what_is_known_now(engine: DuckDBEngine) -> None:
    cancelled_once = {"filter": "cancellation", "operator": ">=", "value": 1}
    booked_twice = {"filter": "booking_count", "operator": ">=", "value": 2}
    assert who(engine, booked_twice, at(8)) == {7}
    assert who(engine, booked_twice, at(7)) == set()
    assert (who(engine, cancelled_once, at(8)), who(engine, cancelled_once, at(7))) == (set(), {7})


def test_traits_are_those_of_the_day_asked_about() -> None:
    rhythm = {"filter": "payment_cycle", "operator": "="}
    with mart_of(user(0, booked(9, "a"), booked(5, "b"), booked(0, "c")), user(1, booked(9, "d"))) as mart:
        engine = DuckDBEngine(mart)
        assert who(engine, {**rhythm, "value": 4}) == {0}, "(9 - 0) // 2"
        assert who(engine, {**rhythm, "value": 4}, at(1)) == {0}, "9 - 5"
        assert who(engine, {**rhythm, "value": 4}, at(6)) == set()
        assert who(engine, {"filter": "payment_cycle", "operator": "unknown"}, at(6)) == {0, 1}


@pytest.mark.parametrize(
    ("day", "years"), [((2027, 2, 28), 30), ((2027, 3, 1), 31), ((2028, 2, 28), 31), ((2028, 2, 29), 32)]
)
def test_who_was_born_on_a_leap_day_ages_on_the_first_of_march_in_other_years(
    day: tuple[int, int, int], years: int
) -> None:
    with mart_of(user(0, born_on=date(1996, 2, 29))) as mart:
        moment = datetime(*day, tzinfo=SEOUL)
        assert who(DuckDBEngine(mart), {"filter": "age", "operator": "=", "value": years}, moment) == {0}


def test_days_begin_at_midnight_in_korea() -> None:
    today = {**SEARCHED, "window": {"type": "last", "n": 1}}
    with mart_of(user(0, search(0))) as mart:
        engine = DuckDBEngine(mart)
        midnight = datetime(2026, 11, 22, tzinfo=SEOUL)
        moments = (midnight - timedelta(microseconds=1), midnight, midnight + timedelta(days=1))
        assert [who(engine, today, moment) for moment in moments] == [set(), {0}, set()]


# --- one version, many threads, and what goes wrong -----------------------------------------------------------------------


def test_a_change_of_the_mart_is_seen_at_once_traits_included() -> None:
    with mart_of(user(0, booked(9, "a"))) as mart:
        engine = DuckDBEngine(mart)
        first = engine.count(rule(CYCLE), as_of=NOON)
        put(mart, Person(user_no=0, bookings=(booked(3, "b"),)))
        second = engine.count(rule(CYCLE), as_of=NOON)
        assert (first.total, second.total) == (0, 1)
        assert second.mart_version == first.mart_version + 1 == mart.version


def test_many_threads_may_ask_while_the_mart_changes() -> None:
    asked = rule({"type": "any", "children": [SEARCHED, CYCLE]})
    with mart_of(user(0, search(1))) as mart, ThreadPoolExecutor(4) as pool:
        engine = DuckDBEngine(mart)
        answers = [pool.submit(engine.count, asked, as_of=NOON) for _ in range(12)]
        for number in range(1, 5):
            put(mart, user(number, search(1)))
            answers += [pool.submit(engine.count, asked, as_of=NOON) for _ in range(3)]
        found = [answer.result() for answer in answers]
    first = min(count.mart_version for count in found)
    assert all(count.total == count.base == count.mart_version for count in found), "whole batches only"
    assert first == 1


def test_a_mart_that_cannot_answer_is_an_engine_error() -> None:
    with mart_of(user(0)) as mart:
        engine = DuckDBEngine(mart)
        assert engine.count(rule(GOLD), as_of=NOON).total == 0
    with pytest.raises(EngineError):
        engine.count(rule(GOLD), as_of=NOON)
    with pytest.raises(EngineError):
        DuckDBEngine(mart).count(rule(GOLD), as_of=NOON)


def test_a_day_whose_nights_are_not_known_is_refused_for_traits_only(engine: DuckDBEngine) -> None:
    early = datetime(1990, 6, 1, tzinfo=UTC)
    assert engine.count(rule(GOLD), as_of=early).base == 0
    with pytest.raises(EngineError, match="1990-12-31"):
        engine.count(rule(CYCLE), as_of=early)


def test_a_moment_without_a_zone_is_refused(engine: DuckDBEngine) -> None:
    with pytest.raises(ValueError, match="time zone"):
        engine.count(rule(GOLD), as_of=datetime(2026, 11, 22))


def test_no_cursor_waits_with_traits_of_a_mart_that_has_changed() -> None:
    with mart_of(user(0, booked(9, "a"), booked(3, "b"))) as mart:
        engine = DuckDBEngine(mart)
        assert who(engine, CYCLE) == {0}
        assert len(engine._idle) == 1
        put(mart, user(1))
        assert engine._idle == [], "a change may be an erasure, and what was derived from the erased goes with it"
