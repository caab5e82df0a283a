"""Every word that means something, by its letters: from the catalog's labels and synonyms and from the tables beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from audience_builder.catalog import FILTERS
from audience_builder.catalog.option import OptionGroup
from audience_builder.catalog.places import PLACES, place, province_of
from audience_builder.language.item import Readings
from audience_builder.language.vocabulary import lines, names, two_places

KIND_OF_LIST: Final = {
    "stay_type": "stay_type", "theme": "theme", "product_line": "line", "space_type": "space_type",
    "leisure_type": "leisure_type", "transport_type": "transport", "vehicle_class": "vehicle", "tier": "tier",
    "gender": "gender", "life_stage": "life", "travel_party": "party", "device": "device", "channel": "channel",
    "account_status": "status", "night_kind": "night_kind", "stay_mode": "stay_mode", "intent": "intent",
}  # fmt: skip
"""What an option of each list is in a sentence. Lists not named here are never said by their labels."""

_TWO_APART: Final = 3
"""Two syllables with a space between are no place: `안 산` is not 안산."""

_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")
_HANGUL: Final = re.compile("[가-힣]")


@dataclass(slots=True)
class _Branch:
    """A place in the tree of words: what follows, and what ends here."""

    below: dict[str, _Branch] = field(default_factory=dict[str, "_Branch"])
    readings: Readings | None = None


class Lexicon:
    """Words by their letters. Korean is matched without its spaces; English with them, at the borders of words."""

    def __init__(self, entries: Iterable[tuple[str, str, Any]]) -> None:
        self._root = _Branch()
        self.words: dict[str, Readings] = {}
        for word, kind, value in entries:
            self._put(word, kind, value)

    def _put(self, word: str, kind: str, value: Any) -> None:
        key = folded(word)
        if not key:
            return
        branch = self._root
        for char in key:
            branch = branch.below.setdefault(char, _Branch())
        if branch.readings is None:
            branch.readings = self.words.setdefault(key, {})
        branch.readings.setdefault(kind, value)

    def matches(self, text: str, start: int) -> Iterator[tuple[int, Readings, bool]]:
        """Where the words that begin here end, what they can be, and whether they run over a space they do not have."""
        branch, at, bridged = self._root, start, False
        while at < len(text):
            char = text[at]
            if char == " " and " " not in branch.below:
                beside = text[at - 1 : at] + text[at + 1 : at + 2]
                if at == start or not _HANGUL.search(beside):
                    return
                at, bridged = at + 1, True
                continue
            following = branch.below.get(char)
            if following is None:
                return
            branch, at = following, at + 1
            if branch.readings is not None and not (
                bridged and at - start <= _TWO_APART and "place" in branch.readings
            ):
                yield at, branch.readings, bridged


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The words sentences are read by, and those of changes besides."""

    reading: Lexicon
    edits: Lexicon


def folded(word: str) -> str:
    """A word as it is looked up: in small letters, Korean without spaces."""
    word = re.sub(r"\s+", " ", word.strip().lower())
    return word.replace(" ", "") if _HANGUL.search(word) else word


@cache
def lexicon() -> Lexicon:
    """The words of both languages, for reading sentences."""
    return Lexicon((*_options(), *_places(), *_tables()))


@cache
def edit_lexicon() -> Lexicon:
    """The words of edits besides: add, remove, change."""
    edits = ((word, f"edit_{kind}", value or True) for word, kind, value in lines("edits"))
    return Lexicon((*_options(), *_places(), *_tables(), *edits))


def lexicon_with(first: Iterable[tuple[str, str, Any]], *, edits: bool = False) -> Lexicon:
    """The words of both languages behind others that come first: what they say of a word holds."""
    changes = ((word, f"edit_{kind}", value or True) for word, kind, value in lines("edits")) if edits else ()
    return Lexicon((*first, *_options(), *_places(), *_tables(), *changes))


def _tables() -> Iterator[tuple[str, str, Any]]:
    yield from ((word, kind, value or True) for word, kind, value in lines("words"))
    yield from ((word, "vague", kind) for word, kind, _ in lines("vague"))
    yield from ((word, "waits", kind) for word, kind, _ in lines("waits"))
    yield from ((word, kind, tuple(value.split("+"))) for word, kind, value in lines("options"))
    yield from ((word, "place", (first,)) for word, (first, _) in two_places().items())


def _options() -> Iterator[tuple[str, str, Any]]:
    lists = {
        options.name: options
        for asked in FILTERS
        for options in (asked.options, *(prop.options for prop in asked.properties))
        if options is not None and options.name in KIND_OF_LIST
    }
    for name, options in lists.items():
        for key in tuple(options.keys()):
            entry = options.named(key)
            if isinstance(entry, OptionGroup) and name == "theme":
                continue
            labels = (entry.ko, entry.en) if isinstance(entry, OptionGroup) else (*_said(entry.ko), *_said(entry.en))
            for word in (*labels, *entry.synonyms):
                if word not in names("distrusted"):
                    yield word, KIND_OF_LIST[name], (key,)


def _said(label: str) -> Iterator[str]:
    """The ways a label is said: whole, without brackets, and each part of a pair."""
    bare = _BRACKETS.sub("", label)
    parts = re.split(r"\s*[·&]\s*", bare)
    for word in dict.fromkeys((label, bare, *parts)):
        if len(word) > 1 and word.lower() not in names("distrusted"):
            yield word.lower()


def _places() -> Iterator[tuple[str, str, Any]]:
    unsure = names("distrusted") | names("needs_province") | set(two_places())
    for entry in PLACES:
        is_group = entry.level in ("group", "country_group")
        words = [
            *((entry.ko,) if is_group else _said(entry.ko)),
            entry.en.lower(),
            *((re.sub("-(?:si|gun)$", "", entry.en.lower()),) if entry.level == "district" else ()),
            *(_BRACKETS.sub("", word) for word in entry.synonyms),
        ]
        if entry.level == "district":
            short = entry.ko[:-1] if len(entry.ko) > 2 and entry.ko[-1] in "시군구" else ""
            words.append(short)
            above = province_of(entry.key)
            if above:
                words += [f"{place(above).ko} {name}" for name in (entry.ko, short) if name]
                words += [f"{full} {entry.ko}" for full in place(above).synonyms]
        for word in words:
            if len(word) > 1 and word not in unsure:
                yield word, "place", (entry.key,)
