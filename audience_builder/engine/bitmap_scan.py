"""The rows of a log looked at block by block, part by part, and by two threads where there are many."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from audience_builder.engine import plan
from audience_builder.index.arrays import Bytes, Halves, Integers
from audience_builder.index.contents import Index, Log

BLOCK_ROWS = 65_536
"""Rows looked at at once: their tests and sums stay in a core's second cache."""

ROWS_FOR_TWO = 2_000_000
"""From so many rows on a question is shared by the cores; below, sharing costs more than it saves."""

HAPPENED_DATES = ("carted", "booked", "paid", "cancelled")
"""Dates of things done: later than the day they have not happened."""

DATE_COLUMNS = {
    "day": "day",
    **{name: f"{name}_day" for name in HAPPENED_DATES},
    "check_in": "check_in",
    "check_out": "check_out",
    "stay": "check_in",
}
"""The column of each date a row may be counted by."""

Step = Callable[[int, int, Bytes], None]
"""Clears the rows first … last (exclusive) that fail, in `kept`."""

Block = tuple[int, int, Bytes]
"""Rows of one part that were looked at: first, last (exclusive), and one byte a row, 1 where it counts."""


class Reader(Protocol):
    """An index as of one moment: what a test may need besides the log's own columns."""

    @property
    def index(self) -> Index:
        """What is read."""
        ...

    @property
    def day(self) -> int:
        """The day number of the moment."""
        ...

    def states(self) -> Halves:
        """What is true of each booking row on the day (`kernel_bookings`)."""
        ...

    def left_hours(self, first: int, last: int) -> Integers:
        """Whole hours since each of these carts (rows of the table `cart`) was left behind; -1 where it was not."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows asked for at a moment, of one log."""

    reader: Reader
    log: Log
    rows: plan.Rows

    @property
    def day(self) -> int:
        """The day number of the moment."""
        return self.reader.day

    @property
    def is_booking(self) -> bool:
        """Whether it is the booking log."""
        return self.log.name == "booking"

    @property
    def day_column(self) -> str:
        """The column whose day a row is counted by."""
        return DATE_COLUMNS[self.rows.date]


@dataclass(frozen=True, slots=True)
class Scan:
    """The rows of a log to look at, part by part, and the tests each must pass."""

    asked: Asked
    runs: list[tuple[int, int]]
    steps: tuple[Step, ...]

    def each_part(self, work: Callable[[int, Iterator[Block]], None]) -> None:
        """Have every part's blocks worked on in their order; different parts maybe at once. The bytes of a block are used again."""
        starts = self.asked.log.starts
        rows = [sum(int(of[after] - of[first]) for first, after in self.runs) for of in starts]
        parts = [part for part, count in enumerate(rows) if count]
        if sum(rows) < ROWS_FOR_TWO or len(parts) < 2 or _CORES < 2:
            self._work(work, parts)
            return
        half = int(np.searchsorted(np.cumsum([rows[part] for part in parts]), sum(rows) / 2)) + 1
        other = _HELPER.submit(self._work, work, parts[half:])
        self._work(work, parts[:half])
        other.result()

    def and_also(self, *steps: Step) -> Scan:
        """The same rows with further tests."""
        return Scan(self.asked, self.runs, (*self.steps, *steps))

    def _work(self, work: Callable[[int, Iterator[Block]], None], parts: Sequence[int]) -> None:
        room = np.empty(BLOCK_ROWS, np.uint8)
        for part in parts:
            work(part, self._blocks(part, room))

    def _blocks(self, part: int, room: Bytes) -> Iterator[Block]:
        starts = self.asked.log.starts[part]
        for run, after in self.runs:
            end = int(starts[after])
            for first in range(int(starts[run]), end, BLOCK_ROWS):
                last = min(first + BLOCK_ROWS, end)
                kept = room[: last - first]
                kept.fill(1)
                for step in self.steps:
                    step(first, last, kept)
                yield first, last, kept


_CORES = os.cpu_count() or 1
_HELPER = ThreadPoolExecutor(1, thread_name_prefix="scan")
"""Shares the long questions: one thread is enough, for whoever asks works too."""
