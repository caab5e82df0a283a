"""A store in a file of its own, at a clock that moves a second a look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from audience_builder.access import Principal, Role
from audience_builder.store import Audience, Store, Version
from audience_builder.store.sqlite import open_store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MARKETER = Principal("mina", "Mina", frozenset({Role.MARKETER, Role.APPROVER}))
RULE = {
    "version": 1,
    "root": {"type": "condition", "id": "a", "filter": "gender", "operator": "in", "value": ["female"]},
}


def ticking() -> Callable[[], datetime]:
    seconds = count()
    return lambda: NOW + timedelta(seconds=next(seconds))


def audience(name: str = "제주 골드", *, id_: str = "a1", version: int = 1) -> Audience:
    return Audience(
        id=id_, name=name, owner="mina", version=version, revision=version, created_at=NOW, updated_at=NOW, tags=("jeju",)
    )  # fmt: skip


def version(number: int = 1, *, id_: str = "a1") -> Version:
    return Version(audience_id=id_, version=number, rule=RULE, rule_hash="f" * 64, author="mina", at=NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    found = open_store(path, now=ticking())
    yield found
    found.close()
