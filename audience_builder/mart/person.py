"""One traveller as plain rows: what `rule/meaning.py` reads. Field names are those of `mart/tables.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """A version of `user_profile`. Moments know their zone (UTC)."""

    valid_from: datetime
    valid_to: datetime | None = None
    status: int = 1
    born_on: date | None = None
    gender: int | None = None
    tier: int | None = None
    activity_region: int | None = None
    life_stage: int | None = None
    signed_up_at: datetime | None = None
    marketing_use_at: datetime | None = None
    push_at: datetime | None = None
    email_at: datetime | None = None
    sms_at: datetime | None = None
    kakao_at: datetime | None = None
    push_night_at: datetime | None = None
    sms_night_at: datetime | None = None
    kakao_night_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviorRow:
    """A row of `behavior_daily`."""

    day: date
    kind: int
    count: int = 1
    product_line: int | None = None
    product_type: int | None = None
    place: int | None = None
    price_band: int | None = None
    device: int | None = None
    stay_mode: int | None = None
    check_in: date | None = None
    nights: int | None = None
    party_mask: int | None = None
    theme_mask: int | None = None
    wished_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRow:
    """The newest version of a row of `booking` that is not deleted."""

    booking_id: str
    product_id: str | None = None
    product_line: int | None = None
    product_type: int | None = None
    place: int | None = None
    stay_mode: int | None = None
    price_band: int | None = None
    party_mask: int | None = None
    theme_mask: int | None = None
    carted_at: datetime | None = None
    checkout_at: datetime | None = None
    payment_failed_at: datetime | None = None
    removed_at: datetime | None = None
    booked_at: datetime | None = None
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    refunded_at: datetime | None = None
    no_show: bool = False
    check_in: date | None = None
    check_out: date | None = None
    paid_krw: int = 0
    refunded_krw: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Everything the mart knows of one user."""

    user_no: int
    profiles: tuple[ProfileRow, ...] = ()
    behavior: tuple[BehaviorRow, ...] = ()
    bookings: tuple[BookingRow, ...] = ()
