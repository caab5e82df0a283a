"""The words of sentences as tables of text, read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

Line = tuple[str, str, str]
"""A word, its kind and its value (empty where the kind says all)."""

LANGUAGES: Final = ("ko", "en")


def lines(section: str) -> Iterator[Line]:
    """The words of a section, of both languages, or of the options."""
    for name in LANGUAGES if section != "options" else ("options",):
        for line in _sections(name)[section]:
            head, _, words = line.partition(" | ")
            kind, _, value = head.strip().partition(" ")
            for word in words.split(", "):
                yield word, kind, "" if value == "-" else value


@cache
def names(section: str, file: str = "options") -> frozenset[str]:
    """The words of a section that is a plain list."""
    return frozenset(word for line in _sections(file)[section] for word in line.split(", "))


@cache
def two_places() -> Mapping[str, tuple[str, str]]:
    """Words for two places: the one taken and the one offered."""
    found: dict[str, tuple[str, str]] = {}
    for line in _sections("options")["two_places"]:
        word, _, keys = line.partition(" | ")
        first, second = keys.split(", ")
        found[word] = (first, second)
    return found


@cache
def _sections(name: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in (files(__name__) / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line[1 : line.index("]")]
            found[section] = []
        elif line.strip() and not line.startswith("# "):
            found[section].append(line.strip().removesuffix(","))
    return {key: tuple(held) for key, held in found.items()}
