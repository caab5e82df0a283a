"""Bookings in the order of the index, what is known of carts, and which bookings may take a cart's place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from audience_builder.catalog.holidays import FIRST_DAY, LAST_DAY, NIGHT_CLASSES, cumulative_nights
from audience_builder.clock import day_number
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Halves, Longs
from audience_builder.index.columns import (
    BOOKING,
    CART,
    CART_MINUTES,
    NO_DATE,
    NO_DAY,
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
    """Bookings of one part in their order; their carts (`row` counted within the part, `answers` within its answers); and answers."""

    rows: Sorted
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
        return SortedBookings(Sorted("booking", part, stretches[order], ordered), carts, answers)


def _carts(piece: Columns, columns: Columns, order: Longs) -> tuple[dict[str, Array], dict[str, Array]]:
    """What is said of the carts among rows that stand by (user, moment), in their final `order`, and their answers."""
    minutes = {
        f"{name}_minute": fitted(piece[f"{name}_minute"], _CART_MINUTE[f"{name}_minute"]) for name in CART_MINUTES
    }
    booked = fitted(piece["booked_minute"], _BOOKED_MINUTE)
    rows = np.flatnonzero(minutes["carted_minute"][order] != NO_DAY)
    carts = order[rows]
    user = columns["user"]
    users = np.searchsorted(user, user[carts]), np.searchsorted(user, user[carts], "right") - 1
    stay = columns["check_in"], _last_nights(columns["check_in"], columns["check_out"])
    what = np.ma.getdata(piece["product"]).astype(np.uint64), columns["place"]
    ends, found = np.zeros(carts.size, np.int64), np.zeros(0, np.int64)
    asked = carts, users, (minutes["carted_minute"], booked), stay, what, ends
    found = np.zeros(find_answers(*asked, found), np.int64)
    find_answers(*asked, found)
    known = {name: values[carts] for name, values in minutes.items()}
    answers = {name: columns[name][found] for name in ("booked_day", "cancelled_day")}
    return {"row": rows, **known, "answers": ends}, answers


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
