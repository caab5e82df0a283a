"""Texts of a file as values of the mart, in SQL: what cannot be read becomes empty, and is refused by name later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from sqlglot import exp

from audience_builder.intake.map_file import ColumnSpec, ImportMap
from audience_builder.intake.target import CHOSEN, STATUS, Shape, Target
from audience_builder.intake.tree import (
    call,
    case,
    cast,
    col,
    empty,
    first_of,
    is_empty,
    is_said,
    number,
    text,
    try_cast,
)

TYPES: dict[Shape, str] = {
    Shape.ID: "VARCHAR",
    Shape.MOMENT: "TIMESTAMP",
    Shape.DATE: "DATE",
    Shape.BIRTH: "DATE",
    # Up to 18 digits DuckDB reads a number fifty times as fast as with more.
    Shape.MONEY: "DECIMAL(18, 6)",
    Shape.NUMBER: "DECIMAL(18, 3)",
    Shape.WHOLE: "INTEGER",
    Shape.OPTION: "INTEGER",
    Shape.MASK: "BIGINT",
    Shape.VERSION: "BIGINT",
}
BLANKS = " \t\r\n\u00a0\u3000\ufeff"
LARGEST_WHOLE = 10_000

_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_TIME = r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
_ISO = _DAY + "([ T]" + _TIME + ")?"
_ISO_ZONED = _DAY + "[ T]" + _TIME + r" ?([Zz]|[+-]\d{2}(:?\d{2})?)"
_WHOLE = r"[+-]?\d{1,9}(\.0+)?"
_VERSION = r"\d{1,18}"
_LATEST = "2101-01-01"
_EARLIEST = {Shape.MOMENT: "1990-01-01", Shape.DATE: "1990-01-01", Shape.BIRTH: "1900-01-01"}


@dataclass(frozen=True, slots=True)
class Given:
    """A mapped target: the column at `position` of the file, or a constant. `iso` = the file's own type is a date."""

    target: Target
    spec: ColumnSpec
    position: int | None
    iso: bool = False

    @property
    def said(self) -> exp.Column:
        """Its text."""
        return col("x_" + self.target.name)

    @property
    def value(self) -> exp.Column:
        """Its value."""
        return col("v_" + self.target.name)


@dataclass(frozen=True, slots=True)
class Writing:
    """How a source writes moments, dates and numbers."""

    zone: str
    moments: tuple[str, ...]
    dates: tuple[str, ...]
    decimal: str
    thousands: str

    @classmethod
    def of(cls, found: ImportMap) -> Writing:
        """As the map says."""
        time, money = found.time, found.money
        return cls(time.zone, tuple(time.formats), tuple(time.dates), money.decimal, money.thousands)

    def number_pattern(self) -> str:
        """What a number looks like."""
        sign, point = re.escape(self.thousands), re.escape(self.decimal)
        whole = r"(\d+|\d{1,3}(" + sign + r"\d{3})+)" if self.thousands else r"\d+"
        return "[+-]?" + whole + "(" + point + r"\d*)?([eE][+-]?\d{1,3})?"

    def read(self, given: Given) -> exp.Expr:
        """The value of a target that is no option, from its text; empty where it cannot be read."""
        said, shape, spec = given.said, given.target.shape, given.spec
        forms = ("iso",) if given.iso else tuple(spec.format)
        if shape is Shape.ID:
            return _id(said, spec)
        if shape in (Shape.MONEY, Shape.NUMBER):
            return self._number(said, TYPES[shape])
        if shape is Shape.WHOLE:
            digits = call("regexp_replace", said, text(r"\.0+$"), text(""))
            return try_cast(case((_matches(said, _WHOLE), digits)), "INTEGER")
        if shape is Shape.VERSION:
            moment = call("epoch_us", self.moment(said, forms or self.moments))
            return case((_matches(said, _VERSION), try_cast(said, "BIGINT")), otherwise=moment)
        if shape is Shape.MOMENT:
            return self.moment(said, forms or self.moments)
        return self.date(said, forms or self.dates)

    def _number(self, said: exp.Expr, type_: str) -> exp.Expr:
        plain = call("replace", said, text(self.thousands), text("")) if self.thousands else said
        plain = plain if self.decimal == "." else call("replace", plain, text(self.decimal), text("."))
        return case((_matches(said, self.number_pattern()), try_cast(plain, type_)))

    def moment(self, said: exp.Expr, forms: Iterable[str]) -> exp.Expr:
        """A moment in UTC: of the first format that fits."""
        return first_of(*(self._moment(said, form) for form in forms), empty("TIMESTAMP"))

    def _moment(self, said: exp.Expr, form: str) -> exp.Expr:
        if form == "iso":
            zoned = call("regexp_replace", said, text(r"([+-]\d{2})(\d{2})$"), text(r"\1:\2"))
            return case(
                (_matches(said, _ISO), self._to_utc(try_cast(said, "TIMESTAMP"))),
                (_matches(said, _ISO_ZONED), _naive_utc(try_cast(zoned, "TIMESTAMPTZ"))),
            )
        if form in _UNIX:
            pattern, micros = _UNIX[form]
            return case((_matches(said, pattern), call("make_timestamp", try_cast(said, "BIGINT") * number(micros))))
        parsed = call("try_strptime", said, text(form))
        return _naive_utc(parsed) if "%z" in form else self._to_utc(parsed)

    def date(self, said: exp.Expr, forms: Iterable[str]) -> exp.Expr:
        """A day as it is written: of the first format that fits."""
        return first_of(*(self._date(said, form) for form in forms), empty("DATE"))

    def _date(self, said: exp.Expr, form: str) -> exp.Expr:
        if form == "iso":
            day = call("regexp_extract", said, text(_DAY))
            return case((exp.or_(_matches(said, _ISO), _matches(said, _ISO_ZONED)), try_cast(day, "DATE")))
        if form in _UNIX or "%z" in form:
            there = call("timezone", text(self.zone), call("timezone", text("UTC"), self._moment(said, form)))
            return cast(there, "DATE")
        return cast(call("try_strptime", said, text(form)), "DATE")

    def _to_utc(self, local: exp.Expr) -> exp.Expr:
        if self.zone == "UTC":
            return local
        return _naive_utc(call("timezone", text(self.zone), local))


_UNIX = {"unix": (r"\d{9,10}", 1_000_000), "unix_ms": (r"\d{12,13}", 1_000)}


def _naive_utc(moment: exp.Expr) -> exp.Expr:
    return call("timezone", text("UTC"), moment)


def _matches(said: exp.Expr, pattern: str) -> exp.Expr:
    return call("regexp_full_match", said, text(pattern))


def _id(said: exp.Expr, spec: ColumnSpec) -> exp.Expr:
    plain = call("regexp_replace", said, text(r"^(\d+)\.0+$"), text(r"\1")) if spec.whole_number else said
    return exp.DPipe(this=text(spec.prefix), expression=plain) if spec.prefix else plain


# --- texts and options ----------------------------------------------------------------------------------------------------


def trimmed(value: exp.Expr, empties: Iterable[str]) -> exp.Expr:
    """A text without blanks around it; empty where nothing stands there or a word for nothing."""
    plain = call("trim", value, text(BLANKS))
    nothing = ["", *empties]
    return reduce(lambda found, word: call("nullif", found, text(word)), nothing, plain)


def normalised(said: exp.Expr) -> exp.Expr:
    """A text as options are compared: `vocabulary.normal` in SQL."""
    return call("lower", call("nfc_normalize", said))


def option_value(given: Given, otherwise: int | None) -> exp.Expr:
    """The code of an option, looked up in its words (`w_…`); `otherwise` for a text that is none of them."""
    word = "w_" + given.target.name
    code = call("nullif", col("code", word), number(-1))
    other = empty("INTEGER") if otherwise is None else cast(number(otherwise), "INTEGER")
    # A status that is empty is one that is not named; any other empty value is not known.
    unnamed = other if given.target is STATUS else case((is_said(given.said), other))
    value = case((is_said(col("said", word)), code), otherwise=unnamed)
    return cast(value, TYPES[given.target.shape])


def is_unknown(given: Given, *, any_is_fine: bool) -> exp.Expr:
    """Whether a text is no option and the map does not say what to make of it."""
    word = "w_" + given.target.name
    refused = exp.Not(this=col("known", word))
    other = exp.false() if any_is_fine else exp.true()
    return exp.and_(is_said(given.said), case((is_said(col("said", word)), refused), otherwise=other))


def unmapped(target: Target) -> exp.Expr:
    """The value of a target that the map does not name."""
    return empty(TYPES[target.shape])


def unread(given: Given) -> exp.Expr:
    """Whether a text stands there that gave no value."""
    return exp.and_(is_said(given.said), is_empty(given.value))


def values_read(givens: Iterable[Given], writing: Writing) -> Iterator[exp.Expr]:
    """The values `r_…` of all targets that are no options, as far as their texts can be read."""
    for given in givens:
        if given.target.shape not in CHOSEN:
            yield writing.read(given).as_("r_" + given.target.name, quoted=True)


def values_bounded(givens: Iterable[Given]) -> Iterator[exp.Expr]:
    """The values `v_…`: of those read, the ones that can be true."""
    for given in givens:
        if given.target.shape not in CHOSEN:
            yield _bounded(col("r_" + given.target.name), given.target.shape).as_("v_" + given.target.name, quoted=True)


def _bounded(value: exp.Expr, shape: Shape) -> exp.Expr:
    type_ = TYPES[shape]
    if shape in _EARLIEST:
        lowest, beyond = cast(text(_EARLIEST[shape]), type_), cast(text(_LATEST), type_)
    elif shape is Shape.WHOLE:
        lowest, beyond = number(-LARGEST_WHOLE), number(LARGEST_WHOLE + 1)
    else:
        return value
    is_within = exp.and_(exp.GTE(this=value, expression=lowest), exp.LT(this=value, expression=beyond))
    return case((is_within, value))
