"""One condition in words: when, what, which noun, and how it is compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from audience_builder.catalog.filter import Filter, Form, Kind, Measure, Property, Unit
from audience_builder.catalog.phrases import STAYS, Head, head_of, said_of
from audience_builder.rule.defaults import filter_of, measure_of, window_of
from audience_builder.rule.tree import Condition, PropertyValue, Range, Stay
from audience_builder.rule.window import Calendar, Days, Future, Last, Named, Next, Window
from audience_builder.rule.words_korean import ENDINGS, PARTICLES, Ending, particle
from audience_builder.rule.words_number import Language, said_number
from audience_builder.rule.words_options import Labels, option_labels, place_labels
from audience_builder.rule.words_tables import JOINING, tail_of
from audience_builder.rule.words_text import Text, joined
from audience_builder.rule.words_window import said_window

ACTION: Final = "action"
COUNTED: Final = (Unit.TIMES, Unit.DAYS)
_SLOT: Final = re.compile(r"\{([^}]+)\}")


def clause(condition: Condition, language: Language, ending: Ending = Ending.PLAIN) -> Text:
    """The condition in words; in Korean with the ending its place in the sentence asks for."""
    asked, measure = filter_of(condition), measure_of(condition)
    viewed = condition.properties.get(ACTION) == ("viewed",)
    head = head_of(asked, measure, "viewed" if viewed else "")
    tail = tail_of(asked.key, condition.operator, condition.value if measure.unit in COUNTED else None, language)
    noun = Text(_noun(head, condition, language)).marked(condition.id, "head") if tail.head else Text()
    rest = _rest(condition, asked, language)
    before = _filled(tail.before, condition, language, head, ending, "")
    said = joined(" ", [*rest, noun]) if language == "ko" and tail.head else before + noun
    if language == "ko" and not tail.head:
        said = joined(" ", [*rest, Text()])
    if language == "en":
        said = joined(" ", [said, *rest])
    return (said + _filled(tail.behind, condition, language, head, ending, said.text)).marked(condition.id)


def _noun(head: Head, condition: Condition, language: Language) -> str:
    if language == "ko":
        return head.ko
    return head.one if head.one and condition.value == 1 else head.en


def _rest(condition: Condition, asked: Filter, language: Language) -> list[Text]:
    """When and what, in the order of the language: Korean says when first, English last."""
    what = [
        Text(said_property(prop, condition.properties[prop.key], language)).marked(condition.id, prop.key)
        for prop in asked.properties
        if prop.key in condition.properties and prop.key != ACTION
    ]
    window = _told_window(condition)
    when = [] if window is None else [Text(_when(window, language)).marked(condition.id, "window")]
    return [*when, *what] if language == "ko" else [*what, *when]


def _told_window(condition: Condition) -> Window | None:
    """The window worth saying: a trip ahead is ahead without a word."""
    window = window_of(condition)
    if isinstance(window, Future) and window == window_of(condition.model_copy(update={"window": None})):
        return None
    return window


def _when(window: Window, language: Language) -> str:
    said = said_window(window, language)
    if language == "en":
        return said
    if isinstance(window, Last | Next):
        return f"{said}간"
    is_stretch = (isinstance(window, Named) and window.start is None) or (
        isinstance(window, Days) and window.start == window.end
    )
    is_unit = isinstance(window, Calendar) and window.unit != "day"
    return f"{said}에" if is_stretch or is_unit else said


# --- properties ---------------------------------------------------------------------------------------------------------


def labels_of(entry: Filter | Property, language: Language) -> Labels:
    """The labels of what a filter or property can be: its options, or places."""
    return place_labels(language) if entry.options is None else option_labels(entry.options, language)


def said_property(prop: Property, value: PropertyValue, language: Language) -> str:
    """A property with its value as a modifier."""
    return _PROPERTY[prop.form](prop, value, language)


def _said_options(prop: Property, value: PropertyValue, language: Language) -> str:
    said, joining = said_of(prop), JOINING[language]
    labels = labels_of(prop, language)
    words = [labels.of_key[key] for key in cast("tuple[str, ...]", value)]
    return getattr(said, language).format((joining.all_of if said.all_of else joining.any_of).join(words))


def _said_range(prop: Property, value: PropertyValue, language: Language) -> str:
    asked = cast(Range, value)
    template = str(getattr(said_of(prop), language))
    low, high = asked.min, asked.max
    if language == "en":
        between = f"{low}" if low == high else f"{low} to {high}"
        return template.format(f"{low} or more" if high is None else f"up to {high}" if low is None else between)
    if low is not None and high is not None:
        return template.format(low if low == high else f"{low}~{high}")
    return template.format(high if low is None else low) + (" 이하" if low is None else " 이상")


def _said_stay(prop: Property, value: PropertyValue, language: Language) -> str:
    asked = cast(Stay, value)
    said = STAYS[asked.relation].get(prop.key) or said_of(prop)
    return getattr(said, language).format(said_window(asked.window, language))


def _said_flag(prop: Property, value: PropertyValue, language: Language) -> str:
    del value
    return str(getattr(said_of(prop), language))


_PROPERTY: Final[Mapping[Form, Callable[[Property, PropertyValue, Language], str]]] = {
    Form.OPTIONS: _said_options,
    Form.PLACES: _said_options,
    Form.RANGE: _said_range,
    Form.STAY: _said_stay,
    Form.FLAG: _said_flag,
}

# --- the comparison -----------------------------------------------------------------------------------------------------


def _filled(template: str, condition: Condition, language: Language, head: Head, ending: Ending, so_far: str) -> Text:
    """A template with its slots filled; what has been said decides particles."""
    said = Text()
    for index, piece in enumerate(_SLOT.split(template)):
        if index % 2 == 0:
            said = said + piece
        elif piece in PARTICLES:
            said = said + particle(piece, so_far + said.text)
        elif piece in ENDINGS:
            said = said + ENDINGS[piece][ending]
        else:
            said = said + Text(_value(piece, condition, language, head)).marked(condition.id, "value")
    return said


def _value(slot: str, condition: Condition, language: Language, head: Head) -> str:
    value: Any = condition.value
    match slot:
        case "v":
            return _one(value, condition, language, head)
        case "a" | "b":
            return _one(value["ab".index(slot)], condition, language, head)
        case "w":
            return said_window(value, language) + (
                " 이내" if language == "ko" and isinstance(value, Last | Next) else ""
            )
        case "os" | "all":
            joining = JOINING[language]
            labels = labels_of(filter_of(condition), language)
            return (joining.any_of if slot == "os" else joining.all_of).join(labels.of_key[key] for key in value)
        case "o":
            return labels_of(filter_of(condition), language).of_key[value]
        case _:
            return str(value)


def _one(value: Any, condition: Condition, language: Language, head: Head) -> str:
    """A number with its unit, or an option by its label."""
    if isinstance(value, str):
        return labels_of(filter_of(condition), language).of_key[value]
    return said_number(value, *number_words(filter_of(condition), measure_of(condition), head, language))


def number_words(asked: Filter, measure: Measure, head: Head, language: Language) -> tuple[Unit, Language, str]:
    """How a number of a measure is said: its unit, the language, and the Korean counting word where something is counted."""
    if language == "en":
        return counted_unit(asked, measure.unit), language, ""
    is_counted = asked.kind is Kind.EVENTS and measure.unit in COUNTED
    return measure.unit, language, head.counter if is_counted else ""


def counted_unit(asked: Filter, unit: Unit) -> Unit:
    """The unit a number is said with in English: what is counted is named by the noun behind the number."""
    return Unit.TIMES if asked.kind is Kind.EVENTS and unit is Unit.DAYS else unit
