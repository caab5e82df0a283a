"""Generated travellers: small, dense and awkward: empty, unknown, on the boundary of days, leap days and Korean midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from audience_builder.catalog.options import (
    LEISURE_TYPES,
    SPACE_TYPES,
    STAY_TYPES,
    TRANSPORT_TYPES,
    VEHICLE_CLASSES,
)
from audience_builder.catalog.places import place
from audience_builder.clock import day_of
from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow

MOMENTS = (
    datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 14, 59, 59, 999999, tzinfo=UTC),
    datetime(2024, 2, 29, 15, 0, tzinfo=UTC),
    datetime(2025, 10, 5, 15, 0, 0, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 14, 59, tzinfo=UTC),
    datetime(2026, 2, 17, 0, 30, tzinfo=UTC),
)
"""As-of moments: a plain Sunday, both sides of a leap day's midnight in Korea, 추석, year's end, 설."""

PLACES = ("jeju", "jeju_si", "aewol_hyeopjae", "seogwipo", "gangneung", "cheonan", "cheonan_asan", "chungnam", "seoul",
          "seoul_gangnam", "sejong", "sejong_si", "tokyo", "osaka", "japan", "da_nang", "vietnam", "southeast_asia", "paris", "overseas")  # fmt: skip
_LINES = (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, None)
_TYPES = tuple(
    o.code
    for options in (STAY_TYPES, SPACE_TYPES, LEISURE_TYPES, TRANSPORT_TYPES, VEHICLE_CLASSES)
    for o in options.options
)
_FEW_TYPES = (1, 3, 4, 5, 151, 152, 153, 101, 121, 171, None)
_SPANS = (0, 1, 2, 3, 6, 7, 13, 14, 29, 30, 31, 59, 60, 89, 90, 91, 180, 364, 365, 366, 700)


def people(random: Random, how_many: int, as_of: datetime) -> list[Person]:
    """`how_many` travellers around `as_of`; the first are the awkward ones."""
    made = [Person(user_no=0), _person(random, 1, as_of, rows=0), _without_profile(random, as_of)]
    return (
        made + [_person(random, number, as_of, rows=random.choice((0, 2, 5, 12))) for number in range(3, how_many)]
    )[:how_many]


def _without_profile(random: Random, as_of: datetime) -> Person:
    whole = _person(random, 2, as_of, rows=6)
    return Person(user_no=2, behavior=whole.behavior, bookings=whole.bookings)


def _person(random: Random, number: int, as_of: datetime, *, rows: int) -> Person:
    return Person(
        user_no=number,
        profiles=_profiles(random, as_of),
        behavior=tuple(_behavior(random, as_of) for _ in range(rows)),
        bookings=tuple(_booking(random, as_of, f"b{number}-{i}") for i in range(rows // 2)),
    )


def _moment(random: Random, as_of: datetime, *, ahead: bool = False) -> datetime:
    """Days before as_of (sometimes after), at, just before or just after midnight in Korea, or at any minute."""
    days = random.choice(_SPANS) * (-1 if ahead and random.random() < 0.5 else 1)
    if random.random() < 0.1:
        days = -1
    midnight = (as_of - timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0)
    offset = random.choice(
        (timedelta(0), timedelta(microseconds=-1), timedelta(minutes=random.randrange(1440)), timedelta(minutes=1))
    )
    near = as_of - timedelta(minutes=random.choice((0, 1, 59, 60, 61, 90, 60 * 24, 60 * 30, 60 * 72)))
    return near if random.random() < 0.25 else midnight + offset


def _profiles(random: Random, as_of: datetime) -> tuple[ProfileRow, ...]:
    start = as_of - timedelta(days=random.choice((0, 1, 30, 365, 1000)))
    if random.random() < 0.3:
        change = start + timedelta(days=random.choice((0, 1, 29, 400)), microseconds=1)
        return (_profile(random, as_of, start, change), _profile(random, as_of, change, None))
    return (_profile(random, as_of, start, None),)


def _profile(random: Random, as_of: datetime, since: datetime, until: datetime | None) -> ProfileRow:
    def maybe(value: object, unknown: float = 0.25) -> object:
        return None if random.random() < unknown else value

    day = day_of(as_of)
    born = random.choice((date(2000, 2, 29), date(1996, 2, 29), _years_before(day, 20), _years_before(day, 30) + timedelta(days=1),
                          _years_before(day, random.randrange(10, 80)), date(1985, 7, 1)))  # fmt: skip
    consents = {f"{c}_at": maybe(_moment(random, as_of), 0.4) for c in
                ("marketing_use", "push", "email", "sms", "kakao", "push_night", "sms_night", "kakao_night")}  # fmt: skip
    return ProfileRow(
        valid_from=since,
        valid_to=until,
        status=random.choice((1, 1, 1, 1, 1, 1, 2, 3, 4, 11, 12, 13, 14)),
        born_on=maybe(born),
        gender=maybe(random.choice((1, 2))),
        tier=maybe(random.randrange(1, 6)),
        activity_region=maybe(place(random.choice(PLACES)).code),
        life_stage=maybe(random.randrange(1, 10)),
        signed_up_at=maybe(_moment(random, as_of), 0.05),
        **consents,
    )  # type: ignore[arg-type]


def _years_before(day: date, years: int) -> date:
    year = day.year - years
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not leap else date(year, day.month, day.day)


def _what(random: Random) -> dict[str, int | None]:
    return {
        "product_line": random.choice(_LINES),
        "product_type": random.choice(_FEW_TYPES if random.random() < 0.8 else _TYPES),
        "place": None if random.random() < 0.15 else place(random.choice(PLACES)).code,
        "price_band": random.choice((None, 1, 4, 5, 6, 10, 11, 15)),
        "stay_mode": random.choice((None, 1, 2, 2, 3, 4)),
        "party_mask": random.choice((None, 0, 1, 2, 24, 1 << 9)),
        "theme_mask": random.choice((None, 0, 1, 16, (1 << 14) | (1 << 15), 1 << 29)),
    }


def _behavior(random: Random, as_of: datetime) -> BehaviorRow:
    kind = random.choice((1, 1, 2, 2, 2, 3, 3, 4, 4, 5))
    day = day_of(_moment(random, as_of))
    check_in = (
        None
        if random.random() < 0.4
        else day_of(as_of) + timedelta(days=random.choice((-400, -31, -2, -1, 0, 1, 2, 7, 30, 45, 46, 120, 121)))
    )
    return BehaviorRow(
        day=day,
        kind=kind,
        count=random.choice((1, 1, 2, 3)),
        device=random.choice((None, 0, 1, 2, 3)),
        check_in=check_in,
        nights=random.choice((None, 0, 1, 2, 3, 7)),
        wished_on=day - timedelta(days=random.choice((0, 1, 30, 90))) if kind == 5 else None,
        **_what(random),
    )


def _booking(random: Random, as_of: datetime, booking_id: str) -> BookingRow:
    carted = None if random.random() < 0.3 else _moment(random, as_of)
    booked = None if carted is not None and random.random() < 0.5 else _moment(random, as_of)
    if booked and carted and random.random() < 0.5:
        booked = carted + timedelta(seconds=random.choice((0, 30, 60, 3600, 40 * 86_400)))
    check_in = (
        None
        if random.random() < 0.15
        else day_of(as_of) + timedelta(days=random.choice((-365, -364, -31, -2, -1, 0, 1, 3, 14, 60)))
    )
    check_out = (
        None
        if check_in is None or random.random() < 0.1
        else check_in + timedelta(days=random.choice((0, 1, 1, 2, 3, 7)))
    )

    def later(chance: float) -> datetime | None:
        if random.random() >= chance:
            return None
        soon = timedelta(minutes=random.choice((0, 1, 59, 60, 61, 1440, 4320)))
        return carted + soon if carted and random.random() < 0.5 else _moment(random, as_of)

    return BookingRow(
        booking_id=booking_id,
        product_id=random.choice((None, "p1", "p2", "p3")),
        carted_at=carted,
        checkout_at=later(0.3),
        payment_failed_at=later(0.15),
        removed_at=later(0.15),
        booked_at=booked,
        paid_at=None
        if booked is None or random.random() < 0.1
        else booked + timedelta(minutes=random.choice((0, 5, 1440, 60_000))),
        cancelled_at=later(0.2),
        refunded_at=later(0.2),
        no_show=random.random() < 0.15,
        check_in=check_in,
        check_out=check_out,
        paid_krw=random.choice((0, 29_999, 100_000, 199_999, 1_000_001)),
        refunded_krw=random.choice((0, 0, 50_000, 2_000_000)),
        **_what(random),
    )
