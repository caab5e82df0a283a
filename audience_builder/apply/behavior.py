"""Blocks of events into the mart: each line decoded, known ones left out, the rest summed to day cells and appended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from audience_builder.apply import cells
from audience_builder.apply.event import TOPIC, Event, Fault, all_decoded, decoded, fault_of
from audience_builder.apply.port import LATE, REPLAY, Dead, Tally
from audience_builder.mart import streamed
from audience_builder.mart.columns import Array
from audience_builder.mart.tables import BEHAVIOR_DAILY
from audience_builder.mart.transaction import Transaction
from audience_builder.mart.users import ERASED
from audience_builder.stream.port import Entry

LATEST = timedelta(hours=24)
"""How far behind the latest event one may lie. Later ones are kept aside, counted, and can be put in by hand."""

_HOUR = 3_600_000_000
_ALWAYS = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a block: where it stands, and its event."""

    entry: Entry
    part: int
    event: Event


class Behavior:
    """Applies blocks of events (`apply.port.Applies`). `watermark` is the latest event the mart has seen."""

    topics: tuple[str, ...] = (TOPIC,)
    entries_at_once = 64

    def __init__(self, watermark: Callable[[], datetime | None]) -> None:
        self._watermark = watermark

    def apply(self, entries: Sequence[Entry], tx: Transaction) -> Tally:
        """Put the events of these blocks into the mart, and say what became of each."""
        dead: list[Dead] = []
        received, lines = self._read(entries, dead)
        fresh = self._new(lines, tx)
        rows = self._appended(fresh, dead, tx)
        for line in fresh:
            tx.seen(line.event.at)
        return Tally(received=received, applied=rows, duplicate=len(lines) - len(fresh), dead=tuple(dead))

    def _read(self, entries: Sequence[Entry], dead: list[Dead]) -> tuple[int, list[_Line]]:
        watermark = self._watermark()
        oldest = _ALWAYS if watermark is None else watermark - LATEST
        received, found = 0, list[_Line]()
        for entry in entries:
            is_replay = REPLAY in entry.message.headers
            for part, (body, event) in enumerate(_events(entry.message.value or b"")):
                received += 1
                fault = event if isinstance(event, Fault) else fault_of(event, now=entry.at)
                if isinstance(fault, Fault):
                    dead.append(Dead(entry, part, body, fault.code))
                elif isinstance(event, Event) and event.at < oldest and not is_replay:
                    dead.append(Dead(entry, part, body, LATE))
                elif isinstance(event, Event):
                    found.append(_Line(entry, part, event))
        return received, found

    def _new(self, lines: list[_Line], tx: Transaction) -> list[_Line]:
        """Those that were not applied before."""
        if not lines:
            return []
        hours = np.array([round(line.event.at.timestamp()) // 3600 * _HOUR for line in lines], "datetime64[us]")
        known = streamed.seen(tx.connection, [line.event.id for line in lines], hours)
        return [line for line, is_known in zip(lines, known, strict=True) if not is_known]

    def _appended(self, lines: list[_Line], dead: list[Dead], tx: Transaction) -> int:
        """How many of them are in the mart now; of erased users nothing is kept."""
        if not lines:
            return 0
        users = tx.numbers(np.array([line.event.user_id for line in lines], dtype=object))
        gone = np.flatnonzero(users == ERASED)
        dead.extend(Dead(lines[place].entry, lines[place].part, b"", "erased") for place in gone)
        kept = [line.event for line, user in zip(lines, users, strict=True) if user != ERASED]
        if kept:
            rows: dict[str, Array] = {"user_no": users[users != ERASED], **cells.columns(kept)}
            tx.append(BEHAVIOR_DAILY.name, cells.summed(tx, rows))
        return len(kept)


def _events(block: bytes) -> Iterator[tuple[bytes, Event | Fault]]:
    """Each line of a block with its event, or what is wrong with it. Empty lines are none."""
    lines = [line for line in block.split(b"\n") if line.strip()]
    together = all_decoded(block)
    if together is not None and len(together) == len(lines):
        yield from zip(lines, together, strict=True)
    else:
        yield from ((line, decoded(line)) for line in lines)
