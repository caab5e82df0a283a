"""What the contacts vault and the audit trail take: `python -m bench.vault` prints the table that docs/privacy.md and docs/audit.md quote."""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from statistics import median

from audience_builder import clock
from audience_builder.access import Principal, Role
from audience_builder.access.keys_file import FileMasterKeys
from audience_builder.store import Note
from audience_builder.store.contacts_import import Arrival
from audience_builder.store.contacts_rotation import KeyRotation
from audience_builder.store.contacts_sealing import Contact
from audience_builder.store.contacts_vault import ContactVault, Limits
from audience_builder.store.database import Database
from audience_builder.store.keys import open_keyring
from audience_builder.store.sqlite import open_store

WHO = Principal("bench", "bench", frozenset(Role))
REASON = "measuring how long it takes"
ASKED = 300


def main() -> None:
    """Measure everything in a folder that is removed afterwards."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--contacts", type=int, default=1_000_000)
    said.add_argument("--entries", type=int, default=6_000)
    given = said.parse_args()
    with tempfile.TemporaryDirectory(prefix="ab-bench-") as place:
        _trail(Path(place) / "trail", given.entries)
        _vault(Path(place) / "vault", given.contacts)


def _trail(folder: Path, entries: int) -> None:
    """An append after each bare SQLite insert of as many bytes, so that both meet the same disk."""
    store, rule = open_store(folder / "store.sqlite"), {"version": 1, "root": {"type": "all", "children": [{"n": 1}]}}
    note = Note(action="count", subject="rule", detail={"as_of": "2026-11-22T03:00:00Z", "count": 1}, rules=(rule,))
    with closing(sqlite3.connect(folder / "bare.sqlite", isolation_level=None)) as bare:
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "CREATE TABLE entry (body)"):
            bare.execute(statement)
        appended, inserted = [], []
        spent = 0.0
        for _ in range(entries):
            inserted.append(_seconds(lambda: bare.execute("INSERT INTO entry VALUES (?)", ("x" * 1_000,))))
            before = time.process_time()
            appended.append(_seconds(lambda: store.note(WHO, note)))
            spent += time.process_time() - before
    store.close()
    _say("append to the trail", f"{_spread(appended)}, CPU {1e3 * spent / entries:.3f} ms")
    _say("bare SQLite insert and commit beside it", _spread(inserted))


def _vault(folder: Path, contacts: int) -> None:
    store = open_store(folder / "store.sqlite")
    keyring, master = open_keyring(
        store, lambda may_make: FileMasterKeys(folder / "master.json", may_make=may_make), now=clock.now
    )
    vault = ContactVault(store=store, keyring=keyring, now=clock.now, limits=Limits(1 << 30, 1 << 30))
    rotation = KeyRotation(store=store, keyring=keyring, master=master, now=clock.now)
    _say("contacts", f"{contacts:,}")
    _rate("taken in", contacts, lambda: vault.take_in(WHO, _people(contacts), lambda read: None))
    chance = Random(1)
    _say("look-up by phone, with its entry", _spread(_looks(vault, contacts, chance)))
    _say("one unmasked, with its entry", _spread([
        _seconds(lambda: vault.unmask(WHO, f"U{chance.randrange(contacts)}", REASON)) for _ in range(ASKED)
    ]))  # fmt: skip
    _rate("keys wrapped anew (new master and service key)", contacts, lambda: rotation.rotate(WHO))
    _rate("rows sealed anew (new key a user, new indexes)", contacts, lambda: rotation.rotate(WHO, data=True))
    _size(store, folder, contacts)


def _looks(vault: ContactVault, contacts: int, chance: Random) -> Iterator[float]:
    for _ in range(ASKED):
        number = chance.randrange(contacts)
        found: list[str] = []
        yield _seconds(lambda: found.extend(vault.look_up(WHO, "phone", _phone(number), REASON)))  # noqa: B023
        if found != [f"U{number}"]:
            raise SystemExit(f"U{number} was looked for, {found} was found")


def _size(store: Database, folder: Path, contacts: int) -> None:
    store.close()
    total = sum(path.stat().st_size for path in folder.glob("store.sqlite*"))
    _say("on the disk", f"{total / contacts:,.0f} bytes a contact")


def _people(count: int) -> Iterator[Arrival]:
    columns = frozenset(("name", "email", "phone", "push_token"))
    for number in range(count):
        contact = Contact(
            user_id=f"U{number}", name=f"홍길{number}", email=f"kim{number}@example.com", phone=_phone(number),
            push_token=f"token{number}",
        )  # fmt: skip
        yield Arrival(number + 2, contact, columns)


def _phone(number: int) -> str:
    return f"010-{number // 10_000:04}-{number % 10_000:04}"


def _seconds(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return time.perf_counter() - before


def _rate(what: str, rows: int, run: Callable[[], object]) -> None:
    before = time.process_time()
    took = _seconds(run)
    spent = time.process_time() - before
    _say(what, f"{rows / took:,.0f} a second ({took:,.1f} s, {spent:,.1f} s of CPU)")


def _spread(times: Iterator[float] | list[float]) -> str:
    found = sorted(times)
    return f"median {1e3 * median(found):.2f} ms, p99 {1e3 * found[int(len(found) * 0.99)]:.2f} ms"


def _say(what: str, said: str) -> None:
    print(f"| {what} | {said} |", flush=True)


if __name__ == "__main__":
    main()
