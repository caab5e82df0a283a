"""A small sample, generated once and copied for whoever wants to change it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from audience_builder.api import App, SampleWish
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from audience_builder.settings import Settings, read
from audience_builder.wiring import open_app

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
USERS, DAYS, SEED, END = 1_500, 120, 7, date(2026, 11, 22)

WOMEN = {"type": "condition", "id": "women", "filter": "gender", "operator": "in", "value": ["female"]}
GOLD = {"type": "condition", "id": "gold", "filter": "membership_tier", "operator": ">=", "value": "gold"}
SEEN = {"type": "condition", "id": "seen", "filter": "search_region", "operator": ">=", "value": 1}


def rule_json(*children: dict[str, Any], kind: str = "all") -> dict[str, Any]:
    return {"version": 1, "root": {"type": kind, "id": "root", "children": list(children)}}


WOMEN_OR_GOLD = rule_json(WOMEN, GOLD, kind="any")


def rule(*children: dict[str, Any], kind: str = "all") -> Rule:
    return parse_rule(rule_json(*children, kind=kind))


def settings_in(folder: Path, **given: object) -> Settings:
    return read({}, data=folder, cache_mb=64, **given)


def opened(folder: Path, *, now: Callable[[], datetime] = lambda: NOW, **given: object) -> App:
    """The product; unless said otherwise it tells even the smallest numbers, so that answers can be compared one by one."""
    return open_app(settings_in(folder, **{"exact_from": 1, **given}), now=now)


@cache
def template() -> Path:
    """A data directory with the sample and its index; nobody changes it."""
    place = Path(tempfile.mkdtemp(prefix="ab-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    folder = place / "data"
    app = opened(folder)
    wish = SampleWish(users=USERS, days=DAYS, seed=SEED, end=END)
    app.loading.sample(app.principal, wish, lambda *_: None)
    app.close()
    return folder


def copied(place: Path) -> Path:
    """A data directory of one's own with the same content."""
    shutil.copytree(template(), place)
    return place
