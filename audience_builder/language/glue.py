"""Particles and endings: letters that join words and mean nothing by themselves, or only how two clauses hang together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from audience_builder.language.vocabulary import names

Link = Literal["and", "or", "list", ""]

_LONGEST: Final = 5

_OR: Final = re.compile(r"거나|또는|혹은|이든|든지|\bor\b|\|")
_LIST_OR: Final = re.compile(r"^\s*(?:이나|나)\s")
_LIST: Final = re.compile(r"^\s*(?:이랑|랑|와|과|하고)\s")
_ENUMERATED: Final = re.compile(
    r"\s*(?:[·&,/+~]|및|and|or|,\s*(?:and|or)|그리고|하고|이나|나|또는|혹은|or or|and and|또는 or|(?:,\s*)?and and)\s*(?:and|or)?\s*"
    r"(?:(?:an?|the)\s)?"
)
CELL: Final = re.compile(r"[/;\n]|\band\b")
_AND: Final = re.compile(
    r"지만|(?:해|하여)서(?:\s|$)|[는은인한건던텐]데|면서|으며|며|[가-힣]고(?:\s|$|,)|^고(?:\s|,)|^데\s|다가|으나|했으나|하되|되,|[,/;\n+&]|·|[.]\s|\band\b|\bbut\b"
)


def glue_ends(text: str, at: int, *, starts_word: bool) -> Iterator[tuple[int, bool]]:
    """Where the particles and endings that begin here end, and whether they stand free, without a word before them."""
    for length in range(1, _LONGEST + 1):
        part = text[at : at + length]
        if len(part) < length:
            return
        if part in names("bound", "glue") and not starts_word:
            yield at + length, False
        elif starts_word and part in names("free", "glue"):
            yield at + length, True


def is_enumeration(between: str) -> bool:
    """Whether what stands between two values makes them one list."""
    return bool(_ENUMERATED.fullmatch(between)) or bool(_LIST.match(between + " "))


def link_of(between: str) -> Link:
    """How what stands between two words joins them."""
    if _OR.search(between) or _LIST_OR.match(between + " "):
        return "or"
    if _LIST.match(between + " "):
        return "list"
    return "and" if _AND.search(between) else ""


def is_glue(text: str) -> bool:
    """Whether a text is nothing but particles and endings."""
    return not text or any(is_glue(text[end:]) for end, _ in glue_ends(text, 0, starts_word=False))
