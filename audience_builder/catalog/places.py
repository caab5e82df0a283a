"""Places as a tree, at home and abroad, and which place counts for which.

A fact is stored at the finest place that was said. It counts for an asked place when everything in it is in the asked place:
`leaves(fact) ⊆ leaves(asked)`. A district with travel areas inside it, and a country, have one leaf of their own for
"elsewhere in it".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from audience_builder.catalog.options import domestic, overseas

Level = Literal["root", "province", "district", "area", "group", "country_group", "country", "city"]
Label = tuple[str, str, str]
"""Key, Korean and English label."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `code` is what the mart stores; `members` are what an area or group is made of, where it is no part of one place."""

    key: str
    code: int
    ko: str
    en: str
    level: Level
    parent: str | None = None
    members: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


def _cells(table: str) -> Iterator[list[str]]:
    return ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())


def _words(cells: list[str], at: int, separator: str | None = ",") -> tuple[str, ...]:
    text = cells[at] if len(cells) > at else ""
    return tuple(word.strip() for word in text.split(separator) if word.strip())


def _districts() -> Iterator[Place]:
    province = ""
    for cells in _cells(domestic.DISTRICTS):
        if len(cells) == 1:
            province = cells[0].rstrip(":")
        else:
            yield Place(cells[1], int(cells[0]), cells[2], cells[3], "district", province, (), _words(cells, 4))


def _declared() -> Iterator[Place]:
    yield Place("korea", 1, "국내", "Korea", "root", None, (), ("한국", "대한민국"))
    yield Place("overseas", 2, "해외", "Overseas", "root", None, (), ("외국",))
    for c in _cells(domestic.PROVINCES):
        yield Place(c[1], int(c[0]), c[2], c[3], "province", "korea", (), _words(c, 4))
    yield from _districts()
    for c in _cells(domestic.SUB_AREAS):
        yield Place(c[1], int(c[0]), c[2], c[3], "area", c[5], (), _words(c, 4))
    for c in _cells(domestic.UNION_AREAS):
        yield Place(c[1], int(c[0]), c[2], c[3], "area", c[5], _words(c, 6, None), _words(c, 4))
    for c in (*_cells(domestic.GROUPS), *_cells(overseas.OVERSEAS_GROUPS)):
        yield Place(c[1], int(c[0]), c[2], c[3], "group", None, _words(c, 5, None), _words(c, 4))
    for c in _cells(overseas.COUNTRY_GROUPS):
        yield Place(c[1], int(c[0]), c[2], c[3], "country_group", "overseas", (), _words(c, 4))
    for c in _cells(overseas.COUNTRIES):
        yield Place(c[1], int(c[0]), c[2], c[3], "country", c[5], (), _words(c, 4))
    for c in _cells(overseas.CITIES):
        yield Place(c[1], int(c[0]), c[2], c[3], "city", c[5], (), _words(c, 4))


PLACES: tuple[Place, ...] = tuple(_declared())
"""Every place, coarse before fine."""

_BY_KEY = {entry.key: entry for entry in PLACES}
_BY_CODE = {entry.code: entry for entry in PLACES}

COUNTRY_BITS: dict[str, int] = {entry.key: bit for bit, entry in enumerate(e for e in PLACES if e.level == "country")}
"""The bit of each country in the masks of overseas intent."""

AIRPORTS: dict[str, tuple[str, ...]] = {cells[1]: _words(cells, 6, None) for cells in _cells(overseas.CITIES)}
"""The airports of each city, by IATA code."""

PROVINCE_LABELS: tuple[Label, ...] = tuple((e.key, e.ko, e.en) for e in PLACES if e.level == "province")
COUNTRY_GROUP_LABELS: tuple[Label, ...] = (
    ("japan", _BY_KEY["japan"].ko, _BY_KEY["japan"].en),
    *((e.key, e.ko, e.en) for e in PLACES if e.level == "country_group"),
)
TRAVEL_AREAS: tuple[Label, ...] = tuple(
    (cells[0], cells[1], _BY_KEY[cells[0]].en) for cells in _cells(domestic.TRAVEL_AREAS)
)
FACET_PLACES: tuple[Label, ...] = (*PROVINCE_LABELS, *TRAVEL_AREAS)
"""How facets split places: the 17 provinces, then the 72 travel areas; the lines overlap."""


def place(key: str) -> Place:
    """The place of that key. Raises KeyError where there is none."""
    return _BY_KEY[key]


def place_of_code(code: int) -> Place:
    """The place stored as `code`. Raises KeyError where there is none."""
    return _BY_CODE[code]


def is_place(key: str) -> bool:
    """Whether there is a place of that key."""
    return key in _BY_KEY


@cache
def _parts(key: str) -> tuple[str, ...]:
    """The places directly inside; areas and groups made of members are inside nothing."""
    return tuple(entry.key for entry in PLACES if entry.parent == key and not entry.members)


@cache
def leaves(key: str) -> frozenset[str]:
    """The smallest places that make it up. Raises KeyError for an unknown key."""
    asked = _BY_KEY[key]
    inside = asked.members or _parts(key)
    own = frozenset({key}) if not inside or asked.level in ("district", "country") else frozenset[str]()
    return own.union(*(leaves(part) for part in inside))


@cache
def _matching(key: str) -> frozenset[int]:
    asked = leaves(key)
    return frozenset(entry.code for entry in PLACES if leaves(entry.key) <= asked)


def matching(keys: Iterable[str]) -> frozenset[int]:
    """The codes of every place whose facts count for any of `keys`."""
    return frozenset[int]().union(*(_matching(key) for key in keys))


def _above(key: str, level: Level) -> str | None:
    entry: Place | None = _BY_KEY[key]
    while entry is not None and entry.level != level:
        entry = _BY_KEY[entry.parent] if entry.parent else None
    return entry.key if entry else None


@cache
def country_of(key: str) -> str | None:
    """The country a city or country lies in; None for anything coarser, and at home."""
    return _above(key, "country")


@cache
def province_of(key: str) -> str | None:
    """The province a domestic place lies in; None for anything coarser, and abroad."""
    return _above(key, "province")


def is_overseas(key: str) -> bool:
    """Whether it lies abroad."""
    return leaves(key) <= leaves("overseas")


@cache
def country_codes(key: str) -> frozenset[str]:
    """The countries a destination concerns: its own, or all of a group's."""
    own = country_of(key)
    return frozenset({own}) if own else frozenset(c for c in map(country_of, leaves(key)) if c)
