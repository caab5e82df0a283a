"""What a model is told: its task, every filter of the catalog, and the sentence as data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Form
from audience_builder.language.lexicon import KIND_OF_LIST
from audience_builder.language.model.port import Asked
from audience_builder.language.model.schema import schema


@cache
def instruction() -> str:
    """The task and all filters, the same for every sentence."""
    task = (files("audience_builder.language.model") / "instruction.txt").read_text(encoding="utf-8")
    return "\n".join([task, "Filters", *map(_line, FILTERS)])


def _line(asked: Filter) -> str:
    words = ", ".join(dict.fromkeys((asked.ko, *asked.synonyms[:6])))
    parts = [
        f"{asked.key} ({asked.kind}; {asked.en}; {words}): {asked.asks_en}",
        f"operators {' '.join(asked.operators)}",
        f"measures {_measures(asked)}",
        f"options {_options(asked.options.keys(), asked.options.name)}" if asked.options is not None else "",
        "places as words" if asked.places else "",
        f"properties {'; '.join(_property_lines(asked))}" if asked.properties else "",
        f"cannot be asked yet: {', '.join(entry.ko for entry in asked.notyet)}" if asked.notyet else "",
    ]  # fmt: skip
    return "- " + ". ".join(part for part in parts if part)


def _measures(asked: Filter) -> str:
    return ", ".join(f"{entry.key} [{entry.unit}]" for entry in asked.measures)


def _property_lines(asked: Filter) -> Iterable[str]:
    for prop in asked.properties:
        if prop.form is Form.OPTIONS and prop.options is not None:
            yield f"{prop.key}={_options(prop.options.keys(), prop.options.name)}"
        else:
            yield f"{prop.key} ({prop.ko}, {prop.form})"


def _options(keys: Iterable[str], name: str) -> str:
    """Options are said as words of the sentence where the lexicon knows them, else by key."""
    return "words" if name in KIND_OF_LIST else "|".join(keys)


def asked_of(
    sentence: str, *, today: date, rule: Iterable[tuple[str, str]] = (), problems: Iterable[tuple[str, str]] = ()
) -> Asked:
    """What is sent: the sentence as a JSON string in a part of its own; with `problems`, what was wrong with the first answer."""
    said: dict[str, object] = {"today": today.isoformat(), "sentence": sentence}
    held = dict(rule)
    if held:
        said["rule"] = held
    wrong = [f"{pointer}: {code}" for pointer, code in problems]
    if wrong:
        said["wrong_in_your_last_answer"] = wrong
    return Asked(instruction(), json.dumps(said, ensure_ascii=False), schema(), schema(closed=False))
