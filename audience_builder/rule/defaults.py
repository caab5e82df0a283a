"""What a condition means where it says nothing: its filter's first measure and default window."""

from __future__ import annotations

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Filter, Measure
from audience_builder.rule.tree import Condition
from audience_builder.rule.window import Ever, Future, Last, Window

_OPEN = {"ever": Ever(), "future": Future()}
_VIEWED_DAYS = 90


def filter_of(condition: Condition) -> Filter:
    """The condition's filter. Raises KeyError for one that was not checked."""
    return BY_KEY[condition.filter]


def measure_of(condition: Condition) -> Measure:
    """The measure the condition compares: the one it names, or its filter's first."""
    asked = filter_of(condition)
    if condition.measure is None:
        return asked.measures[0]
    found = asked.measure(condition.measure)
    if found is None:
        raise KeyError(condition.measure)
    return found


def is_viewed(condition: Condition) -> bool:
    """Whether it speaks of views where its filter knows both views and bookings."""
    return condition.properties.get("action") == ("viewed",)


def window_of(condition: Condition) -> Window | None:
    """The window the condition speaks of, its default where it names none; None where its filter has no window.

    Views default to 90 days and a trip under way to all check-ins so far (`product.md`, `vocabulary.md` §1).
    """
    asked = filter_of(condition)
    if condition.window is not None or asked.default_window is None:
        return condition.window
    if is_viewed(condition):
        return Last(n=_VIEWED_DAYS)
    if condition.properties.get("phase") == ("in_trip",):
        return Ever()
    kind, n = asked.default_window
    return _OPEN.get(kind) or Last(n=n)
