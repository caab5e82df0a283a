"""The stream in one SQLite file: an append is one commit that is on the disk before it returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Condition, Lock, local
from time import monotonic
from typing import Any

import orjson

from audience_builder import clock
from audience_builder.errors import NotFoundError, OffsetGoneError, StreamError
from audience_builder.stream.port import FIRST, Entry, Extent, Message, Topic

_TABLES = """
CREATE TABLE IF NOT EXISTS topic (
  name TEXT NOT NULL, part INTEGER NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (name, part)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
  name TEXT NOT NULL, part INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL, key BLOB, headers BLOB, value BLOB,
  PRIMARY KEY (name, part, place)
) WITHOUT ROWID;
"""
_INSERT = "INSERT INTO entry (name, part, place, at, key, headers, value) VALUES (?, ?, ?, ?, ?, ?, ?)"
_SELECT = (
    "SELECT place, at, key, headers, value FROM entry WHERE name = ? AND part = ? AND place >= ? ORDER BY place LIMIT ?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATIENCE_SECONDS = 30.0


class SqliteStream:
    """A stream in one file, owned by one process (`stream.port.Stream`). Every topic has one partition.

    An order over all keys is more than the port promises; one partition is what one process can apply anyway.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = clock.now) -> None:
        self._path = path
        self._now = now
        self._writing = Lock()
        self._grown = Condition()
        self._of_thread = local()
        self._open: list[sqlite3.Connection] = []
        self._opening = Lock()
        with self._told_clearly():
            self._writer = self._connected()
            self._writer.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        with self._writing, self._opening:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def create(self, topics: Sequence[Topic]) -> None:
        """Make the topics that are not there yet."""
        with self._told_clearly(), self._transaction() as writer:
            rows = [(topic.name, FIRST, FIRST) for topic in topics]
            writer.executemany("INSERT OR IGNORE INTO topic (name, part, first, next) VALUES (?, 0, ?, ?)", rows)

    def append(self, topic: str, messages: Sequence[Message]) -> None:
        """Put messages behind the others: all of them, or on StreamError none."""
        if not messages:
            return
        at = (self._now() - _EPOCH) // timedelta(microseconds=1)
        with self._told_clearly(), self._transaction() as writer:
            place = self._extent(writer, topic).end
            writer.executemany(
                _INSERT,
                [
                    (topic, 0, place + number, at, message.key, _packed(message.headers), message.value)
                    for number, message in enumerate(messages)
                ],
            )
            writer.execute("UPDATE topic SET next = ? WHERE name = ? AND part = 0", (place + len(messages), topic))
        with self._grown:
            self._grown.notify_all()

    def read(self, topic: str, partition: int, *, offset: int, most: int, wait_seconds: float = 0.0) -> list[Entry]:
        """Entries from `offset` on; see the port."""
        until = monotonic() + wait_seconds
        with self._grown:
            while True:
                found = self._found(topic, partition, offset, most)
                left = until - monotonic()
                if found or left <= 0:
                    return found
                self._grown.wait(left)

    def extents(self, topic: str) -> Mapping[int, Extent]:
        """What the partition of a topic holds."""
        with self._told_clearly():
            return {0: self._extent(self._reader(), topic)}

    def cut(self, topic: str, partition: int, *, before: int) -> None:
        """Let go of entries before an offset; their place in the file is used again."""
        with self._told_clearly(), self._transaction() as writer:
            held = self._extent(writer, topic)
            first = min(max(before, held.first), held.end)
            writer.execute("DELETE FROM entry WHERE name = ? AND part = ? AND place < ?", (topic, partition, first))
            writer.execute("UPDATE topic SET first = ? WHERE name = ? AND part = ?", (first, topic, partition))

    def nbytes(self) -> int:
        """How large the file is, with what waits to be written into it."""
        beside = self._path.with_name(f"{self._path.name}-wal")
        return sum(path.stat().st_size for path in (self._path, beside) if path.exists())

    def _found(self, topic: str, partition: int, offset: int, most: int) -> list[Entry]:
        with self._told_clearly():
            held = self._extent(self._reader(), topic)
            if offset < held.first:
                raise OffsetGoneError(
                    f"{topic} begins at {held.first}: {offset} was cut off",
                    fix="Load what is missing from its source, then go on from the first offset.",
                    first=held.first,
                )
            rows = self._reader().execute(_SELECT, (topic, partition, offset, most)).fetchall()
        return [
            Entry(topic, partition, place, Message(key, value, _unpacked(headers)), _EPOCH + timedelta(microseconds=at))
            for place, at, key, headers, value in rows
        ]

    def _extent(self, connection: sqlite3.Connection, topic: str) -> Extent:
        row = connection.execute("SELECT first, next FROM topic WHERE name = ? AND part = 0", (topic,)).fetchone()
        if row is None:
            raise NotFoundError(f"the stream has no topic {topic}", fix="Create it first.")
        return Extent(*row)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._writing:
            writer = self._writer
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a commit that failed may have ended it
                    writer.execute("ROLLBACK")
                raise

    @contextmanager
    def _told_clearly(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            raise StreamError(f"the stream's file cannot be used: {problem}", fix="Check its disk.") from problem

    def _reader(self) -> sqlite3.Connection:
        if not hasattr(self._of_thread, "connection"):
            self._of_thread.connection = self._connected()
        found: sqlite3.Connection = self._of_thread.connection
        return found

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
        with self._opening:
            self._open.append(connection)
        return connection


def _packed(headers: Mapping[str, bytes]) -> bytes | None:
    return orjson.dumps({name: value.decode("latin-1") for name, value in headers.items()}) if headers else None


def _unpacked(packed: bytes | None) -> dict[str, bytes]:
    said: dict[str, Any] = orjson.loads(packed) if packed else {}
    return {name: value.encode("latin-1") for name, value in said.items()}
