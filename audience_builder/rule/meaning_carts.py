"""Carts left behind: the one question that looks at minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from audience_builder.mart.person import BookingRow, Person
from audience_builder.rule.meaning_moments import Moment, Row, is_confirmed, last_night

_HOUR = timedelta(hours=1)


def _last_touch(row: BookingRow, now: Moment) -> datetime:
    moments = (row.carted_at, row.checkout_at, row.payment_failed_at)
    return max(_minute(moment) for moment in moments if moment is not None and _minute(moment) <= now.minute)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def is_left(row: Row, who: Person, now: Moment) -> bool:
    """Left behind: not removed by hand, an hour untouched, and nothing booked since that answers it."""
    cart = cast(BookingRow, row)
    if cart.carted_at is None or _minute(cart.carted_at) > now.minute:
        return False
    if cart.removed_at is not None and _minute(cart.removed_at) <= now.minute:
        return False
    if _last_touch(cart, now) + _HOUR > now.minute:
        return False
    return not any(_answers(entry, cart) for entry in who.bookings if is_confirmed(entry, now))


def _answers(booking: BookingRow, cart: BookingRow) -> bool:
    """A booking of that product, or of the same place on overlapping dates, made in the minute of the cart or later."""
    if _minute(cast(datetime, booking.booked_at)) < _minute(cast(datetime, cart.carted_at)):
        return False
    if booking.product_id is not None and booking.product_id == cart.product_id:
        return True
    if booking.place is None or booking.place != cart.place or booking.check_in is None or cart.check_in is None:
        return False
    return booking.check_in <= cast(date, last_night(cart)) and cart.check_in <= cast(date, last_night(booking))


def left_hours(row: Row, who: Person, now: Moment) -> int | None:
    """Whole hours since the last touch of a cart left behind; None of any other."""
    if not is_left(row, who, now):
        return None
    return (now.minute - _last_touch(cast(BookingRow, row), now)) // _HOUR
