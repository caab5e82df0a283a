"""What rows of the operational tables mean in the mart (pipeline/capture/schema.sql declares them)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from audience_builder.apply.change import Change, MisfitError, Row, code, day, mask, moment, text, whole
from audience_builder.catalog.options import STAY_MODES, night_band, use_band
from audience_builder.intake.vocabulary import vocabulary
from audience_builder.mart.tables import Status

USERS, CONSENTS, BOOKINGS, WISHES = "users", "consents", "bookings", "wishlists"
TABLES = (USERS, CONSENTS, BOOKINGS, WISHES)
"""What is captured, in an order in which most rows find what they speak of."""

CHANNELS = ("marketing_use", "push", "email", "sms", "kakao", "push_night", "sms_night", "kakao_night")
MOMENTS = ("carted", "checkout", "payment_failed", "removed", "booked", "paid", "cancelled", "refunded")
STAY = "domestic_stay", "overseas_stay"
_WORDS = ("product_line", "product_type", "place", "stay_mode")
_CODES = {
    name: vocabulary(name).keys
    for name in (*_WORDS, "gender", "tier", "life_stage", "account_status", "travel_party", "theme")
}

_KNOWN: dict[str, tuple[str, ...]] = {
    USERS: ("user_id", "status", "born_on", "gender", "tier", "home_place", "life_stage", "signed_up_at"),
    CONSENTS: ("user_id", "channel", "granted_at"),
    BOOKINGS: (
        "booking_id", "order_id", "user_id", "product_id", *_WORDS, "travel_party", "theme",
        *(f"{name}_at" for name in MOMENTS), "no_show", "check_in", "check_out", "shown_price", "paid", "refunded",
    ),
    WISHES: ("wish_id", "user_id", *_WORDS[:3], "wished_at"),
}  # fmt: skip
"""The columns that are kept of each table; whatever else a row has is left behind."""

Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """A row as it was from a moment on; `row` is None from when it was gone. `key` is its primary key."""

    table: str
    key: str
    place: int
    at: datetime
    row: Row | None


def user_of(change: Change) -> str | None:
    """Whose row it is; None where a row that is gone does not say. Raises MisfitError where one should."""
    found = text(orjson.loads(change.key) if change.row is None else change.row, "user_id")
    if found is None and change.row is not None:
        raise MisfitError("missing:user_id")
    return found


def kept(change: Change) -> Row | None:
    """What is kept of a row. Raises MisfitError for a row that could not be used."""
    if change.table not in _KNOWN:
        raise MisfitError("unknown_table")
    if change.row is None:
        return None
    row = {name: change.row[name] for name in _KNOWN[change.table] if name in change.row}
    _CHECKS[change.table](row)
    return row


def profiles(versions: Sequence[Version]) -> list[Cells]:
    """What follows for one user's profile from every version of their rows of `users` and `consents`: ascending, one a moment.

    Each change begins a version; a user whose row is gone has withdrawn; a consent that is not there is none.
    """
    said: Cells | None = None
    consents: dict[str, datetime | None] = {}
    found: dict[datetime, Cells] = {}
    for version in sorted(versions, key=lambda each: (each.at, each.place)):
        since = version.at
        if version.table == CONSENTS:
            channel = str(orjson.loads(version.key)["channel"])
            consents[channel] = None if version.row is None else moment(version.row, "granted_at")
        elif version.row is not None:
            since = since if said else min(since, _signed_up(version.row))
            said = _profile(version.row)
        elif said is not None:
            said = {**said, "status": int(Status.WITHDRAWN)}
        if said is not None:
            dated = {f"{channel}_at": consents.get(channel) for channel in CHANNELS}
            found[since] = {"valid_from": since, **said, **dated}
    return [found[since] for since in sorted(found)]


def booking(row: Row) -> Cells:
    """What a row of `bookings` says; a row that is not booked yet lies in the cart. Raises MisfitError."""
    codes = {name: code(row, name, _CODES[name]) for name in _WORDS}
    moments = {f"{name}_at": moment(row, f"{name}_at") for name in MOMENTS}
    check_in, check_out, paid = day(row, "check_in"), day(row, "check_out"), whole(row, "paid")
    if moments["booked_at"] is None and moments["carted_at"] is None:
        raise MisfitError("missing:booked_at")
    if check_in is not None and check_out is not None and check_out < check_in:
        raise MisfitError("reversed_dates:check_out")
    nights = None if check_in is None or check_out is None else (check_out - check_in).days
    is_stay = text(row, "product_line") in STAY
    mode = codes["stay_mode"] if codes["stay_mode"] is not None or not is_stay else stay_mode(nights)
    price = _price(paid, nights, mode) if moments["booked_at"] is not None else row.get("shown_price")
    return {
        **codes,
        **moments,
        "stay_mode": mode,
        "booking_id": text(row, "booking_id"),
        "order_id": text(row, "order_id"),
        "product_id": text(row, "product_id"),
        "price_band": None if price is None or not is_stay else price_band(int(price), mode),
        "party_mask": mask(row, "travel_party", _CODES["travel_party"]),
        "theme_mask": mask(row, "theme", _CODES["theme"]),
        "no_show": row.get("no_show") is True,
        "check_in": check_in,
        "check_out": check_out,
        "paid_krw": paid,
        "refunded_krw": whole(row, "refunded"),
    }


def wish(row: Row) -> Cells:
    """What a row of `wishlists` says of the event it was. Raises MisfitError."""
    at = moment(row, "wished_at")
    if at is None:
        raise MisfitError("missing:wished_at")
    return {**{name: code(row, name, _CODES[name]) for name in _WORDS[:3]}, "at": at}


def stay_mode(nights: int | None) -> int | None:
    """The stay mode told from the nights."""
    return next((mode for mode, least in _MODES if nights is not None and nights >= least), None)


def price_band(krw: int, mode: int | None) -> int:
    """The band of a price: of a use where the mode is day use, else of a night."""
    return use_band(krw) if mode == _DAY_USE else night_band(krw)


def _price(paid: int, nights: int | None, mode: int | None) -> int | None:
    """What a booked stay cost: paid ÷ nights, of day use what was paid."""
    if mode == _DAY_USE:
        return paid
    return paid // nights if nights else None


def _profile(row: Row) -> Cells:
    return {
        "status": int(code(row, "status", _CODES["account_status"]) or Status.NORMAL),
        "born_on": day(row, "born_on"),
        "gender": code(row, "gender", _CODES["gender"]),
        "tier": code(row, "tier", _CODES["tier"]),
        "activity_region": code(row, "home_place", _CODES["place"]),
        "life_stage": code(row, "life_stage", _CODES["life_stage"]),
        "signed_up_at": _signed_up(row),
    }


def _signed_up(row: Row) -> datetime:
    found = moment(row, "signed_up_at")
    if found is None:
        raise MisfitError("missing:signed_up_at")
    return found


def _consent(row: Row) -> None:
    if row.get("channel") not in CHANNELS:
        raise MisfitError("unknown_word:channel")
    moment(row, "granted_at")


_DAY_USE, *_OTHERS = (next(iter(STAY_MODES.codes([key]))) for key in ("day_use", "overnight", "long_stay", "monthly"))
_MODES = tuple(zip((*reversed(_OTHERS), _DAY_USE), (28, 7, 1, 0), strict=True))
_CHECKS: dict[str, Callable[[Row], object]] = {
    USERS: _profile, CONSENTS: _consent, BOOKINGS: booking, WISHES: wish,
}  # fmt: skip
