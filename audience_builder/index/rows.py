"""Rows put in the order of the index: by part of users, stretch of days, user, and within a user by day or moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Integers, Longs
from audience_builder.index.columns import (
    BEHAVIOR_LOGS,
    DATES,
    LOGS,
    MOST_A_ROW,
    NO_DATE,
    STRETCH_DAYS,
    USERS_A_PART,
    Columns,
    Stored,
    fitted,
)

NO_MOMENT = 2**63 - 1
"""The booked moment of what was never booked."""

_MOST_EVENTS = 2**31 - 1
_USER_BITS, _DAY_BITS = 16, 5  # of a user within a part, and of a day within a stretch


@dataclass(slots=True)
class Cells:
    """How many rows of a log lie in each part and stretch, and the earliest and latest dates of each stretch, as they are written."""

    log: str
    parts: int
    rows: int = 0
    _counts: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    _dates: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict[tuple[str, int], tuple[int, int]])

    def add(self, part: int, stretches: Array, columns: Columns) -> None:
        """Note rows of one part that were written, in the order of their stretches."""
        found, first, counts = np.unique(stretches, return_index=True, return_counts=True)
        for stretch, start, count in zip(found.tolist(), first.tolist(), counts.tolist(), strict=True):
            self._counts[part, stretch] = count
            for name in DATES[self.log]:
                self._add_dates(name, stretch, columns[name][start : start + count])
        self.rows += len(stretches)

    def _add_dates(self, name: str, stretch: int, dates: Array) -> None:
        said = dates[dates != NO_DATE]
        if said.size:
            low, high = self._dates.get((name, stretch), (NO_DATE, -1))
            self._dates[name, stretch] = min(low, int(said.min())), max(high, int(said.max()))

    def starts(self) -> Longs:
        """The first row of each part and stretch, and behind each part's last stretch the row after it."""
        stretches = self._stretches()
        counts = np.array(
            [[self._counts.get((part, stretch), 0) for stretch in stretches] for part in range(self.parts)], np.int64
        ).reshape(self.parts, len(stretches))
        ends = np.cumsum(counts.ravel()).reshape(counts.shape)
        before = np.concatenate(([0], ends[:-1, -1])) if stretches else np.zeros(self.parts, np.int64)
        return np.concatenate((before[:, None], ends), axis=1)

    def dates(self) -> dict[str, Integers]:
        """The earliest and latest dates of each stretch."""
        stretches = self._stretches()
        return {
            name: np.array([self._dates.get((name, each), (NO_DATE, -1)) for each in stretches], np.int32)
            .reshape(-1, 2)
            .T
            for name in DATES[self.log]
        }

    def _stretches(self) -> Sequence[int]:
        return sorted({stretch for _, stretch in self._counts})


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows of one log and one part in their order, and the stretch of each."""

    log: str
    part: int
    stretches: Array
    columns: dict[str, Array]


_LOG_OF_KIND = {kind: log for log, kinds in BEHAVIOR_LOGS.items() for kind in kinds}


def behavior(piece: Columns) -> Iterator[Sorted]:
    """The logs' rows of a piece, log by log and part by part. Raises EngineError for what the index cannot hold exactly."""
    kinds, user, day = (np.ma.getdata(piece[name]) for name in ("kind", "user", "day"))
    names = sorted(set(_LOG_OF_KIND.values()))
    number_of_kind = np.full(256, len(names), np.uint8)  # kinds no log keeps come last
    for kind, log in _LOG_OF_KIND.items():
        number_of_kind[kind] = names.index(log)
    stretch = day.astype(np.uint64) // STRETCH_DAYS
    in_part = (user % USERS_A_PART).astype(np.uint64) << np.uint64(_DAY_BITS) | day.astype(np.uint64) % STRETCH_DAYS
    of_log = number_of_kind[kinds].astype(np.uint64) << np.uint64(60)
    cell = (
        of_log
        | (user // USERS_A_PART).astype(np.uint64) << np.uint64(36)
        | stretch << np.uint64(_USER_BITS + _DAY_BITS)
    )
    order = np.argsort(cell | in_part, kind="stable")
    of_log, part = (of_log >> np.uint64(60))[order], (user // USERS_A_PART)[order]
    edges = np.flatnonzero((np.diff(of_log.astype(np.int8)) != 0) | (np.diff(part.astype(np.int64)) != 0)) + 1
    for rows in np.split(order, edges):
        if rows.size and number_of_kind[kinds[rows[0]]] < len(names):
            log = names[number_of_kind[kinds[rows[0]]]]
            yield _of_log(piece, rows, log, int(user[rows[0]]) // USERS_A_PART, stretch)


def _of_log(piece: Columns, rows: Longs, log: str, part: int, stretch: Array) -> Sorted:
    counts = np.ma.getdata(piece["count"])[rows].astype(np.int64)
    user = np.ma.getdata(piece["user"])[rows] % USERS_A_PART
    if counts.size and int(counts.min()) < 1:
        raise EngineError(f"a row of {log} counts {counts.min()} events", fix="Correct the counts in the mart.")
    if int(np.bincount(user, counts).max(initial=0)) > _MOST_EVENTS:
        raise EngineError(f"a user has more than {_MOST_EVENTS} events of {log}", fix="Correct the counts in the mart.")
    if counts.size and int(counts.max()) > MOST_A_ROW:
        rows, counts = _split(rows, counts)
        user = np.ma.getdata(piece["user"])[rows] % USERS_A_PART
    given = {"user": user, "count": counts}
    columns = {entry.name: _column(piece, rows, entry, given) for entry in LOGS[log]}
    return Sorted(log, part, stretch[rows].astype(np.int64), columns)


def _split(rows: Longs, counts: Longs) -> tuple[Longs, Longs]:
    """Rows of more events than one can hold as several rows."""
    times = -(-counts // MOST_A_ROW)
    last = np.cumsum(times) - 1
    many = np.full(int(times.sum()), MOST_A_ROW, np.int64)
    many[last] = counts - (times - 1) * MOST_A_ROW
    return np.repeat(rows, times), many


def _column(piece: Columns, rows: Longs, entry: Stored, given: Columns) -> Array:
    values = given.get(entry.name)
    return fitted(piece[entry.name][rows] if values is None else values, entry)


def by_moment(user: Array, moment: Longs, tie: Array) -> Longs:
    """The order of rows by (user, moment, tie). Ties are compared only where moments are equal: they are long."""
    start, end = int(moment.min(initial=2**62)), int(moment[moment != NO_MOMENT].max(initial=-(2**62)))
    if end - start >= 2**47:
        order = np.lexsort((moment, user))
    else:
        since = np.where(moment == NO_MOMENT, 2**47, moment - start).astype(np.uint64)
        order = np.argsort(user.astype(np.uint64) << np.uint64(48) | since, kind="stable")
    same = (np.diff(user[order]) == 0) & (np.diff(moment[order]) == 0)
    if not same.any():
        return order
    tied = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same)))
    rows = order[tied]
    group = np.concatenate(([0], np.cumsum(~same)))[tied]
    order[tied] = rows[np.lexsort((tie[rows], group))]
    return order
