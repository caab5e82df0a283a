"""What applies the entries of a topic, and how it accounts for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from audience_builder.mart.transaction import Transaction
from audience_builder.stream.port import Entry

LATE = "late"
"""The reason of what lay too far behind to be counted; it is accounted for apart from what is wrong."""


REPLAY = "replay"
"""The header of an entry that is put into the stream by hand: nothing in it is late."""


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
    """What became of the parts of a batch. `dead` holds what was late, too."""

    received: int
    applied: int
    duplicate: int = 0
    dead: tuple[Dead, ...] = ()

    @property
    def late(self) -> int:
        """How many were late."""
        return sum(each.reason == LATE for each in self.dead)

    def is_whole(self) -> bool:
        """The law of conservation: nothing was lost, and nothing counted twice."""
        return self.received == self.applied + self.duplicate + len(self.dead)


class Applies(Protocol):
    """Applies the entries of the topics it names, inside the transaction it is given. Raises only for what a retry may mend.

    `entries_at_once` is how many one transaction holds at most.
    """

    topics: tuple[str, ...]
    entries_at_once: int

    def apply(self, entries: Sequence[Entry], tx: Transaction) -> Tally:
        """Put the effects of these entries (of one partition, ascending) into the mart, and say what became of each part."""
        ...
