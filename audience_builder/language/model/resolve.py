"""What words a model pointed at mean: numbers, dates and options by the same lexicon and grammar the phrasebook reads with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from audience_builder.catalog.filter import Filter, Form, Kind, Measure, Property, Unit
from audience_builder.language.assemble import stay_of
from audience_builder.language.build import (
    COMPLEMENT,
    NotSaid,
    bands,
    compared,
    duration_limits,
    last,
    limits_of,
    range_of,
    window_node,
)
from audience_builder.language.build_people import option_compared
from audience_builder.language.clause_kinds import ALONE, HEADS, TIMES
from audience_builder.language.item import Item
from audience_builder.language.lattice import read_items
from audience_builder.language.lexicon import KIND_OF_LIST, edit_lexicon, lexicon
from audience_builder.language.phrasebook import language_of, normal
from audience_builder.language.quantity import QUANTITIES, Limits, with_comparisons
from audience_builder.language.values import VALUES, listed, without_fillers

Node = dict[str, Any]
ANCHORS: Final = (*HEADS, *VALUES, *ALONE, *QUANTITIES, *TIMES)
"""What a phrase has to hold at least one of to be evidence of anything."""

_DENIALS: Final = ("not", "none", "mark_no", "consent_refused")
_DENYING_WORDS: Final = ("never_booked", "absent", "long_absent")
_KINDS_OF_UNIT: Final[dict[Unit, tuple[str, ...]]] = {
    Unit.TIMES: ("count", "number"),
    Unit.LINES: ("count", "number"),
    Unit.DAYS: ("duration", "within", "behind"),
    Unit.KRW: ("money", "number"),
    Unit.YEARS: ("age", "number"),
    Unit.PERMILLE: ("percent",),
    Unit.TENTHS: ("times_of",),
}
_FACTOR: Final = {Unit.PERMILLE: 10, Unit.TENTHS: 10}
_RANGES: Final = {"nights": ("nights", "number"), "lead_days": ("duration", "number"), "left_hours": ("number",)}


class NotProven(Exception):  # noqa: N818 - told to the model as what is wrong, not to people
    """The words do not say what the model made of them; `where` is the field, `code` what is wrong with it."""

    def __init__(self, where: str, code: str) -> None:
        super().__init__(f"{where}: {code}")
        self.where = where
        self.code = code


@lru_cache(256)
def _read(text: str, as_of: date, edits: bool) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """The items of a text, one by one and as they belong together; conditions of one sentence share their words."""
    found = read_items(normal(text), edit_lexicon() if edits else lexicon(), as_of)
    together = with_comparisons(without_fillers(found), head_first=language_of(text) == "en")
    return tuple(found), tuple(listed(list(together)))


class Evidence:
    """A phrase of the sentence and what the lexicon reads in it."""

    def __init__(self, text: str, as_of: date, *, edits: bool = False) -> None:
        self.all, self.items = _read(text, as_of, edits)

    def has(self, *kinds: str) -> bool:
        """Whether a word in it can be of one of these kinds."""
        return any(item.has(*kinds) for item in self.items)

    def of(self, *kinds: str) -> list[Item]:
        """Its words that can be of one of these kinds, the more special kind first."""
        return next((found for kind in kinds if (found := [item for item in self.items if item.has(kind)])), [])

    @property
    def is_anchored(self) -> bool:
        """Whether anything in it could be asked for."""
        return self.has(*ANCHORS)

    @property
    def denies(self) -> bool:
        """Whether it says that something is not so (twice not is so)."""
        words = sum(item.has(*_DENIALS) for item in self.items)
        inside = sum(
            any(item.readings.get(kind) == "not" for kind in HEADS) or item.readings.get("vague") in _DENYING_WORDS
            for item in self.items
        )
        return (words + inside) % 2 == 1


def number(asked: Filter, measure: Measure, evidence: Evidence, operator: str) -> tuple[str, Any]:
    """The operator and value the words say; the model's operator counts only where they compare nothing."""
    share = evidence.of("percent")
    if share and evidence.has("top", "bottom"):
        percent = share[0].value("percent")
        if percent != int(percent) or not 1 <= percent <= 100:
            raise NotProven("value_evidence", "no_percentage")
        return ("top_percent" if evidence.has("top") else "bottom_percent"), int(percent)
    kinds = _KINDS_OF_UNIT.get(measure.unit, ())
    found = evidence.of(*kinds)
    if len(found) != 1:
        raise NotProven("value_evidence", "no_number" if not found else "several_numbers")
    item = found[0]
    kind = next(kind for kind in kinds if item.has(kind))
    try:
        said, value = compared(_limits(item, kind, measure.unit))
    except (NotSaid, ArithmeticError, TypeError):
        raise NotProven("value_evidence", "no_number") from None
    if not item.has("cmp", "within") and said == "=" and operator in ("=", "!=", ">=", ">", "<=", "<"):
        said = operator
    _refuse_everyone(asked, said, value)
    return said, value


def _limits(item: Item, kind: str, unit: Unit) -> Limits:
    if kind in ("duration", "within"):
        return duration_limits(item)
    if kind == "behind":
        return Limits(item.value("behind"), item.value("behind"))
    found = limits_of(item, kind)
    return found.scaled(_FACTOR[unit]) if unit in _FACTOR else found


def _refuse_everyone(asked: Filter, operator: str, value: Any) -> None:
    """A comparison nobody fails is no condition."""
    low = value[0] if isinstance(value, list) else value
    high = value[1] if isinstance(value, list) else value
    always = (
        (operator == ">=" and low <= 0)
        or (operator == ">" and low < 0)
        or (operator == "between" and low <= 0 and high >= 10**9)
    )
    if always and (asked.kind is not Kind.DAYS):
        raise NotProven("value_evidence", "everyone")


def window(evidence: Evidence, *, ahead: bool) -> tuple[Node, bool]:
    """The window the words name, and whether it is only 'recently'."""
    found = [item for item in evidence.items if item.has(*TIMES, "duration")]
    if len(found) > 1 and any(item.has("recent") for item in found):
        found = [item for item in found if not item.has("recent")]
    if len(found) != 1:
        raise NotProven("window_evidence", "no_date" if not found else "several_dates")
    item = found[0]
    if item.has(*TIMES):
        return window_node(item, ahead=ahead), item.has("recent")
    span = item.value("duration")
    return ({"type": "next", "n": span[0], "unit": span[1]} if ahead else last(span)), False


def options(kind_of: str, evidence: Evidence, values: Sequence[str], known: Sequence[str]) -> list[str]:
    """The options the words name; keys of the model's count only for lists that are never said in words."""
    kind = KIND_OF_LIST.get(kind_of)
    if kind is None:
        chosen = [key for key in values if key in known]
        if not chosen or len(chosen) != len(values) or not evidence.is_anchored:
            raise NotProven("values", "unknown_option")
        return chosen
    found = [key for item in evidence.items if item.has(kind) for key in item.value(kind) if key in known]
    if not found:
        raise NotProven("evidence", "no_option")
    return list(dict.fromkeys(found))


def places(evidence: Evidence) -> list[str]:
    """The places the words name."""
    found = [key for item in evidence.items if item.has("place") for key in item.value("place")]
    if not found:
        raise NotProven("evidence", "no_place")
    return list(dict.fromkeys(found))


def choice(asked: Filter, evidence: Evidence, operator: str, values: Sequence[str]) -> tuple[str, Any]:
    """The operator and options of a choice; an order's comparison is the words'."""
    if asked.places:
        return _membership(operator), places(evidence)
    assert asked.options is not None
    found = options(asked.options.name, evidence, values, asked.options.keys())
    if asked.kind is not Kind.ORDERED:
        return _membership(operator), found
    kind = KIND_OF_LIST[asked.options.name]
    limits = next((item.value("cmp") for item in evidence.items if item.has(kind) and item.has("cmp")), None)
    if isinstance(limits, Limits):
        return option_compared(limits)
    return ("=", found[0]) if len(found) == 1 else ("in", found)


def _membership(operator: str) -> str:
    return operator if operator in ("has_all", "only") else "in"


def days(evidence: Evidence, operator: str, when: Evidence | None, *, ahead: bool) -> tuple[str, Any]:
    """How long ago something was, or in which stretch of time it lies."""
    if operator in ("within", "not_within"):
        span, _ = window(when or evidence, ahead=ahead)
        return "within", span
    found = evidence.of("duration", "within", "behind", "days")
    if len(found) != 1:
        raise NotProven("value_evidence", "no_number" if not found else "several_numbers")
    item = found[0]
    if item.has("behind") and not item.has("cmp", "days"):
        return "=", item.value("behind")
    try:
        said, value = compared(duration_limits(item))
    except (NotSaid, TypeError):
        raise NotProven("value_evidence", "no_number") from None
    if not item.has("cmp", "within", "days") and operator in (">=", ">", "<=", "<", "="):
        said = operator
    return said, value


def constraint(prop: Property, evidence: Evidence, values: Sequence[str]) -> Any:
    """The value of a property the words name."""
    if prop.form is Form.PLACES:
        return places(evidence)
    if prop.form is Form.FLAG:
        if not evidence.is_anchored:
            raise NotProven("evidence", "no_option")
        return True
    if prop.form is Form.STAY:
        found = [item for item in evidence.items if item.has("season", "window", "within", "ahead")]
        if len(found) != 1:
            raise NotProven("evidence", "no_date")
        return stay_of(found[0])
    if prop.form is Form.RANGE:
        return _range(prop.key, evidence)
    assert prop.options is not None
    if prop.key == "price" and evidence.has("money"):
        found_bands = bands(limits_of(evidence.of("money")[0], "money"))
        if not found_bands:
            raise NotProven("evidence", "no_price_band")
        return found_bands
    return options(prop.options.name, evidence, values, prop.options.keys())


def _range(key: str, evidence: Evidence) -> Node:
    kinds = _RANGES.get(key, ("number",))
    found = evidence.of(*kinds)
    if len(found) != 1:
        raise NotProven("evidence", "no_number")
    kind = next(kind for kind in kinds if found[0].has(kind))
    limits = duration_limits(found[0]) if kind == "duration" else limits_of(found[0], kind)
    return range_of(limits)


def denied(operator: str, value: Any) -> tuple[str, Any]:
    """The opposite of a comparison; None where it takes a `not` around it."""
    return COMPLEMENT.get(operator, ""), value
