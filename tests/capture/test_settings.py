"""What Debezium is told, whether it runs within this process or in Kafka Connect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audience_builder.apply.shop import TABLES
from audience_builder.capture.debezium import CONNECTOR, Database, properties
from audience_builder.errors import InputError

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline" / "capture"


def test_the_address_of_a_database_is_taken_apart(tmp_path: Path) -> None:
    found = properties(Database("postgresql://reader:p%40ss@db.example:6432/shop"), tmp_path)
    assert (found["database.hostname"], found["database.port"], found["database.dbname"]) == (
        "db.example",
        "6432",
        "shop",
    )
    assert (found["database.user"], found["database.password"]) == ("reader", "p@ss")
    assert found["table.include.list"] == ",".join(f"public.{table}" for table in TABLES)
    assert found["offset.storage.file.filename"].startswith(str(tmp_path))


@pytest.mark.parametrize("url", ["", "shop", "mysql://a@b/c", "postgresql:///shop", "postgresql://db"])
def test_what_is_no_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        properties(Database(url), tmp_path)
    assert "postgresql://" in refused.value.message


def test_kafka_connect_is_told_the_same() -> None:
    config = json.loads((PIPELINE / "connector.json").read_text(encoding="utf-8"))["config"]
    assert {name: config[name] for name in CONNECTOR} == CONNECTOR
    assert config["table.include.list"] == ",".join(f"public.{table}" for table in TABLES)


def test_the_schema_declares_every_table_that_is_captured() -> None:
    schema = (PIPELINE / "schema.sql").read_text(encoding="utf-8")
    assert all(f"CREATE TABLE {table} (" in schema for table in TABLES)
