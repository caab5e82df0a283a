"""Indexes of a few hand-made travellers, through a real mart, and indexes of bare arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from audience_builder.clock import day_number, day_of
from audience_builder.index import CursorSource, Index, Log, Users, build
from audience_builder.index.arrays import sealed, words_for
from audience_builder.index.columns import CONSENTS, LATE_CONSENTS, LOGS, PROFILE, Stored
from audience_builder.index.source import ALWAYS
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow
from tests.laws.world import mart_of

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = day_of(NOW)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def someone(*rows: BehaviorRow | BookingRow, **profile: Any) -> Person:
    """An active traveller with these rows; numbered when put among others."""
    version = ProfileRow(**{"valid_from": LONG_AGO, "signed_up_at": LONG_AGO, **profile})
    return Person(
        user_no=0,
        profiles=(version,),
        behavior=tuple(row for row in rows if isinstance(row, BehaviorRow)),
        bookings=tuple(row for row in rows if isinstance(row, BookingRow)),
    )


def numbered(people: Sequence[Person]) -> list[Person]:
    """The travellers by numbers from 0 on, their bookings under ids of their own."""
    return [
        replace(
            who,
            user_no=number,
            bookings=tuple(replace(row, booking_id=f"{number}-{row.booking_id}") for row in who.bookings),
        )
        for number, who in enumerate(people)
    ]


def booked(day: date, **row: Any) -> BookingRow:
    """A booking made (and paid) at noon of a day."""
    moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return BookingRow(**{"booking_id": "b", "booked_at": moment, "paid_at": moment, **row})


def index_of(people: Sequence[Person], root: Path, *, now: datetime = NOW, rows_at_once: int = 1000) -> Index:
    """The index of exactly these travellers, with the traits of the day."""
    with closing(mart_of(numbered(people))) as mart:
        mart.refresh_traits(day_of(now))
        return built(mart, root, now=now, rows_at_once=rows_at_once)


def built(mart: DuckDBMart, root: Path, *, now: datetime = NOW, rows_at_once: int = 1000) -> Index:
    """The index of a mart."""
    with mart.cursor() as cursor, CursorSource(cursor, now=now, rows_at_once=rows_at_once) as source:
        return build(root, source)


def bare_index(users: int, *, version: int = 1, **logs: Mapping[str, Any]) -> Index:
    """`users` active users without a mart, with rows given by column; columns left out say nothing."""
    columns = {entry.name: np.full(users, entry.empty or 0, entry.dtype) for entry in PROFILE}
    columns["status"][:] = 1
    columns["signed_up_day"][:] = day_number(LONG_AGO.date())
    return Index(
        mart_version=version,
        since=ALWAYS[0],
        until=ALWAYS[1],
        users=Users(
            size=users,
            profile={name: sealed(values) for name, values in columns.items()},
            consents=sealed(np.zeros((len(CONSENTS), words_for(users)), np.uint64)),
            late_consents=_log("late_consents", LATE_CONSENTS, {}),
        ),
        logs={name: _log(name, stored, logs.get(name, {})) for name, stored in LOGS.items()},
        traits=None,
    )


def _log(name: str, stored: Sequence[Stored], given: Mapping[str, Any]) -> Log:
    rows = len(next(iter(given.values()), ()))
    found = {
        entry.name: sealed(np.asarray(given.get(entry.name, np.full(rows, entry.empty or 0)), entry.dtype))
        for entry in stored
    }
    return Log(name, rows, found)
