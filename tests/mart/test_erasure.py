"""Who is erased is nowhere, and does not come back."""

from __future__ import annotations

import hmac
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import duckdb
import numpy as np
import pytest

from audience_builder.access.cipher import new_key
from audience_builder.errors import InputError
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.tables import BOOKKEEPING, TABLES
from audience_builder.mart.users import ERASED
from tests.mart.facts import dimensions, write

NAME = "traveller-한별"


def full(mart: DuckDBMart, key: str = "1") -> int:
    """A batch with a row of the user in every table; returns how many rows of an erased user were refused."""
    with mart.transaction("s", key) as tx:
        gone, other = tx.numbers(np.array([NAME, "other"], dtype=object)).tolist()
        for no in (gone, other):
            member = {
                "audience_id": "A",
                "entered_at": datetime(2025, 6, 1),
                "rule_version": 1,
                "cause": "rule",
                "mart_version": 1,
            }
            write(
                tx,
                user_profile=[{"user_no": no}],
                behavior_daily=[{"user_no": no, "day": date(2025, 6, 1)}],
                booking=[{"booking_id": f"B{no}", "user_no": no}],
                audience_membership=[{"user_no": no, **member}],
            )
    mart.refresh_traits(date(2025, 6, 1))
    return tx.erased


def everything(mart: DuckDBMart) -> str:
    with mart.cursor() as cursor:
        return repr([cursor.table(table.name).fetchall() for table in (*TABLES, *BOOKKEEPING)])


def test_nothing_of_an_erased_user_stays(mart: DuckDBMart) -> None:
    assert full(mart) == 0
    told: list[tuple[int, list[int]]] = []
    mart.on_change(lambda version, users: told.append((version, [] if users is None else users.tolist())))
    assert NAME in everything(mart)
    report = mart.erase(NAME)
    assert (report.user_no, report.already_erased) == (0, False)
    assert report.rows == {**{table.name: 1 for table in TABLES}, "source_row": 0}
    assert NAME not in everything(mart)
    assert sha256(NAME.encode()).hexdigest() not in everything(mart)
    assert (mart.version, told) == (2, [(2, [0])])
    assert [person.user_no for person in mart.people()] == [1]


def test_an_erased_user_does_not_come_back(mart: DuckDBMart) -> None:
    full(mart)
    mart.erase(NAME)
    assert full(mart, "again") == 1
    assert NAME not in everything(mart)
    assert [person.user_no for person in mart.people()] == [1]
    assert str(ERASED) not in everything(mart)


def test_a_burnt_number_is_given_to_nobody(mart: DuckDBMart) -> None:
    with mart.transaction("s", "1") as tx:
        tx.numbers(np.array(["a", NAME], dtype=object))
    mart.erase(NAME)
    with mart.cursor() as cursor:
        (tombstone,) = cursor.execute("SELECT user_id FROM user_number WHERE user_id LIKE 'erased %'").fetchall()[0]
    with mart.transaction("s", "2") as tx:
        assert tx.numbers(np.array(["b", NAME, "a", tombstone], dtype=object)).tolist() == [2, ERASED, 0, ERASED]
        assert tx.erased == 2


def test_an_id_never_seen_can_be_erased_beforehand(mart: DuckDBMart) -> None:
    report = mart.erase(NAME)
    assert (report.user_no, sum(report.rows.values())) == (None, 0)
    assert full(mart) == 1
    assert NAME not in everything(mart)


def test_erasing_twice_says_so(mart: DuckDBMart) -> None:
    full(mart)
    mart.erase(NAME)
    report = mart.erase(NAME)
    assert (report.user_no, report.already_erased, sum(report.rows.values())) == (0, True, 0)


def keyed_tag(key: bytes, user_id: str) -> str:
    return hmac.new(key, sha256(user_id.encode()).hexdigest().encode(), "sha256").hexdigest()


def opened(path: Path, key: bytes | None) -> DuckDBMart:
    return DuckDBMart(path, dimensions=dimensions(), id_key=key)


def test_an_erasure_survives_a_restart(tmp_path: Path) -> None:
    key = new_key()
    first = opened(tmp_path / "mart.duckdb", key)
    full(first)
    first.erase(NAME)
    first.close()
    second = opened(tmp_path / "mart.duckdb", key)
    assert second.version == 2
    assert keyed_tag(key, NAME) in everything(second)
    assert full(second, "again") == 1
    assert NAME not in everything(second)
    second.close()


def test_an_erased_user_is_called_by_a_keyed_hash_that_cannot_be_tried_out(tmp_path: Path) -> None:
    mart = opened(tmp_path / "mart.duckdb", new_key())
    full(mart)
    mart.erase(NAME)
    found = everything(mart)
    assert sha256(NAME.encode()).hexdigest() not in found
    assert keyed_tag(new_key(), NAME) not in found
    mart.close()


def test_the_key_itself_is_in_no_file_of_the_mart(tmp_path: Path) -> None:
    key = new_key()
    mart = opened(tmp_path / "mart.duckdb", key)
    full(mart)
    mart.erase(NAME)
    mart.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    pads = [bytes(byte ^ mixed for byte in key) for mixed in (0x36, 0x5C)]
    for secret in (key, *pads):
        assert secret not in content
        assert secret.hex().encode() not in content


def test_with_another_key_or_none_the_mart_does_not_open_once_somebody_was_erased(tmp_path: Path) -> None:
    path = tmp_path / "mart.duckdb"
    without = opened(path, None)
    full(without)
    with pytest.raises(InputError, match="without it"):
        without.erase(NAME)
    without.close()
    first = opened(path, new_key())
    first.erase(NAME)
    first.close()
    for wrong in (new_key(), None):
        with pytest.raises(InputError):
            opened(path, wrong)


def test_tombstones_of_an_older_mart_become_keyed_and_still_refuse(tmp_path: Path) -> None:
    path, key, plain = tmp_path / "mart.duckdb", new_key(), sha256(NAME.encode()).hexdigest()
    first = opened(path, key)
    full(first)
    first.erase(NAME)
    first.close()
    with duckdb.connect(str(path)) as old:  # as it stood before tombstones were keyed
        old.execute("ALTER TABLE mart_state DROP COLUMN id_key_check")
        old.execute("ALTER TABLE erased_user RENAME id_tag TO id_hash")
        old.execute("UPDATE erased_user SET id_hash = ?", [plain])
        old.execute("UPDATE user_number SET user_id = 'erased ' || ? WHERE starts_with(user_id, 'erased ')", [plain])
    second = opened(path, key)
    found = everything(second)
    assert plain not in found
    assert found.count(keyed_tag(key, NAME)) == 2
    assert full(second, "again") == 1
    assert second.erase(NAME).already_erased
    second.close()
