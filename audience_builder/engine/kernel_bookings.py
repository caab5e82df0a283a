"""Compiled loops over the booking log that look at all rows of a user: states as of a day, and carts left behind."""

# Compiled loops are handed their columns one by one: they know no objects.
# ruff: noqa: PLR0913, PLR0917

from __future__ import annotations

import numpy as np

from audience_builder.engine.kernel import compiled
from audience_builder.index.arrays import Bytes, Halves, Integers, Masks
from audience_builder.index.columns import NO_DAY, NO_PLACE

CARTED, BOOKED, CONFIRMED, CANCELLED, NO_SHOW, COMPLETED, UPCOMING, FIRST, LATEST, IN_TRIP = (
    1 << bit for bit in range(10)
)
STAGE_CARTED, STAGE_CHECKOUT, STAGE_FAILED = (1 << bit for bit in range(10, 13))
"""What may be true of a row on a day, a bit each."""


@compiled
def put_states(
    users: Masks,
    moments: tuple[Integers, ...],
    stay: tuple[Integers, Integers],
    flags: tuple[Bytes, Bytes],
    today: tuple[int, int],
    states: Halves,
) -> None:
    """What is true of each row as of the end of a day. Rows stand by (user, booked moment, id).

    `moments`: days carted, checkout, payment failed, booked, cancelled; `stay`: check-in, check-out; `flags`: no-show, stay mode;
    `today`: the code of day use, the day.
    """
    carted, checkout, failed, booked, cancelled = moments
    check_in, check_out = stay
    no_show, stay_mode = flags
    day_use, day = today
    is_first, latest = True, -1
    for i in range(states.size):
        if i > 0 and users[i] != users[i - 1]:
            is_first, latest = True, -1
        bits = CARTED if _happened(carted[i], day) else 0
        bits |= _booking_state(booked[i], cancelled[i], day)
        end = check_out[i] if check_out[i] != NO_DAY else check_in[i]
        if bits & CONFIRMED:
            bits |= _confirmed_state(no_show[i], check_in[i], end, day) | LATEST
            bits |= FIRST if is_first else 0
            if latest >= 0:
                states[latest] &= np.uint16(0xFFFF ^ LATEST)
            is_first, latest = False, i
        if _happened(check_in[i], day) and day <= end and stay_mode[i] != day_use:
            bits |= IN_TRIP
        states[i] = np.uint16(bits | _stage(checkout[i], failed[i], day))


@compiled
def _happened(day: int, by: int) -> bool:
    return day != NO_DAY and day <= by


@compiled
def _booking_state(booked: int, cancelled: int, day: int) -> int:
    if not _happened(booked, day):
        return 0
    return BOOKED | (CANCELLED if _happened(cancelled, day) else CONFIRMED)


@compiled
def _confirmed_state(no_show: int, check_in: int, end: int, day: int) -> int:
    """What else is true of a confirmed booking."""
    bits = UPCOMING if check_in != NO_DAY and check_in > day else 0
    if no_show:
        return bits | (NO_SHOW if _happened(check_in, day) else 0)
    return bits | (COMPLETED if _happened(end, day) else 0)


@compiled
def _stage(checkout: int, failed: int, day: int) -> int:
    """The furthest stage of a cart."""
    if _happened(failed, day):
        return STAGE_FAILED
    return STAGE_CHECKOUT if _happened(checkout, day) else STAGE_CARTED


@compiled
def put_left_hours(
    users: Masks,
    states: Halves,
    moments: tuple[Integers, ...],
    stay: tuple[Integers, Integers],
    product: Masks,
    place: Halves,
    minute: int,
    hours: Integers,
) -> None:
    """Whole hours since the last touch of each cart left behind as of a minute; -1 of any other row.

    `moments`: minutes carted, checkout, payment failed, removed, booked; `stay`: check-in, last night.
    """
    carted, checkout, failed, removed, booked = moments
    check_in, last_night = stay
    last = -1
    for i in range(hours.size):
        hours[i] = -1
        if i > last:
            last = _last_row(users, i)
        if not _happened(carted[i], minute) or _happened(removed[i], minute):
            continue
        touched = _last_touch(carted[i], checkout[i], failed[i], minute)
        is_left = touched + 60 <= minute
        # The user's later bookings stand last: from there back to the first one made before the cart.
        j = last
        while is_left and j >= 0 and users[j] == users[i] and (booked[j] == NO_DAY or booked[j] >= carted[i]):
            if states[j] & CONFIRMED:
                same_place = place[j] == place[i] and place[i] != NO_PLACE
                overlaps = _overlap(check_in[j], last_night[j], check_in[i], last_night[i])
                is_left = not ((product[j] == product[i] and product[i] != 0) or (same_place and overlaps))
            j -= 1
        if is_left:
            hours[i] = (minute - touched) // 60


@compiled
def _overlap(first: int, last: int, other_first: int, other_last: int) -> bool:
    return first != NO_DAY and other_first != NO_DAY and first <= other_last and other_first <= last


@compiled
def _last_row(users: Masks, first: int) -> int:
    """The last row of the user of a row."""
    last = first
    while last + 1 < users.size and users[last + 1] == users[first]:
        last += 1
    return last


@compiled
def _last_touch(carted: int, checkout: int, failed: int, minute: int) -> int:
    touched = carted
    if _happened(checkout, minute):
        touched = max(touched, checkout)
    if _happened(failed, minute):
        touched = max(touched, failed)
    return touched
