"""Where the trail cannot be written nothing is done, nothing is told, and it goes on as soon as it can be."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from audience_builder.errors import AudienceBuilderError, BusyError, InputError, NotFoundError, TrailError
from audience_builder.store import Note, Store
from audience_builder.store.database import Database
from audience_builder.store.sqlite import open_store
from audience_builder.store.witness import FileWitness, Sighting
from audience_builder.store.witnessing import Witnessing
from tests.store.conftest import MARKETER, audience, ticking, version

NOTE = Note(action="count", subject="rule", detail={"words": "x" * 2_000})


def size(store: Store) -> int:
    with store.unit(MARKETER) as unit:
        return len(list(unit.trail.entries()))


def save(store: Store) -> None:
    with store.unit(MARKETER) as unit:
        unit.audiences.add(audience(), version())
        for _ in range(20):
            unit.note(NOTE)


def raw_of(store: Database) -> sqlite3.Connection:
    connection = store._engine.raw_connection()
    found = connection.driver_connection
    connection.close()
    assert isinstance(found, sqlite3.Connection)
    return found


def make_full(store: Database) -> Callable[[], None]:
    raw = raw_of(store)
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count = {pages}")
    return lambda: raw.execute("PRAGMA max_page_count = 1000000") and None


def make_read_only(store: Database) -> Callable[[], None]:
    raw = raw_of(store)
    raw.execute("PRAGMA query_only = ON")
    return lambda: raw.execute("PRAGMA query_only = OFF") and None


def lock(store: Database) -> Callable[[], None]:
    other = sqlite3.connect(str(store._engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other.close


FAILURES = {"the disk is full": make_full, "it may only be read": make_read_only, "another holds it": lock}


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES.keys())
def test_what_cannot_be_recorded_is_not_done_and_can_be_done_later(
    path: Path, fail: Callable[..., Callable[[], None]]
) -> None:
    store = open_store(path, now=ticking(), wait_seconds=0.05)
    store.note(MARKETER, NOTE)
    mend = fail(store)
    failures = 0
    for _ in range(50):  # a full disk may still have room for a few
        try:
            store.note(MARKETER, NOTE)
        except (TrailError, BusyError) as problem:
            assert problem.fix
            failures += 1
    assert failures >= 40
    with pytest.raises((TrailError, BusyError)):
        save(store)
    mend()
    before = size(store)
    assert before == 51 - failures
    with store.unit(MARKETER) as unit, pytest.raises(NotFoundError):
        unit.audiences.named("a1")
    store.note(MARKETER, NOTE)
    assert size(store) == before + 1
    store.close()


def test_many_at_once_are_all_told_that_it_failed(path: Path) -> None:
    store = open_store(path, now=ticking())
    store.note(MARKETER, NOTE)
    mend = make_read_only(store)

    def fails(_: int) -> bool:
        with pytest.raises(TrailError):
            store.note(MARKETER, NOTE)
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(fails, range(64)))
    mend()
    assert size(store) == 1
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM trail_entry WHERE id = 3",
        "UPDATE trail_entry SET hash = 'ab' WHERE id = 3",
        "INSERT INTO trail_entry SELECT 4, at, principal, action, object, outcome, user, users, hash, body FROM trail_entry WHERE id = 3",
    ],
)
def test_a_trail_that_was_changed_from_outside_stops_everything(path: Path, change: str) -> None:
    store = open_store(path, now=ticking())
    for _ in range(3):
        store.note(MARKETER, NOTE)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(change)
    for _ in range(2):
        with pytest.raises(TrailError, match="does not end where it was left"):
            store.note(MARKETER, NOTE)
    with pytest.raises(TrailError), store.unit(MARKETER) as unit:
        unit.audit("audience.save", "a1")
    store.close()


@pytest.mark.parametrize(
    "change", ["UPDATE trail_entry SET body = body || ' ' WHERE id = 2", "DELETE FROM trail_entry WHERE id = 2"]
)
def test_a_broken_trail_is_not_opened(path: Path, change: str) -> None:
    store = open_store(path, now=ticking())
    for _ in range(3):
        store.note(MARKETER, NOTE)
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(change)
    with pytest.raises(TrailError, match="broken at entry 2"):
        open_store(path)


def test_a_trail_that_does_not_reach_its_checkpoint_is_not_opened(path: Path) -> None:
    store = open_store(path, now=ticking())
    for _ in range(3):
        store.note(MARKETER, NOTE)
    store.checkpoint()
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("DELETE FROM trail_entry WHERE id = 3")
    with pytest.raises(TrailError, match="does not reach its checkpoint over 3"):
        open_store(path)


def test_a_store_set_back_to_an_older_copy_is_refused_by_what_the_witness_saw(path: Path, tmp_path: Path) -> None:
    witness = FileWitness(tmp_path / "elsewhere" / "witness")
    store = open_store(path, now=ticking())
    store.note(MARKETER, NOTE)
    Witnessing(store, witness).publish()
    older = path.read_bytes() if not path.with_name("store.sqlite-wal").exists() else _copied(path)
    store.note(MARKETER, NOTE)
    Witnessing(store, witness).publish()
    store.close()
    path.write_bytes(older)
    again = open_store(path, now=ticking())
    with pytest.raises(TrailError, match="saw 2 entries"):
        Witnessing(again, witness).check()
    again.close()


def _copied(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as now, closing(sqlite3.connect(path.with_name("copy"))) as then:
        now.backup(then)
    return path.with_name("copy").read_bytes()


def test_a_history_written_anew_is_refused_by_what_the_witness_saw(path: Path, tmp_path: Path) -> None:
    store = open_store(path, now=ticking())
    store.note(MARKETER, NOTE)
    seen = store.checkpoint()
    assert seen is not None
    with pytest.raises(TrailError, match="not what was witnessed"):
        store.require_seen(Sighting(seen.trail, seen.key, 1, "00" * 32, seen.note))
    store.require_seen(seen)
    store.close()


def test_a_witness_that_cannot_be_written_is_told_and_gets_the_next_one(path: Path, tmp_path: Path) -> None:
    store = open_store(path, now=ticking())
    place = tmp_path / "witness"
    place.mkdir()  # no file can be there
    witnessing = Witnessing(store, FileWitness(place))
    store.note(MARKETER, NOTE)
    witnessing.publish()
    assert (witnessing.witnessed, witnessing.problem) == (0, "the witness cannot be written")
    place.rmdir()
    witnessing.publish()
    assert (witnessing.witnessed, witnessing.problem) == (1, "")
    witnessing.publish()
    assert len(place.read_text().splitlines()) == 1
    store.close()


def test_the_key_of_a_trail_must_be_there_and_be_one(path: Path) -> None:
    store = open_store(path)
    store.note(MARKETER, NOTE)
    store.close()
    key = path.with_name("trail.key")
    content = key.read_bytes()
    assert oct(key.stat().st_mode & 0o777) == oct(0o600)
    os.truncate(key, 5)
    with pytest.raises(InputError, match="no key"):
        open_store(path)
    key.unlink()
    with pytest.raises(AudienceBuilderError, match="is missing"):
        open_store(path)
    key.write_bytes(content)
    open_store(path).close()
