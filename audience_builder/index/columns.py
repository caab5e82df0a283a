"""What the index stores of each row, column by column, and how "not said" is written. Declared once; build and engine derive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array
from audience_builder.mart.tables import EventKind

Columns = Mapping[str, Array]
"""Columns by name; masked arrays where something may not be said."""

NO_DAY = -(2**31)
"""A date, minute or number that was not said. No window reaches so far back.

Compiled loops hold these constants: where one changes, the kernels' modules must change too, or an old loop is read from the disk.
"""
NO_DATE = 65_535
"""A date of a row that was not said: dates of rows are day numbers from 1970 to 2149 in two bytes."""
NO_MOMENT = 2**63 - 1
"""A moment (microseconds since 1970) of what never happened."""
NO_CODE = 255
NO_PLACE = 65_535
NO_NIGHTS = -(2**15)
NO_KINDS = 65_535

USERS_A_PART = 65_536
"""A log stands by parts of so many users: within one, two bytes name a user, and sums over its rows stay in a core's cache."""

STRETCH_DAYS = 28
"""Within a part rows stand by stretches of so many days (day number // 28): a window looks at its stretches only."""

MOST_A_ROW = 255
"""Events a behaviour row holds at most; more of them are several rows, which sum to the same."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One column: its type, what stands for "not said" (None where something always is), and what it may hold."""

    name: str
    dtype: np.dtype[Any]
    empty: int | None
    most: int
    least: int = 0


def _code(name: str, most: int = NO_CODE - 1) -> Stored:
    return Stored(name, np.dtype(np.uint8), NO_CODE, most)


def _number(name: str) -> Stored:
    return Stored(name, np.dtype(np.int32), NO_DAY, 2**31 - 1, NO_DAY + 1)


def _mask(name: str, bits: int) -> Stored:
    return Stored(name, np.dtype(f"u{bits // 8}"), 0, 2**bits - 1)


def _always(name: str, dtype: type[np.generic], most: int, least: int = 0) -> Stored:
    return Stored(name, np.dtype(dtype), None, most, least)


def _date(name: str) -> Stored:
    return Stored(name, np.dtype(np.uint16), NO_DATE, NO_DATE - 1)


def _krw(name: str) -> Stored:
    return _always(name, np.int64, 2**62, -(2**62))


NARROW = np.dtype(np.int32)
"""Money is stored in half the room where every amount fits."""


_USER = _always("user", np.uint16, USERS_A_PART - 1)
_PLACE = Stored("place", np.dtype(np.uint16), NO_PLACE, NO_PLACE - 1)
_LINE = _code("product_line", 63)  # lines are gathered as bits of one word
_NIGHTS = Stored("nights", np.dtype(np.int16), NO_NIGHTS, 2**15 - 1, NO_NIGHTS + 1)

BEHAVIOR = (
    _USER,
    Stored("day", np.dtype(np.uint16), None, NO_DATE - 1),
    _always("count", np.uint8, MOST_A_ROW, 1),
    _LINE,
    _code("product_type"),
    _PLACE,
    _code("price_band"),
    _code("device", 30),  # devices are gathered as bits 0 to 30 of one mask
    _code("stay_mode"),
    _date("check_in"),
    _NIGHTS,
    _mask("party_mask", 16),
    _mask("theme_mask", 32),
)
"""A row of a behaviour log. Rows stand by (part, stretch, user, day); `user` is the number within the part."""

WISH = (*BEHAVIOR, _always("removed", np.uint8, 1), Stored("done_day", np.dtype(np.uint16), None, NO_DATE - 1))
"""A wish, or one undone: then `day` is the day of the wish and `done_day` the day it was undone."""

BOOKING = (
    _USER,
    _LINE,
    _code("product_type"),
    _PLACE,
    _code("stay_mode"),
    _code("price_band"),
    _mask("party_mask", 16),
    _mask("theme_mask", 32),
    _mask("night_mask", 16),
    *(_date(f"{name}_day") for name in ("carted", "booked", "paid", "cancelled", "refunded")),
    _date("check_in"),
    _date("check_out"),
    _NIGHTS,
    _always("no_show", np.uint8, 1),
    _krw("paid_krw"),
    _krw("refunded_krw"),
)
"""A booking or cart. Rows stand by (part, stretch of the booked, else the carted day, user, booked moment, booking id)."""

CART_MINUTES = ("carted", "checkout", "payment_failed", "removed")

MOMENTS = (*CART_MINUTES, "booked", "paid", "cancelled", "refunded")
"""What may happen to a booking or cart; `<name>_at` is when, to the microsecond."""

STAGE = (_always("row", np.uint32, 2**32 - 1), _date("checkout_day"), _date("payment_failed_day"))
"""Of rows that came as far as checkout: their row of the booking log and the days they did."""

CART = (
    _always("row", np.uint32, 2**32 - 1),
    *(_number(f"{name}_minute") for name in CART_MINUTES),
    _always("answers", np.uint32, 2**32 - 1),
)
"""The carts that may ever stand left behind, by their row of the booking log: the minutes (since 1970) of what happened to each.
The bookings that may answer cart c are rows `answers[c - 1]` (0 for the first) to `answers[c]` of ANSWER."""

ANSWER = (_date("booked_day"), _date("cancelled_day"))
"""A booking made after a cart that takes its place: of the same product, or at the same place over the same nights."""

DATES: dict[str, tuple[str, ...]] = {
    "booking": ("carted_day", "booked_day", "paid_day", "cancelled_day", "check_in", "check_out"),
    **dict.fromkeys(("session", "search", "view", "wish"), ("day",)),
}
"""The dates of each log by which a window may choose stretches."""

PROFILE = (
    _always("status", np.uint8, 254),
    _number("born_on"),
    _code("gender"),
    _code("tier"),
    Stored("activity_region", np.dtype(np.uint16), NO_PLACE, NO_PLACE - 1),
    _code("life_stage"),
    _number("signed_up_day"),
)
"""The profile that holds now, one value a user; status 0 = no such user."""

CONSENTS = ("marketing_use", "push", "email", "sms", "kakao", "push_night", "sms_night", "kakao_night")
"""The dated consents, in the order of their rows of bits."""

LATE_CONSENTS = (
    _always("user", np.uint32, 2**32 - 2),
    _always("consent", np.uint8, len(CONSENTS) - 1),
    _always("moment", np.int64, 2**62, -(2**62)),
)
"""Consents given after the newest profile version began (moment in microseconds since 1970): they count from then on."""

TRAIT = (
    _number("payment_cycle_days"),
    _number("elapsed_tenths"),
    _number("lead_time_days"),
    Stored("preferred_nights", np.dtype(np.uint16), NO_KINDS, NO_KINDS - 1),
    _mask("intent_weak", 64),
    _mask("intent_clear", 64),
    _mask("intent_imminent", 64),
    _mask("visited", 8),
)
"""The traits, one value a user."""

BEHAVIOR_LOGS: dict[str, frozenset[int]] = {
    "session": frozenset({EventKind.SESSION}),
    "search": frozenset({EventKind.SEARCH}),
    "view": frozenset({EventKind.VIEW}),
    "wish": frozenset({EventKind.WISH, EventKind.WISH_REMOVED}),
}
"""Which event kinds each behaviour log holds."""

LOGS: dict[str, tuple[Stored, ...]] = {
    "session": BEHAVIOR,
    "search": BEHAVIOR,
    "view": BEHAVIOR,
    "wish": WISH,
    "booking": BOOKING,
}


def fitted(values: Array, column: Stored) -> Array:
    """The values as the index stores them. Raises EngineError for one that is missing or does not fit: no other may stand for it."""
    data, missing = np.ma.getdata(values), np.ma.getmask(values)
    gaps = missing is not np.ma.nomask and bool(missing.any())
    least = data.dtype.type(max(column.least, np.iinfo(data.dtype).min))
    said = np.where(missing, least, data) if gaps else data
    if said.size and not (column.least <= int(said.min()) and int(said.max()) <= column.most):
        told = data[~missing] if gaps else data
        raise EngineError(
            f"{column.name} holds {told.min()} to {told.max()}; the index stores {column.least} to {column.most}",
            fix="Correct the rows in the mart.",
        )
    if not gaps:
        return data.astype(column.dtype)
    if column.empty is None:
        raise EngineError(f"{column.name} is missing in some rows", fix="Correct the rows in the mart.")
    fits = said.astype(column.dtype)
    fits[missing] = column.empty
    return fits


def parts_for(users: int) -> int:
    """Into how many parts so many user numbers fall."""
    return (users + USERS_A_PART - 1) // USERS_A_PART


TABLES: dict[str, tuple[Stored, ...]] = {"stage": STAGE, "cart": CART, "answer": ANSWER}
"""What is said of some rows of the booking log only."""

LEFT_AFTER_MINUTES = 60
"""A cart is left behind when nothing has happened to it for so long."""

SEOUL_MINUTES = 9 * 60
"""How far Korea is ahead of UTC."""
