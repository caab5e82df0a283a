"""Saved audiences are counted when they are saved and whenever the data moves."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from audience_builder.api import App, SampleWish
from audience_builder.audience import Draft
from audience_builder.audience.sizing import SizeKeeper, measure
from audience_builder.engine.port import Count
from audience_builder.errors import BusyError
from audience_builder.rule.tree import Rule
from audience_builder.store import AudienceQuery, Outcome
from audience_builder.wiring import open_app
from tests.audience.small import GOLD, NOW, WOMEN, rule, settings_in


class Fixed:
    """An engine whose every node means as many users as it was told."""

    def __init__(self) -> None:
        self.count_of_all, self.mart_version = 7, 3

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        from audience_builder.rule.tree import walk

        nodes = {node.id: self.count_of_all for node in walk(rule.root)}
        return Count(self.count_of_all, 100, nodes, as_of, self.mart_version)


def test_an_audience_knows_its_size_from_the_moment_it_is_saved(app: App) -> None:
    saved = app.audiences.save_new(app.principal, "여성", Draft(rule=rule(WOMEN))).audience
    found = app.questions.count(app.principal, rule(WOMEN))
    assert (saved.size, saved.base, saved.sized_version) == (found.total, found.base, found.mart_version)
    (size,) = app.audiences.history(app.principal, [saved.id], days=1)[saved.id]
    assert (size.day.isoformat(), size.size, size.version) == ("2026-11-22", found.total, 1)
    narrowed = app.audiences.save_version(app.principal, saved.id, Draft(rule=rule(WOMEN, GOLD)), expected_version=1)
    (size,) = app.audiences.history(app.principal, [saved.id], days=1)[saved.id]
    assert size.version == 2
    assert size.size == narrowed.audience.size == app.questions.count(app.principal, rule(WOMEN, GOLD)).total


def test_every_live_audience_is_counted_anew_and_its_day_keeps_the_last_size(app: App) -> None:
    kept = app.audiences.save_new(app.principal, "여성", Draft(rule=rule(WOMEN))).audience
    away = app.audiences.save_new(app.principal, "골드", Draft(rule=rule(GOLD))).audience
    app.audiences.archive(app.principal, away.id)
    engine = Fixed()
    today = SizeKeeper(engine=engine, store=app.store, now=lambda: NOW)  # type: ignore[arg-type]
    assert today.refresh() == 1
    engine.count_of_all = 8
    assert today.refresh() == 1
    tomorrow = SizeKeeper(engine=engine, store=app.store, now=lambda: NOW + timedelta(days=1))  # type: ignore[arg-type]
    engine.count_of_all = 9
    tomorrow.refresh()
    history = app.audiences.history(app.principal, [kept.id, away.id], days=30)
    assert [(size.day.day, size.size) for size in history[kept.id]] == [(22, 8), (23, 9)]
    assert len(history[away.id]) == 1
    with app.store.unit(app.principal) as unit:
        (entry, *_) = unit.trail.newest(1, action="audience.sizes")
    assert (entry.principal, entry.action, entry.outcome) == ("service:sizes", "audience.sizes", Outcome.DONE)


def test_a_rule_that_can_no_longer_be_read_keeps_the_size_it_had(app: App) -> None:
    saved = app.audiences.save_new(app.principal, "여성", Draft(rule=rule(WOMEN)))
    broken = replace(saved.versions[0], version=2, rule={"version": 1, "root": {"type": "condition", "filter": "gone"}})
    with app.store.unit(app.principal) as unit:
        unit.audiences.add_version(replace(saved.audience, version=2, revision=2), broken)
        unit.audit("audience.save", saved.audience.id)
    keeper = SizeKeeper(engine=Fixed(), store=app.store, now=lambda: NOW)  # type: ignore[arg-type]
    assert keeper.refresh() == 0
    with app.store.unit(app.principal) as unit:
        assert unit.audiences.named("여성").size is None


def test_saving_never_waits_for_data_to_come() -> None:
    class Building:
        def count(self, rule: Rule, *, as_of: datetime) -> Count:
            raise BusyError("the index is being built")

    assert measure(Building(), lambda: NOW)(rule(WOMEN)) is None  # type: ignore[arg-type]


def test_a_server_counts_its_audiences_after_the_data_moved(tmp_path: Path) -> None:
    app = open_app(settings_in(tmp_path / "data"), watch=True, now=lambda: NOW)
    saved = app.audiences.save_new(app.principal, "여성", Draft(rule=rule(WOMEN)))
    assert saved.audience.size is None
    app.loading.sample(app.principal, SampleWish(users=200, days=30, seed=1), lambda *_: None)
    deadline = time.monotonic() + 20
    while True:
        (found,) = app.audiences.page(app.principal, AudienceQuery()).audiences
        if found.size is not None:
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert found.size == app.questions.count(app.principal, rule(WOMEN)).total
    app.close()
