"""What a filter is: one declaration from which form, sentence, SQL, index and docs derive.

A filter asks for a *value* of each user (a number, a date, an option or several) and compares it. Where the value comes from is
said by its measures: a profile column, an aggregate over fact rows, or a trait. Which rows count is said by its facts and, in a
rule, by its properties. Nothing here computes: `rule/meaning.py` says what each word means, the engines translate it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from audience_builder.catalog.operator import Operator, WindowKind
from audience_builder.catalog.option import OptionList


class Kind(StrEnum):
    """What kind of value a filter compares."""

    EVENTS = "events"
    DAYS = "days"
    NUMBER = "number"
    CHOICE = "choice"
    ORDERED = "ordered"
    CHOICES = "choices"


class Category(StrEnum):
    """The four shelves of the catalog."""

    BEHAVIORAL = "behavioral"
    TRANSACTIONAL = "transactional"
    PROFILE = "profile"
    CROSS_SELL = "cross_sell"


class Unit(StrEnum):
    """What one step of a number is. Every value is an integer."""

    TIMES = "times"
    DAYS = "days"
    KRW = "krw"
    YEARS = "years"
    PERMILLE = "permille"
    TENTHS = "tenths"
    LINES = "lines"
    OPTION = "option"


class Aggregate(StrEnum):
    """How a measure becomes a value of one user. Each engine has one translation of each."""

    COUNT = "count"  # how many events or bookings; 0 where there are none
    DISTINCT_DAYS = "distinct_days"  # on how many different days; 0 where there are none
    LATEST = "latest"  # days since the latest one; unknown where there is none
    SPEND = "spend"  # KRW paid minus refunded, by paid day; 0 where there is none
    AVERAGE_SPEND = "average_spend"  # spend ÷ confirmed bookings; unknown without a booking
    CANCEL_RATE = "cancel_rate"  # permille of those booked in the window, since cancelled; unknown without one
    DISTINCT_LINES = "distinct_lines"  # on how many product lines; 0 where there are none
    OPTIONS_SEEN = "options_seen"  # which options its rows carry; unknown where there is no row
    PROFILE = "profile"  # a column of user_profile
    CONSENTS = "consents"  # the channels consented to; never unknown: no record is no consent
    AGE = "age"  # full years (만 나이) since born_on
    SINCE = "since"  # days since a profile moment
    TRAIT = "trait"  # a column of user_trait


class RowState(StrEnum):
    """Which rows of `booking` a filter looks at, as of a day."""

    CARTED = "carted"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Test(StrEnum):
    """What a property asks of a row (or, for the last three, of the user). Each engine has one translation of each."""

    PLACE = "place"
    LINE = "line"
    TYPE = "type"
    MODE = "mode"
    THEME = "theme"
    PARTY = "party"
    PRICE = "price"
    DEVICE = "device"
    NIGHTS = "nights"
    LEAD = "lead"
    STAY = "stay"
    NIGHT_KIND = "night_kind"
    STATUS = "status"
    BASIS = "basis"
    NTH = "nth"
    STAGE = "stage"
    LEFT = "left"
    LEFT_HOURS = "left_hours"
    WISH_STATE = "wish_state"
    ACTION = "action"
    PHASE = "phase"
    HAS = "has"
    LACKS = "lacks"
    DESTINATION = "destination"
    CONSENT_NIGHT = "consent_night"
    ACCOUNT_STATUS = "account_status"


class Form(StrEnum):
    """How a property's value is written in a rule."""

    OPTIONS = "options"  # a list of option keys: any of them
    PLACES = "places"  # a list of place keys: any of them
    RANGE = "range"  # {"min": n, "max": n}, either may be left out
    STAY = "stay"  # {"relation": "in" | "touches", "window": …}
    FLAG = "flag"  # true


FORMS: dict[Test, Form] = {
    **dict.fromkeys(Test, Form.OPTIONS),
    **dict.fromkeys((Test.PLACE, Test.DESTINATION), Form.PLACES),
    **dict.fromkeys((Test.NIGHTS, Test.LEAD, Test.LEFT_HOURS), Form.RANGE),
    Test.STAY: Form.STAY,
    **dict.fromkeys((Test.LEFT, Test.CONSENT_NIGHT), Form.FLAG),
}


@dataclass(frozen=True, slots=True)
class Property:
    """A constraint on the rows of a condition: several hold of one and the same row."""

    key: str
    ko: str
    en: str
    test: Test
    options: OptionList | None = None
    synonyms: tuple[str, ...] = ()
    one: bool = False  # takes exactly one option
    meaning: str = ""

    @property
    def form(self) -> Form:
        """How its value is written."""
        return FORMS[self.test]


@dataclass(frozen=True, slots=True)
class NotYet:
    """A property, measure or option that is named but cannot be used, and why."""

    key: str
    ko: str
    en: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows a filter counts: of one table, and within it only these kinds, lines, types and states.

    Where both `lines` and `types` are given a row needs one of the two. `date` names the day a window speaks of.
    """

    table: str
    date: str
    kinds: tuple[str, ...] = ()
    state: RowState | None = None
    lines: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One number (or set) a filter can compare; a filter's first measure is its default."""

    key: str
    ko: str
    en: str
    unit: Unit
    aggregate: Aggregate
    column: str = ""
    unknown: str = ""  # when it is unknown, in words; empty where it never is

    @property
    def can_be_unknown(self) -> bool:
        """Whether a user can have no value."""
        return bool(self.unknown)


@dataclass(frozen=True, slots=True)
class Cut:
    """One line of a filter's facet: an option's label and the condition that counts it."""

    key: str
    ko: str
    en: str
    operator: Operator
    value: object = None
    measure: str = ""
    properties: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """One of the questions. Declared once; everything else derives from it."""

    key: str
    category: Category
    ko: str
    en: str
    kind: Kind
    asks_ko: str
    asks_en: str
    measures: tuple[Measure, ...]
    facts: Facts | None = None
    viewed: Facts | None = None  # the rows of `action=viewed`, for filters that know both
    properties: tuple[Property, ...] = ()
    options: OptionList | None = None
    places: bool = False  # its options are the places of the domestic tree
    windows: frozenset[WindowKind] = frozenset()
    default_window: tuple[str, int] | None = None  # ("last", 90), ("ever", 0), ("future", 0)
    cuts: tuple[Cut, ...] = ()
    synonyms: tuple[str, ...] = ()
    notyet: tuple[NotYet, ...] = ()
    notes: str = ""
    sensitive: bool = False
    _properties: dict[str, Property] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_properties", {entry.key: entry for entry in self.properties})

    def property_named(self, key: str) -> Property | None:
        """The property of that key, or None."""
        return self._properties.get(key)

    def measure(self, key: str) -> Measure | None:
        """The measure of that key, or None."""
        return next((entry for entry in self.measures if entry.key == key), None)

    @property
    def operators(self) -> tuple[Operator, ...]:
        """What its value can be compared with."""
        return OPERATORS[self.kind]


_ORDER = (Operator.EQ, Operator.NE, Operator.GE, Operator.GT, Operator.LE, Operator.LT, Operator.BETWEEN)
_KNOWING = (Operator.KNOWN, Operator.UNKNOWN)
_SHARE = (Operator.TOP_PERCENT, Operator.BOTTOM_PERCENT)
_MEMBERSHIP = (Operator.IN, Operator.NOT_IN)

OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.EVENTS: _ORDER + _SHARE + _KNOWING,
    Kind.NUMBER: _ORDER + _SHARE + _KNOWING,
    Kind.DAYS: (*_ORDER, Operator.WITHIN, Operator.NOT_WITHIN, *_KNOWING),
    Kind.CHOICE: _MEMBERSHIP + _KNOWING,
    Kind.ORDERED: _ORDER + _MEMBERSHIP + _KNOWING,
    Kind.CHOICES: (*_MEMBERSHIP, Operator.HAS_ALL, Operator.ONLY, *_KNOWING),
}
