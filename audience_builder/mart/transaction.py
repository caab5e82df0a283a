"""One batch applied to the mart: everything in it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.errors import InputError
from audience_builder.mart import profiles, streamed, users
from audience_builder.mart.columns import Array, Columns, refuse_wrong, rows_in, scanned
from audience_builder.mart.schema import DIALECT, statement
from audience_builder.mart.tables import AUDIENCE_MEMBERSHIP, BOOKING, DEAD_LETTER, TABLES, USER_PROFILE, Table

UserNumbers = npt.NDArray[np.uint32]

MANY_USERS = 400_000
"""Above so many changed users a change is told as "everyone"."""

_INCOMING = "incoming"
_BY_NAME = {table.name: table for table in TABLES}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A row that could not be applied: its line or offset, and why. `reason` holds no personal data."""

    line: int
    reason: str


@dataclass(slots=True, kw_only=True, eq=False)
class Transaction:
    """What may be done inside `DuckDBMart.transaction` or `DuckDBMart.part`. It is over when that context ends.

    `version` is the mart version this batch makes. Where `already_applied` is true nothing is appended: appends return 0.
    With `everyone` it counts as a change of everyone, and whose rows change is not asked. `erased` counts the ids `numbers`
    refused because their user was erased; their rows are left out by every append.
    """

    connection: duckdb.DuckDBPyConnection
    source: str
    key: str
    version: int
    already_applied: bool = False
    everyone: bool = False
    rows_applied: int = 0
    erased: int = 0
    watermark: datetime | None = None
    _tables: set[str] = field(default_factory=set[str])
    _users: list[UserNumbers] = field(default_factory=list[UserNumbers])

    def numbers(self, user_ids: Array) -> UserNumbers:
        """The number of each id (uint32), in order; a new id gets the next one, an erased one `users.ERASED`."""
        found = users.numbers(self.connection, user_ids, assign=not self.already_applied)
        self.erased += int(np.count_nonzero(found == users.ERASED)) if not self.already_applied else 0
        return found

    def append(self, table: str, columns: Columns) -> int:
        """Append rows and return how many; columns left out are empty. Raises InputError for a column not the table's."""
        if self.already_applied or not rows_in(columns):
            return 0
        target = _named(table)
        refuse_wrong(target, columns.keys())
        with scanned(self.connection, columns, _INCOMING) as rows:
            applied = self._insert(target, tuple(columns), rows)
            if target is BOOKING and not self.everyone:  # finding the owners reads every booking there is
                owners = self.connection.execute(statement("owners").sql(DIALECT)).fetchnumpy()["user_no"]
                self._touch(cast(UserNumbers, owners))
        self._touch(columns["user_no"])
        return applied

    def append_from(self, table: str, query: exp.Query) -> int:
        """Append the rows of a query DuckDB can read; its column names are the table's. Counts as a change of everyone."""
        if self.already_applied:
            return 0
        target = _named(table)
        names = self._names_of(query)
        refuse_wrong(target, names)
        self.everyone = True
        return self._insert(target, names, query)

    def profiles(self, columns: Columns) -> int:
        """Append profile versions; each ends where the user's next one begins, in whatever order they arrive.

        A version that begins at the very moment of a known one takes its place.
        """
        if self.already_applied or not rows_in(columns):
            return 0
        refuse_wrong(USER_PROFILE, columns.keys())
        with scanned(self.connection, columns, _INCOMING) as rows:
            applied = self._put_profiles(tuple(columns), rows)
        self._touch(columns["user_no"])
        return applied

    def profiles_from(self, query: exp.Query) -> int:
        """Like `profiles`, from a query DuckDB can read. Counts as a change of everyone."""
        if self.already_applied:
            return 0
        names = self._names_of(query)
        refuse_wrong(USER_PROFILE, names)
        self.everyone = True
        return self._put_profiles(names, query)

    def dead(self, rows: Iterable[DeadLetter]) -> None:
        """Note rows of this source that could not be applied."""
        letters = list(rows)
        if self.already_applied or not letters:
            return
        columns: dict[str, Array] = {
            "source": np.array([self.source] * len(letters), dtype=object),
            "line": np.array([letter.line for letter in letters], dtype=np.int64),
            "reason": np.array([letter.reason for letter in letters], dtype=object),
            "mart_version": np.full(len(letters), self.version, dtype=np.uint64),
        }
        self._tables.add(DEAD_LETTER.name)
        with scanned(self.connection, columns, _INCOMING) as found:
            self.connection.execute(exp.insert(found, DEAD_LETTER.name, columns=list(columns)).sql(DIALECT))

    def advance(
        self, topic: str, partition: int, offsets: tuple[int, int], outcome: streamed.Outcome, *, at: datetime
    ) -> None:
        """Note that offsets of the stream, from the first (included) to the second (not included), are applied with this batch.

        Raises ConflictError where somebody else has applied some of them meanwhile.
        """
        naive = at.astimezone(UTC).replace(tzinfo=None)
        streamed.advance(self.connection, topic, partition, offsets, outcome, naive)

    def seen(self, moment: datetime) -> None:
        """Tell the time of an event in this batch: the mart's watermark is the latest ever told. It must know its zone."""
        if moment.tzinfo is None:
            raise InputError("a watermark needs a time zone", fix="Give the moment in UTC.")
        at = moment.astimezone(UTC)
        self.watermark = at if self.watermark is None else max(self.watermark, at)

    def is_membership_only(self) -> bool:
        """Whether nothing but memberships was written: that is no change of what is known of anybody."""
        return self._tables == {AUDIENCE_MEMBERSHIP.name}

    def changed_users(self) -> UserNumbers | None:
        """Whose rows changed, ascending and once each; None = everyone, or more than `MANY_USERS`."""
        if self.everyone:
            return None
        found = np.unique(np.concatenate(self._users)) if self._users else np.empty(0, dtype=np.uint32)
        found = found[found != users.ERASED]
        return None if len(found) > MANY_USERS else found

    def _insert(self, target: Table, names: tuple[str, ...], rows: exp.Query) -> int:
        selected = select(*(column(name, quoted=True) for name in names)).from_(rows.subquery("given"))
        kept = selected.where(users.is_kept())
        inserting = exp.insert(kept, target.name, columns=[exp.to_identifier(name, quoted=True) for name in names])
        try:
            applied = _count(self.connection.execute(inserting.sql(DIALECT)))
        except (duckdb.ConstraintException, duckdb.ConversionException) as problem:
            raise InputError(
                f"rows do not fit {target.name}: {problem}", fix="Check the types and empty values."
            ) from problem
        self._tables.add(target.name)
        self.rows_applied += applied
        return applied

    def _put_profiles(self, names: tuple[str, ...], rows: exp.Query) -> int:
        try:
            applied = profiles.put(self.connection, names, rows)
        except (duckdb.ConstraintException, duckdb.ConversionException) as problem:
            raise InputError(
                f"rows do not fit user_profile: {problem}", fix="Check the types and empty values."
            ) from problem
        self._tables.add(USER_PROFILE.name)
        self.rows_applied += applied
        return applied

    def _names_of(self, query: exp.Query) -> tuple[str, ...]:
        described = self.connection.execute(
            select("*").from_(query.subquery("given")).limit(0).sql(DIALECT)
        ).description
        return tuple(entry[0] for entry in described)

    def _touch(self, user_nos: Array) -> None:
        if not self.everyone:
            self._users.append(np.unique(np.asarray(user_nos)).astype(np.uint32))


def _named(table: str) -> Table:
    if table == USER_PROFILE.name:
        raise InputError("profile versions are appended by `profiles`", fix="It ends the version before.")
    if table not in _BY_NAME:
        raise InputError(f"the mart has no table {table}", fix=f"Its tables are {', '.join(_BY_NAME)}.")
    return _BY_NAME[table]


def _count(result: duckdb.DuckDBPyConnection) -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0
