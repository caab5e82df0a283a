"""The index behind a mart that never stands still: patched while a new one is made beside it, and right at every moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from audience_builder import clock
from audience_builder import keeper as keeping
from audience_builder.api import App
from audience_builder.keeper import IndexKeeper
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.rule.check import parse_rule
from audience_builder.wiring import open_app
from tests.apply.waiting import until
from tests.audience.small import NOW, copied, settings_in

SEARCHED = {
    "version": 1,
    "root": {
        "type": "condition", "id": "jeju", "filter": "search_region", "operator": ">=", "value": 1,
        "window": {"type": "last", "n": 1, "unit": "day"}, "properties": {"region": ["jeju"]},
    },
}  # fmt: skip


class Clock:
    def __init__(self) -> None:
        self.now = NOW


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, time: Clock) -> Iterator[App]:
    found = open_app(settings_in(copied(tmp_path / "data"), exact_from=1), watch=True, now=lambda: time.now)
    until(lambda: found.freshness().index == "ready")
    yield found
    found.close()


def keeper_of(app: App) -> IndexKeeper:
    bound: Any = app.freshness
    found = bound.__self__
    assert isinstance(found, IndexKeeper)
    return found


def counted(app: App, as_of: Any = None) -> int | None:
    shown = app.questions.count(app.principal, parse_rule(SEARCHED), as_of=as_of)
    return shown.total


def send(app: App, *users: int, at: Any = None) -> None:
    lines = [
        {
            "id": f"{Random().random()}",
            "user_id": f"U{user:010d}",
            "kind": "search",
            "at": (at or NOW).isoformat(),
            "place": "jeju",
        }
        for user in users
    ]
    app.collector.take("\n".join(json.dumps(line) for line in lines).encode(), "application/x-ndjson")


def is_up_to_date(app: App) -> bool:
    """Whether everything sent is in the mart, and counts say what it says."""
    return not app.applier.lags()[0].in_flight and counted(app) == truth(app)


def truth(app: App) -> int | None:
    """The same from the mart itself."""
    keeper = keeper_of(app)
    engine = keeper._engine._mart_engine
    return engine.count(parse_rule(SEARCHED), as_of=app.now()).total


def test_counts_follow_while_a_new_index_is_made_and_after(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, begun = Event(), Event()
    make = keeping.build

    def slow(*words: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return make(*words)

    monkeypatch.setattr(keeping, "build", slow)
    monkeypatch.setattr(keeping, "PATCHED_USERS", 20)
    first = keeper_of(app)._index
    send(app, *range(1, 40))
    assert begun.wait(30)
    for turn in range(3):
        send(app, *range(100 + 10 * turn, 110 + 10 * turn))
        until(lambda: is_up_to_date(app))
        assert keeper_of(app)._index is first
    go_on.set()
    until(lambda: keeper_of(app)._index is not first)
    until(lambda: is_up_to_date(app))
    send(app, 301, 302)
    until(lambda: is_up_to_date(app))


def test_no_number_goes_back_while_events_come(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "PATCHED_USERS", 30)
    seen: list[int] = []
    for turn in range(25):
        send(app, *range(1 + 12 * turn, 13 + 12 * turn))
        seen.append(counted(app) or 0)
    until(lambda: is_up_to_date(app))
    seen.append(counted(app) or 0)
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def test_a_day_begins_without_anything_standing_still(app: App, time: Clock) -> None:
    send(app, *range(1, 30))
    until(lambda: is_up_to_date(app))
    assert counted(app)
    time.now = NOW + timedelta(days=1)
    send(app, 40, 41, at=time.now)
    until(lambda: is_up_to_date(app) and app.freshness().traits_day == (NOW + timedelta(days=1)).date())
    assert counted(app) == truth(app)
    assert not app.freshness().problem


def test_events_are_applied_while_the_traits_of_a_new_day_are_computed(
    app: App, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = Event(), Event()
    compute = DuckDBMart.computed_traits

    def slow(mart: DuckDBMart, *words: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return compute(mart, *words)

    monkeypatch.setattr(DuckDBMart, "computed_traits", slow)
    time.now = NOW + timedelta(days=1)
    send(app, 40, 41, at=time.now)
    assert begun.wait(30)
    send(app, 42, 43, at=time.now)
    until(lambda: is_up_to_date(app))  # although nothing is computed yet
    go_on.set()
    until(lambda: app.freshness().traits_day == time.now.date())
    send(app, 44, at=time.now)
    until(lambda: is_up_to_date(app) and keeper_of(app)._index.traits.day == clock.day_number(time.now.date()))
    assert kept_traits(app) == right_traits(app)


def kept_traits(app: App) -> list[Any]:
    with keeper_of(app)._mart.cursor() as cursor:
        return cursor.execute("SELECT * FROM user_trait ORDER BY user_no").fetchall()


def right_traits(app: App) -> list[Any]:
    mart = keeper_of(app)._mart
    mart.refresh_traits(app.now().date())
    return kept_traits(app)
