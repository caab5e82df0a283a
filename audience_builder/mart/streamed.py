"""What the mart keeps of the stream: how far it is applied, which events it knows, and what could not be applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp

from audience_builder.errors import ConflictError
from audience_builder.mart.columns import Array, scanned
from audience_builder.mart.schema import DIALECT, statement
from audience_builder.mart.tables import DEAD_ENTRY


@dataclass(frozen=True, slots=True)
class Place:
    """How far a partition is applied, and what became of what it held. `applied_at` is naive UTC, None before the first batch."""

    topic: str
    partition: int
    next: int = 0
    received: int = 0
    applied: int = 0
    duplicate: int = 0
    late: int = 0
    dead: int = 0
    applied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the parts of a batch."""

    received: int
    applied: int
    duplicate: int
    late: int
    dead: int


@dataclass(frozen=True, slots=True)
class DeadEntry:
    """Something the stream held and the mart did not take; `body` is sealed. Moments are naive UTC."""

    topic: str
    partition: int
    place: int
    line: int
    reason: str
    body: str
    at: datetime
    replayed_at: datetime | None = None


def place_of(connection: duckdb.DuckDBPyConnection, topic: str, partition: int) -> Place:
    """How far a partition is applied."""
    found = connection.execute(
        "SELECT * FROM stream_place WHERE topic = $topic AND part = $part", {"topic": topic, "part": partition}
    ).fetchone()
    return Place(topic, partition) if found is None else Place(*found)


def advance(
    connection: duckdb.DuckDBPyConnection,
    topic: str,
    partition: int,
    offsets: tuple[int, int],
    outcome: Outcome,
    at: datetime,
) -> None:
    """Note that the offsets from the first (included) to the second (not included) are applied.

    Raises ConflictError where the partition is not applied up to just there: somebody else has gone on meanwhile.
    """
    first, then = offsets
    known = place_of(connection, topic, partition)
    if known.next > first:
        raise ConflictError(f"{topic} is applied up to {known.next}, not {first}", fix="Go on from what the mart says.")
    values: dict[str, Any] = {
        "topic": topic,
        "part": partition,
        "next": then,
        "received": known.received + outcome.received,
        "applied": known.applied + outcome.applied,
        "duplicate": known.duplicate + outcome.duplicate,
        "late": known.late + outcome.late,
        "dead": known.dead + outcome.dead,
        "at": at,
    }
    connection.execute(statement("advance").sql(DIALECT), values)


def seen(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[str], hours: npt.NDArray[np.datetime64]
) -> npt.NDArray[np.bool_]:
    """Whether each event was applied before, or stands earlier among these; new ones are known from now on."""
    told: dict[str, Array] = {
        "id": np.array(ids, dtype=object),
        "hour": hours.astype("datetime64[us]"),
        "position": np.arange(len(ids), dtype=np.int64),
    }
    with scanned(connection, told, "told_event"):
        connection.execute(statement("new_events").sql(DIALECT))
    connection.execute(statement("remember_events").sql(DIALECT))
    fresh = connection.execute("SELECT position FROM new_event").fetchnumpy()["position"]
    connection.execute("DROP TABLE new_event")
    known = np.ones(len(ids), np.bool_)
    known[fresh] = False
    return known


def forget_events(connection: duckdb.DuckDBPyConnection, before: datetime) -> None:
    """Forget events that would be too late by now."""
    connection.execute("DELETE FROM seen_event WHERE hour < $before", {"before": before})


def dead_entries(
    connection: duckdb.DuckDBPyConnection, *, limit: int, waiting: bool = False, reason: str = ""
) -> list[DeadEntry]:
    """What could not be applied, the newest first; with `waiting` only what was not replayed, with `reason` only of that."""
    values = {"limit": limit, "waiting": waiting, "reason": reason}
    found = connection.execute(statement("dead_entries").sql(DIALECT), values).fetchall()
    return [DeadEntry(*row) for row in found]


def note_replayed(connection: duckdb.DuckDBPyConnection, entries: Sequence[DeadEntry], at: datetime) -> None:
    """Note that these are in the stream again."""
    columns: dict[str, Array] = {
        "topic": np.array([entry.topic for entry in entries], dtype=object),
        "part": np.array([entry.partition for entry in entries], np.int32),
        "place": np.array([entry.place for entry in entries], np.int64),
        "line": np.array([entry.line for entry in entries], np.int32),
    }
    with scanned(connection, columns, "replayed"):
        connection.execute(statement("note_replayed").sql(DIALECT), {"at": at})


def keep_dead(connection: duckdb.DuckDBPyConnection, entries: Sequence[DeadEntry]) -> None:
    """Keep what could not be applied. What is kept already (of a batch that is tried again) stays as it is."""
    if not entries:
        return
    columns: dict[str, Array] = {
        "topic": np.array([entry.topic for entry in entries], dtype=object),
        "part": np.array([entry.partition for entry in entries], np.int32),
        "place": np.array([entry.place for entry in entries], np.int64),
        "line": np.array([entry.line for entry in entries], np.int32),
        "reason": np.array([entry.reason for entry in entries], dtype=object),
        "body": np.array([entry.body for entry in entries], dtype=object),
        "at": np.array([entry.at for entry in entries], dtype="datetime64[us]"),
    }
    with scanned(connection, columns, "incoming") as rows:
        connection.execute(exp.insert(rows, DEAD_ENTRY.name, columns=list(columns)).sql(DIALECT))
