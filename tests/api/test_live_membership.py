"""A saved audience that is followed: whoever follows hears that it moved, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from audience_builder.api import App
from audience_builder.api.live.messages import MOST_FOLLOWED
from audience_builder.audience import Draft
from audience_builder.audience.movements import By
from audience_builder.rule.check import parse_rule
from audience_builder.wiring import open_app
from tests.api.served import Live, live, served
from tests.apply.waiting import until
from tests.audience.small import NOW, copied, rule_json, settings_in

SEARCHED = rule_json({
    "type": "condition", "id": "jeju", "filter": "search_region", "operator": ">=", "value": 1,
    "window": {"type": "last", "n": 1, "unit": "day"}, "properties": {"region": ["jeju"]},
})  # fmt: skip


class Clock:
    now = NOW


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, time: Clock) -> Iterator[App]:
    found = open_app(settings_in(copied(tmp_path / "data"), exact_from=10), watch=True, now=lambda: time.now)
    until(lambda: found.freshness().index == "ready")
    yield found
    found.close()


@pytest.fixture
def client(app: App) -> Iterator[Live]:
    with served(app) as port, live(port) as found:
        yield found


def send(app: App, users: range, at: datetime) -> None:
    lines = [
        {"id": f"{at}{user}", "user_id": f"U{user:010d}", "kind": "search", "at": at.isoformat(), "place": "jeju"}
        for user in users
    ]
    app.collector.take("\n".join(json.dumps(line) for line in lines).encode(), "application/x-ndjson")


def saved(app: App, name: str) -> str:
    key = app.audiences.save_new(app.principal, name, Draft(rule=parse_rule(SEARCHED))).audience.id
    until(lambda: app.movements.of(app.principal, key, by=By.DAY, days=1).began_at is not None)
    return key


def test_who_follows_an_audience_hears_that_it_moved(app: App, time: Clock, client: Live) -> None:
    audience, other = saved(app, "제주"), saved(app, "제주도")
    client.say(t="follow", audience="제주")
    assert client.hear_of("followed") == {"t": "followed", "audience": audience, "name": "제주"}
    time.now += timedelta(minutes=1)
    send(app, range(1, 60), time.now)
    said = client.hear_of("membership")
    assert (said["audience"], said["version"], said["exited"], said["below"]) == (audience, 1, 0, 10)
    assert said["entered"] > 10
    assert app.movements.of(app.principal, other, by=By.DAY, days=1).entered == said["entered"]
    client.say(t="unfollow", audience=audience)
    client.say(t="follow", audience=other)
    assert client.hear_of("followed")["audience"] == other
    time.now += timedelta(minutes=1)
    send(app, range(100, 103), time.now)
    said = client.hear_of("membership")
    assert (said["audience"], said["entered"], said["size"] is not None) == (other, None, True)


def test_an_audience_that_is_not_there_cannot_be_followed_and_not_too_many(app: App, client: Live) -> None:
    client.say(t="follow", audience="nobody")
    assert client.hear_of("problem")["problem"]["code"] == "not_found"
    keys = [
        app.audiences.save_new(app.principal, f"{number}", Draft(rule=parse_rule(SEARCHED))).audience.id
        for number in range(MOST_FOLLOWED + 1)
    ]
    for key in keys[:-1]:
        client.say(t="follow", audience=key)
        client.hear_of("followed")
    client.say(t="follow", audience=keys[-1])
    assert client.hear_of("problem")["problem"]["code"] == "busy"
