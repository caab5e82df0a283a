"""What a stretch of a sentence is: a place, a number, a verb, a connective, or something nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Readings = dict[str, Any]
"""What a word can be: its value by kind (`place`, `theme`, `book` …)."""


@dataclass(frozen=True, slots=True)
class Item:
    """Characters `start` up to (without) `end` of a sentence and what they can be; no readings = not understood.

    `mended` is the word it was taken for where it was misspelt; `link` is what stands between it and the item before.
    """

    start: int
    end: int
    text: str
    readings: Readings = field(default_factory=dict[str, Any])
    mended: str = ""
    link: str = ""

    def has(self, *kinds: str) -> bool:
        """Whether it can be of one of these kinds."""
        return any(kind in self.readings for kind in kinds)

    def value(self, kind: str) -> Any:
        """Its value as that kind. Raises KeyError where it is none."""
        return self.readings[kind]


def whole_words(sentence: str, start: int, end: int) -> tuple[int, int]:
    """From the beginning of the first word to the end of the last, particles and endings included."""
    while end < len(sentence) and not sentence[end].isspace() and sentence[end] not in ",./;:)]}'\"":
        end += 1
    return start, end
