"""What an audience is found by: its words in one case, and the first consonants of its name and tags."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_FIRST, _LAST, _EACH = 0xAC00, 0xD7A3, 588
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_BETWEEN = "\x1f"
"""Stands around each tag, and in no text somebody wrote."""


def folded(text: str) -> str:
    """The text in one case and one way of writing, apart by single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def initials(text: str) -> str:
    """The first consonant of every Korean syllable; all else as it is."""
    return "".join(
        _INITIALS[(ord(char) - _FIRST) // _EACH] if _FIRST <= ord(char) <= _LAST else char for char in folded(text)
    )


def are_initials(word: str) -> bool:
    """Whether somebody typed first consonants only: ㅈㅈ for 제주."""
    return bool(word) and all(char in _INITIALS for char in word)


def words_of(query: str) -> list[str]:
    """The words somebody searches for; each of them must be found. First consonants stay as they were typed."""
    return [word if are_initials(word) else folded(word) for word in unicodedata.normalize("NFC", query).split()]


def search_text(words: Iterable[str], tags: Iterable[str]) -> str:
    """What words are looked for in."""
    return "\n".join((*map(folded, words), *map(tag_mark, tags)))


def tag_mark(tag: str) -> str:
    """How a tag stands in the text, so that it is found whole."""
    return f"{_BETWEEN}{folded(tag)}{_BETWEEN}"
