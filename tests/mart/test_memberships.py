"""Who moved in and out of audiences: written once, added up by the hour, and gone with whoever is erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from audience_builder.errors import ConflictError
from audience_builder.mart import memberships
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.memberships import CAUSES, AudiencePlace, Cause, Step
from tests.mart.facts import dimensions

BEGUN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def place(minutes: int, size: int, audience: str = "A") -> AudiencePlace:
    return AudiencePlace(
        audience_id=audience,
        rule_version=1,
        mart_version=minutes,
        as_of=BEGUN + timedelta(minutes=minutes),
        size=size,
    )


def step(
    to: AudiencePlace, since: AudiencePlace | None, moved: dict[int, bool], cause: Cause = Cause.BEHAVIOUR
) -> Step:
    users = sorted(moved)
    return Step(
        to=to,
        since=since,
        users=np.array(users, np.uint32),
        is_in=np.array([moved[user] for user in users], np.bool_),
        causes=np.full(len(users), CAUSES.index(cause), np.uint8),
    )


def inside(mart: DuckDBMart, minutes: int, audience: str = "A") -> list[int]:
    with mart.cursor() as cursor:
        return memberships.inside(cursor, audience, BEGUN + timedelta(minutes=minutes)).tolist()


def sums(mart: DuckDBMart, audience: str = "A") -> dict[str, tuple[int, int]]:
    with mart.cursor() as cursor:
        found = memberships.movements(
            cursor, audience, since=BEGUN - timedelta(days=1), until=BEGUN + timedelta(days=9)
        )
    return {str(each.cause): (each.entered, each.exited) for each in found}


def begun(mart: DuckDBMart) -> AudiencePlace:
    first = place(0, 3)
    mart.record([step(first, None, {1: True, 2: True, 3: True}, Cause.BASELINE)])
    return first


def test_a_baseline_is_no_movement_and_who_leaves_it_has_been_in_since(mart: DuckDBMart) -> None:
    first = begun(mart)
    assert inside(mart, 0) == [1, 2, 3]
    assert inside(mart, -1) == []
    mart.record([step(place(5, 3), first, {2: False, 7: True})])
    assert (inside(mart, 4), inside(mart, 5)) == ([1, 2, 3], [1, 3, 7])
    assert sums(mart) == {"baseline": (3, 0), "behaviour": (1, 1)}
    with mart.cursor() as cursor:
        (gone,) = memberships.spells(cursor, "A", 2, most=9)
        (still,) = memberships.spells(cursor, "A", 1, most=9)
        (new,) = memberships.spells(cursor, "A", 7, most=9)
        assert memberships.spells(cursor, "A", 8, most=9) == ()
        assert memberships.began_at(cursor, "A") == BEGUN
        assert memberships.began_at(cursor, "B") is None
    assert (gone.cause, gone.exited_cause, gone.entered_at) == (Cause.BASELINE, Cause.BEHAVIOUR, BEGUN)
    assert (still.cause, still.exited_at, still.entered_at) == (Cause.BASELINE, None, BEGUN)
    assert (new.cause, new.entered_at, new.exited_at) == (Cause.BEHAVIOUR, BEGUN + timedelta(minutes=5), None)


def test_who_comes_and_goes_has_a_row_a_time_and_at_most_one_open(mart: DuckDBMart) -> None:
    since = begun(mart)
    for minute in range(1, 8):
        to = place(minute, 3)
        mart.record([step(to, since, {2: minute % 2 == 0, 9: minute % 2 == 1})])
        since = to
    with mart.cursor() as cursor:
        assert len(memberships.spells(cursor, "A", 2, most=9)) == 4
        assert len(memberships.spells(cursor, "A", 2, most=2)) == 2
        open_rows = cursor.execute(
            "SELECT user_no, COUNT(*) FROM audience_membership WHERE exited_at IS NULL GROUP BY ALL"
        ).fetchall()
    assert open_rows == [(9, 1)]
    assert [inside(mart, minute) for minute in (1, 2, 7)] == [[1, 3, 9], [1, 2, 3], [1, 3, 9]]
    assert sums(mart)["behaviour"] == (7, 7)


def test_a_step_is_taken_once(mart: DuckDBMart) -> None:
    first = begun(mart)
    moved = step(place(5, 4), first, {7: True})
    mart.record([moved])
    version = mart.version
    for repeated in (moved, step(first, None, {1: True}, Cause.BASELINE)):
        with pytest.raises(ConflictError):
            mart.record([step(place(6, 1, "B"), None, {1: True}, Cause.BASELINE), repeated])
    assert sums(mart) == {"baseline": (3, 0), "behaviour": (1, 0)}
    assert sums(mart, "B") == {}
    assert mart.version == version


def test_several_audiences_move_in_one_transaction(mart: DuckDBMart) -> None:
    first = begun(mart)
    other = place(0, 1, "B")
    mart.record([step(place(1, 4), first, {8: True}), step(other, None, {2: True}, Cause.BASELINE)])
    mart.record([step(replace(other, size=0, mart_version=9), other, {2: False}, Cause.ROLL_OFF)])
    assert (inside(mart, 1), inside(mart, 1, "B")) == ([1, 2, 3, 8], [])
    with mart.cursor() as cursor:
        assert {key: each.size for key, each in memberships.places(cursor).items()} == {"A": 4, "B": 0}


def test_who_is_erased_has_no_row_and_is_counted_out_once(mart: DuckDBMart) -> None:
    with mart.transaction("s", "1") as tx:
        tx.numbers(np.array([f"u{number}" for number in range(9)], object))
    first = begun(mart)
    mart.record([step(place(1, 4), first, {3: False, 7: True, 8: True})])
    for name in ("u1", "u3", "u7", "u0"):
        mart.erase(name)
        mart.erase(name)
    assert inside(mart, 1) == [2, 8]
    assert inside(mart, 0) == [2]
    assert sums(mart)["erasure"] == (0, 2)
    # An index that is older than the erasure still has them in, or out.
    late = step(place(2, 2), place(1, 4), {1: False, 3: True, 7: False, 8: False})
    mart.record([late])
    assert inside(mart, 2) == [2]
    assert sums(mart) == {"baseline": (3, 0), "behaviour": (2, 2), "erasure": (0, 2)}
    with mart.cursor() as cursor:
        rows = cursor.execute("SELECT DISTINCT user_no FROM audience_membership").fetchall()
    assert rows == [(8,)]


def test_a_mart_made_before_memberships_were_recorded_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "mart.duckdb"
    DuckDBMart(path, dimensions=dimensions()).close()
    with duckdb.connect(str(path)) as old:
        old.execute("ALTER TABLE audience_membership DROP COLUMN exited_cause")
        for name in ("place", "baseline", "movement"):
            old.table(f"audience_{name}")
            old.execute(
                {
                    "place": "DROP TABLE audience_place",
                    "baseline": "DROP TABLE audience_baseline",
                    "movement": "DROP TABLE audience_movement",
                }[name]
            )
    opened = DuckDBMart(path, dimensions=dimensions())
    begun(opened)
    assert inside(opened, 0) == [1, 2, 3]
    opened.close()
