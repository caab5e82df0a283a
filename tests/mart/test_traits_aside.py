"""Everybody's traits computed of one moment while others write, and kept afterwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audience_builder.mart.duckdb import DuckDBMart
from tests.mart.conftest import Apply
from tests.mart.test_traits import DAY, ahead, all_traits, random_facts


def computed_then(apply: Apply, seed: int, day: Any) -> tuple[DuckDBMart, Any, int, list[Any]]:
    """Traits computed in a transaction that began before more was applied; and what the moment's own would have been."""
    mart = apply(**random_facts(seed))
    mart.refresh_traits(day)
    right = all_traits(mart)
    with mart.cursor() as cursor:
        cursor.execute("BEGIN TRANSACTION")
        (version,) = cursor.execute("SELECT version FROM mart_state").fetchone() or (0,)
        more = random_facts(seed + 100, users=25)
        apply(booking=more["booking"][:12], behavior_daily=more["behavior_daily"][:12])
        pieces = mart.computed_traits(cursor, day)
        cursor.execute("ROLLBACK")
    return mart, pieces, version, right


@pytest.mark.parametrize("seed", range(3))
def test_what_is_computed_is_of_the_moment_the_transaction_began(
    apply: Apply, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("audience_builder.mart.traits.USERS_AT_ONCE", 17)
    _, pieces, _, right = computed_then(apply, seed, DAY)
    names = ("user_no", "payment_cycle_days", "lead_time_days", "visited")
    found = [
        tuple(None if value is np.ma.masked else int(value) for value in row)
        for piece in pieces
        for row in zip(*(piece[name] for name in names), strict=True)
    ]
    of_right = [(row[0], row[2], row[4], int(row[9])) for row in right]
    assert len(pieces) > 1
    assert sorted(found) == sorted(of_right)


@pytest.mark.parametrize("from_another_day", [False, True])
def test_what_is_kept_and_the_changed_refreshed_equals_everybody_refreshed(
    apply: Apply, from_another_day: bool
) -> None:
    mart, pieces, version, _ = computed_then(apply, 5, DAY)
    if from_another_day:
        mart.refresh_traits(ahead(-1))
    changed = mart.changed_since(version)
    assert changed is not None
    assert changed.size > 0
    assert mart.keep_traits(DAY, pieces, since=version)
    assert mart.traits_day == DAY
    assert {row[1] for row in all_traits(mart)} == {DAY}
    mart.refresh_traits(DAY, changed)
    partly = all_traits(mart)
    mart.refresh_traits(DAY)
    assert partly == all_traits(mart)


def test_of_who_was_erased_meanwhile_nothing_is_kept(apply: Apply) -> None:
    mart, pieces, version, right = computed_then(apply, 6, DAY)
    numbers = [row[0] for row in right]
    with mart.transaction("test", "ids") as tx:
        gone = "U-erased"
        (number,) = tx.numbers(np.array([gone], dtype=object))
    pieces[0]["user_no"][0] = number
    mart.erase(gone)
    assert mart.keep_traits(DAY, pieces, since=version)
    assert number not in [row[0] for row in all_traits(mart)]
    assert len(numbers) > 1


def test_nothing_is_kept_where_it_is_not_known_who_changed(apply: Apply) -> None:
    mart, pieces, version, _ = computed_then(apply, 7, DAY)
    mart.forget_changes(mart.version)
    before = all_traits(mart)
    assert not mart.keep_traits(DAY, pieces, since=version)
    assert all_traits(mart) == before
