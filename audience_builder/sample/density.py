"""How much the travellers of a sample do: the usual customers of an app, or customers who keep coming back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from audience_builder.sample.chance import Quantiles


class Density(StrEnum):
    """Which customers a sample is of."""

    USUAL = "usual"
    LOYAL = "loyal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is done: each number is relative to the usual customers.

    `activity` is how much a user travels relative to their kind, at every 10 %; `trips` how often somebody sets out to book,
    `booked` how often it comes to a booking (at most `MOST_BOOKED`), `returns` how often they come back for a product before,
    `idle` how often they look in without looking for anything.
    """

    activity: Quantiles
    trips: float = 1.0
    booked: float = 1.0
    returns: float = 1.0
    idle: float = 1.0


MOST_BOOKED: Final = 0.9

PACES: Final = {
    Density.USUAL: Pace(activity=Quantiles.of([(0, 0, 0.1, 0.3, 0.5, 0.8, 1.2, 1.8, 2.8, 5.0, 16.0)])),
    Density.LOYAL: Pace(
        activity=Quantiles.of([(0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.4, 1.9, 2.8, 8.0)]),
        trips=2.42,
        booked=1.58,
        returns=0.07,
        idle=0.22,
    ),
}
"""Usual: many hardly travel, a few a lot, and most come back several times before they book. Loyal: most travel now and then, know
what they want and book it; in three years about 12 rows of bookings and 40 of behaviour a user."""
