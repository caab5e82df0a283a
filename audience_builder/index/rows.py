"""Rows put in the order of the index: by part of users, stretch of days, user, and within a user by day or moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Flags, Integers, Longs, Words
from audience_builder.index.columns import (
    BEHAVIOR_LOGS,
    DATES,
    LOGS,
    MOST_A_ROW,
    NO_DATE,
    NO_MOMENT,
    STRETCH_DAYS,
    USERS_A_PART,
    Columns,
    fitted,
)

_MOST_EVENTS = 2**31 - 1
_MINUTE = 60_000_000  # in microseconds


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
    numbers, parts, stretch = number_of_kind[kinds], user // USERS_A_PART, day.astype(np.int64) // STRETCH_DAYS
    order = order_of(numbers, parts, stretch, user % USERS_A_PART, day)
    of_log, part = numbers[order], parts[order]
    edges = np.flatnonzero((np.diff(of_log) != 0) | (np.diff(part) != 0)) + 1
    fits = {"count": np.ma.getdata(piece["count"]), "user": (user % USERS_A_PART).astype(np.uint16)}
    for rows in np.split(order, edges):
        if rows.size and numbers[rows[0]] < len(names):
            log = names[numbers[rows[0]]]
            fits |= {entry.name: fitted(piece[entry.name], entry) for entry in LOGS[log] if entry.name not in fits}
            yield _of_log(fits, rows, log, int(parts[rows[0]]), stretch)


def order_of(*keys: Array) -> Longs:
    """The order of rows by whole numbers, the first before the next; equal rows keep their order."""
    bits = max(0, keys[0].size - 1).bit_length()
    key = np.zeros(keys[0].size, np.uint64)
    room = 64 - bits
    for each in keys:
        low, high = (int(each.min()), int(each.max())) if each.size else (0, 0)
        width = (high - low).bit_length()
        room -= width
        key = key << np.uint64(width) | (each.astype(np.int64) - low).astype(np.uint64)
    if room < 0:
        return np.lexsort(keys[::-1])
    # A number sorts several times as fast as its place is found: so the place stands in its last bits.
    placed = key << np.uint64(bits) | np.arange(key.size, dtype=np.uint64)
    placed.sort()
    return (placed & np.uint64((1 << bits) - 1)).astype(np.int64)


def _of_log(fits: Columns, rows: Longs, log: str, part: int, stretch: Array) -> Sorted:
    counts = fits["count"][rows].astype(np.int64)
    if counts.size and int(counts.min()) < 1:
        raise EngineError(f"a row of {log} counts {counts.min()} events", fix="Correct the counts in the mart.")
    if int(np.bincount(fits["user"][rows], counts).max(initial=0)) > _MOST_EVENTS:
        raise EngineError(f"a user has more than {_MOST_EVENTS} events of {log}", fix="Correct the counts in the mart.")
    if counts.size and int(counts.max()) > MOST_A_ROW:
        rows, counts = _split(rows, counts)
    columns = {entry.name: fits[entry.name][rows] for entry in LOGS[log] if entry.name != "count"}
    return Sorted(log, part, stretch[rows], {**columns, "count": counts.astype(np.uint8)})


def _split(rows: Longs, counts: Longs) -> tuple[Longs, Longs]:
    """Rows of more events than one can hold as several rows."""
    times = -(-counts // MOST_A_ROW)
    last = np.cumsum(times) - 1
    many = np.full(int(times.sum()), MOST_A_ROW, np.int64)
    many[last] = counts - (times - 1) * MOST_A_ROW
    return np.repeat(rows, times), many


def by_moment(user: Array, moment: Longs, tie: Array) -> Longs:
    """The order of rows by (user, moment, tie), the never booked behind. Ties are compared only where moments are equal: they are long."""
    booked = moment != NO_MOMENT
    minute = np.where(booked, moment, 0) // _MINUTE
    order = order_of(user, np.where(booked, minute, minute.max(initial=0) + 1))
    same = (np.diff(user[order]) == 0) & (np.diff(minute[order]) == 0) & booked[order][1:] & booked[order][:-1]
    if not same.any():
        return order
    tied = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same)))
    rows = order[tied]
    group = np.concatenate(([0], np.cumsum(~same)))[tied]
    order[tied] = rows[np.lexsort((tie[rows], moment[rows], group))]
    return order


def shared_minutes(user: Array, moment: Longs) -> Flags:
    """Whether a row shares its user and the minute it was booked in with another; never of what was not booked."""
    booked = np.flatnonzero(moment != NO_MOMENT)
    user, minute = user[booked], moment[booked] // _MINUTE
    order = order_of(user, minute)
    same = (np.diff(user[order]) == 0) & (np.diff(minute[order]) == 0)
    found = np.zeros(moment.size, np.bool_)
    found[booked[order[1:][same]]] = found[booked[order[:-1][same]]] = True
    return found


def alike(hashes: Words, numbers: Longs) -> Longs:
    """The numbers of rows whose hash is that of another row too, ascending; a few others may be among them."""
    bits = np.uint64(int(numbers.max(initial=0)).bit_length())
    low = (np.uint64(1) << bits) - np.uint64(1)
    # The upper bits of a hash tell rows apart as well: then the number stands in the lower, and sorting finds both at once.
    placed = hashes & ~low | numbers.astype(np.uint64)
    placed.sort()
    same = placed[1:] >> bits == placed[:-1] >> bits
    found = placed[np.concatenate((same, [False])) | np.concatenate(([False], same))] if placed.size else placed
    return np.sort((found & low).astype(np.int64))
