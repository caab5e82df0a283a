"""Compiled loops of the index. Every loop is compiled once and kept on disk, and lets other threads run meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from audience_builder.index.arrays import Halves, Integers, Longs, Words
from audience_builder.index.columns import NO_DATE, NO_DAY, NO_PLACE

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """The function as machine code (kept in `NUMBA_CACHE_DIR`, else `__pycache__`)."""
    return cast(_Function, njit(cache=True, nogil=True)(function))


@compiled
def find_answers(
    carts: Longs,
    users: tuple[Longs, Longs],
    minutes: tuple[Integers, Integers],
    stay: tuple[Halves, Halves],
    what: tuple[Words, Halves],
    ends: Longs,
    found: Longs,
) -> int:
    """The bookings that may take each cart's place, cart by cart: how many, and their rows as far as `found` has room.

    Rows stand by (user, booked moment); `users` are the first and the last row of each cart's user. `minutes`: carted, booked;
    `stay`: check-in, last night; `what`: product, place. `ends[c]` becomes the end of the answers of cart c (row `carts[c]`).
    """
    first, last = users
    carted, booked = minutes
    total = 0
    for c in range(carts.size):
        i, j = carts[c], last[c]
        # The user's later bookings stand last: from there back to the first one made before the cart.
        while j >= first[c] and (booked[j] == NO_DAY or booked[j] >= carted[i]):
            if booked[j] != NO_DAY and _takes_place(i, j, stay, what):
                if total < found.size:
                    found[total] = j
                total += 1
            j -= 1
        ends[c] = total
    return total


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
