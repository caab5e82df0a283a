"""What a stream is: topics of partitions of entries, each with its offset. Adapters: `sqlite` (embedded), `kafka` (scale-out)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

FIRST = 0
"""The lowest offset there can be."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of entry. Entries of one key keep their order; `partitions` of a topic that exists are never fewer later."""

    name: str
    partitions: int = 1


@dataclass(frozen=True, slots=True)
class Message:
    """What is put into the stream. Equal keys go to one partition; no key, any partition. No value = a tombstone of the key."""

    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as it lies in the stream. `at` is when the stream took it (UTC, knows its zone)."""

    topic: str
    partition: int
    offset: int
    message: Message
    at: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """What a partition holds: offsets from `first` (included) to `end` (not included)."""

    first: int
    end: int


class Stream(Protocol):
    """An append-only log. Safe to use from several threads; an offset is never given twice, also after a crash."""

    def create(self, topics: Sequence[Topic]) -> None:
        """Make the topics that are not there yet."""
        ...

    def append(self, topic: str, messages: Sequence[Message]) -> None:
        """Put messages behind the others, in this order within a key. Returned = durable, all of them.

        Raises StreamError where they are not: then none, some or all of them may lie in the stream, and the caller sends them again.
        """
        ...

    def read(self, topic: str, partition: int, *, offset: int, most: int, wait_seconds: float = 0.0) -> list[Entry]:
        """At most `most` entries from `offset` on, ascending; waits so long for the first one. Empty: nothing there yet.

        Offsets may have gaps. Raises OffsetGoneError (with the first offset left) where what comes next was cut off.
        """
        ...

    def extents(self, topic: str) -> Mapping[int, Extent]:
        """What each partition of a topic holds."""
        ...

    def cut(self, topic: str, partition: int, *, before: int) -> None:
        """Let go of entries before an offset."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
