"""Which product it is: its type, nights, themes and price, fitting who travels, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from audience_builder.catalog.options import (
    LEISURE_TYPES,
    PARTIES,
    SPACE_TYPES,
    STAY_TYPES,
    THEMES,
    TRANSPORT_TYPES,
    VEHICLE_CLASSES,
)
from audience_builder.catalog.places import place
from audience_builder.sample import hotel
from audience_builder.sample.chance import Bools, Choices, Dice, Floats, Ints, Quantiles, weights_of
from audience_builder.sample.codes import LINE_OF_TYPE, LINES, NO_NIGHTS, by_type, code_of, codes_of, keys_of
from audience_builder.sample.geography import Scenery, geography
from audience_builder.sample.people import ADULT, People
from audience_builder.sample.season import Season
from audience_builder.sample.tastes import (
    EVERY_SPACE,
    OTHER_USE,
    PER_DAY_USE,
    PER_NIGHT,
    PER_USE,
    PERSONS,
    RARELY,
    STAYS_IN_TOWN,
    TASTES,
    THEMES_OF_SCENERY,
    THEMES_OF_STAY,
)
from audience_builder.sample.travellers import TRAVELLERS, TRIP_KIND

_STAY_KEYS: Final = keys_of(STAY_TYPES)
_STAY_CODES: Final = codes_of(STAY_TYPES)
_THEME_KEYS: Final = keys_of(THEMES)
_THEME_BITS: Final = np.int64(1) << codes_of(THEMES)
_HOTEL, _RYOKAN, _MOTEL, _PENSION = (code_of(STAY_TYPES, key) for key in ("hotel", "ryokan", "motel", "pension"))
_JAPAN: Final = place("japan").code


def _stay_weights() -> list[list[float]]:
    """A row a traveller in the country, one each in town, then one a taste abroad."""
    factors = weights_of(STAYS_IN_TOWN, _STAY_KEYS)
    rows = [weights_of(kind.stay_types, _STAY_KEYS, rest=RARELY) for kind in TRAVELLERS]
    country = [[weight * (factor > 0) for weight, factor in zip(row, factors, strict=True)] for row in rows]
    town = [[weight * factor for weight, factor in zip(row, factors, strict=True)] for row in rows]
    abroad = [weights_of(taste.stays_abroad, _STAY_KEYS, rest=RARELY) for taste in TASTES.values()]
    return [*country, *town, *abroad]


_STAY: Final = Choices.of(_stay_weights())
_DAY_USE: Final = Choices.of([weights_of({"motel": 0.9, "hotel": 0.1}, _STAY_KEYS)])

_ALONE: Final = {
    "space": (SPACE_TYPES, [{**EVERY_SPACE, **taste.spaces} for taste in TASTES.values()]),
    "leisure": (LEISURE_TYPES, [taste.leisure for taste in TASTES.values()]),
    "transport": (TRANSPORT_TYPES, [taste.transport for taste in TASTES.values()]),
    "car": (VEHICLE_CLASSES, [taste.vehicles for taste in TASTES.values()]),
}
"""What is booked by itself, by trip kind: its types and their weights for each taste."""
_ALONE_CHOICE: Final = {
    kind: Choices.of([weights_of(row, keys_of(options), rest=RARELY) for row in rows])
    for kind, (options, rows) in _ALONE.items()
}

_NIGHTS: Final = {
    **hotel.NIGHTS,
    "weekend": (0.7, 0.25, 0.04, 0.01, 0.0, 0.0),
    "resort": (0.46, 0.38, 0.12, 0.03, 0.01, 0.0),
    "abroad": (0.03, 0.13, 0.36, 0.28, 0.13, 0.07),
}
_NIGHT_CHOICE: Final = Choices.of(list(_NIGHTS.values()))
_NIGHT_ROW: Final = np.array([tuple(_NIGHTS).index(kind.nights) for kind in TRAVELLERS])
_NIGHTS_ABROAD: Final = tuple(_NIGHTS).index("abroad")
_LONG_STAYS, _MONTHLY_STAYS = 0.008, 0.002

_THEME_OF_KIND: Final = Choices.of([weights_of(kind.themes, _THEME_KEYS, rest=RARELY) for kind in TRAVELLERS])
_THEME_OF_STAY: Final = Choices.of([weights_of(THEMES_OF_STAY[key], _THEME_KEYS) for key in _STAY_KEYS])
_THEME_OF_SCENERY: Final = Choices.of([weights_of(THEMES_OF_SCENERY[s.name.lower()], _THEME_KEYS) for s in Scenery])
_ROW_OF_STAY: Final = by_type({key: row for row, key in enumerate(_STAY_KEYS)}, 0)
_WINTER: Final = (12, 1, 2)

_SPREAD: Final = Quantiles.of([hotel.PRICE_SPREAD])
_PRICE_LEVEL: Final = np.array([kind.price for kind in TRAVELLERS])
_PER_NIGHT: Final = by_type(PER_NIGHT, 0)
_PER_DAY_USE: Final = by_type(PER_DAY_USE, PER_DAY_USE["motel"])
_PER_USE: Final = by_type(PER_USE, OTHER_USE)
_DEARER_ABROAD = 1.2
_ROUNDED = 100
_TRANSPORT: Final = np.array([LINES[key] for key in ("flight", "train", "bus", "ferry")])


def _persons() -> Ints:
    counts = np.zeros(1 << len(PARTIES.options), dtype=np.int64)
    for option in PARTIES.options:
        counts[np.arange(len(counts)) >> option.code & 1 == 1] += PERSONS.get(option.key, 0)
    return np.maximum(counts, 1)


_PERSONS: Final = _persons()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wanted:
    """Who wants what, where and when: a user (position in the block), a trip kind, a place, a party, a day."""

    people: People
    user: Ints
    kind: Ints
    place: Ints
    party: Ints
    check_in: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Goods:
    """The product of each: see `Trips`."""

    line: Ints
    type: Ints
    place: Ints
    nights: Ints
    themes: Ints
    price: Ints
    units: Ints


def goods(dice: Dice, wanted: Wanted, season: Season) -> Goods:
    """The product each wants, when it is the only thing of its trip."""
    types = _types(dice, wanted)
    place = _arriving(dice, wanted, types)
    is_abroad = wanted.kind == TRIP_KIND["overseas"]
    is_stay = is_abroad | (wanted.kind == TRIP_KIND["stay"]) | (wanted.kind == TRIP_KIND["day_use"])
    nights = np.where(is_stay, _nights(dice, wanted), NO_NIGHTS)
    return Goods(
        line=np.where(is_abroad, LINES["overseas_stay"], LINE_OF_TYPE[types]),
        type=types,
        place=place,
        nights=nights,
        themes=np.where(is_stay, _themes(dice, wanted, types), 0),
        price=prices(dice, wanted, types, nights, season),
        units=np.where(is_stay, np.maximum(nights, 1), units(dice, types, wanted.party)),
    )


def _types(dice: Dice, wanted: Wanted) -> Ints:
    people, user = wanted.people, wanted.user
    found = stay_types(dice, people, user, wanted.place, is_abroad=wanted.kind == TRIP_KIND["overseas"])
    chance = dice.random(len(user))
    found = np.where(wanted.kind == TRIP_KIND["day_use"], _STAY_CODES[_DAY_USE.pick(0, chance)], found)
    for kind, (options, _) in _ALONE.items():
        picked = codes_of(options)[_ALONE_CHOICE[kind].pick(people.taste[user], chance)]
        found = np.where(wanted.kind == TRIP_KIND[kind], picked, found)
    return found


def stay_types(dice: Dice, people: People, user: Ints, place: Ints, *, is_abroad: Bools) -> Ints:
    """The stay type each user likes at a place."""
    where = geography()
    row = people.kind[user] + np.where(where.is_town_of[place] > 0, len(TRAVELLERS), 0)
    row = np.where(is_abroad, 2 * len(TRAVELLERS) + people.taste[user], row)
    found = _STAY_CODES[_STAY.pick(row, dice.random(len(user)))]
    found = np.where((found == _RYOKAN) & (where.country_of[place] != _JAPAN), _HOTEL, found)
    return np.where((found == _MOTEL) & (people.age[user] < ADULT), _PENSION, found)


def _arriving(dice: Dice, wanted: Wanted, types: Ints) -> Ints:
    """The place, but for tickets where that transport goes."""
    where = geography()
    chance = dice.random(len(types))
    city = where.city_codes[where.cities.pick(wanted.people.taste[wanted.user], chance)]
    found = np.where(types == code_of(TRANSPORT_TYPES, "flight_international"), city, wanted.place)
    return routed(types, found, chance)


def routed(types: Ints, place: Ints, chance: Floats) -> Ints:
    """The place, but the end of the route where a type of transport has routes of its own."""
    for key, (ends, choice) in geography().routes.items():
        place = np.where(types == code_of(TRANSPORT_TYPES, key), ends[choice.pick(0, chance)], place)
    return place


def _nights(dice: Dice, wanted: Wanted) -> Ints:
    count = len(wanted.user)
    is_abroad = wanted.kind == TRIP_KIND["overseas"]
    row = np.where(is_abroad, _NIGHTS_ABROAD, _NIGHT_ROW[wanted.people.kind[wanted.user]])
    found = _NIGHT_CHOICE.pick(row, dice.random(count)) + 1
    long, length = dice.random(count), dice.random(count)
    found = np.where(long < _LONG_STAYS, 7 + (length * length * 21).astype(np.int64), found)
    found = np.where(long < _MONTHLY_STAYS, 28 + (length * length * 33).astype(np.int64), found)
    return np.where(wanted.kind == TRIP_KIND["day_use"], 0, found)


def _themes(dice: Dice, wanted: Wanted, types: Ints) -> Ints:
    """One theme of the traveller, and mostly one each of the stay and of what lies around."""
    count = len(types)
    scenery = geography().scenery_of[wanted.place]
    # Months since 1970, January being 0.
    month = wanted.check_in.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    is_green = (scenery == Scenery.SNOW) & ~np.isin(month, _WINTER)
    scenery = np.where(is_green, int(Scenery.MOUNTAIN), scenery)
    own = _THEME_BITS[_THEME_OF_KIND.pick(wanted.people.kind[wanted.user], dice.random(count))]
    of_stay = _THEME_BITS[_THEME_OF_STAY.pick(_ROW_OF_STAY[types], dice.random(count))]
    around = _THEME_BITS[_THEME_OF_SCENERY.pick(scenery, dice.random(count))]
    some = dice.random(count)
    return own | np.where(some < 0.65, of_stay, 0) | np.where((some > 0.3) & (some < 0.85), around, 0)


def prices(dice: Dice, wanted: Wanted, types: Ints, nights: Ints, season: Season) -> Ints:
    """The shown price of a night, a day use or a use in KRW, in whole hundreds."""
    usual = np.where(
        nights == NO_NIGHTS, _PER_USE[types], np.where(nights == 0, _PER_DAY_USE[types], _PER_NIGHT[types])
    )
    usual = usual * np.where(wanted.kind == TRIP_KIND["overseas"], _DEARER_ABROAD, 1.0)
    spread = _SPREAD.value(0, dice.random(len(types)))
    # People choose within what there is: a kind's taste for the dear shows less in tickets than in stays.
    level = np.where(nights > 0, _PRICE_LEVEL[wanted.people.kind[wanted.user]], 1.0)
    dear = np.where(nights > 0, season.price[wanted.check_in - season.first], 1.0)
    return (usual * spread * level * dear / _ROUNDED).astype(np.int64) * _ROUNDED


def units(dice: Dice, types: Ints, party: Ints) -> Ints:
    """How many uses are paid: a ticket a person, a hire or a room for one to three days or hours."""
    line = LINE_OF_TYPE[types]
    is_ticket = np.isin(line, _TRANSPORT) | (line == LINES["leisure_ticket"])
    chance = dice.random(len(types))
    return np.where(is_ticket, _PERSONS[party], 1 + (chance * chance * 3).astype(np.int64))


def is_stay(line: Ints) -> Bools:
    """Which product lines have nights."""
    return (line == LINES["domestic_stay"]) | (line == LINES["overseas_stay"])
