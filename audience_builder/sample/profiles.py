"""What is known of each user, as versions: sign-up, consents given and taken back, tiers reviewed monthly, accounts closed."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from audience_builder.catalog.options import TIERS
from audience_builder.clock import day_from, day_number
from audience_builder.mart.tables import USER_PROFILE, Status
from audience_builder.sample.behavior import USER
from audience_builder.sample.bookings import Lifecycle
from audience_builder.sample.chance import Bools, Ints
from audience_builder.sample.codes import codes_of
from audience_builder.sample.consents import CONSENTS, Consents
from audience_builder.sample.moments import NEVER, Period, at, dates, timestamps
from audience_builder.sample.people import NOT_KNOWN, People
from audience_builder.sample.rows import Columns, packed, said
from audience_builder.sample.trips import Trips

TIER_BOOKINGS: Final = (1, 3, 6, 12)
TIER_SPEND_KRW: Final = (200_000, 600_000, 1_500_000, 4_000_000)
"""What each tier above the first asks for within 365 days: so many bookings or so much spent."""

_TIER_CODES: Final = codes_of(TIERS)
_YEAR = 365


def review_days(period: Period) -> Ints:
    """The days tiers are reviewed on: every first of a month after the first day of the period."""
    first = day_from(period.start)
    months = [(first.year * 12 + first.month + ahead) for ahead in range(period.days // 28 + 2)]
    days = [day_number(date(month // 12, month % 12 + 1, 1)) for month in months]
    return np.array([day for day in days if day <= period.end], dtype=np.int64)


def tiers(count: int, trips: Trips, facts: Lifecycle, reviews: Ints) -> Ints:
    """The tier from each review on, as positions in TIERS: shape (count, reviews + 1), the first before any review.

    Counted are bookings booked within the 365 days before the review and not cancelled before it; spent is what was paid
    in those days minus what had come back of it.
    """
    found = np.zeros((count, len(reviews) + 1), dtype=np.int64)
    for column, review in enumerate(reviews, start=1):
        now, since = at(review, 0), at(review - _YEAR, 0)
        is_counted = (
            (facts.booked >= since) & (facts.booked < now) & ((facts.cancelled == NEVER) | (facts.cancelled >= now))
        )
        bookings = np.bincount(trips.user[is_counted], minlength=count)
        is_paid = (facts.paid >= since) & (facts.paid < now)
        is_back = is_paid & (facts.refunded != NEVER) & (facts.refunded < now)
        spent = np.bincount(trips.user[is_paid], facts.agreed[is_paid], count)
        spent -= np.bincount(trips.user[is_back], facts.given_back[is_back], count)
        by_bookings = np.searchsorted(TIER_BOOKINGS, bookings, side="right")
        found[:, column] = np.maximum(by_bookings, np.searchsorted(TIER_SPEND_KRW, spent, side="right"))
    return found


def profiles(people: People, consents: Consents, tier: Ints, reviews: Ints) -> Columns:
    """Rows of `user_profile`; `USER` holds positions in the block. Users without a profile have none."""
    user, moment = _versions(people, consents, tier, reviews)
    status = np.where(_has_come(people.status_at[user], moment), people.status[user], int(Status.NORMAL))
    born, gender = people.born[user], people.gender[user]
    home, stage = people.home[user], people.stage[user]
    reviewed = np.searchsorted(at(reviews, 0), moment, side="right")
    columns: Columns = {
        USER: user,
        "valid_from": timestamps(moment),
        "status": status,
        "born_on": said(dates(born), born != NOT_KNOWN),
        "gender": said(gender, gender != 0),
        "tier": _TIER_CODES[tier[user, reviewed]],
        "activity_region": said(np.maximum(home, 0), home != NOT_KNOWN),
        "life_stage": said(stage, stage != 0),
        "signed_up_at": timestamps(people.signed_up[user]),
    }
    for bit, name in enumerate(CONSENTS):
        is_given = (consents.given_mask[user] >> bit & 1 == 1) & (consents.given[user] <= moment)
        is_back = (consents.withdrawn_mask[user] >> bit & 1 == 1) & _has_come(consents.withdrawn[user], moment)
        columns[name] = timestamps(np.where(is_given & ~is_back, consents.given[user], NEVER))
    return packed(USER_PROFILE, columns)


def _has_come(moment: Ints, by: Ints) -> Bools:
    return (moment != NEVER) & (moment <= by)


def _versions(people: People, consents: Consents, tier: Ints, reviews: Ints) -> tuple[Ints, Ints]:
    """User and first moment of every version: sign-up, and each later moment at which something changed."""
    everyone = np.arange(len(people))
    moved, review = np.nonzero(np.diff(tier, axis=1))
    users = [everyone, everyone, everyone, everyone, moved]
    moments = [people.signed_up, consents.given, consents.withdrawn, people.status_at, at(reviews[review], 0)]
    user, moment = np.concatenate(users), np.concatenate(moments)
    kept = people.has_profile[user] & (moment != NEVER) & (moment >= people.signed_up[user])
    order = np.lexsort((moment[kept], user[kept]))
    user, moment = user[kept][order], moment[kept][order]
    is_first = np.diff(user * (1 << 34) + moment, prepend=-1) != 0
    return user[is_first], moment[is_first]
