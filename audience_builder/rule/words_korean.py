"""Korean as code speaks it: particles that follow the last sound, and endings that join one clause to the next."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28
_RIEUL = 8
_DIGITS: Final = dict(zip("0123456789", (1, 8, 0, 1, 0, 0, 1, 8, 8, 0), strict=True))
_LETTERS: Final = {**dict.fromkeys("lr", _RIEUL), **dict.fromkeys("mn", 1)}
_SIGNS: Final = {"%": 0}
PARTICLES: Final[dict[str, tuple[str, str]]] = {
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "은/는": ("은", "는"),
    "으로/로": ("으로", "로"),
    "과/와": ("과", "와"),
}
"""Each pair: after a consonant, after a vowel."""


def final_of(text: str) -> int:
    """The final consonant of the last sound as its number (0 = a vowel, 8 = ㄹ); of digits and letters as they are read."""
    for char in reversed(text):
        if _FIRST <= ord(char) <= _LAST:
            return (ord(char) - _FIRST) % _FINALS
        if char in _DIGITS:
            return _DIGITS[char]
        if char.isascii() and char.isalpha():
            return _LETTERS.get(char.lower(), 0)
        if char in _SIGNS:
            return _SIGNS[char]
    return 0


def particle(pair: str, after: str) -> str:
    """The form of a particle (`이/가`) that follows a text."""
    consonant, vowel = PARTICLES[pair]
    final = final_of(after)
    if pair == "으로/로" and final == _RIEUL:
        return vowel
    return consonant if final else vowel


class Ending(IntEnum):
    """How a clause ends: joined by and, by or, before the noun it describes, or as a heading."""

    AND = 0
    OR = 1
    BEFORE_NOUN = 2
    PLAIN = 3


ENDINGS: Final[dict[str, tuple[str, str, str, str]]] = {
    "이다": ("이고", "이거나", "인", ""),
    "있다": ("있고", "있거나", "있는", "있음"),
    "없다": ("없고", "없거나", "없는", "없음"),
    "아니다": ("아니고", "아니거나", "아닌", "아님"),
    "동의하다": ("동의했고", "동의했거나", "동의한", "동의함"),
    "않다": ("않았고", "않았거나", "않은", "않음"),
    "제외하다": ("제외하고", "제외하거나", "제외한", "제외"),
}
"""A verb's forms, by `Ending`."""
