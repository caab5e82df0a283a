"""A make-believe Yeogi Eottae, written into the mart: the same seed writes the same content on every machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from audience_builder import clock
from audience_builder.errors import InputError
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING
from audience_builder.sample.behavior import USER
from audience_builder.sample.blocks import Block, SampleSpec, blocks
from audience_builder.sample.chance import Ints
from audience_builder.sample.rows import Array, Columns

SOURCE: Final = "sample"
Progress = Callable[[int, int], None]
"""Called with how many users are written, and of how many."""


class Batch(Protocol):
    """What a sample asks of an open transaction of the mart."""

    already_applied: bool

    def numbers(self, user_ids: Array, /) -> npt.NDArray[np.uint32]:
        """The number of each user id."""
        ...

    def profiles(self, columns: Columns, /) -> int:
        """Append profile versions."""
        ...

    def append(self, table: str, columns: Columns, /) -> int:
        """Append rows."""
        ...

    def seen(self, moment: datetime, /) -> None:
        """Tell the latest event time."""
        ...


class Writer(Protocol):
    """The mart a sample is written into: all of it in one transaction, or nothing."""

    @property
    def version(self) -> int:
        """0 while it is empty."""
        ...

    def transaction(self, source: str, key: str, /) -> AbstractContextManager[Batch]:
        """A batch named by its source and key, applied at most once."""
        ...


@dataclass(frozen=True, slots=True)
class Generated:
    """What a generation wrote: the sample, and its rows; none where it was there before."""

    spec: SampleSpec
    rows: int


def generate(
    writer: Writer, *, users: int, days: int, seed: int, end: date | None = None, progress: Progress | None = None
) -> Generated:
    """Write a sample into an empty mart; `end` is yesterday in Korea unless said, the last whole day.

    The same sample again writes nothing. Raises InputError where the mart holds anything else.
    """
    spec = SampleSpec(users=users, days=days, seed=seed, end=end or clock.day_of(clock.now()) - timedelta(days=1))
    rows, written = 0, 0
    with writer.transaction(SOURCE, spec.key) as batch:
        if batch.already_applied:
            return Generated(spec, 0)
        if writer.version > 0:
            raise InputError(
                f"the data directory holds other data than the sample ({spec.key})",
                fix="Use an empty data directory, or the number of users, days, seed and end the sample there was made with.",
            )
        for block in blocks(spec):
            rows += _write(batch, block)
            written += len(block.user_ids)
            if progress:
                progress(written, users)
        batch.seen(datetime.fromtimestamp(spec.period.last_moment, UTC))
    return Generated(spec, rows)


def _write(batch: Batch, made: Block) -> int:
    numbers = batch.numbers(made.user_ids)
    rows = batch.profiles(_numbered(made.profiles, numbers))
    for columns in made.behavior:
        rows += batch.append(BEHAVIOR_DAILY.name, _numbered(columns, numbers))
    return rows + batch.append(BOOKING.name, _numbered(made.booking, numbers))


def _numbered(columns: Columns, numbers: npt.NDArray[np.uint32]) -> Columns:
    positions: Ints = np.asarray(columns[USER], dtype=np.int64)
    return {**columns, USER: numbers[positions]}
