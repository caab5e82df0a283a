"""The law by example: each sentence of docs/meaning.md that could be read two ways."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audience_builder.catalog.options import PARTIES, PRODUCT_LINES, STAY_TYPES, THEMES
from audience_builder.catalog.places import place
from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow
from audience_builder.rule.check import parse_rule
from audience_builder.rule.meaning import explain, members, thresholds

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
JOINED = datetime(2024, 1, 1, tzinfo=UTC)


def profile(**more: Any) -> ProfileRow:
    return ProfileRow(**{"valid_from": JOINED, "signed_up_at": JOINED, **more})


def person(
    number: int = 1, *, behavior: tuple[BehaviorRow, ...] = (), bookings: tuple[BookingRow, ...] = (), **more: Any
) -> Person:
    return Person(user_no=number, profiles=(profile(**more),), behavior=behavior, bookings=bookings)


def ago(days: int, **more: float) -> datetime:
    return NOW - timedelta(days=days, **more)


def day(days_ago: int) -> date:
    return TODAY - timedelta(days=days_ago)


def searched(place_key: str, days_ago: int = 1, **more: Any) -> BehaviorRow:
    return BehaviorRow(day=day(days_ago), kind=2, place=place(place_key).code, **more)


def booked(days_ago: int = 10, booking_id: str = "b", **more: Any) -> BookingRow:
    return BookingRow(**{"booking_id": booking_id, "booked_at": ago(days_ago), "product_line": 0, **more})


def holds(condition: dict[str, Any], who: Person, as_of: datetime = NOW) -> bool:
    rule = parse_rule({"version": 1, "root": {"type": "condition", **condition}})
    return who.user_no in members(rule, [who], as_of)


def asks(filter_key: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"filter": filter_key, "operator": operator, "value": value, **more}


def test_only_who_signed_up_and_is_not_withdrawn_counts() -> None:
    everyone = asks("booking_count", ">=", 0)
    assert holds(everyone, person())
    assert not holds(everyone, Person(user_no=1))
    assert not holds(everyone, person(signed_up_at=None))
    assert not holds(everyone, person(signed_up_at=NOW + timedelta(days=1)))
    assert holds(everyone, person(signed_up_at=NOW + timedelta(hours=1)))
    for status, active in (
        (1, True),
        (2, True),
        (3, True),
        (4, True),
        (11, False),
        (12, False),
        (13, False),
        (14, False),
    ):
        assert holds(everyone, person(status=status)) is active


def test_the_profile_is_the_version_of_the_moment() -> None:
    change = ago(30)
    who = Person(user_no=1, profiles=(profile(valid_to=change, tier=2), profile(valid_from=change, tier=4)))
    assert holds(asks("membership_tier", "=", "vip"), who)
    assert holds(asks("membership_tier", "=", "silver"), who, change - timedelta(microseconds=1))
    assert holds(asks("membership_tier", "=", "vip"), who, change)


def test_not_within_includes_never_and_days_ago_does_not() -> None:
    never, recent = person(), person(behavior=(BehaviorRow(day=day(10), kind=1),))
    last_90 = {"type": "last", "n": 90}
    assert holds(asks("last_visit", "not_within", last_90), never)
    assert not holds(asks("last_visit", ">=", 90), never)
    assert not holds(asks("last_visit", "<", 90), never)
    assert holds(asks("last_visit", "within", last_90), recent)
    assert holds(asks("last_visit", "unknown"), never)


def test_properties_hold_of_one_row() -> None:
    pool, hotel = 1 << THEMES.named("pool").code, STAY_TYPES.named("hotel").code  # type: ignore[union-attr]
    apart = person(behavior=(searched("jeju"), searched("busan", theme_mask=pool)))
    together = person(behavior=(searched("jeju", theme_mask=pool, product_type=hotel),))
    asked = asks("search_region", ">=", 1, properties={"region": ["jeju"], "theme": ["pool"]})
    assert not holds(asked, apart)
    assert holds(asked, together)
    assert holds(asks("search_theme", "=", 1, properties={"theme": ["pool", "spa"], "stay_type": ["hotel"]}), together)


def test_windows_are_whole_days_in_korea() -> None:
    midnight = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    asked = asks("booking_count", ">=", 1, window={"type": "last", "n": 2})
    assert holds(asked, person(bookings=(booked(booked_at=midnight),)))
    assert not holds(asked, person(bookings=(booked(booked_at=midnight - timedelta(microseconds=1)),)))


def test_a_booking_is_confirmed_until_the_day_it_is_cancelled() -> None:
    cancelled_later = person(bookings=(booked(20, cancelled_at=ago(5)),))
    assert not holds(asks("booking_count", ">=", 1), cancelled_later)
    assert holds(asks("booking_count", ">=", 1), cancelled_later, ago(6))
    assert holds(asks("cancellation", "=", 1), cancelled_later)
    assert holds(asks("cancellation", "=", 0), cancelled_later, ago(6))
    assert holds(
        asks("booking_count", ">=", 1, properties={"status": ["no_show"]}),
        person(bookings=(booked(no_show=True, check_in=TODAY),)),
    )
    assert holds(asks("booking_count", "=", 1), person(bookings=(booked(no_show=True, check_in=TODAY),)))


def test_spend_is_paid_minus_refunded_by_paid_day_and_the_average_is_over_confirmed_bookings() -> None:
    who = person(bookings=(
        booked(40, "a", paid_at=ago(40), paid_krw=100_000),
        booked(20, "b", paid_at=ago(20), paid_krw=50_001),
        booked(10, "c", paid_at=ago(10), paid_krw=70_000, cancelled_at=ago(5), refunded_at=ago(5), refunded_krw=60_000),
    ))  # fmt: skip
    assert holds(asks("total_spend", "=", 160_001), who)
    assert holds(asks("total_spend", "=", 220_001), who, ago(6))
    assert holds(asks("total_spend", "=", 60_001, window={"type": "last", "n": 30}), who)
    assert holds(asks("average_order_value", "=", 80_000), who)
    assert holds(asks("average_order_value", "unknown"), person(bookings=(booked(cancelled_at=ago(1)),)))
    assert holds(asks("cancellation", "=", 333, measure="rate"), who)


def test_nights_kinds_follow_the_nights_date_and_the_korean_calendar() -> None:
    friday = person(bookings=(booked(30, check_in=date(2026, 11, 6), check_out=date(2026, 11, 7)),))
    sunday = person(bookings=(booked(30, check_in=date(2026, 11, 8), check_out=date(2026, 11, 9)),))
    eve = person(bookings=(booked(90, check_in=date(2026, 10, 8), check_out=date(2026, 10, 9)),))
    by_day = person(bookings=(booked(30, check_in=date(2026, 11, 6), check_out=date(2026, 11, 6), stay_mode=1),))

    def of_kind(kind: str) -> dict[str, Any]:
        return asks("booking_count", ">=", 1, properties={"weekday": [kind]})

    assert holds(of_kind("weekend"), friday)
    assert not holds(of_kind("weekday"), friday)
    assert holds(of_kind("weekday"), sunday)
    assert holds(of_kind("holiday_eve"), eve)
    assert not holds(of_kind("weekday"), eve)
    assert not holds(of_kind("fri"), by_day)
    assert holds(asks("preferred_stay_day", "in", ["weekend"]), friday)
    assert holds(asks("preferred_stay_day", "unknown"), by_day)


def test_a_third_of_the_nights_is_preferred() -> None:
    who = person(bookings=(
        booked(60, "a", check_in=date(2026, 10, 30), check_out=date(2026, 10, 31)),
        booked(60, "b", check_in=date(2026, 11, 2), check_out=date(2026, 11, 4)),
    ))  # fmt: skip
    assert holds(asks("preferred_stay_day", "has_all", ["weekend", "weekday", "mon", "tue", "fri"]), who)
    assert holds(asks("preferred_stay_day", "only", ["fri", "mon", "tue", "weekend", "weekday"]), who)
    assert not holds(asks("preferred_stay_day", "in", ["sat"]), who)


@pytest.mark.parametrize(
    ("days", "cycle", "elapsed"), [((100, 40), 60, 6), ((100, 70, 41, 41), 29, 14), ((100,), None, None)]
)
def test_the_payment_cycle_is_over_distinct_days(days: tuple[int, ...], cycle: int | None, elapsed: int | None) -> None:
    who = person(bookings=tuple(booked(d, str(i), paid_at=ago(d, minutes=i)) for i, d in enumerate(days)))
    if cycle is None:
        assert holds(asks("payment_cycle", "unknown"), who)
    else:
        assert holds(asks("payment_cycle", "=", cycle), who)
        assert holds(asks("payment_cycle", "=", elapsed, measure="elapsed_ratio"), who)


def test_lead_time_is_the_lower_median_of_stays_with_a_night() -> None:
    def stay(name: str, lead: int, nights: int = 1) -> BookingRow:
        start = day(30) + timedelta(days=lead)
        return booked(30, name, check_in=start, check_out=start + timedelta(days=nights))

    assert holds(asks("lead_time", "=", 5), person(bookings=(stay("a", 5), stay("b", 9), stay("c", 1, nights=0))))
    assert holds(asks("lead_time", "unknown"), person(bookings=(stay("c", 1, nights=0),)))


def test_a_cart_is_left_after_an_hour_unless_something_answers_it() -> None:
    def cart(**more: Any) -> BookingRow:
        return BookingRow(**{"booking_id": "cart", "carted_at": ago(1), "product_id": "p", "place": place("jeju").code,
                             "check_in": day(-5), "check_out": day(-7), **more})  # fmt: skip

    left = asks("cart", ">=", 1, properties={"left": True})
    assert holds(left, person(bookings=(cart(),)))
    assert not holds(left, person(bookings=(cart(carted_at=NOW - timedelta(minutes=59)),)))
    assert holds(left, person(bookings=(cart(carted_at=NOW - timedelta(minutes=60)),)))
    assert not holds(left, person(bookings=(cart(checkout_at=NOW - timedelta(minutes=10)),)))
    assert not holds(left, person(bookings=(cart(removed_at=ago(0, hours=2)),)))
    assert not holds(left, person(bookings=(cart(booked_at=ago(0, hours=5)),)))
    assert not holds(left, person(bookings=(cart(), booked(0, "other", product_id="p"))))
    assert not holds(
        left,
        person(bookings=(cart(), booked(0, "other", place=place("jeju").code, check_in=day(-6), check_out=day(-8)))),
    )
    assert holds(
        left,
        person(bookings=(cart(), booked(0, "other", place=place("jeju").code, check_in=day(-7), check_out=day(-8)))),
    )
    assert holds(left, person(bookings=(cart(), booked(3, "earlier", product_id="p"))))
    hours = asks("cart", ">=", 1, properties={"left_hours": {"min": 24, "max": 24}})
    assert holds(hours, person(bookings=(cart(),)))
    assert not holds(hours, person(bookings=(cart(carted_at=ago(1, hours=1)),)))


def test_wishes_kept_are_those_made_minus_those_undone() -> None:
    def wish(kind: int, days_ago: int, made: int | None = None, count: int = 1) -> BehaviorRow:
        return BehaviorRow(
            day=day(days_ago),
            kind=kind,
            count=count,
            place=place("jeju").code,
            wished_on=None if made is None else day(made),
        )

    who = person(behavior=(wish(4, 40), wish(4, 10, count=2), wish(5, 2, made=10), wish(5, 1, made=200)))
    last_30 = {"type": "last", "n": 30}
    for state, count, days in (("any", 2, 1), ("removed", 1, 1), ("kept", 1, 1)):
        properties = {"state": [state], "region": ["jeju"]}
        assert holds(asks("wishlist", "=", count, window=last_30, properties=properties), who)
        assert holds(asks("wishlist", "=", days, measure="days", window=last_30, properties=properties), who)
    assert holds(asks("wishlist", "=", 2, window=last_30, properties={"state": ["kept"]}), who, ago(3))


def test_has_and_lacks_look_at_all_rows_of_the_condition() -> None:
    line = {key: PRODUCT_LINES.named(key).code for key in ("domestic_stay", "flight", "rental_car")}  # type: ignore[union-attr]
    flight = booked(5, "f", product_line=line["flight"], check_in=day(-3), place=place("jeju").code)
    stay = booked(5, "s", product_line=line["domestic_stay"], check_in=day(-4), place=place("jeju_si").code)

    def trip(**properties: Any) -> dict[str, Any]:
        return asks("upcoming_trip", ">=", 1, properties={"region": ["jeju"], **properties})

    assert holds(trip(has=["flight"], lacks=["stay"]), person(bookings=(flight,)))
    assert not holds(trip(has=["flight"], lacks=["stay"]), person(bookings=(flight, stay)))
    assert holds(trip(has=["flight", "stay"], lacks=["rental_car"]), person(bookings=(flight, stay)))
    assert holds(asks("upcoming_trip", "=", 0), person(bookings=(booked(5, check_in=day(1)),)))
    under_way = person(bookings=(booked(5, check_in=day(1), check_out=TODAY),))
    assert holds(asks("upcoming_trip", "=", 1, properties={"phase": ["in_trip"]}), under_way)


def test_chuseok_is_touched_by_any_night_in_the_run() -> None:
    touching = {"stay": {"relation": "touches", "window": {"type": "named", "name": "chuseok", "year": 2025}}}
    into_it = person(bookings=(booked(420, check_in=date(2025, 9, 30), check_out=date(2025, 10, 4)),))
    before_it = person(bookings=(booked(420, check_in=date(2025, 9, 30), check_out=date(2025, 10, 3)),))
    assert holds(asks("booking_count", ">=", 1, properties=touching), into_it)
    assert not holds(asks("booking_count", ">=", 1, properties=touching), before_it)
    inside = {"stay": {"relation": "in", "window": {"type": "named", "name": "chuseok", "year": 2025}}}
    assert not holds(asks("booking_count", ">=", 1, properties=inside), into_it)


def test_the_first_booking_must_itself_have_the_property() -> None:
    line = PRODUCT_LINES.named("flight").code  # type: ignore[union-attr]
    who = person(bookings=(booked(30, "a", product_line=0), booked(20, "b", product_line=line)))
    assert holds(asks("booking_count", "=", 1, properties={"nth": ["first"], "product_line": ["domestic_stay"]}), who)
    assert not holds(asks("booking_count", ">=", 1, properties={"nth": ["first"], "product_line": ["flight"]}), who)
    assert holds(asks("booking_count", ">=", 1, properties={"nth": ["latest"], "product_line": ["flight"]}), who)


def test_consent_needs_both_and_no_record_is_none() -> None:
    push = asks("marketing_consent", "in", ["push"])
    assert not holds(push, person(push_at=JOINED))
    assert not holds(push, person(marketing_use_at=JOINED))
    assert holds(push, person(marketing_use_at=JOINED, push_at=JOINED))
    by_night = {**push, "properties": {"night": True}}
    assert not holds(by_night, person(marketing_use_at=JOINED, push_at=JOINED))
    assert holds(by_night, person(marketing_use_at=JOINED, push_at=JOINED, push_night_at=JOINED))
    mail = {**asks("marketing_consent", "in", ["email"]), "properties": {"night": True}}
    assert holds(mail, person(marketing_use_at=JOINED, email_at=JOINED))
    assert holds(asks("marketing_consent", "known"), person())
    assert not holds(push, person(marketing_use_at=NOW + timedelta(days=1), push_at=JOINED))


@pytest.mark.parametrize(("born", "as_of", "years"), [
    (date(2000, 2, 29), datetime(2023, 2, 28, 3, tzinfo=UTC), 22),
    (date(2000, 2, 29), datetime(2023, 3, 1, 3, tzinfo=UTC), 23),
    (date(2000, 11, 22), NOW, 26),
    (date(2000, 11, 23), NOW, 25),
    (date(2000, 11, 23), datetime(2026, 11, 22, 15, tzinfo=UTC), 26),
])  # fmt: skip
def test_age_is_in_full_years_by_the_day_in_korea(born: date, as_of: datetime, years: int) -> None:
    assert holds(
        asks("age", "=", years),
        person(
            born_on=born, signed_up_at=datetime(2020, 1, 1, tzinfo=UTC), valid_from=datetime(2020, 1, 1, tzinfo=UTC)
        ),
        as_of,
    )


def test_shares_are_of_active_users_above_zero_with_ties_in() -> None:
    def spent(number: int, krw: int, **more: Any) -> Person:
        return person(number, bookings=(booked(paid_at=ago(10), paid_krw=krw),), **more)

    people = [spent(1, 100), spent(2, 100), spent(3, 50), spent(4, 0), person(5), spent(6, 10**9, status=11)]
    top = parse_rule({"version": 1, "root": {"type": "condition", "id": "t", **asks("total_spend", "top_percent", 33)}})
    assert members(top, people, NOW) == {1, 2}
    assert thresholds(top, people, NOW) == {"t": 100}
    bottom = parse_rule(
        {"version": 1, "root": {"type": "condition", "id": "t", **asks("total_spend", "bottom_percent", 33)}}
    )
    assert members(bottom, people, NOW) == {3}
    assert thresholds(top, people[3:5], NOW) == {"t": None}
    assert members(top, people[3:5], NOW) == frozenset()


def test_overseas_intent_rises_with_evidence_and_falls_with_a_booking() -> None:
    visit = BehaviorRow(day=day(50), kind=1)
    weak = (visit, searched("tokyo", 50))
    dated = (visit, searched("tokyo", 20, check_in=day(-100)))
    soon = (visit, searched("tokyo", 3, check_in=day(-40)), searched("osaka", 2, check_in=day(-41)))

    def level(
        is_: str, behavior: tuple[BehaviorRow, ...], bookings: tuple[BookingRow, ...] = (), **properties: Any
    ) -> bool:
        return holds(
            asks("overseas_intent", "=", is_, properties=properties), person(behavior=behavior, bookings=bookings)
        )

    assert holds(asks("overseas_intent", "unknown"), person(behavior=(searched("tokyo", 1),)))
    assert level("none", (visit, searched("jeju", 1)))
    assert level("weak", weak)
    assert level("clear", dated)
    assert level("imminent", soon)
    assert level("imminent", soon, destination=["kyoto"])
    assert level("none", soon, destination=["europe"])
    assert level("none", (visit, searched("southeast_asia", 1)))
    there = booked(1, product_line=1, place=place("tokyo").code, check_in=day(-39), check_out=day(-42))
    assert level("none", soon, (there,))
    assert level("clear", (*dated, *soon), (there,))
    assert level("imminent", (visit,), (BookingRow(booking_id="c", carted_at=ago(6), place=place("paris").code),))


def test_an_explanation_has_a_verdict_for_every_node_and_a_value_for_every_condition() -> None:
    rule = parse_rule({"version": 1, "root": {"type": "all", "id": "all", "children": [
        {"type": "condition", "id": "count", **asks("booking_count", ">=", 2)},
        {"type": "not", "id": "not", "child": {"type": "condition", "id": "tier", **asks("membership_tier", ">=", "gold")}}]}})  # fmt: skip
    found = explain(rule, person(bookings=(booked(),)), NOW, {})
    assert found.nodes == {"all": False, "count": False, "not": True, "tier": False}
    assert found.values == {"count": 1, "tier": None}
    assert (found.active, found.member) == (True, False)
    assert not any(explain(rule, Person(user_no=9), NOW, {}).nodes.values())


def test_travel_parties_are_a_set_on_the_row() -> None:
    mask = 1 << PARTIES.named("pet").code | 1 << PARTIES.named("couple").code  # type: ignore[union-attr]
    who = person(bookings=(booked(party_mask=mask),))
    assert holds(asks("booking_count", "=", 1, properties={"travel_party": ["pet", "child"]}), who)
    assert not holds(asks("booking_count", ">=", 1, properties={"travel_party": ["family_kids"]}), who)


def test_a_cart_s_lead_is_from_its_carting_until_it_is_booked() -> None:
    cart = BookingRow(booking_id="c", carted_at=ago(10), booked_at=ago(4), check_in=TODAY)
    ten_ahead = asks("cart", ">=", 1, properties={"lead_days": {"min": 10, "max": 10}})
    assert holds(ten_ahead, person(bookings=(cart,)), ago(5))
    assert not holds(ten_ahead, person(bookings=(cart,)), ago(4))
