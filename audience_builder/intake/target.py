"""What a column of a file can be mapped onto: the targets of each kind of file. There is none for names or contacts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["users", "bookings", "events"]


class Shape(StrEnum):
    """What the text of a column must be."""

    ID = "id"
    MOMENT = "moment"
    DATE = "date"
    BIRTH = "birth"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    OPTION = "option"
    MASK = "mask"
    VERSION = "version"


DATED = frozenset({Shape.MOMENT, Shape.DATE, Shape.BIRTH, Shape.VERSION})
CHOSEN = frozenset({Shape.OPTION, Shape.MASK})


@dataclass(frozen=True, slots=True)
class Target:
    """One target: its name in a map, its shape, what it says, and (of options) the vocabulary its values are taken from."""

    name: str
    shape: Shape
    says: str
    vocabulary: str = ""
    required: bool = False


def _option(name: str, says: str, vocabulary: str = "") -> Target:
    return Target(name, Shape.OPTION, says, vocabulary or name)


def _moments(*entries: tuple[str, str]) -> tuple[Target, ...]:
    return tuple(Target(name, Shape.MOMENT, says) for name, says in entries)


_USER = Target("user_id", Shape.ID, "the source's id of the user; no e-mail address, no phone number", required=True)
_WHAT = (
    _option("product_line", "product line"),
    _option("product_type", "stay, space, leisure, transport or vehicle type"),
    _option("place", "the finest place that is known (transport: where it arrives; rental car: where it is picked up)"),
    _option("stay_mode", "day use or overnight; else told from the nights"),
    Target("price", Shape.MONEY, "price shown a night (day use: a use), made into a price band"),
    _option("price_band", "price band, where the file has it"),
    Target("travel_party", Shape.MASK, "who travels; several", "travel_party"),
    Target("theme", Shape.MASK, "themes; several", "theme"),
    Target("check_in", Shape.DATE, "first day of stay or use"),
    Target("check_out", Shape.DATE, "last day of stay or use"),
    Target("nights", Shape.WHOLE, "nights, where the file has no check-out; 0 = day use"),
)
_CONSENTS = _moments(
    ("marketing_use_at", "consent to marketing use of personal data; empty = none"),
    ("push_at", "consent to ads by push"),
    ("email_at", "consent to ads by e-mail"),
    ("sms_at", "consent to ads by SMS"),
    ("kakao_at", "consent to ads by KakaoTalk"),
    ("push_night_at", "consent to push from 21:00 to 08:00"),
    ("sms_night_at", "consent to SMS at night"),
    ("kakao_night_at", "consent to KakaoTalk at night"),
)

_USERS = (
    _USER,
    Target("signed_up_at", Shape.MOMENT, "sign-up moment", required=True),
    Target("changed_at", Shape.MOMENT, "since when this row holds; else since the sign-up, then since the import"),
    _option("status", "account status; else normal", "account_status"),
    Target("born_on", Shape.BIRTH, "birth date"),
    _option("gender", "gender"),
    _option("tier", "membership tier"),
    _option("activity_region", "home district", "place"),
    _option("life_stage", "life stage"),
    *_CONSENTS,
)

BOOKING_MOMENTS = (
    "carted_at",
    "checkout_at",
    "payment_failed_at",
    "removed_at",
    "booked_at",
    "paid_at",
    "cancelled_at",
    "refunded_at",
)

_BOOKINGS = (
    _USER,
    Target("booking_id", Shape.ID, "the source's id of the booking"),
    Target("order_id", Shape.ID, "the order it belongs to"),
    Target("product_id", Shape.ID, "the product"),
    *_WHAT,
    *_moments(
        ("carted_at", "put in the cart"),
        ("checkout_at", "checkout opened"),
        ("payment_failed_at", "payment failed"),
        ("removed_at", "taken out of the cart by hand"),
        ("booked_at", "booked"),
        ("paid_at", "paid; else when booked, if anything was paid"),
        ("cancelled_at", "cancelled"),
        ("refunded_at", "refunded; else when cancelled"),
    ),
    _option("no_show", "whether the guest did not come", "flag"),
    _option("deleted", "whether the source deleted the booking", "flag"),
    Target("paid", Shape.MONEY, "amount paid after coupons and points"),
    Target("quantity", Shape.NUMBER, "quantity of an order line, with unit_price"),
    Target("unit_price", Shape.MONEY, "price of one piece, with quantity"),
    Target("refunded", Shape.MONEY, "amount given back"),
    Target("version", Shape.VERSION, "a whole number or a moment that grows with every change of the booking"),
)

_EVENTS = (
    _USER,
    _option("event", "session, search, view, wish or wish_removed"),
    Target("at", Shape.MOMENT, "when it happened", required=True),
    Target("event_id", Shape.ID, "the event's id: the same id twice in a file is one event"),
    *_WHAT,
    _option("device", "device"),
    Target("wished_on", Shape.DATE, "of wish_removed: the day of the wish it undoes"),
    Target("count", Shape.WHOLE, "how many events the row stands for; else 1"),
)

TARGETS: dict[Kind, dict[str, Target]] = {
    "users": {entry.name: entry for entry in _USERS},
    "bookings": {entry.name: entry for entry in _BOOKINGS},
    "events": {entry.name: entry for entry in _EVENTS},
}

STATUS = Target("status", Shape.OPTION, "status of the booking", "booking_state")
"""Of bookings: mapped by the section `[status]`, not by a column alone."""

CONTACT_WORDS = frozenset(
    {
        "name", "fullname", "firstname", "lastname", "customername", "username", "guestname",
        "이름", "성명", "성함", "고객명", "회원명", "예약자", "예약자명", "투숙객",
        "email", "mail", "emailaddress", "customeremail", "useremail", "이메일", "메일", "이메일주소", "메일주소",
        "phone", "phonenumber", "mobile", "mobilenumber", "mobilephone", "cellphone", "tel", "telephone", "contact",
        "전화", "전화번호", "휴대폰", "휴대폰번호", "휴대전화", "핸드폰", "핸드폰번호", "연락처",
        "address", "주소", "streetaddress", "ssn", "rrn", "주민번호", "주민등록번호", "여권번호", "passport", "passportnumber",
    }
)  # fmt: skip
"""Column names, without spaces and signs, that say somebody's name, contact or identity."""


def is_contact(word: str) -> bool:
    """Whether a column of this name holds a name, a contact or an identity number."""
    return "".join(letter for letter in word.lower() if letter.isalnum()) in CONTACT_WORDS
