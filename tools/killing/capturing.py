"""Follows a database's log, applies what it says and saves the index in a process that is killed again and again.

Beneath `Capture` stands something that behaves as Debezium does: it hands over changes in order, and notes how far only after they were
taken, not every time. After each kill a saved index is whole or is not read, and once caught up every change is kept once, traits are what a
full computation says, and the index answers what the mart answers. In the end the mart must be what the same changes make of a new one.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, cast

import orjson

from audience_builder.apply.applier import Applier
from audience_builder.apply.operations import TOPIC, Operations
from audience_builder.audience.live import LiveEngine
from audience_builder.capture.debezium import Capture, Database
from audience_builder.catalog.dimensions import dimensions
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.index import is_whole, load, saved
from audience_builder.index.saved import Writer
from audience_builder.keeper import IndexKeeper
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.stream.port import Message
from audience_builder.stream.sqlite import SqliteStream
from bench import rules
from tools.killing.children import Asked, Life, Point, Say, done_in_child, killed_in_child, lives
from tools.killing.taking import NOW, NoSeal

USERS = 60
_BATCH = 20
_NOTED_EVERY = 3
_RULES = 4
_PACE_SECONDS = 0.05
_LONGEST_SECONDS = 1.0
OFFSETS = "offsets.dat"
"""The file in which what stands for Debezium notes how far it is."""
_MADE = ("user_profile", "booking", "behavior_daily")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A change as Debezium hands it over."""

    said: Message

    def key(self) -> str | None:
        """Its key as JSON."""
        return None if self.said.key is None else self.said.key.decode()

    def value(self) -> str | None:
        """What it says as JSON; None of a tombstone."""
        return None if self.said.value is None else self.said.value.decode()


class Engine:
    """Stands in for Debezium: change after change of a log that has no end, from the last place it noted."""

    def __init__(self, properties: dict[str, str], handler: Any, **_: object) -> None:
        self._offsets = Path(properties["offset.storage.file.filename"])
        self._handler = handler
        self._is_over = False

    def run(self) -> None:
        """Hand over until closed."""
        place, batches = noted(self._offsets), 0
        while not self._is_over:
            self._handler.handleJsonBatch([Record(change(each)) for each in range(place, place + _BATCH)])
            place, batches = place + _BATCH, batches + 1
            if batches % _NOTED_EVERY == 0:
                self.note(place)
            time.sleep(_PACE_SECONDS)

    def note(self, place: int) -> None:
        """Note how far changes were taken."""
        aside = self._offsets.with_name(f"{OFFSETS}.new")
        aside.write_text(str(place), encoding="utf-8")
        aside.replace(self._offsets)

    def close(self) -> None:
        """End."""
        self._is_over = True


class Handler:
    """What takes changes, by Debezium's name for it."""


POINTS: dict[str, Point] = {
    "capture: before the append": (Capture, "_take", False),
    "capture: in the stream, before Debezium hears": (SqliteStream, "append", True),
    "capture: taken, before its place is noted": (Engine, "note", False),
    "capture: after its place is noted": (Engine, "note", True),
    "apply: operational rows, before the offset": (Operations, "apply", True),
    "index save: between its arrays": (Writer, "append", True),
    "index save: before its arrays are closed": (Writer, "publish", False),
    "index save: before the manifest": (saved, "_written", False),
    "index save: after the manifest": (saved, "_written", True),
    "index save: while what lay there is removed": (shutil, "rmtree", False),
    "index save: before it is put in place": (Path, "rename", False),
    "index save: in place, before others are removed": (Path, "rename", True),
    "index save: in place, before changes are forgotten": (Writer, "publish", True),
    "index save: after changes are forgotten": (DuckDBMart, "forget_changes", True),
}
"""Where a child can be killed: before or after which call."""


def change(number: int) -> Message:
    """The change of that number, always the same: users first, then bookings that are made, paid, cancelled and now and then deleted."""
    at = NOW - timedelta(days=20) + timedelta(seconds=number)
    if number < USERS:
        row: Row = {"user_id": f"U{number}", "gender": "female", "tier": ("silver", "gold")[number % 2]}
        return _told(
            "users", number, at, {"user_id": row["user_id"]}, row | {"signed_up_at": _text(NOW - timedelta(days=200))}
        )
    dice, version = Random(number // 4), number % 4
    key = {"booking_id": f"B{number // 4}"}
    booked = NOW - timedelta(days=dice.uniform(1, 100))
    row = {**key, "user_id": f"U{dice.randrange(USERS)}", "product_line": "domestic_stay", "product_type": "hotel", "place": "jeju",
           "booked_at": _text(booked), "paid_at": _text(booked), "check_in": "2026-12-24Z", "check_out": "2026-12-26Z",
           "paid": str(50_000 * (1 + dice.randrange(8) * version)), "no_show": False}  # fmt: skip
    if version > 1 and dice.random() < 0.5:
        row["cancelled_at"] = _text(booked + timedelta(hours=1))
    return _told("bookings", number, at, key, None if version == 3 and dice.random() < 0.3 else row)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _told(table: str, number: int, at: datetime, key: Row, row: Row | None) -> Message:
    millis = int(at.timestamp() * 1000)
    source = {"table": table, "lsn": number + 1, "ts_ms": millis, "snapshot": "false"}
    value = {"before": None, "after": row, "source": source, "op": "d" if row is None else "u", "ts_ms": millis}
    return Message(orjson.dumps(key), orjson.dumps(value))


def noted(offsets: Path) -> int:
    """How far changes were taken, as far as that was noted."""
    return int(offsets.read_text(encoding="utf-8")) if offsets.exists() else 0


class Clock:
    """A clock that stands at one of two days: on another day than its own an index is made anew."""

    def __init__(self) -> None:
        self.days = 0

    def now(self) -> datetime:
        """The moment it is."""
        return NOW + timedelta(days=self.days)

    def turn(self) -> None:
        """The other day."""
        self.days = 1 - self.days


class Place:
    """The parts over a folder."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.root = folder / "index"
        self.mart = DuckDBMart(folder / "mart.duckdb", dimensions=dimensions(), now=lambda: NOW, id_key=b"k" * 32)
        self.stream = SqliteStream(folder / "stream.sqlite", now=lambda: NOW)
        self.applier = Applier(self.stream, self.mart, [Operations()], seal=NoSeal(), now=lambda: NOW)
        self.engine = LiveEngine(DuckDBEngine(self.mart))
        self.keeper = IndexKeeper(self.mart, self.engine, root=self.root, cache_bytes=None, now=self.clock.now)

    def close(self) -> None:
        """Let go of the files."""
        self.keeper.close()
        self.stream.close()
        self.mart.close()

    def places(self) -> tuple[int, int, int]:
        """How many versions of rows are kept, how many different ones, and the last one's place."""
        with closing(self.mart.cursor()) as cursor:
            row = cursor.execute(
                "SELECT COUNT(*), COUNT(DISTINCT place), COALESCE(MAX(place), 0) FROM source_row"
            ).fetchone()
        assert row is not None
        return int(row[0]), int(row[1]), int(row[2])

    def traits(self) -> list[Any]:
        """What is derived of everybody."""
        with closing(self.mart.cursor()) as cursor:
            return cursor.execute("SELECT * FROM user_trait ORDER BY user_no").fetchall()


def live(folder: Path, life: Life, say: Say) -> None:
    """Capture in one thread; apply and save in another; until killed. `say` tells how many indexes were saved."""
    life.begin(POINTS)
    debezium = cast(Any, ModuleType("pydbzengine"))
    debezium.DebeziumEngine, debezium.BasePythonChangeHandler = Engine, Handler
    sys.modules["pydbzengine"] = debezium
    place = Place(folder)
    Capture(Database("postgresql://reader@localhost/shop"), place.stream.append, folder / "capture").start()
    place.keeper.open(watch=False)
    for turn in range(sys.maxsize):
        if place.applier.apply_next(TOPIC, 0):
            place.keeper.catch_up()
            place.clock.turn()
            say(turn)


def recovered(folder: Path, say: Say) -> None:
    """Open what was left and catch up; say how many milliseconds that took, and how many changes are kept."""
    begun = time.monotonic()
    place = Place(folder)
    index = load(place.root)
    if index is not None and (index.mart_version > place.mart.version or not is_whole(place.root, index.mart_version)):
        raise AssertionError("an index is read that is not whole, or speaks of what is not in the mart")
    place.keeper.open(watch=False)
    place.applier.catch_up()
    place.keeper.catch_up()
    say(round(1000 * (time.monotonic() - begun)))
    require_right(place, noted(folder / "capture" / OFFSETS))
    say(place.places()[0])
    place.close()


def require_right(place: Place, least: int) -> None:
    """Every change up to one that is not before `least` is kept once, and traits and index say what the mart says."""
    stood = place.applier.lags()[0].place
    if stood.received != stood.applied + stood.duplicate or stood.late or stood.dead:
        raise AssertionError(f"the stream lost count: {stood}")
    kept, different, last = place.places()
    if not least <= kept == different == last:
        raise AssertionError(
            f"{kept} changes are kept, {different} different ones up to {last}; {least} were noted as taken"
        )
    derived = place.traits()
    if place.mart.traits_day is not None:
        place.mart.refresh_traits(
            place.mart.traits_day
        )  # a child may have been killed when they were of another day than the index
    if place.traits() != derived:
        raise AssertionError("traits are not what a full computation says")
    mart = DuckDBEngine(place.mart)
    for number in range(_RULES):
        rule = rules.rule(Random(f"{last}-{number}"))
        if place.mart.version and place.engine.count(rule, as_of=place.clock.now()) != mart.count(
            rule, as_of=place.clock.now()
        ):
            raise AssertionError(f"the index does not answer what the mart answers: {rule}")


def made(folder: Path) -> list[Any]:
    """What the mart says of everybody, whatever number they have."""
    place = Place(folder)
    with closing(place.mart.cursor()) as cursor:
        found = [
            cursor.execute(
                f"SELECT user_id, t.* EXCLUDE (user_no) FROM {table} AS t JOIN user_number USING (user_no) ORDER BY ALL"
            ).fetchall()
            for table in _MADE
        ]
    place.close()
    return found


def _once(folder: Path, changes: int) -> None:
    place = Place(folder)
    place.stream.append(TOPIC, [change(number) for number in range(changes)])
    place.applier.catch_up()
    place.close()


def killed(asked: Asked) -> dict[str, int]:
    """Kill so many children over the folder. Returns the figures; raises AssertionError where anything is not as it must be."""
    folder = asked.folder
    kept, longest, indexes = 0, 0, 0
    for turn, life in enumerate(lives(POINTS, asked, longest_seconds=_LONGEST_SECONDS), 1):
        indexes += len(killed_in_child(lambda say, life=life: live(folder, life, say), life))
        took, found = done_in_child(lambda say: recovered(folder, say))
        if found < kept:
            raise AssertionError(f"{kept - found} changes were lost; killed at {life.point}, seed {asked.seed}")
        kept, longest = found, max(longest, took)
        if turn % 50 == 0:
            asked.tell(f"{turn} killed, {kept:,} changes, {indexes:,} indexes")
    with tempfile.TemporaryDirectory() as once:
        done_in_child(lambda _: _once(Path(once), kept))
        require_same(folder, Path(once))
    return {"kills": asked.times, "changes": kept, "indexes": indexes, "longest recovery ms": longest}


def require_same(folder: Path, once: Path) -> None:
    """Both marts say the same of everybody."""
    (same,) = done_in_child(lambda say: say(int(made(folder) == made(once))))
    if not same:
        raise AssertionError("the mart is not what the same changes make of a new one")
