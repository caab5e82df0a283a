"""The moment a question is about, and the place in a list where a page begins, as they are written over HTTP."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime, timedelta

import orjson

from audience_builder.clock import day_of, end_of_day
from audience_builder.errors import InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AS_OF_FIX = "Write a day (2026-10-01) or a time with its zone (2026-10-01T09:00:00+09:00)."


def moment_of(text: str | None, now: datetime) -> datetime | None:
    """The moment written: a time with its zone, or a day in Korea, meaning its end (of today: now). None stays None."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _time_of(text)
    try:
        return now if day == day_of(now) else end_of_day(day)
    except OverflowError:
        raise InputError(f"{text} is too far away", fix=_AS_OF_FIX) from None


def _time_of(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"as_of {text!r:.60} is no moment", fix=_AS_OF_FIX) from None
    raise InputError("as_of has no time zone", fix=_AS_OF_FIX)


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
