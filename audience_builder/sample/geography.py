"""Where somebody lives and goes, as tables to pick from. Places are codes of the place tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final

import numpy as np

from audience_builder.catalog.places import PLACES, TRAVEL_AREAS, Place, country_of, leaves, place, province_of
from audience_builder.sample.chance import Choices, Floats, Ints
from audience_builder.sample.destinations import (
    AIRPORT_BUSES_TO,
    BY_DISTANCE,
    CLASSIC_ISLAND,
    FERRIES_ABROAD,
    FERRIES_TO,
    FERRY_ISLANDS,
    FLIGHTS_TO,
    LARGE_TOWNS,
    METROPOLITAN,
    NEIGHBOURS,
    POPULATION,
    RAIL_TOWNS,
    SEASIDE,
    SNOW,
    STYLES,
    WATERSIDE,
)
from audience_builder.sample.tastes import TASTES
from audience_builder.sample.travellers import Weights

PROVINCES: Final = tuple(POPULATION)
STYLE_KEYS: Final = tuple(STYLES)


class Scenery(IntEnum):
    """What one looks out at."""

    MOUNTAIN = 0
    SEA = 1
    WATER = 2
    TOWN = 3
    SNOW = 4
    ABROAD = 5


class Access(IntEnum):
    """How one gets there."""

    NEAR = 0
    ROAD = 1
    RAIL = 2
    JEJU = 3
    ISLAND = 4
    JAPAN = 5
    ABROAD = 6


_FAR = 3
_LITTLE = 0.03
_COUNTY, _TOWN = 0.2, 0.5
_BEYOND = 2  # provinces between, from which on people think of a train


@dataclass(frozen=True, slots=True, eq=False)
class Geography:
    """Places to live in and go to. Arrays named `…_of` are indexed by place code, `access` by home province and code.

    `homes` picks from `home_codes` (row 0). `trips` picks from `codes`, its rows being style × home province.
    """

    home_codes: Ints
    homes: Choices
    abroad: int
    codes: Ints
    trips: Choices
    province_of: Ints
    wider_of: Ints
    widest_of: Ints
    country_of: Ints
    scenery_of: Ints
    is_town_of: Ints
    access: Ints
    city_codes: Ints
    cities: Choices
    routes: Mapping[str, tuple[Ints, Choices]]

    def trip_rows(self, styles: Ints, provinces: Ints) -> Ints:
        """The row of `trips` for each style and home province."""
        return styles * len(PROVINCES) + provinces


@cache
def geography() -> Geography:
    """The places as tables; made once."""
    districts = [entry for entry in PLACES if entry.level == "district"]
    ends = [entry for entry in PLACES if entry.level in ("district", "area") and _is_end(entry)]
    cities = [entry for entry in PLACES if entry.level == "city"]
    return Geography(
        home_codes=_codes(districts),
        abroad=place("overseas").code,
        homes=Choices.of([[_residents(entry, districts) for entry in districts]]),
        codes=_codes(ends),
        trips=Choices.of(np.array([_pulls(style, home, ends) for style in STYLE_KEYS for home in PROVINCES])),
        province_of=_by_code({e.code: PROVINCES.index(p) for e in PLACES if (p := province_of(e.key))}, -1),
        wider_of=_by_code(_wider() | _areas(), 0),
        widest_of=_by_code(_wider(), 0),
        country_of=_by_code({e.code: place(c).code for e in PLACES if (c := country_of(e.key))}, 0),
        scenery_of=_by_code(_sceneries(ends, cities), Scenery.MOUNTAIN),
        is_town_of=_by_code({e.code: 1 for e in ends if province_of(e.key) in METROPOLITAN}, 0),
        access=np.array([_by_code(_accesses(home, ends, cities), Access.NEAR) for home in PROVINCES]),
        city_codes=_codes(cities),
        cities=Choices.of([_weights(taste.cities, cities, 0.05) for taste in TASTES.values()]),
        routes={key: _route(ends_at) for key, ends_at in _ROUTES.items()},
    )


_ROUTES: Final = {
    "flight_domestic": FLIGHTS_TO,
    "airport_bus": AIRPORT_BUSES_TO,
    "ferry_domestic": FERRIES_TO,
    "ferry_international": FERRIES_ABROAD,
}


def _codes(entries: Iterable[Place]) -> Ints:
    return np.array([entry.code for entry in entries], dtype=np.int64)


def _by_code(values: Mapping[int, int], rest: int) -> Ints:
    found = np.full(max(entry.code for entry in PLACES) + 1, rest, dtype=np.int64)
    found[list(values)] = list(values.values())
    return found


def _is_end(entry: Place) -> bool:
    """Whether a stay may lie there: a district, or a part of one."""
    return entry.key in leaves(entry.key)


def _weights(chosen: Weights, entries: list[Place], rest: float) -> list[float]:
    return [chosen.get(entry.key, rest) for entry in entries]


def _route(ends_at: Weights) -> tuple[Ints, Choices]:
    return _codes(place(key) for key in ends_at), Choices.of([list(ends_at.values())])


def _residents(entry: Place, districts: list[Place]) -> float:
    province = province_of(entry.key)
    assert province is not None
    inside = sum(_town(other) for other in districts if province_of(other.key) == province)
    return POPULATION[province] * _town(entry) / inside


def _town(entry: Place) -> float:
    usual = _COUNTY if entry.ko.endswith("군") else _TOWN
    return LARGE_TOWNS.get(entry.key, usual)


def _distance(home: str, to: str) -> int:
    """Provinces one goes through: 0 at home, 1 next door, 2, or 3 for anything further."""
    if home == to:
        return 0
    if CLASSIC_ISLAND in (home, to):
        return 2
    near = NEIGHBOURS[home].split()
    if to in near:
        return 1
    return 2 if any(to in NEIGHBOURS[between].split() for between in near) else _FAR


def _pulls(style: str, home: str, ends: list[Place]) -> Floats:
    pull = {entry.key: _LITTLE for entry in ends}
    for key, weight in STYLES[style].items():
        inside = leaves(key)
        for leaf in inside:
            pull[leaf] += weight / len(inside)
    if style == "home":
        pull = {entry.key: _town(entry) for entry in ends}
    by_distance = BY_DISTANCE[style]
    return np.array([pull[e.key] * by_distance[_distance(home, province_of(e.key) or home)] for e in ends])


def _wider() -> dict[int, int]:
    """The province of each domestic place, the country of each city; themselves of those."""
    found: dict[int, int] = {}
    for entry in PLACES:
        around = province_of(entry.key) or country_of(entry.key)
        if around:
            found[entry.code] = place(around).code
    return found


def _areas() -> dict[int, int]:
    """The travel area around each district or part of one, where there is one."""
    return {place(leaf).code: place(key).code for key, _, _ in TRAVEL_AREAS for leaf in leaves(key) if leaf != key}


def _inside(keys: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(leaves(key) for key in keys))


def _sceneries(ends: list[Place], cities: list[Place]) -> dict[int, int]:
    shores, waters, slopes, towns = _inside(SEASIDE), _inside(WATERSIDE), leaves(SNOW), _inside(METROPOLITAN)
    found = {entry.code: int(Scenery.ABROAD) for entry in cities}
    order = ((towns, Scenery.TOWN), (slopes, Scenery.SNOW), (waters, Scenery.WATER), (shores, Scenery.SEA))
    for inside, scenery in order:
        found |= {entry.code: int(scenery) for entry in ends if entry.key in inside}
    return found


def _accesses(home: str, ends: list[Place], cities: list[Place]) -> dict[int, int]:
    islands, stations = _inside(FERRY_ISLANDS), _inside(RAIL_TOWNS)
    found = {e.code: int(Access.JAPAN if country_of(e.key) == "japan" else Access.ABROAD) for e in cities}
    for entry in ends:
        province = province_of(entry.key) or home
        if province == home:
            found[entry.code] = Access.NEAR
        elif province == CLASSIC_ISLAND:
            found[entry.code] = Access.JEJU
        elif entry.key in islands:
            found[entry.code] = Access.ISLAND
        elif _distance(home, province) >= _BEYOND:
            found[entry.code] = Access.RAIL if entry.key in stations else Access.ROAD
    return found
