"""Personal data where none belongs: finds addresses, numbers and tokens in what people type, so that it can be refused.

Patterns find what has a shape. A name has none: what people write on purpose (an audience's name) is theirs to keep free of names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from audience_builder.errors import PersonalDataError

_WORDS: dict[str, tuple[str, str]] = {
    "email": ("이메일 주소", "an e-mail address"),
    "phone": ("전화번호", "a phone number"),
    "resident_number": ("주민등록번호", "a resident registration number"),
    "card": ("카드번호", "a card number"),
    "push_token": ("푸시 토큰", "a push token"),
}

_ALONE = r"(?<![0-9A-Za-z_]){}(?![0-9A-Za-z_])"
_GAP = r"[\s\-.()·/]{0,3}"
_EMAIL = re.compile(r"[^\s@<>,;:\"'()\[\]]{1,64}@[^\s@<>,;:\"'()\[\]]{1,200}?\.[^\W\d_]{2,}")
_MOBILE = rf"(?:\+?82{_GAP}\(?0?\)?{_GAP}|0)1[016789]{_GAP}\d{{3,4}}{_GAP}\d{{4}}"
_LANDLINE = r"0(?:2|[3-6][1-5]|70|50\d)[\s\-.)]{1,2}\d{3,4}[\s\-.]{1,2}\d{4}"
_PHONE = re.compile(_ALONE.format(f"(?:{_MOBILE}|{_LANDLINE})"))
_RESIDENT = re.compile(_ALONE.format(r"(?P<digits>\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?-\s?[1-8]\d{6})"))
_CARD = re.compile(_ALONE.format(r"(?P<digits>\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{3,4}|[3-6]\d{15})"))
_FCM_TOKEN = re.compile(r"[\w-]{11,}:[\w-]{80,}")


def _is_card(text: str) -> bool:
    return any(_checks_out(found.group("digits")) for found in _CARD.finditer(text))


def _checks_out(written: str) -> bool:
    """Luhn's sum: a card number's last digit follows from the others."""
    digits = [int(sign) for sign in reversed(written) if sign.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(digits))
    return sum(doubled) % 10 == 0


_LOOKS: dict[str, Callable[[str], bool]] = {
    "email": lambda text: _EMAIL.search(text) is not None,
    "phone": lambda text: _PHONE.search(text) is not None,
    "resident_number": lambda text: _RESIDENT.search(text) is not None,
    "card": _is_card,
    "push_token": lambda text: _FCM_TOKEN.search(text) is not None,
}
_MAYBE = re.compile(r"@|\d{3}|:[\w-]{80}")
"""What nothing personal does without: most texts are cleared by this alone."""


def personal_kind(text: str) -> str | None:
    """What kind of personal data a text holds (`email`, `phone`, …), None where none is found."""
    plain = text if text.isascii() else _flattened(text)
    if _MAYBE.search(plain) is None:
        return None
    return next((kind for kind, looks in _LOOKS.items() if looks(plain)), None)


def _flattened(text: str) -> str:
    """Full-width signs and digits of any script as ASCII, without marks nobody sees."""
    seen = "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in ("Cf", "Cs")
    )
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign for sign in seen)


def refuse_personal(said: Any) -> None:
    """Raise InputError where JSON holds an e-mail address, phone, resident or card number or push token, as key or value.

    The error says where (a JSON pointer of positions only) and which kind, never what.
    """
    for where, text in _texts(said):
        kind = personal_kind(text)
        if kind is not None:
            ko, en = _WORDS[kind]
            raise PersonalDataError(
                f"{en} stands at {where}; personal data has no place there ({ko} 입력 불가)",
                fix="Leave it out: contacts are kept by `audience-builder contacts import`, and users are named by their id.",
            )


def _texts(said: Any) -> Iterator[tuple[str, str]]:
    """Every key and text of a JSON value with where it stands. Without recursion: JSON may be nested without end."""
    waiting: list[tuple[str, Any]] = [("", said)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, str):
            yield where or "/", value
        elif isinstance(value, dict):
            for place, (key, inner) in enumerate(value.items()):
                yield f"{where}/{place}", str(key)
                waiting.append((f"{where}/{_step(str(key), place)}", inner))
        elif isinstance(value, list):
            waiting += [(f"{where}/{place}", inner) for place, inner in enumerate(value)]


def _step(key: str, place: int) -> str:
    """A key as a step of a pointer; its position where it is none of ours."""
    return key if re.fullmatch(r"[a-z_]{1,40}", key) else str(place)
