"""The engine as it is right now: the index where it reaches, the mart itself where it does not, and a clear no before either."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from audience_builder.engine.bitmap_snapshot import Snapshot
from audience_builder.engine.port import Count, Engine, Facet, UserNumbers
from audience_builder.errors import BusyError, NotFoundError
from audience_builder.rule.tree import Rule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reach:
    """From when (included) until when (not included) an index answers exactly, in microseconds since 1970."""

    since: int
    until: int

    def has(self, moment: datetime) -> bool:
        """Whether the moment, which knows its zone, lies within."""
        return self.since <= (moment - _EPOCH) // timedelta(microseconds=1) < self.until


@runtime_checkable
class _CanBeHeld(Protocol):
    def snapshot(self, as_of: datetime) -> Snapshot: ...


class LiveEngine:
    """Answers from the index for any moment it reaches, and from the mart for every other (`engine.port.Engine`).

    Raises BusyError while the first index is being built, NotFoundError while nothing was ever loaded.
    """

    def __init__(self, mart_engine: Engine) -> None:
        self._mart_engine = mart_engine
        self._fast: tuple[Engine, Reach] | None = None
        self._state = "empty"
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever answers speak of other data, in the thread that brought it; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def state(self) -> str:
        """`ready`, `building`, `failed` (the mart answers everything) or `empty`."""
        return self._state

    def publish(self, engine: Engine, reach: Reach) -> None:
        """Answer from this engine from now on, for the moments within its reach."""
        self._fast, self._state = (engine, reach), "ready"
        self._tell()

    def is_building(self) -> None:
        """Say that there is data, and the first index of it is on the way."""
        if self._fast is None:
            self._state = "building"

    def has_failed(self) -> None:
        """Say that no index could be built of what there is now: the mart answers everything."""
        self._fast, self._state = None, "failed"
        self._tell()

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        """The rule's size and every node's."""
        return self._for(as_of).count(rule, as_of=as_of)

    def members(self, rule: Rule, *, as_of: datetime) -> Iterator[UserNumbers]:
        """The rule's users as ascending numbers, in blocks."""
        return self._for(as_of).members(rule, as_of=as_of)

    def facets(self, rule: Rule | None, *, as_of: datetime, filters: Sequence[str] | None = None) -> tuple[Facet, ...]:
        """The split over the cuts of all filters (or the named ones)."""
        return self._for(as_of).facets(rule, as_of=as_of, filters=filters)

    def contains(self, rule: Rule, user_no: int, *, as_of: datetime) -> dict[str, bool]:
        """For one user: is each node true?"""
        return self._for(as_of).contains(rule, user_no, as_of=as_of)

    def snapshot(self, as_of: datetime) -> Snapshot | None:
        """What the index says of a moment, held still; None where there is none, or it does not reach there."""
        fast = self._fast
        if fast is None or not fast[1].has(as_of) or not isinstance(fast[0], _CanBeHeld):
            return None
        return fast[0].snapshot(as_of)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _for(self, as_of: datetime) -> Engine:
        fast = self._fast
        if fast is not None:
            engine, reach = fast
            return engine if reach.has(as_of) else self._mart_engine
        if self._state == "empty":
            raise NotFoundError(
                "there are no travellers yet", fix="Load some: `audience-builder sample`, or `audience-builder import`."
            )
        if self._state == "building":
            raise BusyError("the index is being built", fix="Ask again in a few seconds.")
        return self._mart_engine
