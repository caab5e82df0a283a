"""What becomes a row of `booking`: carts left and removed, payments that failed, bookings paid, cancelled and refunded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from audience_builder.mart.tables import BOOKING
from audience_builder.sample import hotel
from audience_builder.sample.behavior import USER
from audience_builder.sample.chance import Bools, Dice, Ints, Quantiles
from audience_builder.sample.codes import LINES, NO_MODE, NO_NIGHTS, bands, by_type, modes
from audience_builder.sample.moments import DAY, NEVER, Period, at, dates, day_of, timestamps
from audience_builder.sample.people import People
from audience_builder.sample.rows import Columns, packed, said, texts
from audience_builder.sample.trips import Outcome, Trips
from audience_builder.sample.visits import Visits

_CANCELLED: Final = np.array(hotel.CANCELLED_PERMILLE) / 1000
_CANCEL_MOMENT: Final = Quantiles.of([hotel.CANCEL_MOMENT])
_CANCEL_FACTOR: Final = {
    "domestic_stay": 1.0, "overseas_stay": 0.9, "flight": 0.5, "rental_car": 0.7, "train": 0.5, "bus": 0.35, "ferry": 0.5,
    "leisure_ticket": 0.45, "space": 0.5,
}  # fmt: skip
_FACTORS: Final = np.array([_CANCEL_FACTOR[line] for line in LINES])
_SAME_DAY_CANCEL = 3 * 3600
_PAID_BY = 130

_REFUND_EDGES: Final = (1, 3, 7)
_REFUND_PERMILLE: Final = np.array([0, 500, 800, 1000])
"""What is given back of a cancelled booking, by days left to the check-in: on the day, up to 2, up to 6, from 7 on."""
_GOODWILL, _COMPENSATED = 0.12, 0.005
_REFUND_TAKES = 3 * DAY

_PAID_ON_SITE: Final = by_type({"motel": 50, "guest_house": 60, "camping": 40}, 0) / 1000
"""How many domestic stays of a type are paid at the house."""
_DISCOUNTS: Final = Quantiles.of([(0, 0, 0, 0, 0, 0.02, 0.05, 0.07, 0.1, 0.15, 0.35)])
_CHECK_IN_SECOND = 15 * 3600

_CART_FIRST, _CART_DAYS, _FAILED_FIRST = 0.58, 0.1, 0.03
_PRODUCTS_A_PLACE = 24
_TYPES_AND_PRODUCTS = 100_000
_VERSIONED, _DELETED = 0.3, 0.002


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lifecycle:
    """When what happened to each product put in the cart or booked; NEVER where it did not.

    `agreed` is the price in KRW after discounts, whether or not it has been paid.
    """

    carted: Ints
    checkout: Ints
    failed: Ints
    removed: Ints
    booked: Ints
    paid: Ints
    cancelled: Ints
    refunded: Ints
    no_show: Bools
    agreed: Ints
    given_back: Ints


def decided_at(trips: Trips, found: Visits) -> Ints:
    """The moment of the visit on which each product was booked or given up."""
    moments = np.zeros(len(trips), dtype=np.int64)
    moments[found.trip[found.is_last]] = found.moment[found.is_last]
    return moments


def lifecycle(dice: Dice, people: People, trips: Trips, decided: Ints, period: Period) -> Lifecycle:
    """What happened, up to the end of the period, to products that came as far as the cart."""
    is_booked = trips.outcome == Outcome.BOOKED
    booked = np.where(is_booked, decided + 420 + (dice.random(len(trips)) * 300).astype(np.int64), NEVER)
    cancelled = _cancelled(dice, trips, booked, period)
    is_due = (booked != NEVER) & (cancelled == NEVER) & (trips.check_in <= period.end)
    no_show = is_due & (dice.random(len(trips)) < hotel.NO_SHOW_PERMILLE / 1000)
    came = is_due & ~no_show
    agreed = _agreed(dice, trips)
    paid = _paid(dice, trips, booked, came, period)
    refunded, given_back = _refunds(dice, trips, cancelled, came, np.where(paid == NEVER, 0, agreed), period)
    carted, checkout, failed, removed = _cart(dice, people, trips, decided, period)
    return Lifecycle(
        carted=carted,
        checkout=checkout,
        failed=failed,
        removed=removed,
        booked=booked,
        paid=paid,
        cancelled=cancelled,
        refunded=refunded,
        no_show=no_show,
        agreed=agreed,
        given_back=given_back,
    )


def _cancelled(dice: Dice, trips: Trips, booked: Ints, period: Period) -> Ints:
    """The longer ahead, the more is cancelled; mostly soon after booking or long before check-in, as in real hotels."""
    lead = trips.check_in - trips.decided
    likely = _CANCELLED[np.searchsorted(hotel.LEAD_EDGES, lead, side="right") - 1] * _FACTORS[trips.line]
    span = np.maximum(at(trips.check_in, 0) - booked, _SAME_DAY_CANCEL)
    moment = booked + _PAID_BY + (_CANCEL_MOMENT.value(0, dice.random(len(trips))) * span).astype(np.int64)
    moment = np.minimum(moment, at(trips.check_in, DAY - 1))
    is_cancelled = (dice.random(len(trips)) < likely) & (booked != NEVER) & (moment <= period.last_moment)
    return np.where(is_cancelled, moment, NEVER)


def _agreed(dice: Dice, trips: Trips) -> Ints:
    discount = _DISCOUNTS.value(0, dice.random(len(trips)))
    return (trips.price * trips.units * (1 - discount) / 10).astype(np.int64) * 10


def _paid(dice: Dice, trips: Trips, booked: Ints, came: Bools, period: Period) -> Ints:
    """Within minutes of the booking; some pay at the house, which is never where they did not come."""
    at_once = booked + 20 + (dice.random(len(trips)) * 100).astype(np.int64)
    at_the_house = at(trips.check_in, _CHECK_IN_SECOND + (dice.random(len(trips)) * 5 * 3600).astype(np.int64))
    at_the_house = np.maximum(at_once, at_the_house)
    at_the_house = np.where(came & (at_the_house <= period.last_moment), at_the_house, NEVER)
    pays_there = (dice.random(len(trips)) < _PAID_ON_SITE[trips.type]) & (trips.line == LINES["domestic_stay"])
    return np.where(booked == NEVER, NEVER, np.where(pays_there, at_the_house, at_once))


def _refunds(dice: Dice, trips: Trips, cancelled: Ints, came: Bools, paid: Ints, period: Period) -> tuple[Ints, Ints]:
    """When how much came back: of what was cancelled by the days left, now and then a little of a stay that went wrong."""
    left = trips.check_in - day_of(cancelled)
    share = _REFUND_PERMILLE[np.searchsorted(_REFUND_EDGES, left, side="right")]
    share = np.where(dice.random(len(trips)) < _GOODWILL, 1000, share)
    is_sorry = came & (dice.random(len(trips)) < _COMPENSATED)
    share = np.where(cancelled != NEVER, share, np.where(is_sorry, 200, 0))
    since = np.where(is_sorry, at(trips.check_in + 1, 36_000), cancelled)
    moment = since + 600 + (dice.random(len(trips)) * _REFUND_TAKES).astype(np.int64)
    amount = paid * share // 1000 // 10 * 10
    is_refunded = (amount > 0) & (moment <= period.last_moment)
    return np.where(is_refunded, moment, NEVER), np.where(is_refunded, amount, 0)


def _cart(dice: Dice, people: People, trips: Trips, decided: Ints, period: Period) -> tuple[Ints, Ints, Ints, Ints]:
    """When it was put in the cart, the checkout opened, a payment failed, and it was taken out again."""
    count = len(trips)
    outcome = trips.outcome
    is_booked = outcome == Outcome.BOOKED
    days = np.where(dice.random(count) < _CART_DAYS, (dice.random(count) * 3 * DAY).astype(np.int64), 0)
    earlier = np.maximum(decided - days, np.maximum(people.signed_up[trips.user] + 30, period.first_moment))
    has_cart = ~is_booked | (dice.random(count) < _CART_FIRST)
    carted = np.where(has_cart, np.where(is_booked, np.minimum(earlier, decided), decided) + 60, NEVER)
    has_checkout = is_booked | (outcome == Outcome.CHECKOUT) | (outcome == Outcome.FAILED)
    checkout = np.where(has_checkout, decided + 120 + (dice.random(count) * 120).astype(np.int64), NEVER)
    has_failed = (outcome == Outcome.FAILED) | (is_booked & (dice.random(count) < _FAILED_FIRST))
    failed = np.where(has_failed, checkout + 100, NEVER)
    kept = dice.random(count)
    removed = carted + 300 + (kept * kept * 6 * DAY).astype(np.int64)
    has_removed = (outcome == Outcome.REMOVED) & (removed <= period.last_moment)
    return carted, checkout, failed, np.where(has_removed, removed, NEVER)


def bookings(dice: Dice, trips: Trips, facts: Lifecycle, *, first_id: int) -> Columns:
    """Rows of `booking`, newest versions and some older ones; `USER` holds positions in the block."""
    nights, is_day_use = trips.nights, trips.nights == 0
    has_nights = nights != NO_NIGHTS
    paid = np.where(facts.paid == NEVER, 0, facts.agreed)
    asked = np.where(facts.booked == NEVER, trips.price, facts.agreed // np.maximum(nights, 1))
    mode = modes(nights)
    stays = np.where(has_nights, nights, np.where(trips.line == LINES["rental_car"], trips.units, 0))
    rank = dice.random(len(trips))
    product = trips.place * _TYPES_AND_PRODUCTS + trips.type * 100 + (rank * rank * _PRODUCTS_A_PLACE).astype(np.int64)
    columns = {
        "booking_id": texts("B", first_id + np.arange(len(trips))),
        "source_version": np.ones(len(trips), dtype=np.int64),
        "deleted": np.zeros(len(trips), dtype=np.bool_),
        "order_id": texts("R", first_id + trips.order),
        USER: trips.user,
        "product_id": texts("P", product),
        "product_line": trips.line,
        "product_type": trips.type,
        "place": trips.place,
        "stay_mode": said(mode, mode != NO_MODE),
        "price_band": said(bands(asked, is_day_use), has_nights),
        "party_mask": trips.party,
        "theme_mask": said(trips.themes, trips.themes != 0),
        "carted_at": timestamps(facts.carted),
        "checkout_at": timestamps(facts.checkout),
        "payment_failed_at": timestamps(facts.failed),
        "removed_at": timestamps(facts.removed),
        "booked_at": timestamps(facts.booked),
        "paid_at": timestamps(facts.paid),
        "cancelled_at": timestamps(facts.cancelled),
        "refunded_at": timestamps(facts.refunded),
        "no_show": facts.no_show,
        "check_in": dates(trips.check_in),
        "check_out": dates(trips.check_in + stays),
        "paid_krw": paid,
        "refunded_krw": facts.given_back,
    }
    return packed(BOOKING, _versioned(dice, columns, facts))


def _versioned(dice: Dice, columns: Columns, facts: Lifecycle) -> Columns:
    """Some cancelled bookings also as they were before, and a few the source has deleted since."""
    is_older = (dice.random(len(facts.booked)) < _VERSIONED) & (facts.cancelled != NEVER) & (facts.paid != NEVER)
    columns["source_version"] = np.where(is_older, 2, 1)
    columns["deleted"] = (dice.random(len(facts.booked)) < _DELETED) & (facts.booked == NEVER)
    older = {name: values[is_older] for name, values in columns.items()}
    older["source_version"] = np.ones(len(older[USER]), dtype=np.int64)
    never = timestamps(np.full(len(older[USER]), NEVER))
    older |= {"cancelled_at": never, "refunded_at": never, "refunded_krw": np.zeros(len(never), dtype=np.int64)}
    return {name: np.ma.concatenate([values, older[name]]) for name, values in columns.items()}
