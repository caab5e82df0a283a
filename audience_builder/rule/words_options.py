"""Options and places in words and back: every key has one label in a language, and no two keys share one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from audience_builder.catalog.option import OptionList
from audience_builder.catalog.places import PLACES, Place, place
from audience_builder.rule.words_number import Language


@dataclass(frozen=True)
class Labels:
    """The labels of one list in one language, both ways, and a pattern of any of them (longest first)."""

    of_key: Mapping[str, str]
    of_label: Mapping[str, str]
    pattern: str

    def read(self, text: str, joiner: str) -> tuple[str, ...]:
        """The keys of labels joined by `joiner`."""
        found: list[str] = []
        rest = 0
        one = re.compile(self.pattern)
        while match := one.match(text, rest):
            found.append(self.of_label[match.group()])
            rest = match.end() + len(joiner)
        return tuple(found)

    def listed(self, joiner: str) -> str:
        """A pattern of one or more labels joined by `joiner`, without groups."""
        return f"{self.pattern}(?:{re.escape(joiner)}{self.pattern})*"


@cache
def option_labels(options: OptionList, language: Language) -> Labels:
    """The labels of an option list."""
    return _labels({key: getattr(options.named(key), language) for key in tuple(options.keys())})


@cache
def place_labels(language: Language) -> Labels:
    """The labels of all places; those that share one are told apart by where they lie."""
    shared = Counter(getattr(entry, language) for entry in PLACES)
    return _labels({entry.key: _place_label(entry, language, shared) for entry in PLACES})


def _place_label(entry: Place, language: Language, shared: Counter[str]) -> str:
    label = str(getattr(entry, language))
    if shared[label] == 1 or entry.parent is None or entry.level == "country":
        return label
    if entry.level == "city":
        return f"{label}(도시)" if language == "ko" else f"{label} (city)"
    above = getattr(place(entry.parent), language)
    return f"{above} {label}" if language == "ko" else f"{label}, {above}"


def _labels(of_key: Mapping[str, str]) -> Labels:
    of_label = {label: key for key, label in of_key.items()}
    if len(of_label) != len(of_key):
        raise ValueError(f"two options share a label: {sorted(of_key.values())}")
    return Labels(of_key, of_label, f"(?:{_any_of(of_label)})")


def _any_of(labels: Iterable[str]) -> str:
    return "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
