"""What people set out to book: one entry a product somebody is after, whether or not they end up booking it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from audience_builder.catalog.options import PARTIES
from audience_builder.sample import hotel
from audience_builder.sample.chance import Choices, Dice, Floats, Ints, Quantiles, repeated, times, weights_of
from audience_builder.sample.codes import mask_of
from audience_builder.sample.density import MOST_BOOKED, Pace
from audience_builder.sample.geography import STYLE_KEYS, geography
from audience_builder.sample.goods import Goods, Wanted, goods
from audience_builder.sample.people import ADULT, People
from audience_builder.sample.season import RHYTHM_KEYS, Season
from audience_builder.sample.travellers import TRAVELLERS, TRIP_KIND, TRIP_KINDS


class Outcome(IntEnum):
    """How far somebody came with a product."""

    SEARCHED = 0
    VIEWED = 1
    CARTED = 2
    CHECKOUT = 3
    FAILED = 4
    REMOVED = 5
    BOOKED = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trips:
    """Products somebody is after. `user` is their position in the block, `decided` the day they book it or give it up.

    `price` is KRW a night or a use as shown, `units` how many of them are paid; `nights` is NO_NIGHTS off stays.
    `order` is equal for what is bought together.
    """

    user: Ints
    line: Ints
    type: Ints
    place: Ints
    check_in: Ints
    nights: Ints
    party: Ints
    themes: Ints
    price: Ints
    units: Ints
    decided: Ints
    outcome: Ints
    order: Ints

    def __len__(self) -> int:
        return len(self.user)

    def taken(self, where: npt.NDArray[Any]) -> Trips:
        """Only those a mask or positions name."""
        return Trips(**{entry.name: getattr(self, entry.name)[where] for entry in fields(self)})


def joined(parts: Sequence[Trips]) -> Trips:
    """All of several."""
    return Trips(
        **{entry.name: np.concatenate([getattr(part, entry.name) for part in parts]) for entry in fields(Trips)}
    )


_HABITS: Final = [(kind, trip) for kind in TRAVELLERS for trip in TRIP_KINDS]
"""What each kind of traveller does on each kind of trip: row `traveller * len(TRIP_KINDS) + trip`."""

_KINDS: Final = Choices.of([weights_of(kind.kinds, TRIP_KINDS) for kind in TRAVELLERS])

_LEADS: Final = {
    **hotel.LEAD_DAYS,
    "same_day": (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 6, 10, 30),
    "soon": (0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 21, 25, 30, 45, 90),
}
"""Days ahead at every 5 %: as real hotels are booked, and two of our own for what is bought at the last minute."""
_LEAD_DAYS: Final = Quantiles.of(list(_LEADS.values()))
_FIXED_LEAD: Final = {"day_use": {"same_day": 1.0}, "overseas": {"online": 0.6, "tour": 0.4}}
_LEAD: Final = Choices.of(
    [
        weights_of(kind.lead if trip == "stay" else _FIXED_LEAD.get(trip, {"soon": 1.0}), tuple(_LEADS))
        for kind, trip in _HABITS
    ]
)

_FIXED_RHYTHM: Final = {"day_use": "any_day", "overseas": "abroad", "space": "any_day", "transport": "hometown"}
_RHYTHM: Final = np.array([RHYTHM_KEYS.index(_FIXED_RHYTHM.get(trip, kind.rhythm)) for kind, trip in _HABITS])

_FIXED_STYLE: Final = {"day_use": {"home": 1.0}, "space": {"home": 1.0}, "transport": {"city": 0.5, "classic": 0.5}}
_STYLE: Final = Choices.of([weights_of(_FIXED_STYLE.get(trip, kind.styles), STYLE_KEYS) for kind, trip in _HABITS])
_HOME: Final = STYLE_KEYS.index("home")
_CLOSE_TO_HOME = 0.4

_PARTY_KEYS: Final = tuple(dict.fromkeys(key for kind in TRAVELLERS for key in kind.parties))
_PARTY: Final = Choices.of([weights_of(kind.parties, _PARTY_KEYS) for kind in TRAVELLERS])
_PARTY_MASKS: Final = np.array([mask_of(PARTIES, key) for key in _PARTY_KEYS])

_BOOKED: Final = {"day_use": 1.2, "overseas": 0.62, "space": 0.9, "leisure": 0.95, "transport": 1.15, "car": 0.8}
_BOOKED_SHARE: Final = np.array([kind.booked * _BOOKED.get(trip, 1.0) for kind, trip in _HABITS])
_NOT_BOOKED: Final = Choices.of([[0.3, 0.5, 0.1, 0.045, 0.015, 0.04]])


def journeys(dice: Dice, people: People, season: Season) -> Trips:
    """What the users set out to book in the period, without what goes with it (`companions`)."""
    horizon = len(season.price)
    user, _ = repeated(times(people.trips * horizon / 365, dice.random(len(people))))
    kind = _KINDS.pick(people.kind[user], dice.random(len(user)))
    kind = np.where((people.age[user] < ADULT) & (kind == TRIP_KIND["day_use"]), TRIP_KIND["leisure"], kind)
    habit = people.kind[user] * len(TRIP_KINDS) + kind
    check_in = season.first + season.days.pick(_RHYTHM[habit], dice.random(len(user)))
    segment = _LEAD.pick(habit, dice.random(len(user)))
    decided = check_in - _LEAD_DAYS.whole(segment, dice.random(len(user)))
    seen = (decided >= people.first[user]) & (decided <= people.last[user])
    user, kind, habit = user[seen], kind[seen], habit[seen]
    wanted = Wanted(
        people=people,
        user=user,
        kind=kind,
        place=_places(dice, people, user, habit),
        party=_PARTY_MASKS[_PARTY.pick(people.kind[user], dice.random(len(user)))],
        check_in=check_in[seen],
    )
    return assembled(
        wanted,
        goods(dice, wanted, season),
        decided=decided[seen],
        outcome=outcomes(dice, _BOOKED_SHARE[habit], people.pace),
        order=np.arange(len(user)),
    )


def assembled(wanted: Wanted, found: Goods, *, decided: Ints, outcome: Ints, order: Ints) -> Trips:
    """Trips of what is wanted and what was found for it."""
    chosen = {entry.name: getattr(found, entry.name) for entry in fields(Goods)}
    return Trips(
        user=wanted.user,
        party=wanted.party,
        check_in=wanted.check_in,
        decided=decided,
        outcome=outcome,
        order=order,
        **chosen,
    )


def outcomes(dice: Dice, booked: Floats, pace: Pace) -> Ints:
    """How far somebody comes with each product, given how likely the usual customers book it."""
    short = _NOT_BOOKED.pick(0, dice.random(len(booked)))
    return np.where(
        dice.random(len(booked)) < np.minimum(booked * pace.booked, MOST_BOOKED), int(Outcome.BOOKED), short
    )


def _places(dice: Dice, people: People, user: Ints, habit: Ints) -> Ints:
    where = geography()
    style = _STYLE.pick(habit, dice.random(len(user)))
    found = where.codes[where.trips.pick(where.trip_rows(style, people.province[user]), dice.random(len(user)))]
    is_close = (style == _HOME) & (dice.random(len(user)) < _CLOSE_TO_HOME)
    found = np.where(is_close, people.home_place[user], found)
    city = where.city_codes[where.cities.pick(people.taste[user], dice.random(len(user)))]
    return np.where(habit % len(TRIP_KINDS) == TRIP_KIND["overseas"], city, found)
