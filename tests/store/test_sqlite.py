"""The file: private, durable, and brought up to date by its migrations."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError
from sqlalchemy.schema import CreateTable

from audience_builder.errors import BusyError, InputError
from audience_builder.store import Store
from audience_builder.store.migrate import HEAD, upgrade
from audience_builder.store.sqlite import open_store
from audience_builder.store.tables import METADATA
from tests.store.conftest import MARKETER, audience, version

MIGRATIONS = Path(upgrade.__code__.co_filename).parent / "migrations"


def test_the_file_is_for_its_owner_alone(store: Store, path: Path) -> None:
    with store.unit(MARKETER) as unit:
        unit.audit("count", "rule")
    files = list(path.parent.iterdir())
    assert path in files
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {oct(0o600)}


def test_commits_are_on_the_disk_and_foreign_keys_are_kept(store: Store, path: Path) -> None:
    with store.unit(MARKETER) as unit:
        connection = unit.audiences._connection
        asked = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1]


def test_the_migrations_make_exactly_the_declared_tables(store: Store, path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_opening_again_changes_nothing(store: Store, path: Path) -> None:
    with store.unit(MARKETER) as unit:
        unit.audiences.add(audience(), version())
        unit.audit("audience.save", "a1")
    store.close()
    again = open_store(path)
    with again.unit(MARKETER) as unit:
        assert unit.audiences.named("a1") == audience()
    again.close()


def test_an_interrupted_migration_leaves_nothing_half_made(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    make = Operations.create_table

    def failing(self: Operations, name: str, *columns: object, **options: object) -> object:
        if name == "trail_entry":
            raise RuntimeError("power cut")
        return make(self, name, *columns, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Operations, "create_table", failing)
        with pytest.raises(RuntimeError, match="power cut"):
            open_store(path)
    engine = create_engine(f"sqlite:///{path}")
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    open_store(path).close()


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at" * 10, b"\x00" * 4096])
def test_another_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a store"):
        open_store(path)


def test_the_tables_can_be_made_in_postgresql() -> None:
    said = [str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in METADATA.sorted_tables]
    assert len(said) == len(METADATA.tables)
    assert any("TIMESTAMP WITH TIME ZONE" in table for table in said)


def test_a_moment_without_a_zone_cannot_be_stored(store: Store) -> None:
    naive = replace(audience(), created_at=datetime(2026, 1, 1))
    with store.unit(MARKETER) as unit, pytest.raises(StatementError, match="time zone"):
        unit.audiences.add(naive, version())


def test_a_store_another_process_writes_to_is_busy_and_then_free_again(path: Path) -> None:
    store = open_store(path, wait_seconds=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError), store.unit(MARKETER):
        pass
    other.execute("ROLLBACK")
    other.close()
    with store.unit(MARKETER) as unit:
        unit.audit("count", "rule")
    store.close()
