"""T2 apply: a batch is applied whole, once, and told of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from audience_builder.errors import InputError
from audience_builder.mart.duckdb import DeadLetter, DuckDBMart
from audience_builder.mart.transaction import MANY_USERS
from audience_builder.mart.users import ERASED
from tests.mart.facts import at, write

SEARCH = {"user_no": 0, "day": date(2025, 6, 1), "kind": 2}


def ids(*names: str) -> Any:
    return np.array(names, dtype=object)


def rows_of(mart: DuckDBMart, table: str) -> list[Any]:
    with mart.cursor() as cursor:
        return cursor.table(table).fetchall()


def test_a_batch_is_applied_whole(mart: DuckDBMart) -> None:
    with mart.transaction("topic-0", "17") as tx:
        numbers = tx.numbers(ids("a", "b", "a", "c"))
        write(tx, behavior_daily=[SEARCH], booking=[{"booking_id": "B1", "user_no": 1}], user_profile=[{"user_no": 2}])
        tx.dead([DeadLetter(3, "no such place")])
        tx.seen(at(2025, 6, 2))
    assert numbers.tolist() == [0, 1, 0, 2]
    assert numbers.dtype == np.uint32
    assert (mart.version, mart.watermark) == (1, at(2025, 6, 2))
    assert rows_of(mart, "dead_letter") == [("topic-0", 3, "no such place", 1)]
    assert [(row[0], row[1], row[2], row[4]) for row in rows_of(mart, "applied_batch")] == [("topic-0", "17", 1, 3)]


def failing_batch(mart: DuckDBMart) -> None:
    with mart.transaction("s", "1") as tx:
        tx.numbers(ids("a", "b"))
        write(tx, behavior_daily=[SEARCH], user_profile=[{"user_no": 0}])
        tx.dead([DeadLetter(1, "why")])
        tx.seen(at(2025, 6, 2))
        raise ZeroDivisionError


def test_an_exception_leaves_nothing(mart: DuckDBMart) -> None:
    told: list[int] = []
    mart.on_change(lambda version, users: told.append(version))
    before = mart.content_hash()
    with pytest.raises(ZeroDivisionError):
        failing_batch(mart)
    assert (mart.version, mart.watermark, mart.changed_at, told) == (0, None, None, [])
    assert mart.content_hash() == before
    for table in ("user_number", "dead_letter", "applied_batch"):
        assert rows_of(mart, table) == []
    with mart.transaction("s", "1") as tx:
        assert not tx.already_applied
        assert tx.numbers(ids("b")).tolist() == [0]


def test_a_repeated_batch_changes_nothing(mart: DuckDBMart) -> None:
    told: list[int] = []
    mart.on_change(lambda version, users: told.append(version))
    for repeat in range(3):
        with mart.transaction("s", "1") as tx:
            assert tx.already_applied is (repeat > 0)
            tx.numbers(ids("a", "b") if repeat == 0 else ids("a", "z"))
            write(tx, behavior_daily=[SEARCH], user_profile=[{"user_no": 0}])
            tx.dead([DeadLetter(1, "why")])
            tx.seen(at(2025, 6, 2 + repeat))
        assert (mart.version, mart.watermark, told) == (1, at(2025, 6, 2), [1])
    assert len(rows_of(mart, "behavior_daily")) == 1
    assert len(rows_of(mart, "dead_letter")) == 1
    assert [row[0] for row in rows_of(mart, "user_number")] == ["a", "b"]


def test_the_same_key_of_another_source_is_another_batch(mart: DuckDBMart) -> None:
    for source in ("s", "t"):
        with mart.transaction(source, "1") as tx:
            write(tx, behavior_daily=[SEARCH])
    assert (mart.version, len(rows_of(mart, "behavior_daily"))) == (2, 2)


def test_a_number_stays_with_its_user(mart: DuckDBMart) -> None:
    with mart.transaction("s", "1") as tx:
        assert tx.numbers(ids("b", "a")).tolist() == [0, 1]
    with mart.transaction("s", "2") as tx:
        assert tx.numbers(ids("c", "a", "b", "d", "c")).tolist() == [2, 1, 0, 3, 2]
        assert tx.numbers(ids("d", "e")).tolist() == [3, 4]
        assert tx.numbers(np.empty(0, dtype=object)).tolist() == []


@pytest.mark.parametrize("missing", [None, ""])
def test_an_empty_user_id_is_refused(mart: DuckDBMart, missing: str | None) -> None:
    with pytest.raises(InputError, match="no user id"), mart.transaction("s", "1") as tx:
        tx.numbers(np.array(["a", missing], dtype=object))


def test_masked_numbers_and_missing_moments_are_empty(mart: DuckDBMart) -> None:
    with mart.transaction("s", "1") as tx:
        tx.append(
            "behavior_daily",
            {
                "user_no": np.array([1, 2], dtype=np.uint32),
                "day": np.array(["2025-06-01", "2025-06-02"], dtype="datetime64[D]"),
                "kind": np.array([2, 2]),
                "place": np.ma.MaskedArray([7, 0], mask=[False, True]),
                "check_in": np.array(["NaT", "2025-07-01"], dtype="datetime64[D]"),
                "count": np.array([1, 2]),
                "first_at": np.array(["2025-06-01T01:02:03.5"] * 2, dtype="datetime64[ms]"),
                "last_at": np.array(["2025-06-01T01:02:03"] * 2, dtype="datetime64[s]"),
            },
        )
    first, second = mart.people([1, 2])
    assert (first.behavior[0].place, first.behavior[0].check_in, first.behavior[0].nights) == (7, None, None)
    assert (second.behavior[0].place, second.behavior[0].check_in) == (None, date(2025, 7, 1))
    assert rows_of(mart, "behavior_daily")[0][-2:] == (
        datetime(2025, 6, 1, 1, 2, 3, 500_000),
        datetime(2025, 6, 1, 1, 2, 3),
    )


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"user_no": [1], "mood": [1]}, "has no column mood"),
        ({"user_no": [1]}, "needs day"),
        ({"user_no": [1, 2], "day": [1]}, "different lengths"),
        (
            {"user_no": [1], "day": ["2025-06-01"], "kind": [300], "count": [1], "first_at": ["x"], "last_at": ["x"]},
            "do not fit",
        ),
    ],
)
def test_columns_that_do_not_fit_are_refused(mart: DuckDBMart, columns: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says), mart.transaction("s", "1") as tx:
        tx.append("behavior_daily", {name: np.array(values) for name, values in columns.items()})
    assert mart.version == 0


def test_a_row_without_a_user_is_refused_and_not_lost(mart: DuckDBMart) -> None:
    with pytest.raises(InputError, match="do not fit"), mart.transaction("s", "1") as tx:
        write(tx, behavior_daily=[{**SEARCH, "user_no": None}])


def test_only_tables_of_the_mart_take_rows_and_profiles_have_their_own_way_in(mart: DuckDBMart) -> None:
    with mart.transaction("s", "1") as tx:
        for table in ("user_profile", "mart_state", "nonsense"):
            with pytest.raises(InputError):
                tx.append(table, {"user_no": np.array([1])})


def test_rows_already_in_duckdb_are_appended_from_a_query(mart: DuckDBMart) -> None:
    from sqlglot import parse_one
    from sqlglot.expressions import Query

    facts = "SELECT range AS user_no, DATE '2025-06-01' AS day, 2 AS kind, 3 AS count, now() AS first_at, now() AS last_at FROM range(5)"
    people = "SELECT range AS user_no, TIMESTAMP '2025-01-01' AS valid_from, 1 AS status FROM range(5)"
    told: list[Any] = []
    mart.on_change(lambda version, users: told.append(users))
    with mart.transaction("import", "1") as tx:
        found, known = parse_one(facts, dialect="duckdb"), parse_one(people, dialect="duckdb")
        assert isinstance(found, Query)
        assert isinstance(known, Query)
        assert (tx.append_from("behavior_daily", found), tx.profiles_from(known)) == (5, 5)
    assert told == [None]
    assert mart.person(4).behavior[0].count == 3
    assert mart.waiting() == 0


def test_a_change_names_its_users_and_everyone_when_they_are_many(mart: DuckDBMart) -> None:
    told: list[tuple[int, Any]] = []
    mart.on_change(lambda version, users: told.append((version, None if users is None else users.tolist())))
    with mart.transaction("s", "1") as tx:
        write(tx, behavior_daily=[{**SEARCH, "user_no": no} for no in (5, 3, 5)], user_profile=[{"user_no": 9}])
    with mart.transaction("s", "2") as tx:
        many = np.arange(MANY_USERS + 1, dtype=np.uint32)
        tx.profiles(
            {
                "user_no": many,
                "valid_from": np.full(len(many), np.datetime64("2025-01-01", "us")),
                "status": np.ones(len(many), dtype=np.uint8),
            }
        )
    assert told == [(1, [3, 5, 9]), (2, None)]


def test_memberships_are_written_without_changing_what_is_known(mart: DuckDBMart) -> None:
    told: list[int] = []
    mart.on_change(lambda version, users: told.append(version))
    row = {"audience_id": "A", "user_no": 1, "entered_at": datetime(2025, 6, 1), "rule_version": 1, "cause": "rule"}
    for repeat in range(2):
        with mart.transaction("membership A", "0") as tx:
            assert tx.already_applied is (repeat == 1)
            write(tx, audience_membership=[{**row, "mart_version": mart.version}])
    assert (mart.version, told, len(rows_of(mart, "audience_membership"))) == (0, [], 1)


def test_the_watermark_never_goes_back(mart: DuckDBMart) -> None:
    for key, moment in enumerate((at(2025, 6, 5), at(2025, 6, 1), None)):
        with mart.transaction("s", str(key)) as tx:
            if moment:
                tx.seen(moment)
    assert mart.watermark == at(2025, 6, 5)
    with pytest.raises(InputError), mart.transaction("s", "x") as tx:
        tx.seen(datetime(2025, 6, 1))


def test_a_reader_sees_whole_batches_only(mart: DuckDBMart) -> None:
    with mart.transaction("s", "1") as tx:
        write(tx, behavior_daily=[SEARCH])
        assert rows_of(mart, "behavior_daily") == []
        assert mart.version == 0
    assert len(rows_of(mart, "behavior_daily")) == 1


def test_fifty_thousand_rows_are_applied_in_well_under_a_second(mart: DuckDBMart) -> None:
    n = 50_000
    names = np.array([f"user-{no % 30_000}" for no in range(n)], dtype=object)
    moments = np.full(n, np.datetime64("2025-06-01T01:00:00", "us"))
    start = perf_counter()
    with mart.transaction("s", "1") as tx:
        rows = {
            "user_no": tx.numbers(names),
            "day": moments.astype("datetime64[D]"),
            "kind": np.full(n, 2, dtype=np.uint8),
            "place": np.ma.MaskedArray(np.arange(n) % 300, mask=np.arange(n) % 3 == 0),
            "count": np.ones(n, dtype=np.int32),
            "first_at": moments,
            "last_at": moments,
        }
        assert tx.append("behavior_daily", rows) == n
    assert perf_counter() - start < 0.9
    assert mart.changed_at is not None
    assert mart.changed_at.tzinfo is UTC
    assert ERASED not in rows["user_no"]
