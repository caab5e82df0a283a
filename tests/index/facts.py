"""Indexes of a few hand-made travellers, through a real mart, and indexes of bare arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from audience_builder.clock import day_number, day_of
from audience_builder.index import CursorSource, Index, build
from audience_builder.index.build import gathered
from audience_builder.index.columns import BEHAVIOR_LOGS, CONSENTS, LOGS, PROFILE, Columns
from audience_builder.index.source import ALWAYS, State
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
    """`users` active users without a mart, with behaviour rows given by column and log; columns left out say nothing."""
    return gathered(_Bare(users, version, logs))


@dataclass(frozen=True)
class _Bare:
    """A source of users who are all alike, and of the rows given."""

    users: int
    version: int
    logs: Mapping[str, Mapping[str, Any]]

    def state(self) -> State:
        return State(self.version, self.users, *ALWAYS, traits_day=None)

    def profiles(self) -> Iterator[Columns]:
        said = {"status": 1, "signed_up_day": day_number(LONG_AGO.date())}
        piece = {entry.name: _said(self.users, said.get(entry.name)) for entry in PROFILE}
        yield {"user": np.arange(self.users), **piece, **{name: _said(self.users, None) for name in CONSENTS}}

    def behavior(self) -> Iterator[Columns]:
        for name, given in self.logs.items():
            rows = len(given["user"])
            kinds = {"kind": _said(rows, min(BEHAVIOR_LOGS[name])), "removed": _said(rows, 0), "done_day": given["day"]}
            plain = {entry.name: _said(rows, None) for entry in LOGS["wish"]}
            yield {**plain, **kinds, **{column: np.asarray(values, np.int64) for column, values in given.items()}}

    def bookings(self) -> Iterator[Columns]:
        yield from ()

    def traits(self) -> Iterator[Columns]:
        yield from ()


def _said(rows: int, value: int | None) -> Any:
    return np.ma.MaskedArray(np.full(rows, value or 0), mask=np.full(rows, value is None))
