"""When somebody comes back for a product: the days before they book it or give it up, and what they do on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from audience_builder.sample.chance import Bools, Dice, Ints, Quantiles, repeated
from audience_builder.sample.goods import is_stay
from audience_builder.sample.moments import DAY, at, day_of, second_of_day
from audience_builder.sample.people import People
from audience_builder.sample.travellers import TRAVELLERS
from audience_builder.sample.trips import Trips

_RETURNS: Final = Quantiles.of(
    [
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0.4, 1),
        (0, 0, 0, 0.3, 0.6, 1, 1.3, 2, 2.6, 3.5, 7),
        (0, 0.4, 1, 1.2, 2, 2.4, 3, 3.6, 4.5, 6, 12),
    ]
)
"""How often somebody comes back, at every 10 %: for a ticket, for a stay, and who looks for a bargain."""
_BARGAIN: Final = np.array([kind.key == "bargain" for kind in TRAVELLERS])

_IDLE: Final = Quantiles.of([(0, 0.2, 0.5, 0.8, 1.2, 1.8, 2.6, 3.6, 5.5, 9, 45)])
"""Visits of a year without looking for anything, at every 10 %."""

_MAIN_DEVICE = 0.8
_BEFORE_BOOKING = 900


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """Visits for a product: `trip` is its position, `moment` when, `is_last` whether it is the day of the decision."""

    trip: Ints
    user: Ints
    moment: Ints
    device: Ints
    is_last: Bools

    def __len__(self) -> int:
        return len(self.trip)


def visits(dice: Dice, people: People, trips: Trips) -> Visits:
    """The visits for each product; the last one is on the day of the decision, and always there."""
    row = np.where(is_stay(trips.line) & (trips.nights > 0), 1, 0)
    row = np.where(_BARGAIN[people.kind[trips.user]] & (row > 0), 2, row)
    returns = (_RETURNS.value(row, dice.random(len(trips))) * people.pace.returns + 0.5).astype(np.int64)
    trip, number = repeated(returns + 1)
    chance = dice.random(len(trip))
    span = 2 + np.minimum((trips.check_in - trips.decided)[trip] // 2, 26)
    gap = np.where(number == 0, 0, 1 + (chance * chance * span).astype(np.int64))
    day = trips.decided[trip] - gap
    second = np.minimum(second_of_day(dice.random(len(trip))), DAY - _BEFORE_BOOKING)
    device = devices(dice, people, trips.user[trip])
    user = trips.user[trip]
    kept = day >= people.first[user]
    return Visits(
        trip=trip[kept], user=user[kept], moment=at(day, second)[kept], device=device[kept], is_last=(number == 0)[kept]
    )


def devices(dice: Dice, people: People, user: Ints) -> Ints:
    """The device each of them uses this time."""
    return np.where(dice.random(len(user)) < _MAIN_DEVICE, people.device[user], people.other_device[user])


def signed_up(dice: Dice, people: People, found: Visits) -> Ints:
    """When each user signed up: who is new did so minutes before the first visit, or just so where there is none."""
    earliest = np.full(len(people), np.iinfo(np.int64).max)
    np.minimum.at(earliest, found.user, found.moment)
    minutes_before = earliest - 60 - (dice.random(len(people)) * 600).astype(np.int64)
    minutes_before = np.maximum(minutes_before, at(day_of(earliest), 0))
    came = earliest < np.iinfo(np.int64).max
    return np.where(people.is_new & came, minutes_before, people.signed_up)


def idle_visits(dice: Dice, people: People) -> tuple[Ints, Ints]:
    """Users and moments of visits that look for nothing."""
    first = np.maximum(people.first, day_of(people.signed_up) + 1)
    days = np.maximum(people.last - first + 1, 0)
    a_year = _IDLE.value(0, dice.random(len(people))) * people.pace.idle
    user, _ = repeated((a_year * days / 365 + dice.random(len(people))).astype(np.int64))
    day = first[user] + (dice.random(len(user)) * days[user]).astype(np.int64)
    return user, at(day, second_of_day(dice.random(len(user))))
