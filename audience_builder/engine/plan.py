"""A condition made ready for an engine: defaults filled in, words looked up, windows turned into days.

The plan says *what* to compare in numbers and codes; how is each engine's own affair. `rule/meaning.py` does not read plans, so
a mistake here shows as a difference between meaning and every engine.
"""

from __future__ import annotations

from dataclasses import dataclass

from audience_builder.catalog.filter import Aggregate, Filter, Measure

Days = tuple[tuple[int, int], ...]
"""Sorted, disjoint ranges of day numbers, both ends in."""


@dataclass(frozen=True, slots=True)
class Between:
    """The number lies in [low, high]; None is an open end."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class DayIn:
    """The day lies in one of the ranges."""

    days: Days


@dataclass(frozen=True, slots=True)
class InCodes:
    """The option (one of the options) is one of these codes."""

    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class HasAll:
    """Every one of these sets shares an option with the user's options (a named group is one set)."""

    sets: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Only:
    """The user has at least one option and none outside these codes."""

    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Known:
    """There is a value."""


@dataclass(frozen=True, slots=True)
class Share:
    """The value is among the highest (or lowest) n percent of all active users' known values above zero; ties are in."""

    percent: int
    top: bool


ValueTest = Between | DayIn | InCodes | HasAll | Only | Known | Share


@dataclass(frozen=True, slots=True)
class CodeIn:
    """The row's code in `column` is one of these. Columns: place, product_line, product_type, stay_mode, price_band, device."""

    column: str
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class MaskAny:
    """The row's mask shares a bit with `mask`. Columns: theme_mask, party_mask, night_mask (kinds of the stay's nights)."""

    column: str
    mask: int


@dataclass(frozen=True, slots=True)
class NumberIn:
    """The row's number lies in [low, high]. Columns: nights, lead_days, left_hours (which also asks for `left`)."""

    column: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class CheckInIn:
    """Check-in lies in one of the ranges."""

    days: Days


@dataclass(frozen=True, slots=True)
class Touches:
    """Any night (check-in … last night; without nights the day itself) lies in one of the ranges."""

    days: Days


@dataclass(frozen=True, slots=True)
class Left:
    """The cart is left behind as of the moment."""


@dataclass(frozen=True, slots=True)
class StageIn:
    """The furthest stage reached by the day is one of these codes."""

    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Nth:
    """The row is the user's first (or latest) confirmed booking."""

    latest: bool


@dataclass(frozen=True, slots=True)
class Phase:
    """Check-in today or later; or, `in_trip`, check-in ≤ day ≤ check-out and not day use."""

    in_trip: bool


RowTest = CodeIn | MaskAny | NumberIn | CheckInIn | Touches | Left | StageIn | Nth | Phase


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of which table count.

    table: "behavior_daily" or "booking". kinds: event kinds (behaviour). Of `booking`: `statuses` (codes of BOOKING_STATUSES, any
    of them, as of the day; None = no such demand), `carted` / `booked` (that moment's day is at most the day).
    A row needs its line in `lines` or its type in `types` where either is given. `date`: day (behaviour), or of a booking
    carted, booked, paid, cancelled, check_in, check_out, stay (any night in the window; counted by check-in day).
    A row whose date is empty does not count, whatever the window. `wish_state`: any, removed, kept (wish rows only: the
    day of a WISH_REMOVED row is its `wished_on`, and it must have happened by the day).
    `has`/`lacks` speak of all rows that pass everything else. AVERAGE_SPEND sums by paid day and counts confirmed bookings by
    booked day, SPEND sums by paid day: neither asks `booked` or `statuses`.
    """

    table: str
    date: str
    days: Days
    kinds: frozenset[int] = frozenset()
    statuses: frozenset[int] | None = None
    carted: bool = False
    booked: bool = False
    lines: frozenset[int] = frozenset()
    types: frozenset[int] = frozenset()
    tests: tuple[RowTest, ...] = ()
    wish_state: str = "any"
    has: tuple[frozenset[int], ...] = ()
    lacks: frozenset[int] = frozenset()

    @property
    def needs_minute(self) -> bool:
        """Whether the answer depends on the time of day."""
        return any(
            isinstance(test, Left) or (isinstance(test, NumberIn) and test.column == "left_hours")
            for test in self.tests
        )


@dataclass(frozen=True, slots=True)
class Ask:
    """A condition made ready. The condition is true of an active user when `test` holds of the value, or, `negated`, does not.

    `day` is the day number of as_of, `minute` its whole minutes since 1970 where the answer depends on them, else 0. `cache_key` is
    equal for equal questions at the same as_of. `aggregate` and `column` are the measure's. `countries` (bits) narrows overseas
    intent (None = any), `night` asks for night consent, `statuses` the account status on record (None = any).
    """

    cache_key: str
    filter: Filter
    measure: Measure
    aggregate: Aggregate
    column: str
    test: ValueTest
    negated: bool
    day: int
    minute: int
    rows: Rows | None = None
    countries: int | None = None
    night: bool = False
    statuses: frozenset[int] | None = None
