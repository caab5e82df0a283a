"""Entries that need nothing kept beside them, appended through the database's driver itself: every count waits for this.

The same statements as everywhere else, compiled once by the same dialect: what is left out is what asking for them costs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.exc import DBAPIError, OperationalError

from audience_builder.access import Principal
from audience_builder.store.rows import Note
from audience_builder.store.trail import LAST, Chain, Head, KnownRules, require_end
from audience_builder.store.trail_tables import TRAIL_ENTRY

_COLUMNS = tuple(column.key for column in TRAIL_ENTRY.columns)


class QuickNotes:
    """Appends notes that name no set of users and no rule that is new."""

    def __init__(self, engine: Engine, *, begin: str, known: KnownRules, name_of: Callable[[int], str]) -> None:
        """`begin` opens a transaction that writes."""
        self._engine = engine
        self._begin = begin
        self._known = known
        self._name_of = name_of
        dialect = engine.dialect
        self._error: type[Exception] = dialect.loaded_dbapi.Error
        self._busy: type[Exception] = dialect.loaded_dbapi.OperationalError
        self._last = str(LAST.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        self._append = str(insert(TRAIL_ENTRY).compile(dialect=dialect, column_keys=_COLUMNS))
        self._moment = TRAIL_ENTRY.c.at.type.dialect_impl(dialect).bind_processor(dialect)

    def append(self, head: Head, entries: Sequence[tuple[Principal, datetime, Note]]) -> Head | None:
        """Put these behind `head`; where the trail ends then. None where they need more than this: nothing was written.

        Raises TrailError where the trail does not end at `head`, DBAPIError where it cannot be written.
        """
        chain = Chain(head, self._name_of)
        if any(note.users is not None for _, _, note in entries):
            return None
        rules: dict[str, str] = {}
        rows = [chain.row(*entry, rules, users=None) for entry in entries]
        if not all(key in self._known for key in rules):
            return None
        with self._transaction() as cursor:
            cursor.execute(self._last)
            require_end(head, cursor.fetchone())
            cursor.executemany(self._append, [self._values(row) for row in rows])
        return chain.head

    def _values(self, row: dict[str, Any]) -> tuple[Any, ...]:
        at = row["at"] if self._moment is None else self._moment(row["at"])
        return tuple(at if name == "at" else row[name] for name in _COLUMNS)

    @contextmanager
    def _transaction(self) -> Generator[Any]:
        try:
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(self._begin)
                yield cursor
                connection.commit()
            finally:
                connection.close()  # given back to the pool, which undoes what was not kept
        except self._busy as problem:
            raise OperationalError(None, None, problem) from problem
        except self._error as problem:
            raise DBAPIError(None, None, problem) from problem
