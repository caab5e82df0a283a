"""The mart in one DuckDB file (or in memory), owned by one process."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock

import duckdb

from audience_builder import clock
from audience_builder.access.cipher import new_key
from audience_builder.errors import BusyError, InputError
from audience_builder.mart import changes, content, erasure, identity, memberships, people, streamed, traits
from audience_builder.mart.columns import Columns, scanned
from audience_builder.mart.dimensions import Dimensions
from audience_builder.mart.erasure import ErasureReport
from audience_builder.mart.person import Person
from audience_builder.mart.schema import DIALECT, DIMENSION_TABLES, booking_now, create_tables, dimension, statement
from audience_builder.mart.tables import BOOKKEEPING, LAST_ACTIVE_STATUS, TABLES
from audience_builder.mart.transaction import DeadLetter, Transaction, UserNumbers

__all__ = ["DeadLetter", "DuckDBMart", "ErasureReport", "OnChange", "Transaction"]

OnChange = Callable[[int, UserNumbers | None], None]
"""Called after a commit with the new version and the users whose facts changed; None = everyone, or too many to name."""


@dataclass(frozen=True, slots=True)
class _State:
    version: int
    changed_at: datetime | None
    watermark: datetime | None
    traits_day: date | None


class DuckDBMart:
    """What is known of each traveller, in one DuckDB database.

    Any number of threads may read through `cursor()`; writers take turns. Without a path it lives in memory. Of a file it keeps
    at most `memory_mb` in memory (else as much as DuckDB sees fit), and what needs more goes to a folder beside it. `id_key`
    (32 bytes) is what erased users are recognised by: in a file nobody is erased without it. Raises BusyError where another
    process has the file open, InputError where the file is of another make, or users were erased under another key.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        dimensions: Dimensions,
        now: Callable[[], datetime] = clock.now,
        memory_mb: int | None = None,
        id_key: bytes | None = None,
    ) -> None:
        self.dimensions = dimensions
        self._now = now
        self._writing = RLock()
        self._subscribers: list[OnChange] = []
        self._connection = _connect(path)
        if memory_mb is not None:
            self._connection.execute("SET GLOBAL memory_limit = ?", [f"{memory_mb} MiB"])
        try:
            self._make(new_key() if id_key is None and path is None else id_key)
        except BaseException:
            self._connection.close()
            raise
        self._state = self._read_state()

    def close(self) -> None:
        """Let go of the file. Cursors given out before stop working."""
        self._connection.close()

    @property
    def version(self) -> int:
        """Grows by one with every change."""
        return self._state.version

    @property
    def watermark(self) -> datetime | None:
        """The latest event time seen, in UTC."""
        return self._state.watermark

    @property
    def changed_at(self) -> datetime | None:
        """When it last changed, in UTC."""
        return self._state.changed_at

    @property
    def traits_day(self) -> date | None:
        """The day `user_trait` speaks of; None before the first refresh."""
        return self._state.traits_day

    @contextmanager
    def still(self) -> Generator[None]:
        """As long as this lasts nobody else writes."""
        with self._writing:
            yield

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new cursor for reading: it sees whole batches only. Close it when done."""
        return self._connection.cursor()

    def on_change(self, callback: OnChange) -> None:
        """Have `callback(version, users)` called after every change, in the thread that made it."""
        self._subscribers.append(callback)

    @contextmanager
    def transaction(self, source: str, key: str) -> Generator[Transaction]:
        """T2 apply: everything done inside is one DuckDB transaction, undone by any exception.

        `key` names the batch within `source`: a batch applied before is applied again as nothing at all.
        """
        with self._written() as connection:
            tx = self._begun(connection, source, key)
            yield tx
            if tx.already_applied:
                return
            version = self.version if tx.is_membership_only() else tx.version
            self._note(tx, version)
            if version == tx.version:
                self._change(connection, version, tx.changed_users(), tx.watermark)
        if version == tx.version:
            self._tell(version, tx.changed_users())

    @contextmanager
    def part(self, source: str, key: str) -> Generator[Transaction]:
        """Like `transaction`, for one part of a first load too large for one: it is kept, yet the mart stays at version 0.

        A `transaction` of the same source ends the load and makes version 1; nothing else is taken before. Raises InputError
        where the mart is filled.
        """
        with self._written() as connection:
            if self.version > 0:
                raise InputError("only an empty mart is loaded in parts", fix="Use an empty data directory.")
            tx = self._begun(connection, source, key)
            tx.everyone = True
            yield tx
            if not tx.already_applied:
                self._note(tx, self.version)

    @contextmanager
    def streamed(self) -> Generator[Transaction]:
        """Like `transaction`, for a batch of the stream: what it is noted by is `Transaction.advance`.

        The mart has no new version where no row of it changed.
        """
        with self._written() as connection:
            tx = Transaction(connection=connection, source="", key="", version=self.version + 1)
            tx.everyone = self._has_parts(connection, but_not="")
            yield tx
            has_changed = tx.rows_applied > 0 and not tx.is_membership_only()
            if has_changed:
                self._change(connection, tx.version, tx.changed_users(), tx.watermark)
        if has_changed:
            self._tell(tx.version, tx.changed_users())

    def record(self, steps: Sequence[memberships.Step]) -> None:
        """T4 membership: who entered and left audiences, and how far that is recorded, in one transaction.

        That is no change of what is known of anybody, so the version stays. Raises ConflictError where somebody was faster.
        """
        with self._written() as connection:
            memberships.record(connection, steps)

    def place(self, topic: str, partition: int) -> streamed.Place:
        """How far a partition of the stream is applied, and what became of what it held."""
        with self.cursor() as cursor:
            return streamed.place_of(cursor, topic, partition)

    def applied(self, source: str) -> dict[str, int]:
        """The batches and parts of a source that were applied: how many rows each changed, by key."""
        with self.cursor() as cursor:
            found = cursor.execute("SELECT key, rows_applied FROM applied_batch WHERE source = ?", [source]).fetchall()
        return dict(found)

    def erase(self, user_id: str) -> ErasureReport:
        """Delete every row of a user, burn the number, and refuse the id for ever: all in one transaction.

        Also an id never seen is refused from then on. Raises InputError in a file that was opened without `id_key`.
        """
        if not self._may_erase:
            raise _without_key()
        with self._written() as connection:
            self._has_parts(connection, but_not="")
            report = erasure.erase(connection, user_id, at=_naive(self._now()))
            version = self.version + 1
            self._change(connection, version, report.users(), None)
        with suppress(duckdb.TransactionException):  # a reader is busy: the next checkpoint will do
            self._connection.execute("CHECKPOINT")
        self._tell(version, report.users())
        return report

    def refresh_traits(self, day: date, users: UserNumbers | None = None) -> int:
        """Compute `user_trait` as of a day in Korea, for everybody or only for `users`. Returns how many rows it wrote.

        Traits are derived, so the version stays. Where the table speaks of another day everybody is computed.
        """
        self._refuse_unknown(day)
        with self._written() as connection:
            of_whom = users if self._state.traits_day == day else None
            written = traits.refresh(connection, day, of_whom, stay_lines=self.dimensions.stay_lines)
            connection.execute("UPDATE mart_state SET traits_day = ?", [day])
        return written

    def computed_traits(self, cursor: duckdb.DuckDBPyConnection, day: date) -> list[Columns]:
        """Everybody's traits as of a day in Korea, of the moment the cursor's transaction sees; others may write meanwhile."""
        self._refuse_unknown(day)
        return list(traits.computed(cursor, day, stay_lines=self.dimensions.stay_lines))

    def keep_traits(self, day: date, computed: Sequence[Columns], *, since: int) -> bool:
        """Keep what was computed of version `since`; who changed after it is to be refreshed. False where that is not known."""
        with self._written() as connection:
            changed = changes.between(connection, since, self.version)
            if changed is None:
                return False
            traits.keep(connection, day, computed, changed)
            connection.execute("UPDATE mart_state SET traits_day = ?", [day])
        return True

    def changed_since(self, version: int) -> UserNumbers | None:
        """Whoever changed after a version; None where that is everyone, or is not kept any more."""
        with self.cursor() as cursor:
            return changes.between(cursor, version, self.version)

    def forget_changes(self, version: int) -> None:
        """Forget whom versions up to this one changed: an index that holds them is saved."""
        with self._written() as connection:
            changes.forget(connection, version)

    def waiting(self) -> int:
        """How many users have facts but no profile yet. They are in no audience."""
        return self._number(statement("waiting").sql(DIALECT))

    def active_count(self, as_of: datetime) -> int:
        """How many users are active at a moment: everybody a rule may mean. `as_of` knows its zone."""
        values = {"as_of": _naive(as_of), "day": clock.day_of(as_of), "last_active": LAST_ACTIVE_STATUS}
        return self._number(statement("active_count").sql(DIALECT), values)

    def content_hash(self) -> str:
        """A hash of all rows of the five tables, whatever their order: equal content, equal hash."""
        with self.cursor() as cursor:
            return content.content_hash(cursor)

    def person(self, user_no: int) -> Person:
        """Everything known of one user; empty for one never seen."""
        return self.people([user_no])[0]

    def people(self, user_nos: Sequence[int] | None = None) -> list[Person]:
        """Everything known of these users, in this order; None = of everybody, by number. For tests and single users."""
        with self.cursor() as cursor:
            return people.people(cursor, user_nos)

    def _begun(self, connection: duckdb.DuckDBPyConnection, source: str, key: str) -> Transaction:
        done = connection.execute("SELECT 1 FROM applied_batch WHERE source = ? AND key = ?", [source, key]).fetchone()
        return Transaction(
            connection=connection,
            source=source,
            key=key,
            version=self.version + 1,
            already_applied=done is not None,
            everyone=self._has_parts(connection, but_not=source),
        )

    def _has_parts(self, connection: duckdb.DuckDBPyConnection, *, but_not: str) -> bool:
        """Whether parts of a first load of this source lie here. Raises InputError for parts of another source."""
        if self.version > 0:
            return False
        found = connection.execute("SELECT DISTINCT source FROM applied_batch WHERE mart_version = 0").fetchall()
        for (source,) in found:
            if source != but_not:
                raise InputError(
                    f"the data directory holds a part of a load that was stopped ({source})",
                    fix="Run that load again: it goes on where it was. Or use an empty data directory.",
                )
        return bool(found)

    def _note(self, tx: Transaction, version: int) -> None:
        batch = [tx.source, tx.key, version, _naive(self._now()), tx.rows_applied]
        tx.connection.execute("INSERT INTO applied_batch VALUES (?, ?, ?, ?, ?)", batch)

    @contextmanager
    def _written(self) -> Generator[duckdb.DuckDBPyConnection]:
        with self._writing:
            connection = self._connection
            connection.execute("BEGIN TRANSACTION")
            try:
                yield connection
                state = self._read_state()
                connection.execute("COMMIT")
            except BaseException:
                with suppress(duckdb.Error):  # after a failed commit there is nothing left to undo
                    connection.execute("ROLLBACK")
                raise
            self._state = state

    def _change(
        self,
        connection: duckdb.DuckDBPyConnection,
        version: int,
        users: UserNumbers | None,
        watermark: datetime | None,
    ) -> None:
        seen = None if watermark is None else _naive(watermark)
        changes.keep(connection, version, users)
        connection.execute(
            "UPDATE mart_state SET version = ?, changed_at = ?, watermark = GREATEST(watermark, ?)",
            [version, _naive(self._now()), seen],
        )

    def _tell(self, version: int, users: UserNumbers | None) -> None:
        for callback in tuple(self._subscribers):
            callback(version, users)

    def _make(self, id_key: bytes | None) -> None:
        self._connection.execute("ATTACH IF NOT EXISTS ':memory:' AS dimension")
        self._may_erase = id_key is not None
        if id_key is not None:
            identity.load_key(self._connection, id_key)
            identity.upgrade(self._connection)
        for create in create_tables():
            self._connection.execute(create.sql(DIALECT))
        memberships.upgrade(self._connection)
        self._refuse_other_make()
        self._connection.execute(booking_now(self.dimensions.stay_lines).sql(DIALECT))
        self._connection.execute("INSERT INTO mart_state (version) SELECT 0 WHERE NOT EXISTS (FROM mart_state)")
        self._check_key()
        # Strings come as Python objects; without this DuckDB guesses their type from a few of them.
        self._connection.execute("SET GLOBAL pandas_analyze_sample = 0")
        given = {"calendar": self.dimensions.calendar(), "place_country": self.dimensions.place_country()}
        for name in DIMENSION_TABLES:
            self._load_dimension(name, given[name])

    def _check_key(self) -> None:
        if self._may_erase:
            identity.check_key(self._connection)
        elif self._connection.execute("SELECT 1 FROM erased_user LIMIT 1").fetchone() is not None:
            raise _without_key()

    def _load_dimension(self, name: str, columns: Columns) -> None:
        with scanned(self._connection, columns, "incoming") as rows:
            self._connection.execute(dimension(name, rows).sql(DIALECT))

    def _refuse_unknown(self, day: date) -> None:
        first, last = clock.day_from(self.dimensions.first_day + 364), clock.day_from(self.dimensions.last_day)
        if not first <= day <= last:
            raise InputError(f"traits can be computed for {first} to {last}, not {day}", fix="Ask for another day.")

    def _refuse_other_make(self) -> None:
        for table in (*TABLES, *BOOKKEEPING):
            found = self._connection.execute("SELECT name FROM pragma_table_info(?)", [table.name]).fetchall()
            if tuple(row[0] for row in found) != table.column_names():
                raise InputError(
                    f"the mart's table {table.name} is of another version of this product",
                    fix="Import the sources into a new file.",
                )

    def _read_state(self) -> _State:
        row = self._connection.execute("SELECT version, changed_at, watermark, traits_day FROM mart_state").fetchone()
        assert row is not None
        return _State(int(row[0]), _aware(row[1]), _aware(row[2]), row[3])

    def _number(self, sql: str, values: Mapping[str, object] | None = None) -> int:
        with self.cursor() as cursor:
            row = cursor.execute(sql, values).fetchone()
        return int(row[0]) if row else 0


def _without_key() -> InputError:
    return InputError(
        "users are erased under a key, and this mart was opened without it",
        fix="Open it through the product, or give id_key.",
    )


def _connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(":memory:" if path is None else str(path))
    except duckdb.IOException as problem:
        if "set lock" not in str(problem):
            raise InputError(
                f"the mart cannot be opened: {problem}",
                fix="Check the path and its rights. A damaged file is replaced by its backup, or made anew from the sources.",
            ) from problem
        raise BusyError(
            "another process has the mart open",
            fix="One process owns the mart: stop the other one, or ask it through its API or the command line.",
        ) from problem


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
