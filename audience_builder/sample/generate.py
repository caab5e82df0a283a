"""A make-believe Yeogi Eottae, written into the mart: the same seed writes the same content on every machine.

It is written block by block, each kept as soon as it is there, so a sample that was stopped goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NotRequired, Protocol, TypedDict, TypeVar, Unpack

import numpy as np
import numpy.typing as npt

from audience_builder import clock
from audience_builder.errors import InputError
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING
from audience_builder.sample.behavior import USER
from audience_builder.sample.blocks import Block, SampleSpec, blocks, users_in
from audience_builder.sample.chance import Ints
from audience_builder.sample.density import Density
from audience_builder.sample.rows import Array, Columns

SOURCE: Final = "sample"
Progress = Callable[[int, int], None]
"""Called with how many users are written, and of how many."""


class Batch(Protocol):
    """What a sample asks of an open transaction of the mart."""

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
    """The mart a sample is written into part by part: to readers it stays empty until the sample is whole."""

    @property
    def version(self) -> int:
        """0 while it is empty."""
        ...

    def applied(self, source: str, /) -> Mapping[str, int]:
        """What was applied of a source: rows by key."""
        ...

    def part(self, source: str, key: str, /) -> AbstractContextManager[Batch]:
        """A part of a load, applied at most once and kept before the load is whole."""
        ...

    def transaction(self, source: str, key: str, /) -> AbstractContextManager[Batch]:
        """The batch that makes the load whole."""
        ...


@dataclass(frozen=True, slots=True)
class Generated:
    """What a generation wrote: the sample, and its rows; none where it was whole before."""

    spec: SampleSpec
    rows: int


class Which(TypedDict):
    """Which sample: as in `SampleSpec`, and `end` is yesterday in Korea unless said, the last whole day."""

    users: int
    days: int
    seed: int
    end: NotRequired[date | None]
    density: NotRequired[Density]


def generate(writer: Writer, *, progress: Progress | None = None, **which: Unpack[Which]) -> Generated:
    """Write a sample into an empty mart, or what is missing of it where it was stopped.

    The whole sample again writes nothing. Raises InputError where the mart holds anything else.
    """
    spec = SampleSpec(
        users=which["users"],
        days=which["days"],
        seed=which["seed"],
        end=which.get("end") or clock.day_of(clock.now()) - timedelta(days=1),
        density=which.get("density", Density.USUAL),
    )
    applied = writer.applied(SOURCE)
    if spec.key in applied:
        return Generated(spec, 0)
    parts = {part_key(spec, number): number for number in range(spec.blocks)}
    _refuse_other(writer, spec, applied, parts)
    missing = {key: number for key, number in parts.items() if key not in applied}
    rows = sum(applied.values())
    written = spec.users - sum(users_in(spec, number) for number in missing.values())
    for (key, number), made in zip(missing.items(), ahead(blocks(spec, missing.values())), strict=True):
        with writer.part(SOURCE, key) as batch:
            rows += write(batch, made)
        written += users_in(spec, number)
        if progress:
            progress(written, spec.users)
    with writer.transaction(SOURCE, spec.key) as batch:
        batch.seen(datetime.fromtimestamp(spec.period.last_moment, UTC))
    return Generated(spec, rows)


def part_key(spec: SampleSpec, number: int) -> str:
    """The name of block `number` among the batches of the mart."""
    return f"{spec.key} block={number}"


def _refuse_other(writer: Writer, spec: SampleSpec, applied: Mapping[str, int], parts: Mapping[str, int]) -> None:
    if writer.version == 0 and applied.keys() <= parts.keys():
        return
    held = "a part of another sample" if writer.version == 0 else "other data than the sample"
    raise InputError(
        f"the data directory holds {held} ({spec.key})",
        fix="Use an empty data directory, or the number of users, days, seed, end and density the sample there was made with.",
    )


Made = TypeVar("Made")


def ahead(found: Iterator[Made]) -> Iterator[Made]:
    """The same, each one made by a thread while the one before is used: arrays are computed without holding up Python."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        ahead = pool.submit(next, found, None)
        while (made := ahead.result()) is not None:
            ahead = pool.submit(next, found, None)
            yield made
            del made


def write(batch: Batch, made: Block) -> int:
    """Write a block of users nobody knows yet into a batch. Returns how many rows it has."""
    numbers = batch.numbers(made.user_ids)
    rows = batch.profiles(_numbered(made.profiles, numbers))
    for columns in made.behavior:
        rows += batch.append(BEHAVIOR_DAILY.name, _numbered(columns, numbers))
    return rows + batch.append(BOOKING.name, _numbered(made.booking, numbers))


def _numbered(columns: Columns, numbers: npt.NDArray[np.uint32]) -> Columns:
    positions: Ints = np.asarray(columns[USER], dtype=np.int64)
    return {**columns, USER: numbers[positions]}
