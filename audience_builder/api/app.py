"""Everything an endpoint can reach: the questions, the audiences, the exports, and how fresh it all is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Protocol

from audience_builder.access import Principal
from audience_builder.apply.applier import Applier
from audience_builder.apply.collector import Collector
from audience_builder.audience import Asking, Audiences, Exports, Overseeing
from audience_builder.audience.erasing import Erasing
from audience_builder.audience.membership import Recorder
from audience_builder.audience.movements import Movements
from audience_builder.audience.webhooks import Webhooks
from audience_builder.identity import Identity
from audience_builder.language.glossary import Glossary
from audience_builder.language.prompts import Prompts
from audience_builder.rule.rights import RuleRights
from audience_builder.store import Store
from audience_builder.store.contacts_rotation import KeyRotation
from audience_builder.store.contacts_vault import ContactVault

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is (0 = not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How old the newest answer is. Moments are UTC.

    `watermark` is the latest event the mart knows, `changed_at` when it last changed. `index` says whether counts come from an
    index in memory (`ready`), wait for the first one (`building`), or are answered by the mart itself (`failed`).
    """

    mart_version: int
    index_version: int | None
    index: str
    changed_at: datetime | None
    watermark: datetime | None
    traits_day: date | None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWish:
    """Which make-believe travellers to generate; the same wish gives the same content. `density` is `usual` or `loyal`."""

    users: int
    days: int
    seed: int
    end: date | None = None
    density: str = "usual"


class Loading(Protocol):
    """Puts data into the mart: one at a time, and only for who owns the machine."""

    def sample(self, principal: Principal, wish: SampleWish, progress: Progress) -> Mapping[str, Any]:
        """Generate a sample into an empty mart. Raises ConflictError where there is data already."""
        ...

    def import_files(
        self, principal: Principal, map_name: str, files: Sequence[Path], progress: Progress
    ) -> Mapping[str, Any]:
        """Import files by a map (a shipped one's name, or a path); what is repeated changes nothing.

        Raises InputError for what cannot be read.
        """
        ...

    def rejects(self, principal: Principal, name: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Refused rows of a rejects file behind a line, opened. Raises NotFoundError where there is no such file."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The product, opened over one data directory.

    `principal` is who owns the machine; everybody else signs in (`identity`). `version` is the mart version counts speak of.
    `below` is the smallest number a principal is told, `waiting` how many users have facts but no profile yet.
    `on_change` has a callback called, in any thread, whenever they speak of another one, until what it returned is called.
    """

    principal: Principal
    questions: Asking
    audiences: Audiences
    recorder: Recorder
    movements: Movements
    webhooks: Webhooks
    exports: Exports
    contacts: ContactVault
    rotation: KeyRotation
    erasing: Erasing
    loading: Loading
    collector: Collector
    applier: Applier
    store: Store
    identity: Identity
    freshness: Callable[[], Freshness]
    waiting: Callable[[], int]
    watermark: Callable[[], datetime | None]
    version: Callable[[], int]
    on_change: Callable[[Callable[[], None]], Callable[[], None]]
    prompts: Prompts
    rights: RuleRights
    glossary: Glossary
    overseeing: Overseeing
    below: Callable[[Principal], int]
    now: Callable[[], datetime]
    close: Callable[[], None]
    language: str = "ko"
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "::1"})
    workers: int = 4
