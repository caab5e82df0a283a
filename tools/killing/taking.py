"""Takes and applies events in a process that is killed again and again, and looks whether anything was lost or counted twice.

The next child goes on from the files of the one before. The sender sends again whatever it has not heard of. In the end the mart must be
what the same events make of a new one, told once.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import orjson

from audience_builder.apply.applier import Applier
from audience_builder.apply.behavior import Behavior
from audience_builder.apply.collector import LINES, Collector
from audience_builder.catalog.dimensions import dimensions
from audience_builder.mart import streamed
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.transaction import Transaction
from audience_builder.stream.sqlite import SqliteStream
from tools.killing.children import Asked, Life, Point, Say, done_in_child, killed_in_child, lives

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BATCH = 40
_LONGEST_SECONDS = 0.5
_CLOSED_EVERY = 5

POINTS: dict[str, Point] = {
    "collect: before the append": (SqliteStream, "append", False),
    "collect: after the append, before the sender hears": (SqliteStream, "append", True),
    "apply: before anything": (Applier, "apply_next", False),
    "apply: before ids are noted": (streamed, "seen", False),
    "apply: after ids are noted": (streamed, "seen", True),
    "apply: before rows": (Transaction, "append", False),
    "apply: after rows": (Transaction, "append", True),
    "apply: before the offset": (Transaction, "advance", False),
    "apply: after the offset, before the commit": (Transaction, "advance", True),
    "apply: after the commit": (Applier, "apply_next", True),
}
"""Where a child can be killed: before or after which call."""


class NoSeal:
    """Seals nothing: what it is given is made up."""

    def seal(self, _file: str, _line: int, row: str, /) -> str:
        """The row as it is."""
        return row

    def open(self, _line: int, cell: str, /) -> str:
        """The cell as it is."""
        return cell


def event(number: int) -> bytes:
    """The event of that number, always the same."""
    dice = Random(number)
    at = NOW - timedelta(seconds=dice.uniform(0, 3600 * 20))
    kind = dice.choice(["session", "search", "view", "wish"])
    said = {"id": f"k{number}", "user_id": f"U{dice.randrange(500)}", "kind": kind, "at": at.isoformat()}
    return orjson.dumps(said | ({"place": dice.choice(["jeju", "busan", "seoul"])} if kind != "session" else {}))


def opened(folder: Path) -> tuple[DuckDBMart, SqliteStream, Applier, Collector]:
    """The parts over a folder."""
    mart = DuckDBMart(folder / "mart.duckdb", dimensions=dimensions(), now=lambda: NOW, id_key=b"k" * 32)
    stream = SqliteStream(folder / "stream.sqlite", now=lambda: NOW)
    applier = Applier(stream, mart, [Behavior(lambda: mart.watermark)], seal=NoSeal(), now=lambda: NOW)
    collector = Collector(stream, now=lambda: NOW, waiting=lambda: 0, most_waiting=1)
    return mart, stream, applier, collector


def live(folder: Path, life: Life, number: int, say: Say) -> None:
    """Send events of that number and after it, and apply, until killed; `say` tells up to where events were taken.

    Now and then everything is closed and opened again: then the stream and the mart are put in order, as they are after long.
    """
    life.begin(POINTS)
    mart, stream, applier, collector = opened(folder)
    while True:
        collector.take(b"\n".join(event(each) for each in range(number, number + BATCH)), LINES)
        number += BATCH
        say(number)
        if number // BATCH % 2:
            applier.catch_up()
        if number // BATCH % _CLOSED_EVERY == 0:
            stream.close()
            mart.close()
            mart, stream, applier, collector = opened(folder)


def recovered(folder: Path, say: Say) -> None:
    """Open what was left, apply what waits; say how many milliseconds that took, and how many events are in the mart."""
    begun = time.monotonic()
    mart, stream, applier, _ = opened(folder)
    applier.catch_up()
    say(round(1000 * (time.monotonic() - begun)))
    place = applier.lags()[0].place
    if place.received != place.applied + place.duplicate + place.late + place.dead or place.late or place.dead:
        raise AssertionError(f"the stream lost count: {place}")
    say(_events(mart))
    stream.close()
    mart.close()


def _events(mart: DuckDBMart) -> int:
    with mart.cursor() as cursor:
        row = cursor.execute("SELECT COALESCE(SUM(count), 0)::BIGINT FROM behavior_daily").fetchone()
    return 0 if row is None else int(row[0])


def cells(folder: Path) -> list[Any]:
    """What everybody did, summed."""
    query = (
        "SELECT n.user_id, b.day, b.kind, b.place, SUM(b.count), MIN(b.first_at), MAX(b.last_at) "
        "FROM behavior_daily AS b JOIN user_number AS n USING (user_no) GROUP BY ALL ORDER BY ALL"
    )
    with duckdb.connect(str(folder / "mart.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def killed(asked: Asked) -> dict[str, int]:
    """Kill so many children over the folder. Returns the figures; raises AssertionError where anything was lost or doubled."""
    folder = asked.folder
    heard, longest = 0, 0
    for turn, life in enumerate(lives(POINTS, asked, longest_seconds=_LONGEST_SECONDS), 1):
        said = killed_in_child(lambda say, life=life, heard=heard: live(folder, life, heard, say), life)
        heard = max([heard, *said])
        (took, events) = done_in_child(lambda say: recovered(folder, say))
        longest = max(longest, took)
        if not heard <= events <= heard + BATCH:
            raise AssertionError(
                f"{events} events are in the mart, {heard} were heard of; killed at {life.point}, seed {asked.seed}"
            )
        if turn % 50 == 0:
            asked.tell(f"{turn} killed, {events:,} events")
    _held_to_once(folder, heard)
    return {"kills": asked.times, "events": heard, "longest recovery ms": longest}


def _held_to_once(folder: Path, heard: int) -> None:
    """The sender sends the last ones again; then the mart must be what the same events make of a new one."""

    def send(place: Path, first: int, say: Say) -> None:
        mart, stream, applier, collector = opened(place)
        for number in range(first, heard + BATCH, BATCH):
            collector.take(b"\n".join(event(each) for each in range(number, number + BATCH)), LINES)
        applier.catch_up()
        say(_events(mart))
        stream.close()
        mart.close()

    with tempfile.TemporaryDirectory() as once:
        told = done_in_child(lambda say: send(Path(once), 0, say))
        again = done_in_child(lambda say: send(folder, heard, say))
        same = done_in_child(lambda say: say(int(cells(Path(once)) == cells(folder))))
    if told != again or same != [1]:
        raise AssertionError(f"{again} events are in the mart, {told} were sent")
