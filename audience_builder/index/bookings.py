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
    SEOUL_MINUTES,
    STAGE,
    STRETCH_DAYS,
    USERS_A_PART,
    Columns,
    Stored,
    fitted,
)
from audience_builder.index.kernel import find_answers
from audience_builder.index.rows import Sorted, by_moment

_BOOKED_MINUTE = Stored("booked_minute", np.dtype(np.int32), NO_DAY, 2**31 - 1, NO_DAY + 1)
_CART_MINUTE = {entry.name: entry for entry in CART if entry.name != "row"}
_DERIVED = frozenset({"user", "night_mask"})


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
        order = np.argsort(user // USERS_A_PART, kind="stable")
        part = (user // USERS_A_PART)[order].astype(np.int64)
        for rows in np.split(order, np.flatnonzero(np.diff(part)) + 1):
            if rows.size:
                in_order = rows[by_moment(user[rows], moment[rows], piece["tie"][rows])]
                yield self._of_part({name: values[in_order] for name, values in piece.items()})

    def _of_part(self, piece: Columns) -> SortedBookings:
        user = np.ma.getdata(piece["user"])
        columns = {entry.name: fitted(piece[entry.name], entry) for entry in BOOKING if entry.name not in _DERIVED}
        columns["user"] = (user % USERS_A_PART).astype(np.uint16)
        stays = columns["nights"] > 0
        columns["night_mask"] = self._nights.of(columns["check_in"], columns["check_out"], stays)
        booked, carted = columns["booked_day"], columns["carted_day"]
        key_day = np.where(booked != NO_DATE, booked, np.where(carted != NO_DATE, carted, 0))
        stretches = key_day.astype(np.int64) // STRETCH_DAYS
        order = np.argsort(stretches, kind="stable")  # rows stand by (user, moment): so they do within each stretch
        ordered = {name: values[order] for name, values in columns.items()}
        part = int(user[0]) // USERS_A_PART if user.size else 0
        carts, answers = _carts(piece, columns, order)
        rows = Sorted("booking", part, stretches[order], ordered)
        return SortedBookings(rows, _stages(piece, order), carts, answers)


def _stages(piece: Columns, order: Longs) -> dict[str, Array]:
    """The rows that came as far as checkout, in their final `order`."""
    days = {entry.name: fitted(piece[entry.name], entry)[order] for entry in STAGE if entry.name != "row"}
    rows = np.flatnonzero(np.any([dates != NO_DATE for dates in days.values()], axis=0))
    return {"row": rows, **{name: dates[rows] for name, dates in days.items()}}


def _carts(piece: Columns, columns: Columns, order: Longs) -> tuple[dict[str, Array], dict[str, Array]]:
    """The carts that may be left, among rows that stand by (user, moment), in their final `order`, and what may answer them."""
    minutes = {
        f"{name}_minute": fitted(piece[f"{name}_minute"], _CART_MINUTE[f"{name}_minute"]) for name in CART_MINUTES
    }
    booked = fitted(piece["booked_minute"], _BOOKED_MINUTE)
    rows = np.flatnonzero(_may_be_left(minutes["carted_minute"], minutes["removed_minute"])[order])
    carts = order[rows]
    user = columns["user"]
    users = np.searchsorted(user, user[carts]), np.searchsorted(user, user[carts], "right") - 1
    stay = columns["check_in"], _last_nights(columns["check_in"], columns["check_out"])
    what = np.ma.getdata(piece["product"]).astype(np.uint64), columns["place"]
    ends = np.zeros(carts.size, np.int64)
    asked = carts, users, (minutes["carted_minute"], booked), stay, what, ends
    found = np.zeros(find_answers(*asked, np.zeros(0, np.int64)), np.int64)
    find_answers(*asked, found)
    stands = columns["booked_day"][found], columns["cancelled_day"][found]
    kept, kept_ends, kept_answers = without_answered(minutes["carted_minute"][carts], ends, stands)
    known = {name: values[carts[kept]] for name, values in minutes.items()}
    booked_days, cancelled_days = stands
    answers = {"booked_day": booked_days[kept_answers], "cancelled_day": cancelled_days[kept_answers]}
    return {"row": rows[kept], **known, "answers": kept_ends}, answers


def _may_be_left(carted: Integers, removed: Integers) -> Flags:
    """Whether nothing need have happened to a cart for an hour before it was emptied."""
    stays_full = (removed == NO_DAY) | (removed.astype(np.int64) - carted > LEFT_AFTER_MINUTES)
    return (carted != NO_DAY) & stays_full


def without_answered(carted: Integers, ends: Longs, stands: tuple[Halves, Halves]) -> tuple[Longs, Longs, Longs]:
    """Leave out carts answered for good on the first day they could be left: those kept, the ends of their answers, and these.

    `stands` are the days the answers were booked and cancelled, those of cart c up to `ends[c]`.
    """
    booked, cancelled = stands
    counts = np.diff(ends, prepend=0)
    of_cart = np.repeat(np.arange(ends.size), counts)
    first_day = (carted.astype(np.int64) + LEFT_AFTER_MINUTES + SEOUL_MINUTES) // (24 * 60)
    answered = np.zeros(ends.size, np.bool_)
    answered[of_cart[(cancelled == NO_DATE) & (booked <= first_day[of_cart])]] = True
    return np.flatnonzero(~answered), np.cumsum(counts[~answered]), np.flatnonzero(~answered[of_cart])


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
