"""Where an index reads the mart: a few loads of arrays, each of bounded size, all of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import pairwise
from types import TracebackType
from typing import Any, Protocol

import numpy as np

from audience_builder.index.arrays import Array
from audience_builder.index.columns import BEHAVIOR_LOGS, STRETCH_DAYS, Columns
from audience_builder.mart.tables import EventKind

ROWS_AT_ONCE = 1_000_000
"""How many rows are read at once: some hundred MB at most, however large the mart."""

_USERS_A_PART = 1024  # as in booking_users.sql

ALWAYS = (-(2**62), 2**62)


@dataclass(frozen=True, slots=True)
class State:
    """What an index of this mart would be: its version, how many user numbers, and from when to when profiles hold.

    `since` and `until` are microseconds since 1970; `traits_day` is a day number, None where there are no traits.
    """

    version: int
    users: int
    since: int
    until: int
    traits_day: int | None


class Source(Protocol):
    """One version of the mart, read in pieces. Every column has the name and meaning of `columns.py`."""

    def state(self) -> State:
        """What there is to read."""
        ...

    def profiles(self) -> Iterator[Columns]:
        """The profiles that hold now: the columns of PROFILE with `user`, and a moment (microseconds) a consent."""
        ...

    def behavior(self, log: str) -> Iterator[Columns]:
        """The rows of a behaviour log by (stretch, user, day): whole stretches, or users of one."""
        ...

    def bookings(self) -> Iterator[Columns]:
        """The booking rows by (user, booked moment, booking id), without `night_mask`."""
        ...

    def traits(self) -> Iterator[Columns]:
        """The columns of TRAIT with `user`, in any order."""
        ...


class Rows(Protocol):
    """What a cursor has found."""

    def fetchnumpy(self) -> dict[str, Any]:
        """All rows, column by column."""
        ...

    def fetchone(self) -> Any:
        """The next row."""
        ...


class Cursor(Protocol):
    """A cursor on the mart that speaks its SQL and hands out arrays. Nobody else uses it meanwhile."""

    def execute(self, query: str, parameters: Any = ..., /) -> Rows:
        """Run a statement."""
        ...


class CursorSource:
    """The mart read through a cursor, as one transaction: entered it sees one version, left it has changed nothing.

    `now` says which profile versions hold; it knows its zone.
    """

    def __init__(self, cursor: Cursor, *, now: datetime, rows_at_once: int = ROWS_AT_ONCE) -> None:
        self._cursor = cursor
        self._at = now.astimezone(UTC).replace(tzinfo=None)
        self._rows_at_once = rows_at_once
        self._state: State | None = None

    def __enter__(self) -> CursorSource:
        self._cursor.execute("BEGIN TRANSACTION")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):  # after a failed statement there is nothing left to undo
            self._cursor.execute("ROLLBACK")

    def state(self) -> State:
        """What there is to read."""
        if self._state is None:
            version, traits_day, last_user, since, until = self._run("state", at=self._at).fetchone()
            self._state = State(
                version=version,
                users=0 if last_user is None else last_user + 1,
                since=ALWAYS[0] if since is None else since,
                until=ALWAYS[1] if until is None else until,
                traits_day=traits_day,
            )
        return self._state

    def profiles(self) -> Iterator[Columns]:
        """The profiles that hold now."""
        for first, last in self._stretches(self.state().users):
            yield self._run("profiles", first=first, last=last, at=self._at).fetchnumpy()

    def behavior(self, log: str) -> Iterator[Columns]:
        """The rows of a behaviour log by (stretch, user, day): whole stretches, or users of one."""
        kinds = {"kinds": sorted(int(kind) for kind in BEHAVIOR_LOGS[log]), "undone": int(EventKind.WISH_REMOVED)}
        found = self._run("behavior_days", **kinds).fetchnumpy()
        stretches, of_day = np.unique(found["day"] // STRETCH_DAYS, return_inverse=True)
        totals = np.bincount(of_day, found["rows"]).astype(np.int64)
        for first, last, rows in self._parts(stretches, totals):
            days = {"first": first * STRETCH_DAYS, "last": (last + 1) * STRETCH_DAYS - 1}
            for users in self._users_of(rows):
                yield _by_stretch(self._run("behavior", **kinds, **days, **users).fetchnumpy())

    def bookings(self) -> Iterator[Columns]:
        """The booking rows by (user, booked moment, booking id)."""
        found = self._run("booking_users").fetchnumpy()
        for first, last, _ in self._parts(found["part"], found["rows"]):
            users = {"first": first * _USERS_A_PART, "last": (last + 1) * _USERS_A_PART - 1}
            yield _by_user(self._run("bookings", **users).fetchnumpy())

    def traits(self) -> Iterator[Columns]:
        """The traits the mart keeps."""
        for first, last in self._stretches(self.state().users):
            yield self._run("traits", first=first, last=last).fetchnumpy()

    def _run(self, name: str, **values: object) -> Rows:
        return self._cursor.execute(_sql(name), values or None)

    def _stretches(self, total: int) -> Iterator[tuple[int, int]]:
        for first in range(0, total, self._rows_at_once):
            yield first, min(first + self._rows_at_once, total) - 1

    def _users_of(self, rows: int) -> Iterator[dict[str, int]]:
        """All users, or where so many rows are too many at once, stretches of them."""
        pieces = -(-rows // self._rows_at_once)
        edges = np.linspace(0, self.state().users, pieces + 1).astype(np.int64).tolist()
        for first, after in pairwise(edges):
            yield {"first_user": first, "last_user": after - 1}

    def _parts(self, parts: Array, rows: Array) -> Iterator[tuple[int, int, int]]:
        """Stretches of parts with at most as many rows as are read at once, or a single part: first, last, how many rows."""
        first, last, total = None, 0, 0
        for part, count in zip(parts.tolist(), rows.tolist(), strict=True):
            if first is not None and total + count > self._rows_at_once:
                yield first, last, total
                first, total = None, 0
            first, last, total = part if first is None else first, part, total + count
        if first is not None:
            yield first, last, total


def _by_stretch(rows: Columns) -> Columns:
    """Behaviour by (stretch, user, day)."""
    day = np.ma.getdata(rows["day"]).astype(np.int64)
    user = np.ma.getdata(rows["user"]).astype(np.int64)
    return _ordered(rows, (day // STRETCH_DAYS << 37) + (user << 5) + day % STRETCH_DAYS)


def _by_user(rows: Columns) -> Columns:
    """Bookings by (user, place among the user's)."""
    return _ordered(
        rows, (np.ma.getdata(rows["user"]).astype(np.int64) << 32) + np.ma.getdata(rows["nth"]).astype(np.int64)
    )


def _ordered(rows: Columns, key: Array) -> Columns:
    """The rows by one number. The database would move every column several times to sort them."""
    order = np.argsort(key)
    return {name: values[order] for name, values in rows.items()}


@cache
def _sql(name: str) -> str:
    return resources.files("audience_builder.index").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")
