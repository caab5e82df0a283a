"""The moment a question is about, and the place in a list where a page begins, as they are written over HTTP."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from audience_builder.clock import day_of, end_of_day
from audience_builder.errors import InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2095, 12, 31, tzinfo=UTC)
"""Moments that can be asked about: windows around them stay within the years whose holidays are known."""

_AS_OF_FIX = "Write a day (2026-10-01) or a time with its zone (2026-10-01T09:00:00+09:00)."


def moment_of(text: str | None, now: datetime) -> datetime | None:
    """The moment written: a time with its zone, or a day in Korea, meaning its end (of today: now). None stays None."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
        moment = now if day == day_of(now) else end_of_day(day)
    except OverflowError:
        moment = None
    except ValueError:
        moment = _time_of(text)
    if moment is None or not FIRST <= moment <= LAST:
        raise InputError(f"nothing is known as of {text:.40}", fix=f"Ask about {FIRST.year} to {LAST.year}.")
    return moment


def _time_of(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"as_of {text!r:.60} is no moment", fix=_AS_OF_FIX) from None
    if moment.tzinfo is None:
        raise InputError("as_of has no time zone", fix=_AS_OF_FIX)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def cursor_of(rule_hash: str, as_of: datetime, after: int) -> str:
    """Where the next page of that rule, at that moment, begins."""
    words = [rule_hash[:16], (as_of - _EPOCH) // timedelta(microseconds=1), after]
    return base64.urlsafe_b64encode(orjson.dumps(words)).decode()


def page_of(cursor: str, rule_hash: str) -> tuple[datetime, int]:
    """The moment and the number a page begins after. Raises InputError for a cursor of another rule, or none of ours."""
    try:
        of_rule, micros, after = orjson.loads(base64.urlsafe_b64decode(cursor))
        as_of = _EPOCH + timedelta(microseconds=micros)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise InputError("this cursor is none of ours", fix="Begin without a cursor.") from None
    if of_rule != rule_hash[:16] or not isinstance(after, int):
        raise InputError("this cursor belongs to another rule", fix="Begin without a cursor.")
    return as_of, after


def list_cursor(sort: str, after: tuple[Any, str]) -> str:
    """Where the next page of a list in that order begins."""
    return base64.urlsafe_b64encode(orjson.dumps([sort, *after])).decode()


def list_place(cursor: str, sort: str) -> tuple[Any, str]:
    """The sort value and id a page begins after. Raises InputError for a cursor of another order, or none of ours."""
    try:
        of_sort, value, last = orjson.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError, binascii.Error):
        raise InputError("this cursor is none of ours", fix="Begin without a cursor.") from None
    if of_sort != sort or not isinstance(last, str) or not isinstance(value, str | int):
        raise InputError("this cursor belongs to another list", fix="Begin without a cursor.")
    return value, last
