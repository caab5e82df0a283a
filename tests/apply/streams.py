"""A mart that follows a stream, and events to put into it."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from audience_builder.access.keys import Keyring, Purpose
from audience_builder.access.row_seal import RowSeal
from audience_builder.apply.applier import Applier
from audience_builder.apply.behavior import Behavior
from audience_builder.apply.collector import LINES, Collector, Taken
from audience_builder.apply.event import codes
from audience_builder.catalog.dimensions import dimensions
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.stream.sqlite import SqliteStream

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SEAL = RowSeal(Keyring({(Purpose.FILES, 1): b"f" * 32}))
Json = dict[str, Any]


class Flow:
    """A stream, the mart behind it, what puts events into the one and what applies them to the other."""

    def __init__(self, folder: Path, *, now: datetime = NOW, most_waiting: int = 1_000) -> None:
        self.now = now
        self.mart = DuckDBMart(folder / "mart.duckdb", dimensions=dimensions(), now=lambda: self.now, id_key=b"k" * 32)
        self.stream = SqliteStream(folder / "stream.sqlite", now=lambda: self.now)
        self.applier = Applier(
            self.stream, self.mart, [Behavior(lambda: self.mart.watermark)], seal=SEAL, now=lambda: self.now
        )
        self.collector = Collector(
            self.stream,
            now=lambda: self.now,
            waiting=lambda: self.applier.lags()[0].in_flight,
            most_waiting=most_waiting,
        )

    def take(self, *events: Json | bytes) -> Taken:
        lines = [event if isinstance(event, bytes) else json.dumps(event).encode() for event in events]
        return self.collector.take(b"\n".join(lines), LINES)

    def counts(self) -> tuple[int, int, int, int, int]:
        """Received, applied, duplicate, late, dead; the law of conservation is looked at every time."""
        place = self.applier.lags()[0].place
        assert place.received == place.applied + place.duplicate + place.late + place.dead
        return place.received, place.applied, place.duplicate, place.late, place.dead

    def events_in_mart(self) -> int:
        with self.mart.cursor() as cursor:
            row = cursor.execute("SELECT COALESCE(SUM(count), 0)::BIGINT FROM behavior_daily").fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        self.applier.close()
        self.stream.close()
        self.mart.close()


@contextmanager
def flow(folder: Path, **given: Any) -> Generator[Flow]:
    folder.mkdir(parents=True, exist_ok=True)
    found = Flow(folder, **given)
    try:
        yield found
    finally:
        found.close()


def visit(number: int = 0, **more: Any) -> Json:
    return {"id": f"e{number}", "user_id": f"U{number % 7}", "kind": "session", "at": NOW.isoformat(), **more}


def generated(count: int, seed: int, *, hours: float = 20.0) -> list[Json]:
    """Events of every kind with all their words, in any order, over the hours before now."""
    dice = Random(seed)
    return [_event(dice, f"{seed}-{number}", hours) for number in range(count)]


def _event(dice: Random, name: str, hours: float) -> Json:
    at = NOW - timedelta(seconds=dice.uniform(0, 3600 * hours))
    kind = dice.choice(list(codes("kind")))
    found: Json = {"id": name, "user_id": f"U{dice.randrange(12)}", "kind": kind, "at": at.isoformat()}
    for field in ("product_line", "product_type", "place", "device", "stay_mode"):
        if dice.random() < 0.3:
            found[field] = dice.choice(list(codes(field)))
    for field in ("travel_party", "theme"):
        if dice.random() < 0.3:
            found[field] = dice.sample(list(codes(field)), dice.randrange(1, 4))
    if dice.random() < 0.5:
        found["price"] = dice.choice([0, 19_999, 20_000, 29_999, 30_000, 99_999, 100_000, 1_000_000, 2_345_678])
    if dice.random() < 0.6:
        found["check_in"] = "2026-12-24"
        found |= dice.choice([{"nights": dice.choice([0, 1, 6, 7, 27, 28])}, {"check_out": "2026-12-26"}, {}])
    if kind == "wish_removed":
        found["wished_on"] = "2026-11-20"
    return found


def blocks(events: Sequence[Json], size: int) -> list[list[Json]]:
    return [list(events[first : first + size]) for first in range(0, len(events), size)]
