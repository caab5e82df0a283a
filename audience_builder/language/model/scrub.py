"""Personal data taken out of a sentence before it leaves the house, letter for letter, so that every place in it stays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from audience_builder.access.personal import personal_kind

MASK: Final = "●"
_GAP: Final = r"[\s\-.()·/]{0,3}"
_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("email", re.compile(r"[^\s@＠<>,;:\"'()\[\]]{1,64}\s{0,2}[@＠]\s{0,2}[^\s@<>,;:\"'()\[\]가-힣]{1,200}")),
    ("push_token", re.compile(r"[\w-]{11,}:[\w-]{40,}")),
    ("address", re.compile(r"[가-힣0-9]{1,12}(?:로|길)\s?\d{1,4}(?:-\d{1,3})?(?:번지|호)?(?=\s|,|에|의|$)")),
    ("number", re.compile(rf"\+?\d(?:{_GAP}\d){{8,}}")),
    ("name", re.compile(r"(?<![가-힣])(?:[가-힣]{2,4})(?=\s?(?:님|씨)(?:[은는이가을를의도과와랑]|께|에게|한테|처럼|\s|$|[,.!?]))")),
    ("name", re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Miss)\.?\s+[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?")),
)  # fmt: skip
_NOT_NAMES: Final = frozenset(
    ("고객", "회원", "손님", "이용자", "유저", "사용자", "여행객", "고객들", "회원들", "투숙객", 
     "대표", "사장", "담당자", "팀장", "여러분", "선생")
)  # fmt: skip
_DIGITS: Final = str.maketrans({chr(0xFF10 + n): str(n) for n in range(10)} | {"－": "-", "．": ".", "＋": "+"})


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A sentence as long as before with every personal letter masked, and how much was masked of each kind."""

    text: str
    masked: dict[str, int] = field(default_factory=dict[str, int])


def scrubbed(sentence: str) -> Scrubbed:
    """Addresses, numbers of nine digits or more, tokens, and names before 님 or 씨, masked."""
    text, masked = list(sentence), dict[str, int]()
    plain = sentence.translate(_DIGITS)
    plain = "".join(" " if not char.isprintable() else char for char in plain)
    for kind, shape in _SHAPES:
        for found in shape.finditer(plain):
            if kind == "name" and (found[0] in _NOT_NAMES or found[0].endswith(tuple(_NOT_NAMES))):
                continue
            text[found.start() : found.end()] = MASK * (found.end() - found.start())
            masked[kind] = masked.get(kind, 0) + 1
        plain = "".join(MASK if sign == MASK else char for sign, char in zip(text, plain, strict=True))
    return Scrubbed("".join(text), masked)


def is_clean(text: str) -> bool:
    """Whether nothing that has the shape of personal data is left."""
    return personal_kind(text) is None
