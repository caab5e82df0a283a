"""Takes and applies events in a process that is killed again and again, and looks whether anything was lost or counted twice.

`make kill` runs a thousand. A child is killed where the name says, or after some moments; the next one goes on from its files. The sender
sends again whatever it has not heard of. In the end the mart must be what the same events make of a new one, told once.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Timer
from typing import Any, cast

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

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BATCH = 40
_LONGEST_SECONDS = 0.25
Call = Callable[..., Any]

Point = tuple[object, str, bool]
"""A call, by whose and what name, and whether it is after it."""

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


class _NoSeal:
    def seal(self, _file: str, _line: int, row: str, /) -> str:
        return row

    def open(self, _line: int, cell: str, /) -> str:
        return cell


@dataclass(frozen=True, slots=True)
class Life:
    """How one child lives: from which event on it sends, and where or when it is killed."""

    first: int
    point: str
    after: int
    seconds: float


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
    applier = Applier(stream, mart, [Behavior(lambda: mart.watermark)], seal=_NoSeal(), now=lambda: NOW)
    collector = Collector(stream, now=lambda: NOW, waiting=lambda: 0, most_waiting=1)
    return mart, stream, applier, collector


def live(folder: Path, life: Life, say: Callable[[int], None]) -> None:
    """Send and apply until killed; `say` tells up to where events were taken."""
    die_at(life, POINTS)
    _, _, applier, collector = opened(folder)
    Timer(life.seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    number = life.first
    while True:
        collector.take(b"\n".join(event(each) for each in range(number, number + BATCH)), LINES)
        number += BATCH
        say(number)
        if number // BATCH % 2:
            applier.catch_up()


def die_at(life: Life, points: dict[str, Point]) -> None:
    """Have this process killed where its life says, if that is one of these points."""
    if life.point not in points:
        return
    owner, name, is_after = points[life.point]
    real, left = cast(Call, getattr(owner, name)), [life.after]

    def deadly(*words: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] < 0 and not is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        found = real(*words, **named)
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(owner, name, deadly)


def in_child(run: Callable[[Callable[[int], None]], None]) -> tuple[list[int], int]:
    """Run it in a child. Returns the numbers it said, and how it ended (the signal as a negative number)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            run(lambda number: cast(None, os.write(writing, b"%d\n" % number)))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        lines = said.read().split(b"\n")
    _, status = os.waitpid(child, 0)
    return [int(line) for line in lines[:-1]], os.waitstatus_to_exitcode(status)


def recovered(folder: Path, say: Callable[[int], None]) -> None:
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


def killed(folder: Path, times: int, seed: int, tell: Callable[[str], None]) -> dict[str, float]:
    """Kill so many children over one folder. Returns the figures; raises AssertionError where anything was lost or doubled."""
    dice, heard, longest = Random(seed), 0, 0
    points = list(POINTS)
    for turn in range(times):
        point = points[turn // 2 % len(points)] if turn % 2 else "some moment"
        seconds = 5.0 if point in POINTS else dice.uniform(0.0, _LONGEST_SECONDS)
        life = Life(heard, point, dice.randrange(4), seconds)
        said, end = in_child(lambda say, life=life: live(folder, life, say))
        if end != -signal.SIGKILL:
            raise AssertionError(f"the child ended by itself ({end}) at {point}")
        heard = max([heard, *said])
        (took, events), end = in_child(lambda say: recovered(folder, say))
        longest = max(longest, took)
        if end or not heard <= events <= heard + BATCH:
            raise AssertionError(
                f"{events} events are in the mart, {heard} were heard of; killed at {point}, seed {seed}"
            )
        if turn % 50 == 49:
            tell(f"{turn + 1} killed, {events:,} events")
    _held_to_once(folder, heard)
    return {"kills": times, "events": heard, "longest recovery ms": longest}


def _held_to_once(folder: Path, heard: int) -> None:
    """The sender sends the last ones again; then the mart must be what the same events make of a new one."""

    def send(place: Path, first: int, say: Callable[[int], None]) -> None:
        mart, stream, applier, collector = opened(place)
        for number in range(first, heard + BATCH, BATCH):
            collector.take(b"\n".join(event(each) for each in range(number, number + BATCH)), LINES)
        applier.catch_up()
        say(_events(mart))
        stream.close()
        mart.close()

    with tempfile.TemporaryDirectory() as once:
        told, _ = in_child(lambda say: send(Path(once), 0, say))
        again, _ = in_child(lambda say: send(folder, heard, say))
        same, _ = in_child(lambda say: say(int(cells(Path(once)) == cells(folder))))
    if told != again or same != [1]:
        raise AssertionError(f"{again} events are in the mart, {told} were sent")


def main(arguments: list[str]) -> int:
    """Kill, look, and say what was seen. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.killing")
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ab-kill-") as folder:
        found = killed(Path(folder), asked.times, asked.seed, lambda line: print(line, flush=True))
    print(f"{found}; nothing lost, nothing counted twice; {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
