"""One process owns the mart; it finds again what it wrote; and its content has one hash."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import pytest

from audience_builder.errors import BusyError, InputError
from audience_builder.mart.duckdb import DuckDBMart
from tests.mart.conftest import Apply
from tests.mart.facts import at, dimensions, write

OTHER_PROCESS = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def rows() -> dict[str, list[dict[str, Any]]]:
    return {
        "behavior_daily": [{"user_no": no % 7, "day": date(2025, 6, 1), "place": no % 3 or None} for no in range(40)],
        "booking": [{"booking_id": f"B{no}", "user_no": no % 7, "product_id": f"호텔{no}"} for no in range(20)],
        "user_profile": [{"user_no": no, "tier": no} for no in range(7)],
    }


def test_a_mart_another_process_has_open_is_busy_and_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "mart.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(BusyError, match="another process") as refused:
            DuckDBMart(path, dimensions=dimensions())
        other.communicate()
    assert "stop the other one" in refused.value.fix
    DuckDBMart(path, dimensions=dimensions()).close()


def test_a_damaged_file_is_not_taken_for_one_that_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "mart.duckdb"
    DuckDBMart(path, dimensions=dimensions()).close()
    content = bytearray(path.read_bytes())
    content[12_288:] = bytes(byte ^ 1 for byte in content[12_288:])
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"cannot be opened: .* block") as refused:
        DuckDBMart(path, dimensions=dimensions())
    assert "backup" in (refused.value.fix or "")


def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        DuckDBMart(tmp_path / "nowhere" / "mart.duckdb", dimensions=dimensions())


def test_a_file_of_another_make_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mart.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE booking (booking_id VARCHAR)")
    with pytest.raises(InputError, match="table booking is of another version"):
        DuckDBMart(path, dimensions=dimensions())


def test_a_mart_opened_again_is_as_it_was(tmp_path: Path) -> None:
    first = DuckDBMart(tmp_path / "mart.duckdb", dimensions=dimensions())
    with first.transaction("s", "1") as tx:
        tx.numbers(np.array(["a", "b"], dtype=object))
        write(tx, **rows())
        tx.seen(at(2025, 6, 3))
    first.refresh_traits(date(2025, 6, 3))
    before = (first.version, first.watermark, first.changed_at, first.traits_day, first.content_hash(), first.people())
    first.close()
    second = DuckDBMart(tmp_path / "mart.duckdb", dimensions=dimensions())
    with second.transaction("s", "1") as tx:
        assert tx.already_applied
        assert tx.numbers(np.array(["b", "a"], dtype=object)).tolist() == [1, 0]
    after = (
        second.version,
        second.watermark,
        second.changed_at,
        second.traits_day,
        second.content_hash(),
        second.people(),
    )
    assert after == before
    second.close()


def test_the_hash_of_the_content_knows_no_order_but_every_row_and_value(apply: Apply, mart: DuckDBMart) -> None:
    def shuffled(seed: int, change: dict[str, Any] | None = None) -> str:
        other = DuckDBMart(None, dimensions=dimensions())
        for table, found in rows().items():
            mixed = [dict(row) for row in found]
            mixed[0].update(change or {} if table == "behavior_daily" else {})
            Random(seed).shuffle(mixed)
            for key, part in enumerate((mixed[:3], mixed[3:])):
                with other.transaction(table, str(key)) as tx:
                    write(tx, **{table: part})
        found_hash = other.content_hash()
        other.close()
        return found_hash

    apply(**rows())
    assert mart.content_hash() == shuffled(1) == shuffled(2)
    assert mart.content_hash() != shuffled(1, {"count": 2})
    assert mart.content_hash() != shuffled(1, {"place": 0})
    before = mart.content_hash()
    apply(behavior_daily=rows()["behavior_daily"][:1])  # the very same row once more
    assert mart.content_hash() != before


def test_people_come_in_the_order_asked_for_and_strangers_are_empty(apply: Apply) -> None:
    mart = apply(**rows())
    assert [person.user_no for person in mart.people()] == list(range(7))
    found = mart.people([3, 99, 1])
    assert [(person.user_no, len(person.behavior), len(person.bookings)) for person in found] == [
        (3, 6, 3),
        (99, 0, 0),
        (1, 6, 3),
    ]
    assert mart.people([]) == []
    assert [person.user_no for person in mart.people(range(2_000))][:3] == [0, 1, 2]


def test_an_error_of_a_subscriber_does_not_undo_what_is_committed(apply: Apply, mart: DuckDBMart) -> None:
    def fail(version: int, users: Any) -> None:
        raise RuntimeError("subscriber")

    mart.on_change(fail)
    with pytest.raises(RuntimeError, match="subscriber"):
        apply(**rows())
    assert (mart.version, len(mart.people())) == (1, 7)
