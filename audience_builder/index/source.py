"""Where an index reads the mart: a few loads of arrays, each of bounded size, all of one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from types import TracebackType
from typing import Any, Protocol, cast

import numpy as np
from sqlglot import exp, parse_one

from audience_builder.catalog.dimensions import dimensions
from audience_builder.index.arrays import Array, Flags, Masks
from audience_builder.index.columns import TRAIT, USERS_A_PART, Columns
from audience_builder.index.rows import alike, shared_minutes
from audience_builder.mart.tables import EventKind

ROWS_AT_ONCE = 3_000_000
"""How many rows are read at once: half a gigabyte, however large the mart."""

_EVERYBODY = 2**32 - 1

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

    def behavior(self) -> Iterator[Columns]:
        """The behaviour rows with `user`, `kind` and `said_day` (of a removed wish the day of the wish), in any order.

        A piece holds whole parts of users, no part comes twice, and parts ascend.
        """
        ...

    def bookings(self) -> Iterator[Columns]:
        """The booking rows in any order, by pieces as of behaviour. Days and minutes come as the moments they are of (MOMENTS:
        microseconds since 1970, NO_MOMENT where it never happened). Beside the columns stored there are `product` (equal for equal
        products of a user, 0 = not said) and `tie`, by which a user's bookings of one minute stand: the booking id as bytes (what
        was never booked stands in any order); `newest` is false where another row holds instead.
        """
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

    def register(self, name: str, columns: Any, /) -> Any:
        """Have arrays read as a table of that name."""
        ...

    def unregister(self, name: str, /) -> Any:
        """Forget such a table."""
        ...


class CursorSource:
    """The mart read through a cursor, as one transaction: entered it sees one version, left it has changed nothing.

    `now` says which profile versions hold; it knows its zone. With `users` (ascending numbers, each once) nobody else is read, and
    they are numbered from 0 in their order.
    """

    def __init__(
        self, cursor: Cursor, *, now: datetime, rows_at_once: int = ROWS_AT_ONCE, users: Masks | None = None
    ) -> None:
        self._cursor = cursor
        self._users = users
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
                users=self._size(last_user),
                since=ALWAYS[0] if since is None else since,
                until=ALWAYS[1] if until is None else until,
                traits_day=traits_day,
            )
        return self._state

    def profiles(self) -> Iterator[Columns]:
        """The profiles that hold now."""
        for users in self._stretches():
            yield self._rows("profiles", at=self._at, **users)

    def behavior(self) -> Iterator[Columns]:
        """The behaviour rows, whole parts of users at a time."""
        undone = int(EventKind.WISH_REMOVED)
        for users in self._parts_of("behavior_users"):
            yield self._rows("behavior", undone=undone, **users)

    def bookings(self) -> Iterator[Columns]:
        """The bookings as they stand now, whole parts of users at a time."""
        superseded = _marked(self._superseded())
        stay_lines = {"stay_lines": sorted(dimensions().stay_lines)}
        for users in self._parts_of("booking_users"):
            rows = self._rows("bookings", **users, **stay_lines)
            number = np.ma.getdata(rows.pop("number"))
            rows["newest"] = (number >= superseded.size) | ~superseded[np.minimum(number, superseded.size - 1)]
            rows["tie"] = self._ties(number, rows)
            yield rows

    def traits(self) -> Iterator[Columns]:
        """The traits the mart keeps."""
        for users in self._stretches():
            yield self._rows("traits", **users)

    def _superseded(self) -> Array:
        """The numbers of the booking rows of which there is a newer version: of those of the users who are read."""
        if self._users is not None:
            return np.ma.getdata(self._run("superseded_of", users=self._users.tolist()).fetchnumpy()["number"])
        rows = self._run("booking_ids").fetchnumpy()
        numbers = alike(np.ma.getdata(rows["hash"]), np.ma.getdata(rows["number"]))
        if not numbers.size:
            return numbers
        self._cursor.register("alike", {"number": numbers})
        try:
            return np.ma.getdata(self._run("superseded").fetchnumpy()["number"])
        finally:
            self._cursor.unregister("alike")

    def _ties(self, number: Array, rows: Columns) -> Array:
        """The booking ids of bookings that share their user and minute with another; empty elsewhere: ids are long, and such are few."""
        user, moment = (np.ma.getdata(rows[name]) for name in ("user", "booked_at"))
        tied = np.flatnonzero(rows["newest"])
        tied = tied[shared_minutes(user[tied], moment[tied])]
        if not tied.size:
            return np.zeros(number.size, "S1")
        found = self._run("ties", numbers=number[tied]).fetchnumpy()
        order = np.argsort(found["number"])
        ids = _as_bytes(found["booking_id"])[order]
        ties = np.zeros(number.size, ids.dtype)
        ties[tied] = ids[np.searchsorted(found["number"][order], number[tied])]
        return ties

    def _size(self, last_user: int | None) -> int:
        if self._users is not None:
            return self._users.size
        return 0 if last_user is None else last_user + 1

    def _run(self, name: str, **values: object) -> Rows:
        return self._cursor.execute(_sql(name), values or None)

    def _rows(self, name: str, **values: object) -> dict[str, Any]:
        """The rows of a query on users `$first` to `$last`, or of those of them that are read, by their numbers."""
        if self._users is None:
            return self._run(name, **values).fetchnumpy()
        wanted = {"users": self._users.tolist()}
        rows = self._cursor.execute(_sql_of_some(name), {**values, **wanted}).fetchnumpy()
        rows["user"] = np.searchsorted(self._users, np.ma.getdata(rows["user"]))
        return rows

    def _stretches(self) -> Iterator[dict[str, int]]:
        """The users in stretches whose profiles may be read at once."""
        if self._users is not None:
            yield {"first": 0, "last": _EVERYBODY}
            return
        users = self.state().users
        for first in range(0, users, self._rows_at_once):
            yield {"first": first, "last": min(first + self._rows_at_once, users) - 1}

    def _parts_of(self, counts: str) -> Iterator[dict[str, int]]:
        """The users of several parts whose rows may be read at once, or of one part."""
        if self._users is not None:
            yield {"first": 0, "last": _EVERYBODY}
            return
        found = self._run(counts, part=USERS_A_PART).fetchnumpy()
        first, last, total = None, 0, 0
        for part, rows in zip(found["part"].tolist(), found["rows"].tolist(), strict=True):
            if first is not None and total + rows > self._rows_at_once:
                yield _users(first, last)
                first, total = None, 0
            first, last, total = part if first is None else first, part, total + rows
        if first is not None:
            yield _users(first, last)


@dataclass(frozen=True, slots=True)
class WithTraits:
    """A source with traits that were computed of the same moment (the columns of `user_trait`) instead of those the mart keeps."""

    source: Source
    day: int
    computed: Sequence[Columns]

    def state(self) -> State:
        """What there is to read."""
        return replace(self.source.state(), traits_day=self.day)

    def profiles(self) -> Iterator[Columns]:
        """The profiles that hold now."""
        return self.source.profiles()

    def behavior(self) -> Iterator[Columns]:
        """The behaviour rows."""
        return self.source.behavior()

    def bookings(self) -> Iterator[Columns]:
        """The bookings as they stand now."""
        return self.source.bookings()

    def traits(self) -> Iterator[Columns]:
        """The traits that were computed."""
        for piece in self.computed:
            found = {entry.name: piece[entry.name] for entry in TRAIT}
            yield {**found, "user": piece["user_no"], "visited": piece["visited"].astype(np.uint8)}


def _users(first_part: int, last_part: int) -> dict[str, int]:
    return {"first": first_part * USERS_A_PART, "last": (last_part + 1) * USERS_A_PART - 1}


def _as_bytes(ids: Array) -> Array:
    """Ids as bytes of one length, which stand in the order the database gives strings."""
    return np.array([each.encode() for each in np.ma.getdata(ids)], dtype=np.bytes_)


def _marked(numbers: Array) -> Flags:
    """A flag a number, true of these; at least one flag."""
    marked = np.zeros(int(numbers.max(initial=0)) + 1, np.bool_)
    marked[numbers] = True
    return marked


@cache
def _sql_of_some(name: str) -> str:
    """A query asked of some users only."""
    tree = parse_one(_sql(name), dialect="duckdb")
    return cast(exp.Select, tree).where("user_no IN (SELECT unnest($users))", dialect="duckdb").sql("duckdb")


@cache
def _sql(name: str) -> str:
    return resources.files("audience_builder.index").joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")
