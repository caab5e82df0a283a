"""Opening the product: the index follows the mart, and every answer says what it is about."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from audience_builder import keeper, wiring
from audience_builder.access import Principal, Role
from audience_builder.api import App, SampleWish
from audience_builder.audience.guard import shown_count
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.errors import BusyError, DeniedError, EngineError, InputError, NotFoundError
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.store import Outcome
from tests.api.client import asking
from tests.audience.small import DAYS, END, NOW, SEED, USERS, WOMEN, WOMEN_OR_GOLD, opened, rule, settings_in

SAMPLE = SampleWish(users=USERS, days=DAYS, seed=SEED, end=END)


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def mart_of(app: App) -> DuckDBMart:
    return app.loading._mart  # type: ignore[attr-defined]


@pytest.fixture
def watched(folder: Path) -> Iterator[App]:
    app = wiring.open_app(settings_in(folder), watch=True, now=lambda: NOW)
    yield app
    app.close()


def test_a_saved_index_is_taken_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "build", None)  # would fail if it were called
    app = opened(folder)
    assert app.freshness().index == "ready"
    assert app.questions.count(app.principal, rule(WOMEN)).total > 0
    app.close()


def test_a_missing_or_damaged_index_is_built_anew(folder: Path) -> None:
    before = opened(folder)
    expected = before.questions.count(before.principal, rule(WOMEN))
    before.close()
    for file in sorted((folder / "index").rglob("*.npy"))[:1]:
        file.write_bytes(b"damaged")
    app = opened(folder)
    assert app.questions.count(app.principal, rule(WOMEN)) == expected
    app.close()


def test_an_empty_directory_has_nobody_to_count(tmp_path: Path) -> None:
    app = opened(tmp_path / "new")
    assert (app.freshness().index, app.freshness().mart_version) == ("empty", 0)
    with pytest.raises(NotFoundError, match="no travellers"):
        app.questions.count(app.principal, rule(WOMEN))
    app.close()
    assert oct((tmp_path / "new").stat().st_mode & 0o777) == oct(0o700)


def test_while_the_first_index_is_built_counting_is_told_to_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (folder / "index").rglob("manifest.json"):
        file.unlink()
    gate, build = Event(), keeper.build

    def slowly(*arguments: Any) -> Any:
        gate.wait(30)
        return build(*arguments)

    monkeypatch.setattr(keeper, "build", slowly)
    app = wiring.open_app(settings_in(folder), watch=True, now=lambda: NOW)
    with asking(app) as client:
        answer = client.post("/count", WOMEN_OR_GOLD)
        assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (503, "2", "busy")
        assert client.get("/health/ready").status_code == 503
        assert client.get("/health/live").status_code == 200
        gate.set()
        eventually(lambda: client.get("/health/ready").status_code == 200)
        assert client.post("/count", WOMEN_OR_GOLD).status_code == 200
    app.close()


def test_counts_follow_a_change_of_the_mart(watched: App) -> None:
    eventually(lambda: watched.freshness().index == "ready")
    page = watched.questions.members(watched.principal, rule(WOMEN), limit=1000)
    before = watched.questions.count(watched.principal, rule(WOMEN))
    mart_of(watched).erase(page.user_ids[0])
    eventually(lambda: watched.freshness().index_version == watched.freshness().mart_version)
    after = watched.questions.count(watched.principal, rule(WOMEN))
    assert (after.total, after.base) == (before.total - 1, before.base - 1)
    assert after.mart_version == before.mart_version + 1
    assert watched.questions.members(watched.principal, rule(WOMEN), limit=1000).user_ids == page.user_ids[1:]


def test_the_traits_follow_the_day(folder: Path) -> None:
    app = wiring.open_app(settings_in(folder), watch=True, now=lambda: NOW + timedelta(days=1))
    eventually(lambda: app.freshness().traits_day == (NOW + timedelta(days=1)).date())
    app.close()


def test_traits_of_another_day_are_exact_without_a_new_index(folder: Path) -> None:
    app = opened(folder, now=lambda: NOW + timedelta(days=3))
    cycle = rule({"type": "condition", "id": "c", "filter": "payment_cycle", "operator": "<=", "value": 30,
                  "measure": None, "properties": {}})  # fmt: skip
    late = rule({"type": "condition", "id": "c", "filter": "payment_cycle", "operator": ">=", "value": 10,
                 "measure": "elapsed_ratio"})  # fmt: skip
    oracle = DuckDBEngine(mart_of(app))
    for asked in (cycle, late):
        found = app.questions.count(app.principal, asked)
        assert found == shown_count(oracle.count(asked, as_of=NOW + timedelta(days=3)), 1)
        assert found.total > 0
    app.close()


def test_where_no_index_can_be_built_the_mart_answers_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = opened(folder)
    expected = before.questions.count(before.principal, rule(WOMEN))
    before.close()
    for file in (folder / "index").rglob("manifest.json"):
        file.unlink()

    def refuse(*_: object) -> object:
        raise EngineError("a row the index cannot hold")

    monkeypatch.setattr(keeper, "build", refuse)
    app = opened(folder)
    assert (app.freshness().index, app.freshness().problem) == ("failed", "a row the index cannot hold")
    assert app.questions.count(app.principal, rule(WOMEN)) == expected
    app.close()


def test_a_sample_is_counted_at_once_and_the_same_again_changes_nothing(tmp_path: Path) -> None:
    app = opened(tmp_path / "new")
    steps: list[str] = []
    made = app.loading.sample(app.principal, SAMPLE, lambda step, done, total: steps.append(step))
    assert (made["users"], made["mart_version"], set(steps)) == (USERS, 1, {"sample", "index"})
    assert app.questions.count(app.principal, rule(WOMEN)).mart_version == 1
    assert app.loading.sample(app.principal, SAMPLE, lambda *_: None)["rows"] == 0
    with pytest.raises(InputError, match="other data"):
        app.loading.sample(app.principal, replace(SAMPLE, seed=8), lambda *_: None)
    with app.store.unit(app.principal) as unit:
        trail = [(entry.action, entry.outcome) for entry in unit.trail.entries() if entry.object == "mart"]
    done = [("sample.begin", Outcome.DONE), ("sample", Outcome.DONE)]
    assert trail == [*done, *done, ("sample.begin", Outcome.DONE), ("sample", Outcome.FAILED)]
    app.close()


def test_only_one_load_at_a_time_and_only_who_may(own_app: App) -> None:
    def again(step: str, done: int, total: int) -> None:
        with pytest.raises(BusyError, match="something else"):
            own_app.loading.sample(own_app.principal, SAMPLE, lambda *_: None)

    own_app.loading.sample(own_app.principal, SAMPLE, again)
    with pytest.raises(DeniedError):
        own_app.loading.sample(Principal("m", "M", frozenset({Role.MARKETER})), SAMPLE, lambda *_: None)


SHOP = """Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536366,22633,WARMER,6,2010-12-01 08:28:00,1.85,17851,United Kingdom
536367,84879,BIRD,32,2010-12-01 08:34:00,1.69,,United Kingdom
"""


def test_an_import_is_applied_once_and_rejected_rows_are_written_aside(tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    file.write_text(SHOP, encoding="utf-8")
    app = opened(tmp_path / "new", now=lambda: datetime(2011, 1, 1, tzinfo=UTC))
    first = app.loading.import_files(app.principal, "online_retail_ii", [file], lambda *_: None)
    assert (first["read"], first["applied"], first["rejected"], first["reasons"]) == (3, 2, 1, {"no_user": 1})
    assert Path(first["files"][0]["rejects"]).parent == tmp_path / "new" / "rejects"
    again = app.loading.import_files(app.principal, "online_retail_ii", [file], lambda *_: None)
    assert (again["applied"], again["files"][0]["already_applied"]) == (0, True)
    booked = rule({"type": "condition", "id": "b", "filter": "booking_count", "operator": ">=", "value": 1})
    assert app.questions.count(app.principal, booked).total == 2
    app.close()
