"""A clock that is moved, a small store, and all of signing in over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from audience_builder.access import Principal, Role
from audience_builder.identity import Identity, NewAccount, Policy, open_identity, passwords
from audience_builder.store import Store
from audience_builder.store.sqlite import open_store

ADMIN = Principal("ada", "Ada", frozenset({Role.ADMIN}))
LOCAL = Principal("local", "local", frozenset({Role.MARKETER, Role.APPROVER, Role.ADMIN}))
PASSWORD = "a long sentence about the sea"


@dataclass
class Clock:
    """A moment that only moves when it is told to."""

    moment: datetime = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords of tests are hashed as always, at a lower cost."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    monkeypatch.setattr(passwords, "_NOBODY", [])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    found = open_store(tmp_path / "store.sqlite", now=clock)
    yield found
    found.close()


@pytest.fixture
def identity(store: Store, clock: Clock) -> Identity:
    return open_identity(store=store, now=clock, policy=Policy(), local=LOCAL)


@pytest.fixture
def mina(identity: Identity) -> Principal:
    """A marketer with an account."""
    new = NewAccount(id="mina", name="미나", roles=frozenset({Role.MARKETER}), password=PASSWORD)
    account, _ = identity.accounts.create(ADMIN, new)
    return Principal(account.id, account.name, account.roles)
