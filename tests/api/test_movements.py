"""How an audience moved, over HTTP: to whom it may be told, and not of too few."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.api.spell_words import WORDS, history_answer
from audience_builder.mart.memberships import Cause, Spell
from tests.api.client import Client, asking, session_of
from tests.audience.small import NOW, copied, opened, rule_json

SEARCHED = rule_json({
    "type": "condition", "id": "jeju", "filter": "search_region", "operator": ">=", "value": 1,
    "window": {"type": "last", "n": 1, "unit": "day"}, "properties": {"region": ["jeju"]},
})  # fmt: skip
LOOKS_ON = Principal("eye", "눈", frozenset({Role.VIEWER}))


class Clock:
    now = NOW


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, time: Clock) -> Iterator[App]:
    found = opened(copied(tmp_path / "data"), now=lambda: time.now, exact_from=10)
    yield found
    found.close()


def send(app: App, users: range, at: datetime) -> None:
    lines = [
        {"id": f"{at}{user}", "user_id": f"U{user:010d}", "kind": "search", "at": at.isoformat(), "place": "jeju"}
        for user in users
    ]
    app.collector.take("\n".join(json.dumps(line) for line in lines).encode(), "application/x-ndjson")


def saved(api: Client) -> str:
    answer = api.post("/audiences", {"name": "제주", "rule": SEARCHED})
    assert answer.status_code == 201
    return answer.json()["id"]


def moved(api: Client, audience: str, query: str = "") -> dict[str, Any]:
    answer = api.get(f"/audiences/{audience}/movements{query}")
    assert answer.status_code == 200
    return answer.json()


def test_nothing_is_known_before_recording_began(app: App) -> None:
    with asking(app) as api:
        found = moved(api, saved(api))
    assert (found["began_at"], found["size"], found["movements"], found["by"]) == (None, None, [], "day")


def test_movements_are_told_by_day_and_hour_with_their_causes(app: App, time: Clock) -> None:
    with asking(app) as api:
        audience = saved(api)
    app.recorder.refresh()
    time.now = NOW + timedelta(hours=2)
    with asking(app) as api:
        send(app, range(1, 60), time.now)
        found = moved(api, "제주")
        assert found["size"] == api.get(f"/audiences/{audience}/count").json()["count"]
        entered = found["entered"]
        assert entered > 10
        assert found["causes"] == [{"cause": "behaviour", "entered": entered, "exited": 0}]
        (day,) = found["movements"]
        assert (day["at"], day["entered"], day["size"]) == ("2026-11-21T15:00:00Z", entered, found["size"])
        hours = moved(api, audience, "?by=hour&days=2")["movements"]
        assert [(each["at"][11:13], each["entered"], each["causes"] != []) for each in hours] == [
            ("03", 0, False), ("04", 0, False), ("05", entered, True),
        ]  # fmt: skip
        refused = api.get(f"/audiences/{audience}/movements?by=hour&days=32")
        assert (refused.status_code, refused.json()["code"]) == (400, "input_invalid")
        assert api.get("/audiences/nobody/movements").status_code == 404


def test_too_few_are_not_told_and_who_looks_on_is_told_no_number(app: App, time: Clock) -> None:
    with asking(app) as api:
        audience = saved(api)
    app.recorder.refresh()
    time.now = NOW + timedelta(hours=2)
    with asking(app) as api:
        send(app, range(1, 6), time.now)
        found = moved(api, audience)
        assert (found["entered"], found["causes"][0]["entered"], found["exited"], found["below"]) == (None, None, 0, 10)
    with asking(app, signed_in=False) as api:
        api.raw.headers.update(session_of(app, LOOKS_ON))
        found = moved(api, audience)
    assert found["causes"] == []
    assert {found["size"], found["entered"], found["exited"]} == {None}
    assert {each[name] for each in found["movements"] for name in ("entered", "exited", "size")} == {None}


def test_who_asked_is_in_the_trail(app: App) -> None:
    with asking(app) as api:
        audience = saved(api)
        moved(api, audience, "?by=hour&days=3")
    with app.store.unit(app.principal) as unit:
        entry, *_ = unit.trail.newest(1)
    assert (entry.action, entry.object, entry.detail) == ("audience.movements", audience, {"by": "hour", "days": 3})


def test_why_tells_since_when_and_because_of_what(app: App, time: Clock) -> None:
    with asking(app) as api:
        audience = saved(api)
    app.recorder.refresh()
    time.now = NOW + timedelta(minutes=20)
    send(app, range(1, 4), time.now)
    user = {"rule": SEARCHED, "user_id": "U0000000002", "audience": audience}
    with asking(app) as api:
        found = api.post("/why", user).json()
        assert found["member"] is True
        (spell,) = found["history"]["spells"]
        assert (spell["cause"], spell["exited_at"], spell["rule_version"]) == ("behaviour", None, 1)
        assert found["history"]["ko"] == "2026-11-22 12:20부터 이 오디언스에 있습니다. 이유: 행동이나 예약이 있었음."
        assert found["history"]["en"] == "In since 2026-11-22 12:20 KST, because they did or booked something."
        never = api.post("/why", {**user, "user_id": "U0000000900"}).json()
        assert (never["member"], never["history"]["spells"]) == (False, [])
        assert "history" not in api.post("/why", {"rule": SEARCHED, "user_id": "U0000000002"}).json()
        assert api.post("/why", {**user, "audience": "nobody"}).status_code == 404


def test_every_cause_has_its_words() -> None:
    assert set(WORDS) == set(Cause)
    at = [NOW, NOW + timedelta(days=1)]
    for cause in Cause:
        for spell in (Spell(at[0], None, cause, None, 1), Spell(at[0], at[1], Cause.BASELINE, cause, 1)):
            said = history_answer([spell])
            assert "2026-11-2" in said.ko
            assert said.en.endswith(".")
