"""Whatever is done to a trail afterwards, the verifier finds it; and it finds nothing where nothing was done."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest

from audience_builder.store import Note, Outcome
from audience_builder.store.database import Database
from audience_builder.store.sqlite import open_store
from audience_builder.store.trail_key import TrailKey
from audience_builder.store.witness import FileWitness
from audience_builder.store.witnessing import Witnessing
from audience_builder.verifier import verify
from tests.store.conftest import MARKETER, RULE, audience, ticking, version

ENTRIES = 60
TAMPERINGS = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """A store, its witness, and a copy of the store from when it was half as long."""

    store: Path
    witness: Path
    older: Path


def write(store: Database, chance: Random, entries: int) -> None:
    for number in range(entries):
        note = Note(
            action=chance.choice(["count", "members", "why", "export.done"]),
            subject=f"rule {number}",
            outcome=chance.choice(list(Outcome)),
            detail={"count": chance.choice([None, 0, 10, 5_000_000]), "share": chance.random(), "words": "제주 \"골드\" \u2028"},
            rules=({**RULE, "n": chance.randrange(9)},) if chance.random() < 0.7 else (),
            user=chance.randrange(5_000_000) if chance.random() < 0.3 else None,
            users=np.unique(np.array([chance.randrange(90_000) for _ in range(40)], np.uint32)) if chance.random() < 0.3 else None,
        )  # fmt: skip
        store.note(MARKETER, note)


def filled(folder: Path, *, seed: int = 1, entries: int = ENTRIES) -> Place:
    folder.mkdir(parents=True)
    place = Place(folder / "store.sqlite", folder / "elsewhere" / "witness", folder / "older.sqlite")
    store, chance = open_store(place.store, now=ticking()), Random(seed)
    witnessing = Witnessing(store, FileWitness(place.witness))
    for part in range(4):
        write(store, chance, entries // 4)
        witnessing.publish()
        if part == 1:
            with closing(sqlite3.connect(place.store)) as now, closing(sqlite3.connect(place.older)) as then:
                now.backup(then)
    store.close()
    return place


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return filled(tmp_path_factory.mktemp("trail") / "here")


@pytest.fixture
def place(original: Place, tmp_path: Path) -> Place:
    shutil.copytree(original.store.parent, tmp_path / "copy")
    folder = tmp_path / "copy"
    return Place(folder / "store.sqlite", folder / "elsewhere" / "witness", folder / "older.sqlite")


# --- tampering: each takes a database, changes something, and says whether it did --------------------------------------------

Tampering = Callable[[sqlite3.Connection, Random], None]


def _some(chance: Random) -> int:
    return chance.randrange(1, ENTRIES + 1)


def edit_column(raw: sqlite3.Connection, chance: Random) -> None:
    name = chance.choice(["at", "principal", "action", "object", "outcome", "user", "users", "hash", "body"])
    value = {"at": "2020-01-01 00:00:00.000000", "hash": "ab" * 32}.get(name, f"other {chance.random()}")
    raw.execute(f'UPDATE trail_entry SET "{name}" = ? WHERE id = ?', (value, _some(chance)))


def edit_byte(raw: sqlite3.Connection, chance: Random) -> None:
    number = _some(chance)
    (body,) = raw.execute("SELECT body FROM trail_entry WHERE id = ?", (number,)).fetchone()
    at = chance.randrange(len(body))
    other = chance.choice([letter for letter in 'abcdefgh019 "{' if letter != body[at]])
    raw.execute("UPDATE trail_entry SET body = ? WHERE id = ?", (body[:at] + other + body[at + 1 :], number))


def edit_and_hash_again(raw: sqlite3.Connection, chance: Random) -> None:
    number = _some(chance)
    (body,) = raw.execute("SELECT body FROM trail_entry WHERE id = ?", (number,)).fetchone()
    _put(raw, number, {**json.loads(body), "principal": "somebody else"})


def edit_and_chain_again(raw: sqlite3.Connection, chance: Random) -> None:
    """Everything after the change is hashed anew: only a witness can tell."""
    _rewrite(raw, _some(chance), lambda said: {**said, "object": "another"})


def delete_one(raw: sqlite3.Connection, chance: Random) -> None:
    raw.execute("DELETE FROM trail_entry WHERE id = ?", (_some(chance),))


def delete_one_and_close_the_gap(raw: sqlite3.Connection, chance: Random) -> None:
    number = _some(chance)
    raw.execute("DELETE FROM trail_entry WHERE id = ?", (number,))
    raw.execute("UPDATE trail_entry SET id = -id + 1 WHERE id > ?", (number,))
    raw.execute("UPDATE trail_entry SET id = -id WHERE id < 0")
    _rewrite(raw, number, lambda said: said)


def insert_one(raw: sqlite3.Connection, chance: Random) -> None:
    number = chance.randrange(1, ENTRIES)  # behind the last one it would be no tampering with what was recorded
    raw.execute("UPDATE trail_entry SET id = -id WHERE id >= ?", (number,))
    raw.execute("UPDATE trail_entry SET id = -id + 1 WHERE id < 0")
    raw.execute(
        "INSERT INTO trail_entry SELECT ?, at, principal, action, object, outcome, user, users, hash, body"
        " FROM trail_entry WHERE id = ?",
        (number, number + 1),
    )
    if chance.random() < 0.5:
        _rewrite(raw, number, lambda said: said)


def swap_two(raw: sqlite3.Connection, chance: Random) -> None:
    one, other = chance.sample(range(1, ENTRIES + 1), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        raw.execute("UPDATE trail_entry SET id = ? WHERE id = ?", (new, old))
    if chance.random() < 0.5:
        _rewrite(raw, min(one, other), lambda said: said)


def cut_the_tail(raw: sqlite3.Connection, chance: Random) -> None:
    size = chance.randrange(ENTRIES)
    raw.execute("DELETE FROM trail_entry WHERE id > ?", (size,))
    if chance.random() < 0.5:
        raw.execute("DELETE FROM trail_checkpoint WHERE size > ?", (size,))


def cut_and_go_on(raw: sqlite3.Connection, chance: Random) -> None:
    """A fork: the tail is cut and something else written in its place, chained, hashed and signed by a thief of the key."""
    size = chance.randrange(1, ENTRIES)
    raw.execute("DELETE FROM trail_entry WHERE id > ?", (size,))
    raw.execute("DELETE FROM trail_checkpoint WHERE size > ?", (size,))
    (body,) = raw.execute("SELECT body FROM trail_entry WHERE id = ?", (size,)).fetchone()
    for number in range(size + 1, ENTRIES + 1 + chance.randrange(5)):
        raw.execute(
            "INSERT INTO trail_entry SELECT ?, at, principal, action, object, outcome, user, users, hash, body"
            " FROM trail_entry WHERE id = ?",
            (number, size),
        )
        _put(raw, number, {**json.loads(body), "object": f"forged {number}"})
    _rewrite(raw, size + 1, lambda said: said)


def change_a_rule(raw: sqlite3.Connection, chance: Random) -> None:
    (key,) = chance.choice(raw.execute("SELECT hash FROM trail_rule").fetchall())
    change = ["DELETE FROM trail_rule WHERE hash = ?", "UPDATE trail_rule SET rule = rule || ' ' WHERE hash = ?"]
    raw.execute(chance.choice(change), (key,))


def change_a_set_of_users(raw: sqlite3.Connection, chance: Random) -> None:
    (key,) = chance.choice(raw.execute("SELECT digest FROM trail_users").fetchall())
    what = chance.choice(["users = X'00'", "first = first + 1", "last = last - 1", "count = count + 1"])
    statement = f"UPDATE trail_users SET {what} WHERE digest = ?"
    raw.execute(chance.choice([statement, "DELETE FROM trail_users WHERE digest = ?"]), (key,))


def change_a_checkpoint(raw: sqlite3.Connection, chance: Random) -> None:
    sizes = [size for (size,) in raw.execute("SELECT size FROM trail_checkpoint")]
    name = chance.choice(["root", "note", "key"])
    value = {"root": "00" * 32, "note": "a note\n", "key": TrailKey.fresh().public}[name]
    raw.execute(f"UPDATE trail_checkpoint SET {name} = ? WHERE size = ?", (value, chance.choice(sizes)))


def empty_everything(raw: sqlite3.Connection, chance: Random) -> None:
    raw.execute("DELETE FROM trail_entry")
    raw.execute("DELETE FROM trail_checkpoint")


TABLE: dict[str, Tampering] = {
    name: found
    for name, found in globals().items()
    if callable(found) and getattr(found, "__annotations__", {}).get("raw") == "sqlite3.Connection" and name[0] != "_"
}


def _put(raw: sqlite3.Connection, number: int, said: dict[str, object]) -> str:
    body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(body.encode()).hexdigest()
    names = ("principal", "action", "object", "outcome", "user")
    columns = [*(said[name] for name in names), body, digest, number]
    raw.execute(
        "UPDATE trail_entry SET principal = ?, action = ?, object = ?, outcome = ?, user = ?, body = ?, hash = ? WHERE id = ?",
        columns,
    )
    return digest


def _rewrite(raw: sqlite3.Connection, first: int, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """Chain everything from an entry on anew, its change included, as somebody would who knows how."""
    row = raw.execute("SELECT hash FROM trail_entry WHERE id = ?", (first - 1,)).fetchone()
    previous = row[0] if row else "0" * 64
    rows = raw.execute("SELECT id, body FROM trail_entry WHERE id >= ? ORDER BY id", (first,)).fetchall()
    for number, body in rows:
        said = json.loads(body)
        said = change(said) if number == first else said
        previous = _put(raw, number, {**said, "id": number, "previous": previous})


def tampered(place: Place, tampering: Tampering, chance: Random) -> Place:
    with closing(sqlite3.connect(place.store, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        tampering(raw, chance)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return place


# --- the tests ------------------------------------------------------------------------------------------------------------


def test_a_thousand_tamperings_are_all_found(original: Place, tmp_path: Path) -> None:
    """Seeded: the same thousand every time, each on the untouched trail."""
    content = original.store.read_bytes()
    witness = original.witness
    missed: list[str] = []
    names = sorted(TABLE)
    for number in range(TAMPERINGS):
        name, chance = names[number % len(names)], Random(number)
        place = Place(tmp_path / "store.sqlite", witness, original.older)
        place.store.write_bytes(content)
        if verify(tampered(place, TABLE[name], chance).store, witness).is_whole:
            missed.append(f"{name} {number}")
    assert missed == []
    assert len(names) == 14


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_found_where_nothing_was_done(tmp_path: Path, seed: int) -> None:
    place = filled(tmp_path / "here", seed=seed)
    report = verify(place.store, place.witness)
    assert report.findings == []
    assert (report.entries, report.checkpoints, report.witnessed) == (ENTRIES, 4, ENTRIES)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_finding_says_where_and_what(place: Place, name: str) -> None:
    report = verify(tampered(place, TABLE[name], Random(5)).store, place.witness)
    assert all(finding.what for finding in report.findings)
    assert str(report.findings[0])


def test_the_first_bad_entry_is_told_first(place: Place) -> None:
    with closing(sqlite3.connect(place.store, isolation_level=None)) as raw:
        raw.execute("UPDATE trail_entry SET object = 'x' WHERE id IN (17, 40)")
    report = verify(place.store, place.witness)
    assert [finding.entry for finding in report.findings] == [17, 40]
    assert "column object" in report.findings[0].what


def test_an_older_copy_of_everything_is_told_by_the_witness(place: Place) -> None:
    place.older.rename(place.store)
    assert verify(place.store).is_whole
    report = verify(place.store, place.witness)
    assert "knows 60 entries" in str(report.findings[0])


def test_a_trail_put_in_the_place_of_another_is_told_by_the_witness(place: Place, tmp_path: Path) -> None:
    other = filled(tmp_path / "other", seed=9)
    report = verify(other.store, place.witness)
    assert any("was it replaced" in finding.what for finding in report.findings)
    assert any("never saw" in finding.what for finding in report.findings)


def test_a_witness_of_several_trails_is_taken_as_one_where_that_is_said(place: Place, tmp_path: Path) -> None:
    other = filled(tmp_path / "other", seed=9)
    with place.witness.open("ab") as both:
        both.write(other.witness.read_bytes())
    assert not verify(place.store, place.witness).is_whole
    assert verify(place.store, place.witness, is_shared=True).is_whole


def test_a_changed_witness_is_told_too(place: Place) -> None:
    lines = place.witness.read_text().splitlines()
    for change in ('"size":15', '"root":"0', '"key":"A'):
        wrong = [lines[0].replace(change.rstrip("0A15"), change, 1), *lines[1:]]
        place.witness.write_text("\n".join([wrong[0][:-2] + "}", *wrong[1:]]))
        assert not verify(place.store, place.witness).is_whole
    place.witness.write_text("nothing\n")
    assert not verify(place.store, place.witness).is_whole
    assert not verify(place.store, place.witness.with_name("nowhere")).is_whole


@pytest.mark.parametrize("content", [b"", b"no database", b"\x00" * 9_000])
def test_what_is_no_store_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert "cannot be read" in verify(tmp_path / "x").findings[0].what
    assert "cannot be read" in verify(tmp_path / "nowhere").findings[0].what


def test_entries_that_no_checkpoint_has_yet_are_told_apart(place: Place) -> None:
    store = open_store(place.store)
    with store.unit(MARKETER) as unit:
        unit.audiences.add(audience(), version())
        unit.audit("audience.save", "a1")
    store.close()
    report = verify(place.store, place.witness)
    assert report.is_whole
    assert (report.entries, report.witnessed) == (ENTRIES + 1, ENTRIES)
