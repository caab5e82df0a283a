"""Compiled loops of the index. Every loop is compiled once and kept on disk, and lets other threads run meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from audience_builder.index.arrays import Halves, Integers, Longs, Words
from audience_builder.index.columns import (
    LEFT_AFTER_MINUTES,
    NO_DATE,
    NO_DAY,
    NO_MOMENT,
    NO_PLACE,
    SEOUL_MINUTES,
)

_MINUTE = 60_000_000  # in microseconds

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """The function as machine code (kept in `NUMBA_CACHE_DIR`, else `__pycache__`)."""
    return cast(_Function, njit(cache=True, nogil=True)(function))


@compiled
def put_days(moments: Longs, rows: Longs, days: Halves) -> bool:
    """The day in Korea of the moment of each of these rows. False where one is a day two bytes cannot hold."""
    for i in range(rows.size):
        moment = moments[rows[i]]
        day = (moment // _MINUTE + SEOUL_MINUTES) // (24 * 60)
        if moment == NO_MOMENT:
            day = NO_DATE
        elif day < 0 or day >= NO_DATE:
            return False
        days[i] = day
    return True


@compiled
def put_minutes(moments: Longs, rows: Longs, minutes: Integers) -> bool:
    """The minute since 1970 of the moment of each of these rows. False where one is a minute four bytes cannot hold."""
    for i in range(rows.size):
        moment = moments[rows[i]]
        minute = moment // _MINUTE
        if moment == NO_MOMENT:
            minute = NO_DAY
        elif minute <= NO_DAY or minute >= 2**31:
            return False
        minutes[i] = minute
    return True


@compiled
def find_answers(
    carts: Longs,
    users: Halves,
    minutes: tuple[Integers, Integers],
    days: tuple[Halves, Halves],
    stay: tuple[Halves, Halves],
    what: tuple[Words, Halves],
    ends: Longs,
    found: Longs,
) -> int:
    """The bookings that may take each cart's place, cart by cart: how many, and their rows as far as `found` has room.

    Rows stand by (user, booked moment), those never booked last. `minutes`: carted, booked; `days`: booked, cancelled; `stay`:
    check-in, last night; `what`: product, place. `ends[c]` becomes the end of the answers of cart c (row `carts[c]`), or -1 where
    one that is never cancelled was made on the first day the cart could be left: then it never is. Behind an answer that is never
    cancelled no other matters: whenever they were made, that one had been.
    """
    carted, booked = minutes
    booked_day, cancelled_day = days
    total = 0
    for c in range(carts.size):
        i = carts[c]
        first_day = (np.int64(carted[i]) + (LEFT_AFTER_MINUTES + SEOUL_MINUTES)) // (24 * 60)
        ends[c] = total
        j = _first_since(i, users, booked, int(carted[i]))
        while j < users.size and users[j] == users[i] and booked[j] != NO_DAY:
            if _takes_place(i, j, stay, what):
                if cancelled_day[j] == NO_DATE and booked_day[j] <= first_day:
                    total, ends[c] = ends[c], -1
                    break
                if total < found.size:
                    found[total] = j
                total += 1
                if cancelled_day[j] == NO_DATE:
                    break
            j += 1
        if ends[c] >= 0:
            ends[c] = total
    return total


@compiled
def _first_since(row: int, users: Halves, booked: Integers, minute: int) -> int:
    """The user's first row booked in that minute or later, or the one behind all they ever booked."""
    if booked[row] == NO_DAY or booked[row] >= minute:
        after = row
        while (
            after > 0
            and users[after - 1] == users[row]
            and (booked[after - 1] == NO_DAY or booked[after - 1] >= minute)
        ):
            after -= 1
        return after
    after = row + 1
    while after < users.size and users[after] == users[row] and booked[after] < minute and booked[after] != NO_DAY:
        after += 1
    return after


@compiled
def _takes_place(cart: int, booking: int, stay: tuple[Halves, Halves], what: tuple[Words, Halves]) -> bool:
    """Whether the booking is of the same product, or at the same place over some of the same nights."""
    check_in, last_night = stay
    product, place = what
    if product[booking] == product[cart] and product[cart] != 0:
        return True
    if place[booking] != place[cart] or place[cart] == NO_PLACE:
        return False
    if check_in[booking] == NO_DATE or check_in[cart] == NO_DATE:
        return False
    return check_in[booking] <= last_night[cart] and check_in[cart] <= last_night[booking]
