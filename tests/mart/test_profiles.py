"""Profile versions are a chain without overlaps, whatever order they arrive in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from audience_builder.errors import InputError
from audience_builder.mart.duckdb import DuckDBMart
from tests.mart.conftest import Apply
from tests.mart.facts import at

MARCH, MAY, JULY = (datetime(2025, month, 1) for month in (3, 5, 7))


def chain(mart: DuckDBMart, user_no: int = 1) -> list[tuple[int, int | None, int | None]]:
    """(begins in month, ends in month, tier) of each version."""
    rows = mart.person(user_no).profiles
    return [(row.valid_from.month, row.valid_to.month if row.valid_to else None, row.tier) for row in rows]


@pytest.mark.parametrize("order", list(permutations(((MARCH, 1), (MAY, 2), (JULY, 3)))))
@pytest.mark.parametrize("together", [True, False])
def test_each_version_ends_where_the_next_begins(
    apply: Apply, mart: DuckDBMart, order: tuple[tuple[datetime, int], ...], together: bool
) -> None:
    rows = [{"user_no": 1, "valid_from": since, "tier": tier} for since, tier in order]
    for batch in [rows] if together else [[row] for row in rows]:
        apply(user_profile=[*batch, {"user_no": 2, "valid_from": MARCH, "tier": 9}])
    assert chain(mart) == [(3, 5, 1), (5, 7, 2), (7, None, 3)]
    assert chain(mart, 2) == [(3, None, 9)]


def test_a_version_that_begins_at_the_same_moment_takes_the_place_of_the_earlier_one(
    apply: Apply, mart: DuckDBMart
) -> None:
    apply(user_profile=[{"user_no": 1, "valid_from": MARCH, "tier": 1}, {"user_no": 1, "valid_from": JULY, "tier": 3}])
    apply(user_profile=[{"user_no": 1, "valid_from": MARCH, "tier": tier} for tier in (4, 5)])
    assert chain(mart) == [(3, 7, 5), (7, None, 3)]


def test_a_version_that_was_said_to_end_earlier_leaves_a_gap(apply: Apply, mart: DuckDBMart) -> None:
    apply(user_profile=[{"user_no": 1, "valid_from": MARCH, "valid_to": MAY}, {"user_no": 1, "valid_from": JULY}])
    assert [(begin, end) for begin, end, _ in chain(mart)] == [(3, 5), (7, None)]


def test_rows_that_do_not_fit_are_refused(apply: Apply, mart: DuckDBMart) -> None:
    with pytest.raises(InputError, match="do not fit user_profile"):
        apply(user_profile=[{"user_no": 1, "status": None}])
    assert chain(mart) == []


def test_users_with_facts_but_no_profile_wait(apply: Apply, mart: DuckDBMart) -> None:
    apply(
        behavior_daily=[{"user_no": no, "day": date(2025, 6, 1)} for no in (1, 2, 2, 3)],
        booking=[{"booking_id": "B", "user_no": 4}, {"booking_id": "C", "user_no": 5, "deleted": True}],
    )
    assert mart.waiting() == 4
    apply(user_profile=[{"user_no": no} for no in (2, 4)])
    assert mart.waiting() == 2


def test_active_users_are_signed_up_and_not_out_at_that_moment(apply: Apply, mart: DuckDBMart) -> None:
    since, signed_up = datetime(2025, 1, 1), datetime(2025, 5, 31, 15)  # 1 June in Korea
    who = {"valid_from": since, "signed_up_at": signed_up}
    apply(
        user_profile=[
            {"user_no": 1, **who},
            {"user_no": 2, **who, "status": 11},
            {"user_no": 3, **who, "signed_up_at": None},
            {"user_no": 4, **who, "status": 9},
            {"user_no": 4, **who, "valid_from": datetime(2025, 6, 2), "status": 11},
            {"user_no": 5, **who, "valid_from": datetime(2025, 6, 2)},
        ]
    )
    assert mart.active_count(at(2025, 5, 31)) == 0
    assert mart.active_count(datetime(2025, 5, 31, 15, tzinfo=UTC)) == 2
    assert mart.active_count(datetime(2025, 6, 1, 23, 59, 59, tzinfo=UTC)) == 2
    assert mart.active_count(datetime(2025, 6, 2, tzinfo=UTC)) == 2
    assert {no for no in range(1, 6) if mart.person(no).profiles} == {1, 2, 3, 4, 5}
