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
NO_CODE = 255
NO_PLACE = 65_535
NO_NIGHTS = 65_535
NO_KINDS = 65_535


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


def _day(name: str) -> Stored:
    return _always(name, np.int32, 2**31 - 1, NO_DAY + 1)


def _krw(name: str) -> Stored:
    return _always(name, np.int64, 2**62, -(2**62))


_USER = _always("user", np.uint32, 2**32 - 2)
_PLACE = Stored("place", np.dtype(np.uint16), NO_PLACE, NO_PLACE - 1)
_LINE = _code("product_line", 63)  # lines are gathered as bits of one word

BEHAVIOR = (
    _USER,
    _day("day"),
    _always("count", np.int32, 2**31 - 1, 1),
    _LINE,
    _code("product_type"),
    _PLACE,
    _code("price_band"),
    _code("device", 30),  # devices are gathered as bits 0 to 30 of one mask
    _code("stay_mode"),
    _number("check_in"),
    Stored("nights", np.dtype(np.uint16), NO_NIGHTS, NO_NIGHTS - 1),
    _mask("party_mask", 16),
    _mask("theme_mask", 32),
)
"""A row of a behaviour log. Rows stand by (stretch, user, day)."""

STRETCH_DAYS = 28
"""Behaviour is kept in stretches of so many days (day number // 28), within each by user and day.

A window looks at its stretches only, and in each of them comes by the users in order: measured at 5 million users and 30 million
rows, all of time takes 44 ms so, 287 ms by (day, user), and 90 days take 10 ms so, 34 ms by (user, day).
"""

WISH = (*BEHAVIOR, _always("removed", np.uint8, 1), _day("done_day"))
"""A wish, or one undone: then `day` is the day of the wish and `done_day` the day it was undone."""

MOMENT_DAYS = ("carted", "checkout", "payment_failed", "booked", "paid", "cancelled", "refunded")
MOMENT_MINUTES = ("carted", "checkout", "payment_failed", "removed", "booked")

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
    *(_number(f"{name}_day") for name in MOMENT_DAYS),
    *(_number(f"{name}_minute") for name in MOMENT_MINUTES),
    _number("check_in"),
    _number("check_out"),
    _number("last_night"),
    _number("nights"),
    _always("no_show", np.uint8, 1),
    _krw("paid_krw"),
    _krw("refunded_krw"),
    _mask("product", 32),
)
"""A booking or cart. Rows stand by (user, booked moment, booking id). `product` numbers the products
within one user's rows, 0 = not said."""

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
    _USER,
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
    data, missing = np.ma.getdata(values), np.ma.getmaskarray(values)
    said = data[~missing]
    if said.size and not (column.least <= int(said.min()) and int(said.max()) <= column.most):
        raise EngineError(
            f"{column.name} holds {said.min()} to {said.max()}; the index stores {column.least} to {column.most}",
            fix="Correct the rows in the mart.",
        )
    if said.size < data.size and column.empty is None:
        raise EngineError(f"{column.name} is missing in some rows", fix="Correct the rows in the mart.")
    fits = data.astype(column.dtype)
    if column.empty is not None:
        fits[missing] = column.empty
    return fits
