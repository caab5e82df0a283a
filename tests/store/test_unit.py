"""An effect and its audit row happen together or not at all."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audience_builder.errors import NotFoundError
from audience_builder.store import AudienceQuery, Outcome, Store, UnauditedError
from audience_builder.store.sqlite import open_store
from audience_builder.store.trail import FIRST_HASH
from tests.store.conftest import MARKETER, NOW, audience, version


def test_what_a_unit_wrote_is_there_afterwards_with_its_audit_entry(store: Store) -> None:
    with store.unit(MARKETER) as unit:
        unit.audiences.add(audience(), version())
        unit.audit("audience.save", "a1", version=1)
    with store.unit(MARKETER) as unit:
        assert unit.audiences.named("a1") == audience()
        (entry,) = unit.trail.newest()
    assert (entry.id, entry.principal, entry.roles) == (1, "mina", ("approver", "marketer"))
    assert (entry.action, entry.object, entry.detail, entry.outcome) == (
        "audience.save",
        "a1",
        {"version": 1},
        Outcome.DONE,
    )
    assert (entry.at, entry.previous_hash) == (NOW, FIRST_HASH)


def test_an_error_undoes_both(store: Store) -> None:
    def cut() -> None:
        with store.unit(MARKETER) as unit:
            unit.audiences.add(audience(), version())
            unit.audit("audience.save", "a1")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        cut()
    with store.unit(MARKETER) as unit:
        assert unit.shelf.page(AudienceQuery()).audiences == ()
        assert unit.trail.newest() == []


def test_writing_without_an_audit_entry_is_refused_and_nothing_is_kept(store: Store) -> None:
    with pytest.raises(UnauditedError), store.unit(MARKETER) as unit:
        unit.audiences.add(audience(), version())
    with store.unit(MARKETER) as unit, pytest.raises(NotFoundError):
        unit.audiences.named("a1")


def test_reading_needs_no_audit_entry(store: Store) -> None:
    with store.unit(MARKETER) as unit:
        assert unit.shelf.page(AudienceQuery()).audiences == ()


def test_the_detail_comes_back_as_json_would_have_it(store: Store) -> None:
    with store.unit(MARKETER) as unit:
        unit.audit("count", "rule", columns=("user_id", "tier"), rule={"값": [1, None, True]}, share=0.25)
    with store.unit(MARKETER) as unit:
        (entry,) = unit.trail.newest()
    assert entry.detail == {"columns": ["user_id", "tier"], "rule": {"값": [1, None, True]}, "share": 0.25}


def test_the_chain_is_whole_when_many_threads_write_at_once(store: Store) -> None:
    def write(number: int) -> None:
        with store.unit(MARKETER) as unit:
            unit.audit("count", f"rule {number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(120)))
    with store.unit(MARKETER) as unit:
        entries = list(unit.trail.entries())
    assert [entry.id for entry in entries] == list(range(1, 121))
    assert {entry.object for entry in entries} == {f"rule {number}" for number in range(120)}


WRITER = """
import sys
from pathlib import Path
from audience_builder.access import Principal, Role
from audience_builder.store.sqlite import open_store
store = open_store(Path(sys.argv[1]))
while True:
    with store.unit(Principal("mina", "Mina", frozenset({Role.MARKETER}))) as unit:
        unit.audit("count", "rule")
    print("kept", flush=True)
"""


def test_everything_that_was_kept_survives_a_kill(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = sum(writer.stdout.readline() == "kept\n" for _ in range(20))
        writer.kill()
        told += writer.stdout.read().count("kept\n")
    store = open_store(path)
    with store.unit(MARKETER) as unit:
        entries = list(unit.trail.entries())
    store.close()
    assert len(entries) in (told, told + 1)  # the last one may have been kept but not told
