"""Bookings in the order of the index, what is known of carts, and which bookings may take a cart's place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from audience_builder.catalog.holidays import FIRST_DAY, LAST_DAY, NIGHT_CLASSES, cumulative_nights
from audience_builder.clock import day_number
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Flags, Halves, Integers, Longs
from audience_builder.index.columns import (
    BOOKING,
    CART_MINUTES,
    LEFT_AFTER_MINUTES,
    MOMENTS,
    NO_DATE,
    NO_DAY,
    STAGE,
    STRETCH_DAYS,
    USERS_A_PART,
    Columns,
    fitted,
)
from audience_builder.index.kernel import find_answers, put_days, put_minutes
from audience_builder.index.rows import Sorted, by_moment, order_of

_DAYS = {f"{name}_day": name for name in MOMENTS if name != "removed"}
_FITTED = {entry.name: entry for entry in BOOKING if entry.name not in {"user", "night_mask", *_DAYS}}
"""What is read of a booking and stored as it is."""


@dataclass(frozen=True, slots=True)
class SortedBookings:
    """Bookings of one part in their order, and what is said of some of them: stages, carts that may be left, and their answers.

    `row` counts within the part, `answers` within its answers.
    """

    rows: Sorted
    stages: dict[str, Array]
    carts: dict[str, Array]
    answers: dict[str, Array]


class Bookings:
    """Puts pieces of bookings in order."""

    def __init__(self) -> None:
        self._nights = NightKinds()

    def sorted(self, piece: Columns) -> Iterator[SortedBookings]:
        """The bookings of a piece part by part. Raises EngineError for what the index cannot hold exactly."""
        user = np.ma.getdata(piece["user"])
        moments = {name: np.ma.getdata(piece[f"{name}_at"]).astype(np.int64, copy=False) for name in MOMENTS}
        parts = user // USERS_A_PART
        fits = {name: fitted(piece[name], entry) for name, entry in _FITTED.items()}
        fits["user"] = (user % USERS_A_PART).astype(np.uint16)
        fits["product"] = np.ma.getdata(piece["product"]).astype(np.uint64)
        newest = np.flatnonzero(piece["newest"])
        order = newest[order_of(parts[newest])]
        for rows in np.split(order, np.flatnonzero(np.diff(parts[order])) + 1):
            if rows.size:
                in_order = rows[by_moment(fits["user"][rows], moments["booked"][rows], piece["tie"][rows])]
                yield self._of_part(_Rows(in_order, fits, moments), int(parts[rows[0]]))

    def _of_part(self, rows: _Rows, part: int) -> SortedBookings:
        """The rows of a part, given by user and moment."""
        days = {day: rows.days(name) for day, name in _DAYS.items()}
        booked, carted = days["booked_day"], days["carted_day"]
        key_day = np.where(booked != NO_DATE, booked, np.where(carted != NO_DATE, carted, 0))
        stretches = key_day.astype(np.int64) // STRETCH_DAYS
        order = order_of(stretches)  # rows stand by (user, moment): so they do within each stretch
        final = rows.numbers[order]
        ordered = {name: rows.fits[name][final] for name in ("user", *_FITTED)}
        ordered |= {entry.name: days[entry.name][order] for entry in BOOKING if entry.name in days}
        ordered["night_mask"] = self._nights.of(ordered["check_in"], ordered["check_out"], ordered["nights"] > 0)
        carts, answers = _carts(rows, days, order)
        return SortedBookings(Sorted("booking", part, stretches[order], ordered), _stages(days, order), carts, answers)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a piece in some order: their numbers, what is stored of each row of the piece, and its moments."""

    numbers: Longs
    fits: dict[str, Array]
    moments: dict[str, Longs]

    def __getitem__(self, name: str) -> Array:
        return self.fits[name][self.numbers]

    def days(self, name: str) -> Halves:
        """The days in Korea of a moment of each."""
        days = np.empty(self.numbers.size, np.uint16)
        if not put_days(self.moments[name], self.numbers, days):
            raise EngineError(f"{name}_at lies outside 1970 to 2149", fix="Correct the rows in the mart.")
        return days

    def minutes(self, name: str) -> Integers:
        """The minutes (since 1970) of a moment of each."""
        minutes = np.empty(self.numbers.size, np.int32)
        if not put_minutes(self.moments[name], self.numbers, minutes):
            raise EngineError(f"{name}_at is further than four bytes tell", fix="Correct the rows in the mart.")
        return minutes


def _stages(days: dict[str, Halves], order: Longs) -> dict[str, Array]:
    """The rows that came as far as checkout, in their final `order`."""
    said = {entry.name: days[entry.name][order] for entry in STAGE if entry.name != "row"}
    rows = np.flatnonzero(np.any([dates != NO_DATE for dates in said.values()], axis=0))
    return {"row": rows, **{name: dates[rows] for name, dates in said.items()}}


def _carts(rows: _Rows, days: dict[str, Halves], order: Longs) -> tuple[dict[str, Array], dict[str, Array]]:
    """The carts that may be left, of rows that stand by (user, moment), in their final `order`, and what may answer them."""
    carted, booked = rows.minutes("carted"), rows.minutes("booked")
    # Answers are looked for user by user, though carts are stored by stretch: there neighbours are of users far apart in memory.
    carts = np.flatnonzero(_may_be_left(carted, rows.minutes("removed")))
    stay = rows["check_in"], _last_nights(rows["check_in"], rows["check_out"])
    of_days, what = (days["booked_day"], days["cancelled_day"]), (rows["product"], rows["place"])
    known = carts, rows["user"], (carted, booked), of_days, stay, what
    ends, found = np.zeros(carts.size, np.int64), np.zeros(2 * carts.size, np.int64)
    total = find_answers(*known, ends, found)
    if total > found.size:
        found = np.zeros(total, np.int64)
        find_answers(*known, ends, found)
    kept = np.flatnonzero(ends >= 0)
    places = np.empty(order.size, np.int64)
    places[order] = np.arange(order.size)
    by = order_of(places[carts[kept]])
    answers, ends = _rearranged(ends[kept], by)
    final = carts[kept[by]]
    of_carts = _Rows(rows.numbers[final], rows.fits, rows.moments)
    minutes = {f"{name}_minute": of_carts.minutes(name) for name in CART_MINUTES}
    dates = {name: days[name][found[answers]] for name in ("booked_day", "cancelled_day")}
    return {"row": places[final], **minutes, "answers": ends}, dates


def _rearranged(ends: Longs, by: Longs) -> tuple[Longs, Longs]:
    """Lists that lie end to end, put in another order: the place each entry had, and where each list now ends."""
    lengths = np.diff(ends, prepend=0)[by]
    new_ends = np.cumsum(lengths)
    return np.repeat(ends[by] - new_ends, lengths) + np.arange(lengths.sum()), new_ends


def _may_be_left(carted: Integers, removed: Integers) -> Flags:
    """Whether nothing need have happened to a cart for an hour before it was emptied."""
    stays_full = (removed == NO_DAY) | (removed.astype(np.int64) - carted > LEFT_AFTER_MINUTES)
    return (carted != NO_DAY) & stays_full


def _last_nights(check_in: Halves, check_out: Halves) -> Halves:
    """The last night of each stay; the day itself where there is none."""
    has_nights = (check_out != NO_DATE) & (check_in != NO_DATE) & (check_out > check_in)
    return np.where(has_nights, check_out - 1, check_in).astype(np.uint16)


class NightKinds:
    """Which kinds of nights a stay has, from running sums of nights by kind: two look-ups a stay, however long."""

    def __init__(self, first: date = FIRST_DAY, last: date = LAST_DAY) -> None:
        self._first = day_number(first)
        self._before = cumulative_nights(first, last)

    def of(self, check_in: Halves, check_out: Halves, is_stay: Array) -> Halves:
        """A bit a kind of the nights from check-in to check-out; none without a night. Raises EngineError for an unknown day."""
        masks = np.zeros(len(check_in), np.uint16)
        said = (check_in != NO_DATE) & (check_out != NO_DATE)
        stays = np.flatnonzero(is_stay & said & (check_out > check_in))
        start, end = (dates[stays].astype(np.int64) - self._first for dates in (check_in, check_out))
        if stays.size and not (start.min() >= 0 and end.max() < len(self._before)):
            raise EngineError(f"a stay lies outside {FIRST_DAY} to {LAST_DAY}", fix="Correct its dates in the mart.")
        for kind in range(len(NIGHT_CLASSES)):
            has = self._before[end, kind] > self._before[start, kind]
            masks[stays] |= has.astype(np.uint16) << np.uint16(kind)
        return masks
