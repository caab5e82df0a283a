"""What goes with a trip: how one gets there, gets around and spends the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from audience_builder.catalog.option import OptionList
from audience_builder.catalog.options import LEISURE_TYPES, TRANSPORT_TYPES, VEHICLE_CLASSES
from audience_builder.sample.chance import Choices, Dice, Floats, Ints
from audience_builder.sample.codes import LINE_OF_TYPE, NO_NIGHTS, code_of
from audience_builder.sample.geography import Access, geography
from audience_builder.sample.goods import Goods, Wanted, is_stay, prices, routed, units
from audience_builder.sample.people import People
from audience_builder.sample.season import Season
from audience_builder.sample.tastes import RARELY, TASTES
from audience_builder.sample.travellers import TRIP_KIND
from audience_builder.sample.trips import Outcome, Trips, assembled, joined, outcomes


@dataclass(frozen=True, slots=True)
class Companion:
    """One thing besides the stay: types of one list, and how often it is thought of by how one gets there.

    `soon` is when: 0 with the stay, 1 anywhere between then and the check-in.
    """

    kind: str
    options: OptionList
    types: tuple[str, ...]
    thought_of: Mapping[Access, float]
    soon: float


_NEAR_AND_FAR: Final = {Access.NEAR: 0.09, Access.ROAD: 0.11, Access.RAIL: 0.11, Access.ISLAND: 0.1}
COMPANIONS: Final = (
    Companion("transport", TRANSPORT_TYPES, ("flight_domestic",), {Access.JEJU: 0.5, Access.RAIL: 0.02}, 0.1),
    Companion("transport", TRANSPORT_TYPES, ("flight_international",), {Access.JAPAN: 0.48, Access.ABROAD: 0.52}, 0.1),
    Companion("transport", TRANSPORT_TYPES, ("ktx", "srt", "train_regular"), {Access.RAIL: 0.2, Access.ROAD: 0.04}, 0.9),
    Companion(
        "transport", TRANSPORT_TYPES, ("express_bus", "intercity_bus"), {Access.ROAD: 0.08, Access.RAIL: 0.05, Access.NEAR: 0.02}, 1
    ),
    Companion("transport", TRANSPORT_TYPES, ("ferry_domestic",), {Access.ISLAND: 0.4, Access.JEJU: 0.02}, 0.6),
    Companion("transport", TRANSPORT_TYPES, ("ferry_international",), {Access.JAPAN: 0.02}, 0.4),
    Companion("transport", TRANSPORT_TYPES, ("airport_bus",), {Access.JAPAN: 0.07, Access.ABROAD: 0.08}, 1),
    Companion(
        "car",
        VEHICLE_CLASSES,
        tuple(option.key for option in VEHICLE_CLASSES.options),
        {Access.JEJU: 0.45, Access.ROAD: 0.05, Access.RAIL: 0.04, Access.ISLAND: 0.05, Access.NEAR: 0.01, Access.ABROAD: 0.05,
         Access.JAPAN: 0.03},
        0.6,
    ),
    Companion(
        "leisure",
        LEISURE_TYPES,
        tuple(option.key for option in LEISURE_TYPES.options),
        {Access.JEJU: 0.24, Access.JAPAN: 0.16, Access.ABROAD: 0.2, **_NEAR_AND_FAR},
        1,
    ),
)  # fmt: skip

_WITH_BOOKED, _WITHOUT = 0.56, 0.14
_SECOND_CART = 0.07


def with_companions(dice: Dice, people: People, trips: Trips, season: Season) -> Trips:
    """The trips, what goes with them, and now and then a second product carted the day before the one booked."""
    parts = [_companions(dice, people, trips, season, companion) for companion in COMPANIONS]
    everything = joined([trips, *(part for part in parts if len(part)), _also_carted(dice, people, trips)])
    return _ordered(everything, len(trips))


def _companions(dice: Dice, people: People, trips: Trips, season: Season, companion: Companion) -> Trips:
    thought_of = np.array([companion.thought_of.get(access, 0.0) for access in Access])
    access = geography().access[people.province[trips.user], trips.place]
    main = trips.taken((dice.random(len(trips)) < thought_of[access]) & (trips.nights > 0))
    waited = dice.random(len(main)) * companion.soon
    decided = main.decided + (waited * (main.check_in - main.decided)).astype(np.int64)
    in_time = decided <= people.last[main.user]
    main, decided = main.taken(in_time), decided[in_time]
    is_booked = np.where(main.outcome == Outcome.BOOKED, _WITH_BOOKED, _WITHOUT)
    wanted = Wanted(
        people=people,
        user=main.user,
        kind=np.full(len(main), TRIP_KIND[companion.kind]),
        place=main.place,
        party=main.party,
        check_in=main.check_in,
    )
    found = _found(dice, wanted, main, season, companion)
    return assembled(wanted, found, decided=decided, outcome=outcomes(dice, is_booked, people.pace), order=main.order)


def _found(dice: Dice, wanted: Wanted, main: Trips, season: Season, companion: Companion) -> Goods:
    taste = wanted.people.taste[wanted.user]
    codes = np.array([code_of(companion.options, key) for key in companion.types])
    types = codes[_liking(companion).pick(taste, dice.random(len(taste)))]
    nights = np.full(len(taste), NO_NIGHTS)
    paid = np.where(wanted.kind == TRIP_KIND["car"], np.maximum(main.nights, 1), units(dice, types, wanted.party))
    return Goods(
        line=LINE_OF_TYPE[types],
        type=types,
        place=routed_with_stay(types, wanted.place, dice.random(len(taste))),
        nights=nights,
        themes=np.zeros(len(taste), dtype=np.int64),
        price=prices(dice, wanted, types, nights, season),
        units=paid,
    )


def _liking(companion: Companion) -> Choices:
    rows: list[list[float]] = []
    for taste in TASTES.values():
        weights = {**taste.transport, **taste.vehicles, **taste.leisure}
        rows.append([weights.get(key, RARELY) for key in companion.types])
    return Choices.of(rows)


def routed_with_stay(types: Ints, where: Ints, chance: Floats) -> Ints:
    """Where a ticket bought for a trip goes: to the stay, or to the nearest end of a route that has few."""
    is_bus_to_plane = types == code_of(TRANSPORT_TYPES, "airport_bus")
    is_ferry_abroad = types == code_of(TRANSPORT_TYPES, "ferry_international")
    return np.where(is_bus_to_plane | is_ferry_abroad, routed(types, where, chance), where)


def _also_carted(dice: Dice, people: People, trips: Trips) -> Trips:
    chosen = (dice.random(len(trips)) < _SECOND_CART) & (trips.outcome == Outcome.BOOKED) & is_stay(trips.line)
    main = trips.taken(chosen & (trips.decided > people.first[trips.user]))
    outcome = np.where(dice.random(len(main)) < 0.7, int(Outcome.CARTED), int(Outcome.CHECKOUT))
    return replace(main, decided=main.decided - 1, outcome=outcome)


def _ordered(trips: Trips, mains: int) -> Trips:
    """One order for what is booked on one day for one trip, another for each other thing."""
    own = np.arange(len(trips))
    is_together = (trips.decided == trips.decided[trips.order]) & (trips.outcome == Outcome.BOOKED)
    return replace(trips, order=np.where(is_together & (own >= mains), trips.order, own))
