"""What an index holds: everybody's profile, the logs of what they did, and their traits, as of one version of the mart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import numpy as np

from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Bytes, Integers, Longs, Words, sealed
from audience_builder.index.columns import TRAIT, Columns, fitted


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows column by column (names and types in `columns.py`). A column nobody ever filled is left out."""

    name: str
    rows: int
    columns: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def get(self, name: str) -> Array | None:
        """The column, or None where no row says anything."""
        return self.columns.get(name)


@dataclass(frozen=True, slots=True, eq=False)
class Log(Table):
    """Rows by part of users and, within it, by stretch of days (`columns.py`), so that a window looks at few of them.

    Rows of part p and stretch s are `starts[p, s]` to `starts[p, s + 1]` (exclusive; shape (parts, stretches + 1)).
    `dates[name]` has the earliest and the latest date of each stretch (shape (2, stretches); the first above the last where none
    was said).
    """

    starts: Longs
    dates: Mapping[str, Integers]

    def runs(self, dates: Sequence[str], days: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """The stretches in which a row may lie on one of the days, as runs (first, last exclusive) of neighbours.

        A row lies from the first of the dates to the latest of them.
        """
        earliest = self.dates[dates[0]][0]
        latest = np.maximum.reduce([self.dates[name][1] for name in dates])
        chosen = np.zeros(earliest.size, np.bool_)
        for low, high in days:
            chosen |= (earliest <= high) & (latest >= low)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
        return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Users:
    """Everybody's profile as it holds now, one place a user number. `consents` has a row of bits each (`columns.CONSENTS`)."""

    size: int
    profile: Mapping[str, Array]
    consents: Words
    late_consents: Table

    @property
    def status(self) -> Bytes:
        """The account status; 0 where there is no such user."""
        return self.profile["status"]

    @property
    def signed_up_day(self) -> Integers:
        """The day number of the sign-up."""
        return self.profile["signed_up_day"]


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """The traits as of one day, one place a user number (`columns.TRAIT`)."""

    day: int
    columns: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return sum(array.nbytes for array in self.columns.values())


class TraitsFor(Protocol):
    """Computes the traits as of another day from the same facts as the index, for user numbers 0 … users - 1."""

    def __call__(self, day: int, users: int, /) -> Traits:
        """The traits as of a day number."""
        ...


def traits_from(pieces: Iterable[Columns], *, day: int, users: int) -> Traits:
    """The traits of user numbers 0 … users - 1 from the columns of TRAIT and `user`, in any order; of who has no row nothing is known."""
    columns = {entry.name: np.full(users, entry.empty, entry.dtype) for entry in TRAIT}
    for piece in pieces:
        rows = np.ma.getdata(piece["user"])
        inside = rows < users
        for entry in TRAIT:
            columns[entry.name][rows[inside]] = fitted(piece[entry.name][inside], entry)
    return Traits(day, {name: sealed(values) for name, values in columns.items()})


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of a moment that knows its zone."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The mart at one version, ready to be asked. Immutable; a newer version is another index.

    Profiles are those that hold from `since` until `until` (exclusive), in microseconds since 1970: any moment between the two is
    answered exactly, no other can be. `tables` say of some rows of the booking log what others have not (`columns.TABLES`).
    """

    mart_version: int
    since: int
    until: int
    users: Users
    logs: Mapping[str, Log]
    tables: Mapping[str, Table]
    traits: Traits | None

    def log(self, name: str) -> Log:
        """The log of that name. Raises EngineError where there is none."""
        found = self.logs.get(name)
        if found is None:
            raise EngineError(f"the index keeps no log of {name}")
        return found
