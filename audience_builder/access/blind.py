"""Finding a contact without reading any: equal addresses and numbers, written in whatever way, have an equal keyed hash.

The index tells who has the key which rows share a value, and nothing else; without the key it tells nothing, and cannot be
tried out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from hmac import digest

MOST_EMAIL = 254

_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
_DOMESTIC = re.compile(r"0\d{8,11}")
_FOREIGN = re.compile(r"\+[1-9]\d{7,14}")
_SPACING = re.compile(r"[\s\-.()·/]")


def canonical_email(text: str) -> str | None:
    """One way of writing an address: composed and in small letters; None for what is no address."""
    found = unicodedata.normalize("NFKC", text).strip().casefold()
    return found if len(found) <= MOST_EMAIL and _EMAIL.fullmatch(found) else None


def canonical_phone(text: str) -> str | None:
    """One way of writing a number: digits alone, Korean ones from their 0, others from their +; None for what is none."""
    found = _SPACING.sub("", unicodedata.normalize("NFKC", text))
    if found.startswith(("+82", "82", "0082")):
        found = "0" + found.removeprefix("+").removeprefix("00").removeprefix("82").removeprefix("0")
    if not found.isascii():
        return None
    return found if _DOMESTIC.fullmatch(found) or _FOREIGN.fullmatch(found) else None


CANONICAL: Mapping[str, Callable[[str], str | None]] = {"email": canonical_email, "phone": canonical_phone}
"""The columns that can be looked up, and how each is written for it."""


def blind_index(key: bytes, column: str, canonical: str) -> bytes:
    """The HMAC-SHA-256 of a value in its one way of writing; a key gives each column an index of its own."""
    return digest(key, column.encode() + b"\0" + canonical.encode(), "sha256")
