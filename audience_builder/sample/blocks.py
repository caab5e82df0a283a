"""A sample made block by block: which one it is, and the rows of a block of its users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from audience_builder.errors import InputError
from audience_builder.sample.behavior import behavior
from audience_builder.sample.bookings import bookings, decided_at, lifecycle
from audience_builder.sample.chance import dice
from audience_builder.sample.companions import with_companions
from audience_builder.sample.consents import consents
from audience_builder.sample.density import PACES, Density
from audience_builder.sample.moments import Period
from audience_builder.sample.people import people
from audience_builder.sample.profiles import profiles, review_days, tiers
from audience_builder.sample.rows import Array, Columns, texts
from audience_builder.sample.season import Season, season
from audience_builder.sample.trips import Outcome, journeys
from audience_builder.sample.visits import signed_up, visits

BLOCK: Final = 50_000
"""So many users are made at a time: what is made of them depends on the seed and their block alone."""

_RECIPE: Final = 1  # another recipe makes other content of the same seed, and must not pass for it
_BOOKINGS_A_BLOCK: Final = 10_000_000
_FIRST_END, _LAST_END = date(1996, 1, 1), date(2098, 12, 31)
_MOST_DAYS: Final = 1_100


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSpec:
    """Which sample: how many users, how many days up to and with `end` (a day in Korea), from which seed, doing how much.

    Raises InputError for numbers no sample can be made of.
    """

    users: int
    days: int
    seed: int
    end: date
    density: Density = Density.USUAL

    def __post_init__(self) -> None:
        if self.users < 1 or not 1 <= self.days <= _MOST_DAYS or self.seed < 0:
            raise InputError(
                f"no sample of {self.users} users, {self.days} days and seed {self.seed}",
                fix=f"Ask for at least 1 user, 1 to {_MOST_DAYS} days and a seed of at least 0.",
            )
        if not _FIRST_END <= self.end <= _LAST_END:
            raise InputError(f"no sample can end on {self.end}", fix=f"Ask for a day from {_FIRST_END} to {_LAST_END}.")

    @property
    def key(self) -> str:
        """What tells this sample from every other."""
        density = "" if self.density is Density.USUAL else f" density={self.density}"
        return f"v{_RECIPE} users={self.users} days={self.days} seed={self.seed} end={self.end}{density}"

    @property
    def blocks(self) -> int:
        """How many blocks of users it is made in."""
        return -(-self.users // BLOCK)

    @property
    def period(self) -> Period:
        """Its days."""
        return Period.ending(self.end, self.days)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The rows of a block of users. In the columns `user_no` stand positions in `user_ids`."""

    user_ids: Array
    profiles: Columns
    behavior: list[Columns]
    booking: Columns


def blocks(spec: SampleSpec, numbers: Iterable[int] | None = None) -> Iterator[Block]:
    """The sample block by block, or only the blocks of these numbers; no block looks at another."""
    when = season(spec.end - timedelta(days=spec.days - 1), spec.end)
    for number in range(spec.blocks) if numbers is None else numbers:
        yield block(spec, number, when)


def users_in(spec: SampleSpec, number: int) -> int:
    """How many users block `number` has."""
    return min(BLOCK, spec.users - number * BLOCK)


def block(spec: SampleSpec, number: int, when: Season) -> Block:
    """Block `number` of the sample; `when` is the season of its period."""
    chance, period = dice(spec.seed, number), spec.period
    everyone = people(chance, users_in(spec, number), period, PACES[spec.density])
    trips = with_companions(chance, everyone, journeys(chance, everyone, when), when)
    visited = visits(chance, everyone, trips)
    everyone = replace(everyone, signed_up=signed_up(chance, everyone, visited))
    reached = trips.outcome >= Outcome.CARTED
    bought, decided = trips.taken(reached), decided_at(trips, visited)[reached]
    facts = lifecycle(chance, everyone, bought, decided, period)
    reviews = review_days(period)
    tier = tiers(len(everyone), bought, facts, reviews)
    return Block(
        user_ids=texts("U", number * BLOCK + np.arange(len(everyone))),
        profiles=profiles(everyone, consents(chance, everyone.signed_up, period), tier, reviews),
        behavior=behavior(chance, everyone, trips, visited),
        booking=bookings(chance, bought, facts, first_id=number * _BOOKINGS_A_BLOCK),
    )
