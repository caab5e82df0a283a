"""How many users wait for their profile is asked no more than the mart can bear."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audience_builder.mart import waiting
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.waiting import Waiting
from tests.mart.conftest import Apply


def seen(user_no: int) -> dict[str, Any]:
    return {"user_no": user_no, "day": date(2025, 6, 1)}


def test_it_is_asked_anew_when_the_mart_has_changed(apply: Apply, mart: DuckDBMart) -> None:
    found = Waiting(mart)
    assert found.count() == 0
    apply(behavior_daily=[seen(1), seen(2)])
    assert found.count() == 2


def test_a_mart_where_it_takes_long_is_left_in_peace_for_a_while(
    apply: Apply, mart: DuckDBMart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_QUICK_SECONDS", 0.0)
    monkeypatch.setattr(waiting, "_SHARE", 1e9)
    found = Waiting(mart)
    assert found.count() == 0
    apply(behavior_daily=[seen(1)])
    assert (found.count(), mart.waiting()) == (0, 1)


def test_a_booking_taken_back_makes_nobody_wait(apply: Apply, mart: DuckDBMart) -> None:
    apply(booking=[{"booking_id": "A", "user_no": 7, "source_version": 1}])
    assert mart.waiting() == 1
    apply(booking=[{"booking_id": "A", "user_no": 7, "source_version": 2, "deleted": True}])
    assert mart.waiting() == 0
    apply(booking=[{"booking_id": "B", "user_no": 7, "source_version": 1}])
    apply(booking=[{"booking_id": "B", "user_no": 8, "source_version": 2}], user_profile=[{"user_no": 8}])
    assert mart.waiting() == 0
