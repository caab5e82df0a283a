"""How a file may call an option or a place: by its key, its label, a synonym; and what each call means in the mart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from audience_builder.catalog.option import OptionList
from audience_builder.catalog.options import (
    ACCOUNT_STATUSES,
    DEVICES,
    GENDERS,
    LEISURE_TYPES,
    LIFE_STAGES,
    PARTIES,
    PRICE_BANDS,
    PRODUCT_LINES,
    SPACE_TYPES,
    STAY_MODES,
    STAY_TYPES,
    THEMES,
    TIERS,
    TRANSPORT_TYPES,
    VEHICLE_CLASSES,
)
from audience_builder.catalog.places import PLACES, Place
from audience_builder.intake.map_text import did_you_mean
from audience_builder.mart.tables import EventKind, Status

ANY, REJECT, NOTHING = "*", "reject", ""
"""In `[values]`: whatever is not named; refuse the row; the value is not known."""

Word = tuple[str, int, tuple[str, ...]]
"""Key, code, and other names."""

STATES = ("confirmed", "cancelled", "no_show", "cart", "deleted", "cancellation", "credit")
"""What a row of bookings can say. `cancellation` cancels the booking of that id; `credit` is a booking of its own, all given back."""

_STATE_WORDS = {
    "confirmed": ("확정", "예약완료"),
    "cancelled": ("취소",),
    "no_show": ("노쇼",),
    "cart": ("장바구니",),
    "deleted": ("삭제",),
}
_STATUS_WORDS = {Status.WITHDRAWN: ("탈퇴",), Status.SUSPENDED: ("이용정지", "정지"), Status.OBJECTING: ("처리정지",)}
_EVENT_WORDS = {
    EventKind.SESSION: ("방문", "접속", "visit"),
    EventKind.SEARCH: ("검색",),
    EventKind.VIEW: ("조회",),
    EventKind.WISH: ("찜",),
    EventKind.WISH_REMOVED: ("찜 해제",),
}
_FLAG_WORDS: tuple[Word, ...] = (
    ("true", 1, ("y", "yes", "t", "1", "o", "예", "네")),
    ("false", 0, ("n", "no", "f", "0", "x", "아니오", "아니요")),
)
_LISTS: dict[str, tuple[OptionList, ...]] = {
    "product_line": (PRODUCT_LINES,),
    "product_type": (STAY_TYPES, SPACE_TYPES, LEISURE_TYPES, TRANSPORT_TYPES, VEHICLE_CLASSES),
    "stay_mode": (STAY_MODES,),
    "price_band": (PRICE_BANDS,),
    "travel_party": (PARTIES,),
    "theme": (THEMES,),
    "gender": (GENDERS,),
    "tier": (TIERS,),
    "life_stage": (LIFE_STAGES,),
    "device": (DEVICES,),
    "account_status": (ACCOUNT_STATUSES,),
}


def normal(said: str) -> str:
    """A text as it is compared: composed, trimmed, in lower case. DuckDB does the same in `values.py`."""
    return unicodedata.normalize("NFC", said.strip()).lower()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The options of a target: `keys` to their codes, and `said` = every name that can only mean one of them, normalised."""

    name: str
    keys: dict[str, int]
    said: dict[str, int]
    unclear: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def hint(self, said: str) -> str:
        """What a file may have meant by a text that is no option."""
        several = self.unclear.get(normal(said))
        if several:
            return f"It can mean {' or '.join(several)}: say which in [values]."
        return did_you_mean(normal(said)[:100], self.said)


@cache
def vocabulary(name: str) -> Vocabulary:
    """The vocabulary of that name. Raises KeyError where there is none."""
    words = tuple(_words(name))
    keys = {key: code for key, code, _ in words}
    meant: dict[str, set[str]] = {}
    for key, _, others in words:
        for other in others:
            meant.setdefault(normal(other), set()).add(key)
    said = {other: keys[next(iter(found))] for other, found in meant.items() if len(found) == 1}
    unclear = {other: tuple(sorted(found)) for other, found in meant.items() if len(found) > 1 and other not in keys}
    return Vocabulary(name, keys, said | {normal(key): code for key, code in keys.items()}, unclear)


def _words(name: str) -> Iterable[Word]:
    if name in _LISTS:
        yield from (
            (option.key, option.code, (option.ko, option.en, *option.synonyms))
            for options in _LISTS[name]
            for option in options.options
        )
    yield from _OTHERS.get(name, lambda: iter(()))()


def _places() -> Iterator[Word]:
    by_key = {entry.key: entry for entry in PLACES}
    for entry in PLACES:
        yield entry.key, entry.code, (entry.ko, entry.en, *entry.synonyms, *_full_names(entry, by_key))


def _full_names(entry: Place, by_key: dict[str, Place]) -> Iterator[str]:
    """A district with its province before it: `서울 강남구`, `서울특별시 강남구`."""
    province = by_key.get(entry.parent or "")
    if entry.level == "district" and province is not None:
        yield from (f"{name} {entry.ko}" for name in (province.ko, *province.synonyms))


def _account_statuses() -> Iterator[Word]:
    # Erasure is no status that a file may set: it is a request of its own, with its own proof.
    yield from ((status.name.lower(), int(status), _STATUS_WORDS[status]) for status in _STATUS_WORDS)


def _events() -> Iterator[Word]:
    yield from ((kind.name.lower(), int(kind), _EVENT_WORDS[kind]) for kind in EventKind)


def _states() -> Iterator[Word]:
    yield from ((key, code, _STATE_WORDS.get(key, ())) for code, key in enumerate(STATES))


_OTHERS = {
    "place": _places,
    "account_status": _account_statuses,
    "event": _events,
    "booking_state": _states,
    "flag": lambda: iter(_FLAG_WORDS),
}
