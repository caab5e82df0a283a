"""What the words table holds from the start: profiles, consents and traits, as slices of numbers and a column an option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from audience_builder.catalog.options import INTENTS
from audience_builder.index.arrays import Array, Words, packed, words_for
from audience_builder.index.columns import CONSENTS, NO_KINDS, PROFILE, TRAIT
from audience_builder.index.contents import Index, Traits

INTENT: Final = "intent"
PREFERRED_NIGHTS: Final = "preferred_nights"
KNOWN_NIGHTS: Final = "preferred_nights_known"
_SLICED_TRAITS: Final = {entry.name: entry.empty for entry in TRAIT if entry.name.endswith(("_days", "_tenths"))}
_NO_LEVEL: Final = 255


@dataclass(frozen=True, slots=True)
class Sliced:
    """A number of each user in slices, columns from the lowest bit up: what is written is `number - low + 1`, 0 is "unknown".

    `most` is the largest that is written.
    """

    columns: tuple[str, ...]
    low: int
    most: int

    def written(self, number: int) -> int:
        """How a number is written (where it is at least `low`)."""
        return number - self.low + 1


@dataclass(frozen=True, slots=True)
class Stored:
    """The table's columns, and what they say. `sliced` and `nights` (columns by code) are by the value's name."""

    columns: Mapping[str, Words]
    sliced: Mapping[str, Sliced]
    nights: Mapping[int, str]
    traits_day: int | None


def stored(index: Index) -> Stored:
    """Everything of an index that no window, no other day and no country narrows."""
    columns: dict[str, Words] = {name: _own(words) for name, words in zip(CONSENTS, _consents(index), strict=True)}
    sliced: dict[str, Sliced] = {}
    numbers = {entry.name: (index.users.profile[entry.name], entry.empty) for entry in PROFILE}
    nights: dict[int, str] = {}
    if index.traits is not None:
        numbers |= {name: (index.traits[name], empty) for name, empty in _SLICED_TRAITS.items()}
        numbers[INTENT] = (_levels(index.traits), _NO_LEVEL)
        nights = _put_nights(index.traits[PREFERRED_NIGHTS], columns)
    for name, (values, empty) in numbers.items():
        sliced[name] = _put_slices(name, values, empty, columns)
    return Stored(columns, sliced, nights, None if index.traits is None else index.traits.day)


def padded(words: Words) -> Words:
    """A set of at least one word: no table of words is empty."""
    return words if words.size else np.zeros(1, np.uint64)


def _own(words: Words) -> Words:
    return padded(np.ascontiguousarray(words))


def _consents(index: Index) -> Words:
    given = index.users.consents
    return given if given.shape[1] else np.zeros((len(CONSENTS), words_for(index.users.size)), np.uint64)


def _put_slices(name: str, values: Array, empty: int | None, columns: dict[str, Words]) -> Sliced:
    known = np.ones(values.shape, np.bool_) if empty is None else values != empty
    numbers = values.astype(np.int64)
    low = int(numbers.min(initial=2**62, where=known)) if known.any() else 0
    written = np.where(known, numbers - low + 1, 0)
    most = int(written.max(initial=0))
    names = tuple(f"{name}_{place}" for place in range(most.bit_length()))
    for place, column in enumerate(names):
        columns[column] = padded(packed((written >> place & 1).astype(np.bool_)))
    return Sliced(names, low, most)


def _put_nights(masks: Array, columns: dict[str, Words]) -> dict[int, str]:
    known = masks != NO_KINDS
    codes = range(int(np.max(masks, initial=0, where=known)).bit_length())
    names = {code: f"{PREFERRED_NIGHTS}_{code}" for code in codes}
    columns[KNOWN_NIGHTS] = padded(packed(known))
    for code, name in names.items():
        columns[name] = padded(packed(known & ((masks >> code & 1) != 0)))
    return names


def _levels(traits: Traits) -> Array:
    """The highest level of overseas intent for any country; each level's countries include those of the next."""
    none, *levels = (option.code for option in INTENTS.options)
    found = np.full(traits["visited"].shape, none, np.int64)
    for name, code in zip(("intent_weak", "intent_clear", "intent_imminent"), levels, strict=True):
        found[traits[name] != 0] = code
    found[traits["visited"] == 0] = _NO_LEVEL
    return found
