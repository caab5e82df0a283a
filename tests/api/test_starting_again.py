"""After a start the saved index answers again with whoever changed since laid over it: as one built anew would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

from audience_builder import keeper
from audience_builder.api import App
from audience_builder.keeper import IndexKeeper
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.rule.tree import Rule
from tests.api.test_following import keeper_of
from tests.api.test_wiring import mart_of
from tests.apply.streams import generated
from tests.audience.small import NOW, USERS, copied, opened
from tests.laws.rules import rule
from tests.mart.facts import write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path / "data")


def changed(mart: DuckDBMart, random: Random, key: str) -> None:
    """A batch of profiles and bookings of known and new users."""
    names = [f"U{random.randrange(1, USERS + 20):010d}" for _ in range(random.randrange(1, 12))]
    with mart.transaction("changes", key) as tx:
        numbers = tx.numbers(np.array(names, dtype=object)).tolist()
        since = (NOW - timedelta(hours=random.randrange(1, 40))).replace(tzinfo=None)
        profiles = [{"user_no": no, "tier": random.randrange(1, 4), "valid_from": since} for no in set(numbers)]
        bookings = [{"booking_id": f"{key}-{at}", "user_no": no} for at, no in enumerate(numbers)]
        write(tx, user_profile=profiles, booking=bookings)


def live_on(app: App, random: Random) -> None:
    """Generated changes of every kind, one version after the other."""
    for turn in range(random.randrange(1, 6)):
        doing = random.choice(["events", "rows", "erasure"])
        if doing == "events":
            lines = generated(random.randrange(1, 60), random.randrange(10**9))
            app.collector.take("\n".join(map(json.dumps, lines)).encode(), "application/x-ndjson")
        elif doing == "rows":
            changed(mart_of(app), random, f"{random.random()}-{turn}")
        else:
            mart_of(app).erase(f"U{random.randrange(1, USERS):010d}")


def asked(random: Random) -> Iterator[Rule]:
    return (rule(random) for _ in range(25))


def counts(app: App, rules: list[Rule]) -> list[int]:
    return [app.questions.count(app.principal, each, as_of=None).total or 0 for each in rules]


def truth(found: IndexKeeper, rules: list[Rule]) -> list[int]:
    """The same from the mart itself."""
    return [found._engine._mart_engine.count(each, as_of=NOW).total for each in rules]


@pytest.mark.parametrize("seed", range(6))
def test_whoever_changed_since_the_index_was_saved_is_laid_over_it(
    folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "build", None)  # would fail if it were called
    random = Random(seed)
    for _ in range(3):
        app = opened(folder)
        live_on(app, random)
        app.close()
    app = opened(folder)
    rules = list(asked(random))
    assert app.freshness().index_version == mart_of(app).version
    assert counts(app, rules) == truth(keeper_of(app), rules)
    app.close()


def test_a_start_that_does_not_know_who_changed_builds_the_index_anew(folder: Path) -> None:
    app = opened(folder)
    changed(mart_of(app), Random(1), "batch")
    version = mart_of(app).version
    mart_of(app).forget_changes(version)
    app.close()
    again = opened(folder)
    assert keeper_of(again)._index is not None
    assert keeper_of(again)._index.mart_version == version
    again.close()


def test_what_a_saved_index_holds_is_kept_no_longer(folder: Path) -> None:
    app = opened(folder)
    mart = mart_of(app)
    before = mart.version
    changed(mart, Random(2), "batch")
    users = mart.changed_since(before)
    assert users is not None
    assert users.size
    keeper_of(app)._built()
    assert mart.changed_since(before) is None, "who it was is forgotten"
    assert mart.changed_since(mart.version) is not None, "and nobody changed since"
    app.close()
