"""A first load too large for one transaction: kept part by part, seen when it is whole."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audience_builder.catalog.dimensions import dimensions
from audience_builder.errors import InputError
from audience_builder.mart.duckdb import DuckDBMart
from tests.mart.facts import at, write

SEARCH = {"user_no": 0, "day": date(2025, 6, 1), "kind": 2}


def put_part(mart: DuckDBMart, key: str, source: str = "sample") -> int:
    with mart.part(source, key) as tx:
        number = int(tx.numbers(np.array([f"user {key}"], dtype=object))[0])
        write(tx, behavior_daily=[{**SEARCH, "user_no": number}], booking=[{"booking_id": key, "user_no": number}])
    return number


def finish(mart: DuckDBMart, source: str = "sample") -> None:
    with mart.transaction(source, "whole") as tx:
        tx.seen(at(2025, 6, 2))


def test_parts_are_kept_and_the_mart_stays_empty_to_readers_until_the_load_is_whole(tmp_path: Path) -> None:
    told: list[Any] = []
    for key in ("a", "b"):
        mart = DuckDBMart(tmp_path / "mart", dimensions=dimensions())
        mart.on_change(lambda version, users: told.append((version, users)))
        put_part(mart, key)
        assert (mart.version, mart.watermark, mart.changed_at, told) == (0, None, None, [])
        mart.close()
    mart = DuckDBMart(tmp_path / "mart", dimensions=dimensions())
    mart.on_change(lambda version, users: told.append((version, users)))
    assert mart.applied("sample") == {"a": 2, "b": 2}
    finish(mart)
    assert (mart.version, mart.watermark, told) == (1, at(2025, 6, 2), [(1, None)])
    assert mart.applied("sample") == {"a": 2, "b": 2, "whole": 0}
    assert [person.user_no for person in mart.people()] == [0, 1]
    mart.close()


def test_a_part_that_comes_again_changes_nothing(mart: DuckDBMart) -> None:
    put_part(mart, "a")
    before = mart.content_hash()
    with mart.part("sample", "a") as tx:
        assert tx.already_applied
        write(tx, behavior_daily=[SEARCH])
    assert mart.content_hash() == before
    assert mart.applied("sample") == {"a": 2}


def fail_in_part(mart: DuckDBMart, key: str) -> None:
    with mart.part("sample", key) as tx:
        write(tx, behavior_daily=[SEARCH])
        raise ZeroDivisionError


def test_a_part_that_fails_leaves_nothing(mart: DuckDBMart) -> None:
    put_part(mart, "a")
    before = mart.content_hash()
    with pytest.raises(ZeroDivisionError):
        fail_in_part(mart, "b")
    assert (mart.content_hash(), mart.applied("sample")) == (before, {"a": 2})


def test_nothing_else_is_taken_while_a_load_is_not_whole(mart: DuckDBMart) -> None:
    put_part(mart, "a")
    before = mart.content_hash()
    with pytest.raises(InputError, match="a part of a load that was stopped") as refused, mart.transaction("file", "1"):
        raise AssertionError("a batch of another source began")
    assert "goes on where it was" in refused.value.fix
    with pytest.raises(InputError, match="a part of a load that was stopped"):
        put_part(mart, "1", source="file")
    with pytest.raises(InputError, match="a part of a load that was stopped"):
        mart.erase("user a")
    assert (mart.version, mart.content_hash()) == (0, before)
    finish(mart)
    with mart.transaction("file", "1") as tx:
        write(tx, behavior_daily=[SEARCH])
    assert mart.version == 2


def test_a_filled_mart_takes_no_parts(mart: DuckDBMart) -> None:
    put_part(mart, "a")
    finish(mart)
    with pytest.raises(InputError, match="only an empty mart is loaded in parts"):
        put_part(mart, "b")
    assert mart.applied("sample") == {"a": 2, "whole": 0}


@pytest.mark.parametrize(("known_end", "ends_in"), [(datetime(2025, 2, 1), 2), (datetime(2025, 9, 1), 3), (None, 3)])
def test_profiles_of_users_nobody_knew_end_as_those_of_known_users_do(
    mart: DuckDBMart, known_end: datetime | None, ends_in: int
) -> None:
    versions = [
        {"valid_from": datetime(2025, month, 1), "valid_to": end, "tier": month}
        for month, end in ((3, None), (1, known_end), (5, None))
    ]
    with mart.transaction("s", "new") as tx:
        write(tx, user_profile=[{**version, "user_no": 7} for version in versions])
    with mart.transaction("s", "lower than a known one") as tx:
        write(tx, user_profile=[{**version, "user_no": 3} for version in versions])
    first, second = mart.people([7, 3])
    ends = [version.valid_to for version in first.profiles]
    assert ends == [version.valid_to for version in second.profiles]
    assert ends == [at(2025, ends_in, 1, hour=0), at(2025, 5, 1, hour=0), None]


def test_a_bound_on_memory_is_one_of_the_database(tmp_path: Path) -> None:
    mart = DuckDBMart(tmp_path / "mart", dimensions=dimensions(), memory_mb=700)
    with mart.cursor() as cursor:
        assert cursor.execute("SELECT current_setting('memory_limit')").fetchone() == ("700.0 MiB",)
    mart.close()
