"""Records who enters and leaves audiences in a process that is killed again and again, and looks whether a movement was lost or doubled.

Between two lives of the child the recorded membership may be behind, never wrong: its rows, their sums and how far
they are say the same. Caught up, it is what the rules mean of the mart as it is then.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np

from audience_builder.apply.collector import LINES
from audience_builder.audience.duckdb import DuckDBLedger
from audience_builder.audience.membership import Recorder
from audience_builder.audience.sizing import COUNTER
from audience_builder.engine.bitmap_snapshot import Snapshot
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.index.arrays import Words, packed
from audience_builder.mart import memberships
from audience_builder.mart.columns import Array
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from audience_builder.store import Audience, Version
from audience_builder.store.sqlite import open_store
from tools.killing.children import Asked, Life, Point, Say, done_in_child, killed_in_child, lives
from tools.killing.taking import BATCH, NOW, event, opened

USERS = 500
_BEGAN = time.time()
_LONGEST_SECONDS = 0.4

POINTS: dict[str, Point] = {
    "record: before anything": (memberships, "record", False),
    "record: before how far is read": (memberships, "places", False),
    "record: before rows are closed": (memberships, "_move", False),
    "record: after rows, before how far": (memberships, "_move", True),
    "record: after how far, before the commit": (memberships, "record", True),
    "record: after the commit": (DuckDBMart, "record", True),
}
"""Where a child can be killed: before or after which call."""

_ASKS: dict[str, dict[str, Any]] = {
    "comes": {"filter": "search_region", "operator": ">=", "value": 2},
    "goes": {"filter": "search_region", "operator": "<=", "value": 1},
    "both": {"filter": "visit_frequency", "operator": "=", "value": 3},
}
_WINDOW = {"type": "ever"}


@dataclass(frozen=True, slots=True)
class _FromMart:
    """What the mart itself says of a moment."""

    mart: DuckDBMart
    as_of: datetime
    mart_version: int

    def words(self, rule: Rule) -> Words:
        flags = np.zeros(USERS + 64, np.bool_)
        for block in DuckDBEngine(self.mart).members(rule, as_of=self.as_of):
            flags[block] = True
        return packed(flags)

    def everybody(self) -> Words:
        return packed(np.ones(USERS + 64, np.bool_))


def rules() -> dict[str, Rule]:
    """The audiences: one that users only come into, one they only leave, one they pass through."""
    found = {}
    for key, asked in _ASKS.items():
        root = {"type": "condition", "id": key, "window": _WINDOW, **asked}
        found[key] = parse_rule({"version": 1, "root": root})
    return found


def now() -> datetime:
    """A moment of the same day, later in every life."""
    return NOW + timedelta(seconds=time.time() - _BEGAN)


def prepared(folder: Path) -> None:
    """Users with profiles, and the audiences."""
    mart, stream, _, _ = opened(folder)
    with mart.transaction("users", "0") as tx:
        numbers = tx.numbers(np.array([f"U{number}" for number in range(USERS)], object))
        long_ago = np.full(USERS, np.datetime64(NOW.replace(tzinfo=None) - timedelta(days=400), "us"))
        columns: dict[str, Array] = {
            "user_no": numbers,
            "valid_from": long_ago,
            "status": np.ones(USERS, np.uint8),
            "signed_up_at": long_ago,
        }
        tx.profiles(columns)
    stream.close()
    mart.close()
    store = open_store(folder / "store.sqlite", now=lambda: NOW)
    with store.unit(COUNTER) as unit:
        for key, rule in rules().items():
            root = rule.model_dump(mode="json")
            audience = Audience(
                id=key, name=key, description="", tags=(), owner="x", version=1, created_at=NOW, updated_at=NOW
            )
            unit.audiences.add(
                audience,
                Version(audience_id=key, version=1, rule=root, rule_hash="", author="x", at=NOW, note=""),
            )
        unit.audit("audience.save", "three")
    store.close()


def recording(folder: Path, mart: DuckDBMart) -> Recorder:
    """What records, over the mart's own answers."""

    def snapshot(as_of: datetime) -> Snapshot | None:
        return cast(Snapshot, _FromMart(mart, as_of, mart.version))

    store = open_store(folder / "store.sqlite", now=lambda: NOW)
    recorder = Recorder(snapshots=snapshot, ledger=DuckDBLedger(mart), store=store, now=now, version=mart.version)
    mart.on_change(recorder.note)
    return recorder


def live(folder: Path, life: Life, number: int, say: Say) -> None:
    """Send events of that number and after it, apply and record, until killed; `say` tells up to where events were taken."""
    life.begin(POINTS)
    mart, _, applier, collector = opened(folder)
    recorder = recording(folder, mart)
    while True:
        collector.take(b"\n".join(event(each) for each in range(number, number + BATCH)), LINES)
        number += BATCH
        say(number)
        applier.catch_up()
        recorder.refresh()


def recovered(folder: Path, say: Say) -> None:
    """Look at what was left, catch up, and look again; say how many milliseconds that took, and how many movements there are."""
    begun = time.monotonic()
    mart, stream, applier, _ = opened(folder)
    _require_consistent(mart)
    applier.catch_up()
    recorder = recording(folder, mart)
    recorder.refresh()
    say(round(1000 * (time.monotonic() - begun)))
    say(_require_consistent(mart))
    with closing(mart.cursor()) as cursor:
        for key, rule in rules().items():
            meant = np.concatenate([*DuckDBEngine(mart).members(rule, as_of=now()), np.zeros(0, np.uint32)])
            if memberships.inside(cursor, key, now()).tolist() != meant.tolist():
                raise AssertionError(f"{key} is not what its rule means")
    stream.close()
    mart.close()


def _require_consistent(mart: DuckDBMart) -> int:
    """Rows, sums and places say the same, and nobody is in twice. Returns how many movements there are."""
    with closing(mart.cursor()) as cursor:
        moved = 0
        for key, place in memberships.places(cursor).items():
            rows = cursor.execute(
                "SELECT COUNT(*) FILTER (WHERE cause <> 'baseline'), COUNT(exited_at), COUNT(DISTINCT (user_no, entered_at)), "
                "COUNT(*), COUNT(*) FILTER (WHERE exited_at IS NULL), COUNT(DISTINCT user_no) FILTER (WHERE exited_at IS NULL) "
                "FROM audience_membership WHERE audience_id = ?",
                [key],
            ).fetchone()
            sums = cursor.execute(
                "SELECT COALESCE(SUM(entered) FILTER (WHERE cause <> 'baseline'), 0)::BIGINT, SUM(exited)::BIGINT, "
                "SUM(entered - exited)::BIGINT FROM audience_movement WHERE audience_id = ?",
                [key],
            ).fetchone()
            assert rows is not None
            assert sums is not None
            size = memberships.inside(cursor, key, now()).size
            if rows[:2] != sums[:2] or rows[2] != rows[3] or rows[4] != rows[5] or not sums[2] == size == place.size:
                raise AssertionError(f"{key}: rows {rows}, sums {sums}, {size} in, {place}")
            moved += rows[0] + rows[1]
        return moved


def killed(asked: Asked) -> dict[str, int]:
    """Kill so many children over the folder. Returns the figures; raises AssertionError where a movement was lost or doubled."""
    folder = asked.folder
    heard, moved, longest = 0, 0, 0
    done_in_child(lambda _: prepared(folder))
    for turn, life in enumerate(lives(POINTS, asked, longest_seconds=_LONGEST_SECONDS), 1):
        said = killed_in_child(lambda say, life=life, heard=heard: live(folder, life, heard, say), life)
        heard = max([heard, *said])
        took, found = done_in_child(lambda say: recovered(folder, say))
        longest = max(longest, took)
        if found < moved:
            raise AssertionError(f"{moved - found} movements were lost; killed at {life.point}, seed {asked.seed}")
        moved = found
        if turn % 50 == 0:
            asked.tell(f"{turn} killed, {moved:,} movements")
    return {"kills": asked.times, "events": heard, "movements": moved, "longest recovery ms": longest}
