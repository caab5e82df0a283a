"""What applies the entries of a topic, and how it accounts for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from audience_builder.mart.transaction import Transaction
from audience_builder.stream.port import Entry


@dataclass(frozen=True, slots=True)
class Dead:
    """Something that could not be applied: which part (a line of an entry; 0 where the entry is one), its bytes, and why.

    `reason` is a code without personal data; the bytes are kept sealed.
    """

    entry: Entry
    part: int
    body: bytes
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the parts of a batch: `received = applied + duplicate + late + len(dead)`, always."""

    received: int
    applied: int
    duplicate: int = 0
    late: int = 0
    dead: tuple[Dead, ...] = ()
    event_time: datetime | None = None
    """The latest moment something in it happened at its source."""


class Applies(Protocol):
    """Applies the entries of the topics it names, inside the transaction it is given. Raises only for what a retry may mend."""

    topics: tuple[str, ...]

    def apply(self, entries: Sequence[Entry], tx: Transaction) -> Tally:
        """Put the effects of these entries (of one partition, ascending) into the mart, and say what became of each part."""
        ...
