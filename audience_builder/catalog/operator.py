"""How a value is compared, and the kinds of window: the closed words that catalog and rule share."""

from __future__ import annotations

from enum import StrEnum


class Operator(StrEnum):
    """How a user's value is compared. A positive form is false where the value is unknown; a negative form is its complement."""

    EQ = "="
    NE = "!="
    GE = ">="
    GT = ">"
    LE = "<="
    LT = "<"
    BETWEEN = "between"
    IN = "in"
    NOT_IN = "not_in"
    HAS_ALL = "has_all"
    ONLY = "only"
    WITHIN = "within"
    NOT_WITHIN = "not_within"
    TOP_PERCENT = "top_percent"
    BOTTOM_PERCENT = "bottom_percent"
    KNOWN = "known"
    UNKNOWN = "unknown"


POSITIVE_OF: dict[Operator, Operator] = {
    Operator.NE: Operator.EQ,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_WITHIN: Operator.WITHIN,
    Operator.UNKNOWN: Operator.KNOWN,
}
"""Every negative operator and the positive one whose exact complement it is."""


class WindowKind(StrEnum):
    """The shapes a span of time can take (`rule/window.py` has their fields)."""

    LAST = "last"
    NEXT = "next"
    DAYS = "days"
    CALENDAR = "calendar"
    NAMED = "named"
    BETWEEN = "between"
    EVER = "ever"
    FUTURE = "future"


PAST_WINDOWS = frozenset(WindowKind) - {WindowKind.NEXT, WindowKind.FUTURE}
ALL_WINDOWS = frozenset(WindowKind)
