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
    CART,
    CART_MINUTES,
    LEFT_AFTER_MINUTES,
    NO_DATE,
    NO_DAY,
    STAGE,
    STRETCH_DAYS,
    USERS_A_PART,
    Columns,
    Stored,
    fitted,
)
from audience_builder.index.kernel import find_answers
from audience_builder.index.rows import Sorted, by_moment, order_of

_DERIVED = frozenset({"night_mask"})
_OF_CARTS = (
    *("user", "booked_day", "cancelled_day", "check_in", "check_out", "product", "place", "booked_minute"),
    *(f"{name}_minute" for name in CART_MINUTES),
)
_FITTED = {
    entry.name: entry
    for entry in (
        *BOOKING,
        *STAGE,
        *CART,
        Stored("booked_minute", np.dtype(np.int32), NO_DAY, 2**31 - 1, NO_DAY + 1),
    )
    if entry.name not in {"user", "night_mask", "row", "answers"}
}
"""What is read of a booking and stored, or looked at, as it is."""


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
        user, moment = (np.ma.getdata(piece[name]) for name in ("user", "moment"))
        parts = user // USERS_A_PART
        fits = {name: fitted(piece[name], entry) for name, entry in _FITTED.items()}
        fits["user"] = (user % USERS_A_PART).astype(np.uint16)
        fits["product"] = np.ma.getdata(piece["product"]).astype(np.uint64)
        newest = np.flatnonzero(piece["newest"])
        order = newest[order_of(parts[newest])]
        for rows in np.split(order, np.flatnonzero(np.diff(parts[order])) + 1):
            if rows.size:
                in_order = rows[by_moment(fits["user"][rows], moment[rows], piece["tie"][rows])]
                yield self._of_part(fits, in_order, int(parts[rows[0]]))

    def _of_part(self, fits: Columns, rows: Longs, part: int) -> SortedBookings:
        """The rows of a part, given by user and moment."""
        booked, carted = fits["booked_day"][rows], fits["carted_day"][rows]
        key_day = np.where(booked != NO_DATE, booked, np.where(carted != NO_DATE, carted, 0))
        stretches = key_day.astype(np.int64) // STRETCH_DAYS
        order = order_of(stretches)  # rows stand by (user, moment): so they do within each stretch
        final = rows[order]
        ordered = {entry.name: fits[entry.name][final] for entry in BOOKING if entry.name not in _DERIVED}
        ordered["night_mask"] = self._nights.of(ordered["check_in"], ordered["check_out"], ordered["nights"] > 0)
        carts, answers = _carts({name: fits[name][rows] for name in _OF_CARTS}, order)
        return SortedBookings(Sorted("booking", part, stretches[order], ordered), _stages(fits, final), carts, answers)


def _stages(fits: Columns, final: Longs) -> dict[str, Array]:
    """The rows that came as far as checkout, of rows in their `final` order."""
    days = {entry.name: fits[entry.name][final] for entry in STAGE if entry.name != "row"}
    rows = np.flatnonzero(np.any([dates != NO_DATE for dates in days.values()], axis=0))
    return {"row": rows, **{name: dates[rows] for name, dates in days.items()}}


def _carts(columns: Columns, order: Longs) -> tuple[dict[str, Array], dict[str, Array]]:
    """The carts that may be left, among rows that stand by (user, moment), in their final `order`, and what may answer them."""
    minutes = {f"{name}_minute": columns[f"{name}_minute"] for name in CART_MINUTES}
    rows = np.flatnonzero(_may_be_left(minutes["carted_minute"], minutes["removed_minute"])[order])
    carts = order[rows]
    stay = columns["check_in"], _last_nights(columns["check_in"], columns["check_out"])
    what = columns["product"], columns["place"]
    days = columns["booked_day"], columns["cancelled_day"]
    of_rows = (minutes["carted_minute"], columns["booked_minute"]), days, stay, what
    ends, found = np.zeros(carts.size, np.int64), np.zeros(2 * carts.size, np.int64)
    total = find_answers(carts, columns["user"], *of_rows, ends, found)
    if total > found.size:
        found = np.zeros(total, np.int64)
        find_answers(carts, columns["user"], *of_rows, ends, found)
    kept = np.flatnonzero(ends >= 0)
    known = {name: values[carts[kept]] for name, values in minutes.items()}
    answers = {"booked_day": days[0][found[:total]], "cancelled_day": days[1][found[:total]]}
    return {"row": rows[kept], **known, "answers": ends[kept]}, answers


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
