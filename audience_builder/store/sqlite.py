"""The store in one SQLite file: write-ahead log, every commit on the disk, foreign keys kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from audience_builder import clock
from audience_builder.errors import AudienceBuilderError, InputError
from audience_builder.store.database import Database
from audience_builder.store.migrate import upgrade
from audience_builder.store.trail_key import TrailKey
from audience_builder.store.trail_tables import TRAIL_ENTRY

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What is deleted is overwritten: a destroyed key must not lie on in a free page.
    "PRAGMA secure_delete = ON",
    # The log is folded into the file every 40 MB instead of every 4: whoever commits then waits for it.
    "PRAGMA wal_autocheckpoint = 10000",
)
_WAIT_SECONDS = 10.0
_BEGIN = "BEGIN IMMEDIATE"


def open_store(
    path: Path,
    *,
    now: Callable[[], datetime] = clock.now,
    wait_seconds: float = _WAIT_SECONDS,
    key: Path | None = None,
) -> Database:
    """The store in this file, made (readable by its owner alone) or brought up to date where needed.

    The key of its trail lies in the file `key` (beside it, where none is named). A unit waits so many seconds for its turn before
    it is told BusyError. Raises InputError where the file is no store, TrailError where its trail is broken.
    """
    _make_private(path)
    engine = _engine(path, wait_seconds)
    try:
        upgrade(engine)
    except DatabaseError as problem:
        engine.dispose()
        raise InputError(
            f"{path.name} is not a store of this product: {problem.orig}", fix="Choose another directory."
        ) from problem
    try:
        return Database(
            engine,
            key=_key(engine, key or path.with_name("trail.key")),
            now=now,
            scrub=_truncate_log,
            begin=_BEGIN,
            wait_seconds=wait_seconds,
        )
    except AudienceBuilderError:
        engine.dispose()
        raise


def _key(engine: Engine, path: Path) -> TrailKey:
    with engine.begin() as connection:
        is_new = connection.execute(select(TRAIL_ENTRY.c.id).limit(1)).first() is None
    return TrailKey.at(path, may_make=is_new)


def _make_private(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)


def _engine(path: Path, wait_seconds: float) -> Engine:
    # One connection: units take turns, instead of SQLite refusing the second writer.
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=wait_seconds,
        connect_args={"timeout": wait_seconds},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: object) -> None:
    # The driver would begin a transaction only at the first write: two units could then read the same end of the trail.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _truncate_log(engine: Engine) -> None:
    # The write-ahead log still holds pages from before a deletion. The driver's own connection: no transaction may be open.
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(_BEGIN)
