"""Who enters and leaves saved audiences, as the data moves, days begin, rules change and users go: recorded once, with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.audience import Draft
from audience_builder.audience.membership import Recorder
from audience_builder.audience.movements import By, ShownMovements
from audience_builder.mart import memberships
from audience_builder.rule.check import parse_rule
from audience_builder.wiring import open_app
from tests.apply.waiting import until
from tests.audience.small import GOLD, NOW, WOMEN, copied, opened, rule_json, settings_in
from tests.mart.facts import write

SEARCHED = rule_json(
    {
        "type": "condition", "id": "jeju", "filter": "search_region", "operator": ">=", "value": 1,
        "window": {"type": "last", "n": 1, "unit": "day"}, "properties": {"region": ["jeju"]},
    }
)  # fmt: skip
WIDER = rule_json(
    {
        "type": "condition", "id": "any", "filter": "search_region", "operator": ">=", "value": 1,
        "window": {"type": "last", "n": 1, "unit": "day"}, "properties": {"region": ["jeju", "busan"]},
    }
)  # fmt: skip


DPO = Principal("dpo", "dpo", frozenset({Role.DPO}))


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def pass_(self, **words: float) -> None:
        self.now += timedelta(**words)


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, time: Clock) -> Iterator[App]:
    """Without a thread: what is sent is applied, counted and recorded before `send` returns."""
    found = opened(copied(tmp_path / "data"), now=lambda: time.now)
    yield found
    found.close()


def save(app: App, rule: dict[str, Any] = SEARCHED, name: str = "제주") -> str:
    return app.audiences.save_new(app.principal, name, Draft(rule=parse_rule(rule))).audience.id


def begun(app: App, rule: dict[str, Any] = SEARCHED) -> str:
    """An audience that some are in already when its recording begins."""
    send(app, 21, 22, 23, at=NOW)
    audience = save(app, rule)
    app.recorder.refresh()
    assert inside(app, audience)
    return audience


def send(app: App, *users: int, at: datetime, place: str = "jeju") -> None:
    lines = [
        {"id": f"{at}{user}{place}", "user_id": f"U{user:010d}", "kind": "search", "at": at.isoformat(), "place": place}
        for user in users
    ]
    app.collector.take("\n".join(json.dumps(line) for line in lines).encode(), "application/x-ndjson")


def told(app: App, audience: str, by: By = By.DAY, days: int = 5) -> ShownMovements:
    return app.movements.of(app.principal, audience, by=by, days=days)


def causes(app: App, audience: str) -> dict[str, tuple[int | None, int | None]]:
    return {str(each.cause): (each.entered, each.exited) for each in told(app, audience).causes}


def inside(app: App, audience: str) -> list[int]:
    mart = mart_of(app)
    with mart.cursor() as cursor:
        return memberships.inside(cursor, audience, app.now()).tolist()


def mart_of(app: App) -> Any:
    return ledger_of(app)._mart


def ledger_of(app: App) -> Any:
    recorder: Any = app.recorder
    return recorder._ledger


def members(app: App, rule: dict[str, Any]) -> list[int]:
    recorder: Any = app.recorder
    found = recorder._snapshots(app.now())
    assert found is not None
    words = found.words(parse_rule(rule))
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little")).tolist()


def test_a_first_look_is_a_baseline_and_no_movement(app: App, time: Clock) -> None:
    audience = save(app)
    assert told(app, audience).began_at is None
    app.recorder.refresh()
    found = told(app, audience)
    assert (found.began_at, found.as_of, found.rule_version) == (NOW, NOW, 1)
    assert (found.entered, found.exited, found.causes) == (0, 0, ())
    assert found.size == len(members(app, SEARCHED)) == len(inside(app, audience))
    time.pass_(seconds=30)
    assert app.recorder.refresh() == ()


def test_who_does_something_enters_by_behaviour_and_rolls_off_by_the_day(app: App, time: Clock) -> None:
    audience = begun(app)
    before = set(members(app, SEARCHED))
    time.pass_(minutes=5)
    send(app, 1, 2, 3, 4, at=time.now)
    new = set(members(app, SEARCHED)) - before
    assert new
    assert causes(app, audience) == {"behaviour": (len(new), 0)}
    assert inside(app, audience) == sorted(before | new)
    time.pass_(days=1)
    caught_up(app)
    app.recorder.refresh()
    assert causes(app, audience) == {"behaviour": (len(new), 0), "roll_off": (0, len(before | new))}
    assert inside(app, audience) == []
    by_day = told(app, audience)
    assert [(each.entered, each.exited, each.size) for each in by_day.movements] == [
        (len(new), 0, len(before | new)),
        (0, len(before | new), 0),
    ]
    assert by_day.size == 0


def test_what_a_saved_rule_moves_is_told_apart_from_what_the_data_moved(app: App, time: Clock) -> None:
    audience = begun(app)
    send(app, 31, 32, 33, at=NOW, place="busan")
    before = set(members(app, SEARCHED))
    time.pass_(minutes=5)
    app.audiences.save_version(app.principal, audience, Draft(rule=parse_rule(WIDER)), expected_version=1)
    send(app, 5, at=time.now)
    by_data = set(members(app, SEARCHED)) - before
    by_rule = set(members(app, WIDER)) - before - by_data
    assert by_data
    assert by_rule
    assert causes(app, audience) == {"behaviour": (len(by_data), 0), "rule_change": (len(by_rule), 0)}
    assert inside(app, audience) == members(app, WIDER)
    spell, *_ = app.movements.spells(app.principal, audience, "U0000000005")
    assert (spell.exited_at, spell.rule_version) == (None, 2)


def test_an_archived_audience_stands_still_and_goes_on_when_it_is_back(app: App, time: Clock) -> None:
    audience = begun(app)
    before = inside(app, audience)
    app.audiences.archive(app.principal, audience)
    time.pass_(minutes=5)
    send(app, 1, 2, 3, 4, at=time.now)
    assert inside(app, audience) == before
    app.audiences.restore(app.principal, audience)
    time.pass_(minutes=5)
    (moved,) = app.recorder.refresh()
    assert moved.entered == len(inside(app, audience)) - len(before) > 0
    assert inside(app, audience) == members(app, SEARCHED)


def test_who_is_erased_is_out_at_once_and_counted_out_once(app: App, time: Clock) -> None:
    audience = begun(app)
    time.pass_(minutes=5)
    send(app, 1, 2, 3, at=time.now)
    gone, entered = inside(app, audience)[0], causes(app, audience)
    name = mart_of(app).cursor().execute("SELECT user_id FROM user_number WHERE user_no = ?", [gone]).fetchone()[0]
    time.pass_(minutes=5)
    app.erasing.erase(DPO, name, "본인 요청")
    app.recorder.refresh()
    assert gone not in inside(app, audience)
    assert inside(app, audience) == members(app, SEARCHED)
    assert causes(app, audience) == {**entered, "erasure": (0, 1)}
    assert told(app, audience).size == len(inside(app, audience))


def test_what_happened_while_nobody_looked_has_no_known_cause(
    tmp_path: Path, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path / "data")
    app = opened(folder, now=lambda: time.now)
    audience = begun(app)
    before = set(inside(app, audience))
    monkeypatch.setattr(app.recorder, "_try", lambda: None)
    time.pass_(minutes=5)
    send(app, 1, 2, 3, at=time.now)
    app.close()
    time.pass_(minutes=5)
    app = opened(folder, now=lambda: time.now)
    (moved,) = app.recorder.refresh()
    new = set(members(app, SEARCHED)) - before
    assert moved.entered == len(new) > 0
    assert causes(app, audience) == {"unknown": (len(new), 0)}
    app.close()


def test_a_day_that_began_while_the_server_was_stopped_rolled_off(tmp_path: Path, time: Clock) -> None:
    folder = copied(tmp_path / "data")
    app = opened(folder, now=lambda: time.now)
    audience = begun(app)
    before = inside(app, audience)
    app.close()
    time.pass_(days=1)
    app = opened(folder, now=lambda: time.now)
    app.recorder.refresh()
    assert causes(app, audience) == {"roll_off": (0, len(before))}
    app.close()


def test_a_share_moves_whom_others_pass(app: App, time: Clock) -> None:
    top = rule_json(
        {
            "type": "condition", "id": "top", "filter": "visit_frequency", "operator": "top_percent", "value": 10,
            "window": {"type": "last", "n": 30, "unit": "day"},
        }
    )  # fmt: skip
    audience = save(app, top)
    app.recorder.refresh()
    time.pass_(minutes=5)
    lines = [
        {"id": f"v{user}-{turn}", "user_id": f"U{user:010d}", "kind": "session", "at": time.now.isoformat()}
        for user in range(1, 60)
        for turn in range(60)
    ]
    app.collector.take("\n".join(json.dumps(line) for line in lines).encode(), "application/x-ndjson")
    found = causes(app, audience)
    assert set(found) == {"behaviour", "ranking"}
    assert found["behaviour"][1] == 0
    assert found["ranking"][0] == 0
    assert inside(app, audience) == members(app, top)


def test_the_background_records_within_a_moment_and_notes_where_it_stopped(tmp_path: Path, time: Clock) -> None:
    folder = copied(tmp_path / "data")
    app = open_app(settings_in(folder, exact_from=1), watch=True, now=lambda: time.now)
    until(lambda: app.freshness().index == "ready")
    audience = save(app)
    until(lambda: told(app, audience).began_at is not None)
    assert isinstance(app.recorder, Recorder)
    heard: list[Any] = []
    app.recorder.on_move(heard.append)
    time.pass_(minutes=1)
    send(app, 1, 2, 3, at=time.now)
    until(lambda: bool(heard))
    until(lambda: told(app, audience).size == len(members(app, SEARCHED)))
    assert heard[0].audience_id == audience
    time.pass_(minutes=1)
    send(app, 1, at=time.now)
    until(lambda: not app.applier.lags()[0].in_flight and app.version() == app.freshness().mart_version)
    app.close()
    app = opened(folder, now=lambda: time.now)
    assert ledger_of(app).places()[audience].mart_version >= heard[0].mart_version
    assert inside(app, audience) == members(app, SEARCHED)
    app.close()


def test_consent_and_profile_are_told_from_behaviour(app: App, time: Clock) -> None:
    consented = {"type": "condition", "id": "push", "filter": "marketing_consent", "operator": "in", "value": ["push"]}
    audience, gold = save(app, rule_json(consented), "푸시"), save(app, rule_json(GOLD, WOMEN), "골드")
    app.recorder.refresh()
    withdrawn = inside(app, audience)[0]
    raised = next(user for user in members(app, rule_json(WOMEN)) if user not in {withdrawn, *inside(app, gold)})
    time.pass_(minutes=5)
    change(app, withdrawn, time.now, push_at=None)
    change(app, raised, time.now, tier=4)
    caught_up(app)
    assert causes(app, audience) == {"consent": (0, 1)}
    assert causes(app, gold) == {"profile": (1, 0)}


def change(app: App, user: int, at: datetime, **words: Any) -> None:
    """A new version of a user's profile."""
    mart = mart_of(app)
    with mart.cursor() as cursor:
        found = cursor.execute("FROM user_profile WHERE user_no = ? AND valid_to IS NULL", [user])
        row = dict(zip([entry[0] for entry in found.description], found.fetchone(), strict=True))
    begun = at.replace(tzinfo=None)
    with mart.transaction("profiles", f"{user} {at}") as tx:
        write(tx, user_profile=[{**row, "valid_from": begun, "valid_to": None, **words}])


def caught_up(app: App) -> None:
    bound: Any = app.freshness
    bound.__self__.catch_up()
