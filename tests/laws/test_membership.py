"""Movements added up are the membership computed anew from the law, whatever happens: events, profiles, rule edits, days, erasures, stops."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from shutil import copytree
from tempfile import mkdtemp
from typing import Any

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App, SampleWish
from audience_builder.audience import Draft
from audience_builder.mart import memberships
from audience_builder.mart.memberships import Cause, Spell
from audience_builder.rule.check import to_json
from audience_builder.rule.meaning import members
from audience_builder.rule.tree import Rule
from tests.audience.small import END, NOW, opened
from tests.laws.rules import rule as any_rule
from tests.mart.facts import write

USERS, STEPS, AUDIENCES = 60, 10, 6
DPO = Principal("dpo", "dpo", frozenset({Role.DPO}))
KINDS = ("session", "search", "view", "wish")


def quiet(_what: str, _done: int, _of: int) -> None:
    """Progress nobody looks at."""


@cache
def template() -> Path:
    """A small sample nobody changes."""
    folder = Path(mkdtemp(prefix="ab-")) / "data"
    app = opened(folder)
    app.loading.sample(app.principal, SampleWish(users=USERS, days=60, seed=3, end=END), quiet)
    app.close()
    return folder


class History:
    """One installation, and everything that happens to it."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.dice = Random(seed)
        self.now = NOW
        self.folder = folder
        copytree(template(), folder)
        self.app = self.opened()
        self.rules: dict[str, Rule] = {}
        self.erased: set[int] = set()
        self.then: list[tuple[datetime, dict[str, set[int]]]] = []

    def opened(self) -> App:
        return opened(self.folder, now=lambda: self.now)

    def mart(self) -> Any:
        recorder: Any = self.app.recorder
        return recorder._ledger._mart

    def caught_up(self) -> None:
        bound: Any = self.app.freshness
        bound.__self__.catch_up()
        self.app.recorder.refresh()

    # --- what may happen --------------------------------------------------------------------------------------------------

    def events(self) -> None:
        lines = [
            {
                "id": f"{self.now}{number}",
                "user_id": f"U{self.dice.randrange(1, USERS + 5):010d}",
                "kind": (kind := self.dice.choice(KINDS)),
                "at": (self.now - timedelta(hours=self.dice.randrange(20))).isoformat(),
                **({} if kind == "session" else {"place": self.dice.choice(["jeju", "busan", "tokyo"])}),
            }
            for number in range(self.dice.randrange(1, 60))
        ]
        self.app.collector.take("\n".join(map(json.dumps, lines)).encode(), "application/x-ndjson")

    def profiles(self) -> None:
        mart = self.mart()
        with mart.cursor() as cursor:
            found = cursor.execute("FROM user_profile WHERE valid_to IS NULL ORDER BY user_no")
            names = [entry[0] for entry in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        begun = self.now.replace(tzinfo=None)
        changed = [
            {**row, "valid_from": begun, "valid_to": None, **self.dice.choice(self.versions())}
            for row in self.dice.sample(rows, 8)
        ]
        with mart.transaction("profiles", str(self.now)) as tx:
            write(tx, user_profile=changed)

    def versions(self) -> list[dict[str, Any]]:
        day = self.now.replace(tzinfo=None)
        return [{"tier": 1}, {"tier": 5}, {"push_at": None}, {"push_at": day, "marketing_use_at": day}, {"status": 11}]

    def edit(self) -> None:
        audience = self.dice.choice(sorted(self.rules))
        rule = any_rule(self.dice, most=4)
        self.app.audiences.save_version(
            self.app.principal, audience, Draft(rule=rule), expected_version=self.version(audience)
        )
        self.rules[audience] = rule

    def version(self, audience: str) -> int:
        return self.app.audiences.show(self.app.principal, audience).audience.version

    def day(self) -> None:
        self.now += timedelta(days=self.dice.choice((1, 1, 3)))

    def erase(self) -> None:
        left = sorted(set(range(USERS)) - self.erased)
        user = self.dice.choice(left)
        with self.mart().cursor() as cursor:
            (name,) = cursor.execute("SELECT user_id FROM user_number WHERE user_no = ?", [user]).fetchone()
        self.app.erasing.erase(DPO, name, "본인 요청")
        self.erased.add(user)

    def stop(self) -> None:
        self.app.close()
        self.app = self.opened()

    # --- and what must be so ----------------------------------------------------------------------------------------------

    def inside(self, audience: str, at: datetime) -> set[int]:
        with self.mart().cursor() as cursor:
            return set(memberships.inside(cursor, audience, at).tolist())

    def added_up(self, audience: str) -> int:
        with self.mart().cursor() as cursor:
            every = memberships.movements(
                cursor, audience, since=NOW - timedelta(days=1), until=self.now + timedelta(hours=1)
            )
        return sum(each.entered - each.exited for each in every)

    def spells(self, audience: str) -> list[tuple[Spell, ...]]:
        with self.mart().cursor() as cursor:
            return [memberships.spells(cursor, audience, user, most=99) for user in range(USERS + 9)]

    def check(self) -> None:
        people = self.mart().people()
        for audience, rule in self.rules.items():
            meant = members(rule, people, self.now)
            assert self.inside(audience, self.now) == meant, to_json(rule)
            assert self.added_up(audience) == len(meant)
        self.then.append((self.now, {audience: self.inside(audience, self.now) for audience in self.rules}))

    def causes(self, since: datetime) -> set[Cause]:
        """Why anybody moved after that moment."""
        found: set[Cause] = set()
        for audience in self.rules:
            for spell in (spell for spells in self.spells(audience) for spell in spells):
                found |= {spell.cause} if spell.entered_at > since else set()
                if spell.exited_at is not None and spell.exited_at > since and spell.exited_cause is not None:
                    found.add(spell.exited_cause)
        return found


_TIME = {Cause.ROLL_OFF, Cause.RANKING}
MAY: dict[Callable[[History], None], set[Cause]] = {
    History.events: {Cause.BEHAVIOUR, *_TIME},
    History.profiles: {Cause.PROFILE, Cause.CONSENT, Cause.BEHAVIOUR, *_TIME},
    History.edit: {Cause.RULE_CHANGE, *_TIME},
    History.day: {Cause.ROLL_OFF},
    History.erase: _TIME,
    History.stop: _TIME,
}
"""What may happen, and why anybody may move by it. Time passes with everything; whom a share leaves out depends on others."""


@pytest.mark.parametrize("seed", range(2))
def test_movements_added_up_are_what_the_law_says(seed: int, tmp_path: Path) -> None:
    history = History(seed, tmp_path / "data")
    for number in range(AUDIENCES):
        rule = any_rule(history.dice, most=4)
        saved = history.app.audiences.save_new(history.app.principal, f"{number}", Draft(rule=rule))
        history.rules[saved.audience.id] = rule
    history.caught_up()
    history.check()
    for _ in range(STEPS):
        before = history.now
        happens = history.dice.choice(list(MAY))
        history.now += timedelta(minutes=7)
        happens(history)
        history.now += timedelta(seconds=1)
        history.caught_up()
        history.check()
        assert history.causes(before) <= MAY[happens], happens.__name__
    for moment, inside in history.then:
        for audience, users in inside.items():
            assert history.inside(audience, moment) == users - history.erased
    for audience in history.rules:
        for spells in history.spells(audience):
            ends = [(spell.entered_at, spell.exited_at or datetime.max.replace(tzinfo=NOW.tzinfo)) for spell in spells]
            assert all(later[0] >= sooner[1] for later, sooner in pairwise(ends))
    history.app.close()
