"""Places: one tree from the world down to a part of a district, and what a fact stored at a place counts for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from audience_builder.catalog.options import domestic, overseas

Level: TypeAlias = Literal["root", "province", "district", "area", "group", "country_group", "country", "city"]
Label: TypeAlias = tuple[str, str, str]
"""Key, Korean and English."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place a rule may name. `code` is what the mart stores (uint16): it is never reused and never changes.

    `parent` is the place it lies in; `members` are the places a union area or a group is made of.
    """

    key: str
    code: int
    ko: str
    en: str
    level: Level
    parent: str | None = None
    members: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


class PlaceTree:
    """All places, and the one rule of matching: a fact at `f` counts for `q` iff `leaves(f)` lie within `leaves(q)`.

    A key nobody declared raises KeyError, as an empty answer would match everyone or no one.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self._by_key = {place.key: place for place in self.places}
        self._by_code = {place.code: place for place in self.places}
        if len(self._by_key) != len(self.places) or len(self._by_code) != len(self.places):
            raise ValueError("a place's key or code is taken")
        self._children: dict[str, list[str]] = defaultdict(list)
        for place in self.places:
            if place.parent is not None:
                self._children[self.place(place.parent).key].append(place.key)
        self._leaves = {place.key: self._leaves_of(place) for place in self.places}
        self._matching: dict[str, frozenset[int]] = {}

    def _leaves_of(self, place: Place) -> frozenset[str]:
        parts = place.members or tuple(self._children.get(place.key, ()))
        below = [leaf for part in parts for leaf in self._leaves_of(self.place(part))]
        # "Elsewhere in it": a fact said of the district or country may lie outside every part that has a name.
        own = [place.key] if not parts or place.level in ("district", "country") else []
        return frozenset((*own, *below))

    def is_place(self, key: object) -> bool:
        """Whether a place of that key is declared."""
        return key in self._by_key

    def place(self, key: str) -> Place:
        """The place of that key."""
        return self._by_key[key]

    def place_of_code(self, code: int) -> Place:
        """The place stored as `code`."""
        return self._by_code[code]

    def leaves(self, key: str) -> frozenset[str]:
        """The finest places it is made of; of a district or country with parts also itself, for elsewhere in it."""
        return self._leaves[key]

    def matching(self, keys: Iterable[str]) -> frozenset[int]:
        """The codes of every place whose facts count for any of `keys`."""
        return frozenset(code for key in keys for code in self._matching_one(key))

    def _matching_one(self, key: str) -> frozenset[int]:
        if key not in self._matching:
            asked = self.leaves(key)
            self._matching[key] = frozenset(place.code for place in self.places if self._leaves[place.key] <= asked)
        return self._matching[key]

    def is_overseas(self, key: str) -> bool:
        """Whether all of it lies abroad."""
        return self.leaves(key) <= self.leaves("overseas")

    def province_of(self, key: str) -> str | None:
        """The province it is or lies in; none for roots, groups and places abroad."""
        return self._above(key, "province")

    def country_of(self, key: str) -> str | None:
        """The country abroad it is or lies in; none for groups and for Korea."""
        return self._above(key, "country")

    def _above(self, key: str, level: Level) -> str | None:
        place = self.place(key)
        while place.level != level:
            if place.parent is None:
                return None
            place = self.place(place.parent)
        return place.key

    def countries_of(self, key: str) -> tuple[str, ...]:
        """The keys (see `COUNTRY_BITS`) of the countries abroad it lies in or has a part of: a city's is its country."""
        found = {self.country_of(leaf) for leaf in self.leaves(key)}
        return tuple(place.key for place in self.places if place.level == "country" and place.key in found)

    def labels(self, *levels: Level) -> tuple[Label, ...]:
        """Key, Korean and English of the places of these levels, in the order of their declaration."""
        return tuple((place.key, place.ko, place.en) for place in self.places if place.level in levels)


def _read(level: Level, table: str) -> Iterator[Place]:
    """The places of a table whose lines are `code key | Korean | English | parent: members | synonyms`."""
    for line in table.strip().splitlines():
        head, ko, en, *rest = (part.strip() for part in line.split("|"))
        code, key = head.split()
        of, synonyms = (*rest, "", "")[:2]
        parent, _, members = of.partition(":")
        yield Place(key, int(code), ko, en, level, parent or None, tuple(members.split()), _words(synonyms))


def _read_districts(tables: dict[str, str], also: dict[str, tuple[str, ...]]) -> Iterator[Place]:
    """The districts of each province, with the words of the travel area each of them is."""
    for province, table in tables.items():
        for entry in table.strip().replace("\n", " / ").split(" / "):
            code, key, ko, en = entry.split(maxsplit=3)
            words = tuple(word for word in also.get(key, ()) if word != ko)
            yield Place(key, int(code), ko, en, "district", province, synonyms=words)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _read_domestic() -> tuple[tuple[Place, ...], tuple[Label, ...]]:
    """The places of Korea, and the travel areas in order, whether places of their own or districts by another label."""
    # "=" in place of a code: read as a place coded 0, which lends its words to the district and then goes.
    areas = tuple(_read("area", domestic.AREAS.replace("\n=", "\n0")))
    same = {area.key: tuple(dict.fromkeys((area.ko, *area.synonyms))) for area in areas if area.code == 0}
    districts = tuple(_read_districts(domestic.DISTRICTS, same))
    if missing := same.keys() - {district.key for district in districts}:
        raise ValueError(f"travel areas name no district: {missing}")
    places = (
        *_read("root", domestic.ROOT),
        *_read("province", domestic.PROVINCES),
        *districts,
        *(area for area in areas if area.code),
        *_read("group", domestic.GROUPS),
    )
    return places, tuple((area.key, area.ko, area.en) for area in areas)


def _read_overseas() -> tuple[Place, ...]:
    return (
        *_read("root", overseas.ROOT),
        *_read("country_group", overseas.COUNTRY_GROUPS),
        *_read("country", overseas.COUNTRIES),
        *_read("city", overseas.CITIES),
        *_read("group", overseas.GROUPS),
    )


_DOMESTIC, TRAVEL_AREAS = _read_domestic()
PLACE_TREE: Final = PlaceTree((*_DOMESTIC, *_read_overseas()))
PLACES: Final = PLACE_TREE.places

COUNTRIES: Final = tuple(key for key, _, _ in PLACE_TREE.labels("country"))
"""Keys of the countries abroad in the order of their bits."""

COUNTRY_BITS: Final = {key: bit for bit, key in enumerate(COUNTRIES)}
"""The place of a country's bit in a mask of countries; below 63."""

PROVINCE_LABELS: Final = PLACE_TREE.labels("province")
FACET_PLACES: Final = (*PROVINCE_LABELS, *TRAVEL_AREAS)
"""What a region is cut into: provinces, then travel areas."""

COUNTRY_GROUP_LABELS: Final = (
    *(label for label in PLACE_TREE.labels("country") if label[0] == "japan"),
    *PLACE_TREE.labels("country_group"),
)
"""Country groups; Japan is one by itself."""

is_place = PLACE_TREE.is_place
place = PLACE_TREE.place
place_of_code = PLACE_TREE.place_of_code
leaves = PLACE_TREE.leaves
matching = PLACE_TREE.matching
is_overseas = PLACE_TREE.is_overseas
province_of = PLACE_TREE.province_of
country_of = PLACE_TREE.country_of
countries_of = PLACE_TREE.countries_of
