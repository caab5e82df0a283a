"""Misspelt words: taken for the one known word a letter away, and said to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from audience_builder.language.glue import is_glue
from audience_builder.language.item import Item
from audience_builder.language.lexicon import lexicon

_HAN: Final = re.compile("[一-鿿]")
_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3
_SHORTEST: Final = 2
_LONGEST: Final = 8
_MENDED: Final = (
    "place", "stay_type", "theme", "line", "transport", "tier", "search", "book", "view", "cart", "wish", "visit", "cancel",
    "consent", "gender", "device", "channel", "user", "leisure_type", "space_type", "signup", "live", "exclude", "vague",
)  # fmt: skip
_DENYING: Final = ("never_booked", "absent", "long_absent")
_EN_SHORTEST: Final = 5
_SAFE: Final = 3
_ALIKE: Final = (
    "\u1162\u1166\u1164\u1168",  # ㅐ ㅔ ㅒ ㅖ
    "\u116b\u116c\u1170",  # ㅙ ㅚ ㅞ
    "\u1161\u1163",
    "\u1165\u1167",
    "\u1169\u116d",
    "\u116e\u1172",  # ㅏㅑ ㅓㅕ ㅗㅛ ㅜㅠ
    "\u11ab\u11b7\u11bc",  # final ㄴ ㅁ ㅇ
    "\u1102\u1105",
    "\u1109\u110a",
    "\u1100\u1101",
    "\u1103\u1104",
    "\u1107\u1108",
    "\u110c\u110d",  # ㄴㄹ ㅅㅆ ㄱㄲ ㄷㄸ ㅂㅃ ㅈㅉ
)
"""Letters taken for each other: the only slips believed in words of two syllables."""


def letters(text: str) -> str:
    """Korean syllables taken apart into their letters."""
    return "".join(_apart(char) for char in text)


@cache
def _apart(char: str) -> str:
    code = ord(char)
    if not _FIRST <= code <= _LAST:
        return char
    index = code - _FIRST
    final = index % 28
    return chr(0x1100 + index // 588) + chr(0x1161 + index % 588 // 28) + (chr(0x11A7 + final) if final else "")


def _sounds_alike(said: str, word: str) -> bool:
    """Whether two words differ only in letters taken for each other."""
    one, other = letters(said), letters(word)
    if len(one) != len(other):
        return False
    return all(a == b or any(a in alike and b in alike for alike in _ALIKE) for a, b in zip(one, other, strict=True))


@cache
def _known() -> dict[int, dict[str, str]]:
    """Words worth mending, with their letters, by how many syllables they have."""
    found: dict[int, dict[str, str]] = {}
    for word, readings in lexicon().words.items():
        shortest = _SHORTEST if any(_FIRST <= ord(char) <= _LAST for char in word) else _EN_SHORTEST
        denies = word[0] in "미비" and (readings.get("vague") in _DENYING or "not" in readings.values())
        if denies:  # one letter would turn the sentence round
            continue
        if shortest <= len(word) <= _LONGEST * 2 and any(kind in readings for kind in _MENDED) and " " not in word:
            found.setdefault(len(word), {})[word] = letters(word)
    return found


def mended(text: str, items: Sequence[Item]) -> Iterator[Item]:
    """For every stretch around what was not understood, the known word it is a slip of, if there is one."""
    for item in items:
        if item.readings or not item.text.strip():
            continue
        start = item.start
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        end = item.end
        while end < len(text) and text[end].isalnum():
            end += 1
        if _HAN.search(text[start:end]):  # 無, 有: one letter that turns the word round is no slip
            continue
        if text[start:end].isascii() and not _stands_free(text, start, end):
            continue
        for first in {start, item.start}:
            for last in range(max(item.start + 1, first + _SHORTEST), min(end, first + _LONGEST * 2) + 1):
                word = _slip_of(text[first:last])
                if word and (last == end or is_glue(text[last:end]) or len(word) > _SAFE):
                    yield Item(first, last, text[first:last], dict(lexicon().words[word]), mended=word)


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether a word stands between spaces or at the end of a phrase: in an address or in code nothing is a slip."""
    return text[start - 1 : start] in ("", " ", "(") and text[end : end + 1] in ("", " ", ",", ".", ";", "!", "?", ")")


@cache
def _slip_of(said: str) -> str:
    """The one known word of as many syllables (or one more or less) that is a slip away."""
    own = letters(said)
    is_latin = said.isascii()
    most = 1 if len(own) < (9 if not is_latin else 8) else 2
    if len(own) < 4 or (is_latin and len(said) < _EN_SHORTEST):
        return ""
    found: dict[int, list[str]] = {}
    for length in (len(said) - 1, len(said), len(said) + 1):
        near = process.extract(own, _known().get(length, {}), scorer=OSA.distance, score_cutoff=most, limit=None)
        for _, distance, word in near:
            believed = (word[0] == said[0]) if is_latin else len(said) > _SHORTEST or _sounds_alike(said, word)
            if 0 < distance <= most and word.isascii() == is_latin and believed:
                found.setdefault(int(distance), []).append(word)
    for distance in sorted(found):
        readings = {str(sorted(lexicon().words[word].items(), key=str)) for word in found[distance]}
        return found[distance][0] if len(readings) == 1 else ""
    return ""
