"""How large saved audiences are: counted when they are saved and whenever the data moves, the last of each day kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event, Thread
from time import monotonic
from typing import Protocol

from audience_builder.access import Principal, Role
from audience_builder.audience.many import sizes
from audience_builder.clock import day_of
from audience_builder.engine.port import Count, Engine
from audience_builder.errors import AudienceBuilderError
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Node, Rule
from audience_builder.store import AudienceSize, Store, Version

COUNTER = Principal("service:sizes", "the audience counter", frozenset({Role.SERVICE}))
"""Who counts saved audiences."""

_AT_ONCE = 500
_PAUSE_SECONDS = 60.0
_SETTLE_SECONDS = 2.0
_LOG = logging.getLogger("audience_builder")

Measure = Callable[[Rule], Count | None]
"""How large a rule is now; None while nothing can be counted."""


class _Counted(Protocol):
    """What was counted, and of which moment and state of the data."""

    @property
    def base(self) -> int: ...
    @property
    def as_of(self) -> datetime: ...
    @property
    def mart_version(self) -> int: ...


def size_of(audience_id: str, version: int, *, total: int, measured: _Counted) -> AudienceSize:
    """The size as it is kept, for its day in Korea."""
    return AudienceSize(
        audience_id=audience_id,
        day=day_of(measured.as_of),
        version=version,
        size=total,
        base=measured.base,
        as_of=measured.as_of,
        mart_version=measured.mart_version,
    )


def measure(engine: Engine, now: Callable[[], datetime]) -> Measure:
    """How large a rule is now, so that saving never waits for data to come."""

    def measured(rule: Rule) -> Count | None:
        try:
            return engine.count(rule, as_of=now())
        except AudienceBuilderError:
            return None

    return measured


class SizeKeeper:
    """Counts every live audience anew after the data moved: in the background, some at a time, and never more than half the time."""

    def __init__(self, *, engine: Engine, store: Store, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._store = store
        self._now = now
        self._moved = Event()
        self._closing = Event()
        self._thread: Thread | None = None

    def open(self) -> None:
        """Follow the data from now on."""
        self._thread = Thread(target=self._follow, name="sizes", daemon=True)
        self._thread.start()

    def moved(self) -> None:
        """The data moved."""
        self._moved.set()

    def close(self) -> None:
        """Stop after the audiences that are being counted."""
        self._closing.set()
        self._moved.set()
        if self._thread is not None:
            self._thread.join()

    def refresh(self) -> int:
        """Count every live audience now; returns how many there were. One whose rule can no longer be read is left as it is."""
        counted, after = 0, ""
        while not self._closing.is_set():
            with self._store.unit(COUNTER) as unit:
                versions = unit.shelf.newest(after=after, limit=_AT_ONCE)
            if not versions:
                break
            begun = monotonic()
            counted += self._count(versions)
            after = versions[-1].audience_id
            if self._thread is not None:
                self._closing.wait(monotonic() - begun)
        return counted

    def _count(self, versions: Sequence[Version]) -> int:
        readable = [(version, root) for version in versions if (root := _root(version)) is not None]
        if not readable:
            return 0
        found = sizes(self._engine, [root for _, root in readable], as_of=self._now())
        kept = [
            size_of(version.audience_id, version.version, total=count, measured=found)
            for (version, _), count in zip(readable, found.counts, strict=True)
        ]
        with self._store.unit(COUNTER) as unit:
            unit.shelf.record(kept)
            unit.audit("audience.sizes", "audiences", count=len(kept), mart_version=found.mart_version)
        return len(kept)

    def _follow(self) -> None:
        while not self._closing.is_set():
            self._moved.wait()
            self._closing.wait(_SETTLE_SECONDS)
            self._moved.clear()
            try:
                self.refresh()
            except AudienceBuilderError:
                pass  # nothing to count yet, or too busy: the next change tries again
            except Exception:
                _LOG.exception("saved audiences could not be counted")
            self._closing.wait(_PAUSE_SECONDS)


def _root(version: Version) -> Node | None:
    try:
        return parse_rule(version.rule).root
    except AudienceBuilderError:
        return None
