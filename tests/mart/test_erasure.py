"""Who is erased is nowhere, and does not come back."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

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
    assert report.rows == {table.name: 1 for table in TABLES}
    assert NAME not in everything(mart)
    assert sha256(NAME.encode()).hexdigest() in everything(mart)
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
    tombstone = "erased " + sha256(NAME.encode()).hexdigest()
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


def test_an_erasure_survives_a_restart(tmp_path: Path) -> None:
    first = DuckDBMart(tmp_path / "mart.duckdb", dimensions=dimensions())
    full(first)
    first.erase(NAME)
    first.close()
    second = DuckDBMart(tmp_path / "mart.duckdb", dimensions=dimensions())
    assert second.version == 2
    assert full(second, "again") == 1
    assert NAME not in everything(second)
    second.close()
