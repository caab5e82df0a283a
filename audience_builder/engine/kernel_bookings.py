"""Compiled loops over the booking log that look at all rows of a user: states as of a day, and carts left behind."""

# Compiled loops are handed their columns one by one: they know no objects.

from __future__ import annotations

import numpy as np

from audience_builder.index.arrays import Bytes, Halves, Integers, Masks
from audience_builder.index.columns import LEFT_AFTER_MINUTES, NO_DATE, NO_DAY, USERS_A_PART
from audience_builder.index.kernel import compiled

CARTED, BOOKED, CONFIRMED, CANCELLED, NO_SHOW, COMPLETED, UPCOMING, FIRST, LATEST, IN_TRIP = (
    1 << bit for bit in range(10)
)
STAGE_CARTED, STAGE_CHECKOUT, STAGE_FAILED = (1 << bit for bit in range(10, 13))
"""What may be true of a row on a day, a bit each."""


@compiled
def put_states(
    users: Halves,
    moments: tuple[Halves, Halves, Halves],
    stay: tuple[Halves, Halves],
    flags: tuple[Bytes, Bytes],
    today: tuple[int, int],
    states: Halves,
) -> None:
    """What is true of each row of one part as of the end of a day. Each user's rows stand by (booked moment, id).

    `moments`: days carted, booked, cancelled; `stay`: check-in, check-out; `flags`: no-show, stay mode; `today`: day use, the day.
    """
    carted, booked, cancelled = moments
    check_in, check_out = stay
    no_show, stay_mode = flags
    day_use, day = today
    latest = np.full(USERS_A_PART, -1, np.int64)
    for i in range(states.size):
        bits = STAGE_CARTED | (CARTED if carted[i] <= day else 0) | _booking_state(booked[i], cancelled[i], day)
        end = check_out[i] if check_out[i] != NO_DATE else check_in[i]
        if bits & CONFIRMED:
            before = latest[users[i]]
            bits |= _confirmed_state(no_show[i], check_in[i], end, day) | LATEST | (FIRST if before < 0 else 0)
            if before >= 0:
                states[before] &= np.uint16(0xFFFF ^ LATEST)
            latest[users[i]] = i
        if check_in[i] <= day <= end and stay_mode[i] != day_use:
            bits |= IN_TRIP
        states[i] = np.uint16(bits)


@compiled
def put_stages(rows: Masks, checkout: Halves, failed: Halves, day: int, states: Halves) -> None:
    """The furthest stage reached by the day of the rows that came as far as checkout."""
    for s in range(rows.size):
        if failed[s] <= day:
            states[rows[s]] ^= np.uint16(STAGE_CARTED | STAGE_FAILED)
        elif checkout[s] <= day:
            states[rows[s]] ^= np.uint16(STAGE_CARTED | STAGE_CHECKOUT)


@compiled
def _happened(day: int, by: int) -> bool:
    return day != NO_DAY and day <= by


@compiled
def _booking_state(booked: int, cancelled: int, day: int) -> int:
    if not booked <= day:  # a date not said is later than any day
        return 0
    return BOOKED | (CANCELLED if cancelled <= day else CONFIRMED)


@compiled
def _confirmed_state(no_show: int, check_in: int, end: int, day: int) -> int:
    """What else is true of a confirmed booking."""
    bits = UPCOMING if check_in != NO_DATE and check_in > day else 0
    if no_show:
        return bits | (NO_SHOW if check_in <= day else 0)
    return bits | (COMPLETED if end <= day else 0)


@compiled
def put_left_hours(
    moments: tuple[Integers, Integers, Integers, Integers],
    start: int,
    ends: Masks,
    answers: tuple[Halves, Halves],
    now: tuple[int, int],
    hours: Integers,
) -> None:
    """Whole hours since the last touch of each cart left behind as of a minute; -1 of any other.

    `moments`: minutes carted, checkout, payment failed, removed; `answers`: the days each booking that may take the place was made
    and cancelled, those of cart c up to `ends[c]` and the first one's from `start`; `now`: the minute, the day.
    """
    carted, checkout, failed, removed = moments
    booked_day, cancelled_day = answers
    minute, day = now
    first = np.int64(start)
    for c in range(hours.size):
        hours[c] = -1
        before, first = first, np.int64(ends[c])
        if not _happened(carted[c], minute) or _happened(removed[c], minute):
            continue
        touched = _last_touch(carted[c], checkout[c], failed[c], minute)
        is_left = touched + LEFT_AFTER_MINUTES <= minute
        for a in range(before, first):
            is_left = is_left and not (booked_day[a] <= day and not cancelled_day[a] <= day)
        if is_left:
            hours[c] = (minute - touched) // 60


@compiled
def _last_touch(carted: int, checkout: int, failed: int, minute: int) -> int:
    touched = carted
    if _happened(checkout, minute):
        touched = max(touched, checkout)
    if _happened(failed, minute):
        touched = max(touched, failed)
    return touched
