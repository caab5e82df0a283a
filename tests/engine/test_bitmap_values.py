"""What each aggregate and each test of a row comes to, on a handful of hand-made travellers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audience_builder.catalog.options import PRODUCT_LINES, TRANSPORT_TYPES
from audience_builder.catalog.places import place
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.mart.person import BehaviorRow, BookingRow, Person
from audience_builder.mart.tables import EventKind
from tests.engine.asking import one, who
from tests.index.facts import LONG_AGO, NOW, TODAY, booked, index_of, someone

JEJU, SEOUL, TOKYO = (place(key).code for key in ("jeju_si", "seoul_gangnam", "tokyo"))
STAY, ABROAD, FLIGHT = (PRODUCT_LINES.named(key).code for key in ("domestic_stay", "overseas_stay", "flight"))
ABROAD_FLIGHT = TRANSPORT_TYPES.named("flight_international").code


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def minutes_ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def search(days: int = 1, **row: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days), kind=EventKind.SEARCH, **row)


def session(days: int = 1, **row: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days), kind=EventKind.SESSION, **row)


def wish(days: int, **row: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days), kind=EventKind.WISH, **row)


def undone(days: int, of: int, **row: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days), kind=EventKind.WISH_REMOVED, wished_on=ago(of), **row)


def cart(minutes: int, **row: Any) -> BookingRow:
    return BookingRow(**{"booking_id": "c", "carted_at": minutes_ago(minutes), **row})


EVER = {"type": "ever"}
LAST_30 = {"type": "last", "n": 30}


class Asking:
    """Travellers asked one question after another."""

    def __init__(self, root: Path, *people: Person) -> None:
        self.engine = BitmapEngine(index_of(people, root))

    def __call__(self, key: str, operator: str = ">=", value: Any = 1, **more: Any) -> set[int]:
        return who(self.engine, one(key, operator, value, **more))


def test_events_are_summed_over_rows_in_the_window(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path, someone(search(1, count=2), search(3)), someone(search(29, count=2)), someone(search(30)), someone()
    )
    assert ask("search_region", ">=", 3, window=LAST_30) == {0}
    assert ask("search_region", "=", 2, window=LAST_30) == {1}
    assert ask("search_region", "=", 0, window=LAST_30) == {2, 3}, "no event is 0, never unknown"
    assert ask("search_region", "known", None, window=LAST_30) == {0, 1, 2, 3}


def test_days_are_counted_once_each(tmp_path: Path) -> None:
    ask = Asking(tmp_path, someone(search(1), search(1, count=5), search(2)), someone(search(4, count=9)))
    assert ask("search_region", "=", 2, measure="days") == {0}
    assert ask("search_region", "=", 1, measure="days") == {1}


def test_days_of_bookings_are_counted_by_the_date_asked_for(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path,
        someone(booked(ago(9), booking_id="x", check_in=ago(3)), booked(ago(8), booking_id="y", check_in=ago(3))),
        someone(booked(ago(9), booking_id="x", check_in=ago(3)), booked(ago(9), booking_id="y", check_in=ago(2))),
    )
    assert ask("booking_count", "=", 2, measure="days") == {0}
    assert ask("booking_count", "=", 2, measure="days", properties={"basis": ["check_in"]}, window=EVER) == {1}


def test_recency_is_of_the_latest_and_unknown_without_any(tmp_path: Path) -> None:
    ask = Asking(tmp_path, someone(session(40), session(5)), someone(session(10)), someone(search(1)))
    assert ask("last_visit", "<=", 5) == {0}
    assert ask("last_visit", ">=", 6) == {1}
    assert ask("last_visit", "unknown", None) == {2}
    assert ask("last_visit", "not_within", {"type": "last", "n": 7}) == {1, 2}


def test_spend_is_paid_less_refunded_by_paid_day(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path,
        someone(booked(ago(5), paid_krw=100_000)),
        someone(booked(ago(5), paid_krw=100_000, refunded_krw=40_000, refunded_at=minutes_ago(10))),
        someone(booked(ago(5), paid_krw=100_000, refunded_krw=40_000, refunded_at=NOW + timedelta(days=2))),
        someone(),
    )
    assert ask("total_spend", "=", 100_000) == {0, 2}
    assert ask("total_spend", "=", 60_000) == {1}
    assert ask("total_spend", "=", 0) == {3}


def test_the_average_is_rounded_down_and_unknown_without_a_booking(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path,
        someone(booked(ago(5), booking_id="x", paid_krw=100), booked(ago(6), booking_id="y", paid_krw=101)),
        someone(booked(ago(5), paid_krw=0, refunded_krw=1, refunded_at=minutes_ago(10))),
        someone(booked(ago(5), paid_krw=500, cancelled_at=minutes_ago(10))),
    )
    assert ask("average_order_value", "=", 100) == {0}
    assert ask("average_order_value", "=", -1) == {1}
    assert ask("average_order_value", "unknown", None) == {2}


def test_the_cancel_rate_is_of_what_was_booked_in_the_window(tmp_path: Path) -> None:
    gone = {"cancelled_at": minutes_ago(10)}
    ask = Asking(
        tmp_path,
        someone(booked(ago(5), booking_id="x", **gone), booked(ago(6), booking_id="y"), booked(ago(7), booking_id="z")),
        someone(booked(ago(5)), booked(ago(60), booking_id="y", **gone)),
        someone(cart(500)),
    )
    assert ask("cancellation", "=", 333, measure="rate", window=LAST_30) == {0}
    assert ask("cancellation", "=", 0, measure="rate", window=LAST_30) == {1}
    assert ask("cancellation", "unknown", None, measure="rate", window=LAST_30) == {2}


def test_product_lines_are_counted_once_each(tmp_path: Path) -> None:
    lines = [booked(ago(n), booking_id=str(n), product_line=line) for n, line in enumerate((STAY, STAY, FLIGHT, None))]
    ask = Asking(tmp_path, someone(*lines), someone(lines[3]))
    assert ask("product_line_count", "=", 2) == {0}
    assert ask("product_line_count", "=", 0) == {1}


def test_devices_are_known_with_a_visit_though_none_was_said(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path,
        someone(session(device=0), session(2, device=2)),
        someone(session(device=0)),
        someone(session()),
        someone(),
    )
    assert ask("device_type", "in", ["app"]) == {0, 1}
    assert ask("device_type", "has_all", ["ios", "mobile_web"]) == {0}
    assert ask("device_type", "only", ["app"]) == {1}
    assert ask("device_type", "not_in", ["app"]) == {2, 3}
    assert ask("device_type", "unknown", None) == {3}


def test_a_profile_column_is_compared_by_its_code(tmp_path: Path) -> None:
    ask = Asking(tmp_path, someone(tier=3, activity_region=JEJU), someone(tier=5), someone(activity_region=SEOUL))
    assert ask("membership_tier", ">=", "gold") == {0, 1}
    assert ask("membership_tier", "in", ["vvip"]) == {1}
    assert ask("membership_tier", "unknown", None) == {2}
    assert ask("activity_region", "in", ["jeju"]) == {0}
    assert ask("activity_region", "not_in", ["jeju"]) == {1, 2}


def test_age_grows_on_the_birthday_and_of_leaplings_on_the_first_of_march(tmp_path: Path) -> None:
    people = (
        someone(born_on=date(2000, 2, 29)),
        someone(born_on=date(2000, 3, 1)),
        someone(born_on=date(2000, 2, 28)),
        someone(),
    )
    engine = BitmapEngine(index_of(people, tmp_path))
    ages = {date(2026, 2, 28): {2}, date(2026, 3, 1): {0, 1, 2}, date(2028, 2, 29): {0, 2}}
    for day, grown in ages.items():
        moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        assert who(engine, one("age", ">=", day.year - 2000), as_of=moment) == grown
    assert who(engine, one("age", "unknown", None)) == {3}


def test_tenure_is_days_since_the_sign_up_and_the_status_may_be_asked(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path, someone(signed_up_at=minutes_ago(60)), someone(signed_up_at=minutes_ago(60), status=2), someone()
    )
    assert ask("signup", "=", 0) == {0, 1}
    assert ask("signup", "=", 0, properties={"account_status": ["dormant"]}) == {1}
    assert ask("signup", "!=", 0, properties={"account_status": ["dormant"]}) == {0, 2}, "a negation is the complement"


def test_a_channel_needs_both_consents_and_by_night_its_own(tmp_path: Path) -> None:
    both = {"marketing_use_at": LONG_AGO, "push_at": LONG_AGO}
    ask = Asking(tmp_path, someone(**both), someone(**both, push_night_at=LONG_AGO), someone(push_at=LONG_AGO),
                 someone(marketing_use_at=LONG_AGO, email_at=LONG_AGO))  # fmt: skip
    assert ask("marketing_consent", "in", ["push"]) == {0, 1}
    assert ask("marketing_consent", "in", ["push"], properties={"night": True}) == {1}
    assert ask("marketing_consent", "in", ["email"], properties={"night": True}) == {3}, "e-mail needs none"
    assert ask("marketing_consent", "known", None) == {0, 1, 2, 3}, "no record is no consent"


def test_traits_are_read_from_the_index(tmp_path: Path) -> None:
    def stay(days: int, booking_id: str, **row: Any) -> BookingRow:
        return booked(
            ago(days), booking_id=booking_id, product_line=STAY, check_in=ago(days - 3), check_out=ago(days - 5), **row
        )

    ask = Asking(
        tmp_path,
        someone(stay(40, "x"), stay(10, "y"), session()),
        someone(session(), search(2, place=TOKYO, check_in=TODAY + timedelta(days=10), count=2)),
        someone(),
    )
    assert ask("payment_cycle", "=", 30) == {0}
    assert ask("payment_cycle", "unknown", None) == {1, 2}
    assert ask("payment_cycle", "=", 3, measure="elapsed_ratio") == {0}
    assert ask("lead_time", "=", 3) == {0}
    assert ask("preferred_stay_day", "known", None) == {0}
    assert ask("overseas_intent", "=", "imminent") == {1}
    assert ask("overseas_intent", "=", "none") == {0}
    assert ask("overseas_intent", "unknown", None) == {2}, "never visited"
    assert ask("overseas_intent", ">=", "weak", properties={"destination": ["japan"]}) == {1}
    assert ask("overseas_intent", ">=", "weak", properties={"destination": ["vietnam"]}) == set()


def test_wishes_are_kept_or_undone(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path,
        someone(wish(10, count=2), undone(5, of=10)),
        someone(wish(10), undone(5, of=10)),
        someone(wish(10, place=JEJU), wish(10), undone(5, of=10, place=SEOUL)),
        someone(undone(1, of=50)),
    )
    assert ask("wishlist", ">=", 1) == {0, 1, 2}
    assert ask("wishlist", ">=", 1, properties={"state": ["kept"]}) == {0, 2}
    assert ask("wishlist", "=", 1, properties={"state": ["removed"]}) == {0, 1, 2, 3}
    assert ask("wishlist", "=", 1, properties={"state": ["removed"]}, window=LAST_30) == {0, 1, 2}, (
        "by the day of the wish"
    )
    assert ask("wishlist", "=", 1, measure="days", properties={"state": ["kept"]}) == {0, 2}
    assert ask("wishlist", ">=", 1, properties={"state": ["kept"], "region": ["jeju"]}) == {2}


def test_a_share_takes_ties_in_and_tells_its_edge(tmp_path: Path) -> None:
    spends = (10, 30, 30, 50, 0)
    engine = BitmapEngine(index_of([someone(booked(ago(3), paid_krw=krw)) for krw in spends], tmp_path))
    half, lowest, all_of_them = (
        one("total_spend", op, n) for op, n in (("top_percent", 50), ("bottom_percent", 26), ("top_percent", 100))
    )
    assert who(engine, half) == {1, 2, 3}
    assert engine.count(half, as_of=NOW).thresholds == {"c": 30}
    assert who(engine, lowest) == {0, 1, 2}
    assert engine.count(lowest, as_of=NOW).thresholds == {"c": 30}
    assert who(engine, all_of_them) == {0, 1, 2, 3}, "nothing spent is in no share"
    nobody = one("total_spend", "top_percent", 10, properties={"region": ["jeju"]})
    assert engine.count(nobody, as_of=NOW).thresholds == {"c": None}
    assert who(engine, nobody) == set()


# --- what is asked of a row -----------------------------------------------------------------------------------------------

ROW_CASES: list[tuple[str, dict[str, Any], list[Any], list[Any]]] = [
    ("search_region", {"region": ["jeju"]}, [search(place=JEJU)], [search(place=SEOUL), search()]),
    ("search_region", {"stay_type": ["hotel"]}, [search(product_type=1)], [search(product_type=2), search()]),
    ("search_region", {"stay_mode": ["day_use"]}, [search(stay_mode=1)], [search(stay_mode=2), search()]),
    ("search_region", {"theme": ["ocean_view"]}, [search(theme_mask=3)], [search(theme_mask=2), search()]),
    ("search_region", {"travel_party": ["family_kids"]}, [search(party_mask=16)], [search(party_mask=1), search()]),
    ("search_region", {"nights": {"min": 2}}, [search(nights=2)], [search(nights=1), search()]),
    ("search_region", {"nights": {"max": 0}}, [search(nights=0)], [search(nights=1), search()]),
    ("search_region", {"lead_days": {"min": 1, "max": 3}}, [search(1, check_in=ago(-1))], [search(1, check_in=ago(1)), search()]),
    ("search_region", {"stay": {"relation": "in", "window": {"type": "next", "n": 3}}},
     [search(check_in=ago(-3))], [search(check_in=ago(-4)), search(check_in=ago(1), nights=5), search()]),
    ("search_region", {"stay": {"relation": "touches", "window": {"type": "next", "n": 3}}},
     [search(check_in=ago(1), nights=2), search(check_in=ago(0), nights=0)], [search(check_in=ago(1), nights=1), search(check_in=ago(1)), search()]),
    ("last_visit", {"device": ["ios"]}, [session(device=0)], [session(device=1), session()]),
    ("booking_count", {"product_line": ["flight"]}, [booked(ago(1), product_line=FLIGHT)], [booked(ago(1), product_line=STAY), booked(ago(1))]),
    ("booking_count", {"weekday": ["sat"]}, [booked(ago(30), product_line=STAY, check_in=date(2026, 11, 20), check_out=date(2026, 11, 22))],
     [booked(ago(30), product_line=STAY, check_in=date(2026, 11, 20), check_out=date(2026, 11, 21)),
      booked(ago(30), product_line=FLIGHT, check_in=date(2026, 11, 20), check_out=date(2026, 11, 22)), booked(ago(1))]),
    ("booking_count", {"nights": {"min": 2, "max": 2}}, [booked(ago(9), product_line=STAY, check_in=ago(5), check_out=ago(3))],
     [booked(ago(9), product_line=FLIGHT, check_in=ago(5), check_out=ago(3)), booked(ago(9), product_line=STAY, check_in=ago(5))]),
    ("booking_count", {"lead_days": {"min": 4, "max": 4}}, [booked(ago(9), check_in=ago(5))], [booked(ago(9), check_in=ago(6)), booked(ago(9))]),
    ("booking_count", {"status": ["cancelled"]}, [booked(ago(9), cancelled_at=minutes_ago(5))],
     [booked(ago(9)), booked(ago(9), cancelled_at=NOW + timedelta(days=1)), cart(500, cancelled_at=minutes_ago(5))]),
    ("booking_count", {"status": ["completed"]}, [booked(ago(9), check_in=ago(2), check_out=ago(0)), booked(ago(9), check_in=ago(0))],
     [booked(ago(9), check_in=ago(2), check_out=ago(-1)), booked(ago(9), check_in=ago(2), no_show=True), booked(ago(9))]),
    ("booking_count", {"status": ["no_show"]}, [booked(ago(9), check_in=ago(0), no_show=True)], [booked(ago(9), check_in=ago(-1), no_show=True)]),
    ("booking_count", {"status": ["upcoming"]}, [booked(ago(9), check_in=ago(-1))], [booked(ago(9), check_in=ago(0)), booked(ago(9))]),
    ("cart", {"stage": ["checkout_started"]}, [cart(500, checkout_at=minutes_ago(400))],
     [cart(500), cart(500, checkout_at=minutes_ago(400), payment_failed_at=minutes_ago(300))]),
    ("upcoming_trip", {"phase": ["in_trip"]}, [booked(ago(9), check_in=ago(1), check_out=ago(-1)), booked(ago(9), check_in=ago(0))],
     [booked(ago(9), check_in=ago(0), stay_mode=1), booked(ago(9), check_in=ago(3), check_out=ago(1)), booked(ago(9), check_in=ago(-1))]),
    ("upcoming_trip", {"phase": ["upcoming"]}, [booked(ago(9), check_in=ago(0))], [booked(ago(9), check_in=ago(1)), booked(ago(9))]),
]  # fmt: skip


@pytest.fixture(scope="module")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> BitmapEngine:
    """One traveller a row of every case, in order."""
    people = [someone(row) for _, _, inside, outside in ROW_CASES for row in (*inside, *outside)]
    return BitmapEngine(index_of(people, tmp_path_factory.mktemp("index")))


@pytest.mark.parametrize(
    "number", range(len(ROW_CASES)), ids=lambda number: f"{ROW_CASES[number][0]} {ROW_CASES[number][1]}"
)
def test_a_property_is_true_of_rows_that_say_it(everyone: BitmapEngine, number: int) -> None:
    key, properties, inside, outside = ROW_CASES[number]
    first = sum(len(yes) + len(no) for _, _, yes, no in ROW_CASES[:number])
    operator, value = ("known", None) if key == "last_visit" else (">=", 1)
    found = who(everyone, one(key, operator, value, properties=properties))
    of_case = range(first, first + len(inside) + len(outside))
    assert found & set(of_case) == set(of_case[: len(inside)])


def test_several_properties_hold_of_one_and_the_same_row(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path, someone(search(place=JEJU, product_type=1)), someone(search(place=JEJU), search(product_type=1))
    )
    assert ask("search_region", properties={"region": ["jeju"], "stay_type": ["hotel"]}) == {0}


def test_bookings_are_dated_by_the_basis(tmp_path: Path) -> None:
    trip = {"check_in": ago(1), "check_out": ago(-2)}
    ask = Asking(
        tmp_path, someone(booked(ago(50), **trip)), someone(booked(ago(0), check_in=ago(-9), check_out=ago(-10)))
    )
    today = {"type": "last", "n": 1}
    assert ask("booking_count", window=today) == {1}
    assert ask("booking_count", window=today, properties={"basis": ["stay"]}) == {0}
    assert ask("booking_count", window=today, properties={"basis": ["check_in"]}) == set()
    assert ask("booking_count", window={"type": "next", "n": 2}, properties={"basis": ["check_out"]}) == {0}
    assert ask("booking_count", window={"type": "next", "n": 9}, properties={"basis": ["check_in"]}) == {1}


def test_the_first_and_the_latest_booking_are_of_any_line_and_must_pass_the_rest(tmp_path: Path) -> None:
    stay, flight = (
        booked(ago(9), booking_id="x", product_line=STAY),
        booked(ago(5), booking_id="y", product_line=FLIGHT),
    )
    void = booked(ago(1), booking_id="z", product_line=STAY, cancelled_at=minutes_ago(5))
    twin = [booked(ago(3), booking_id=name, product_line=line) for name, line in (("b", FLIGHT), ("a", STAY))]
    ask = Asking(tmp_path, someone(stay, flight, void), someone(flight), someone(*twin))
    assert ask("booking_count", properties={"nth": ["first"], "product_line": ["flight"]}) == {1}
    assert ask("booking_count", properties={"nth": ["latest"], "product_line": ["flight"]}) == {0, 1, 2}, (
        "equal moments go by id"
    )


def test_a_cart_is_left_until_a_booking_answers_it(tmp_path: Path) -> None:
    there = {"place": JEJU, "check_in": ago(-5), "check_out": ago(-7)}

    def answer(**row: Any) -> BookingRow:
        return BookingRow(booking_id="a", booked_at=minutes_ago(100), **row)

    ask = Asking(
        tmp_path,
        someone(cart(200, product_id="p")),
        someone(cart(59)),
        someone(cart(200, removed_at=minutes_ago(1))),
        someone(cart(200, product_id="p"), answer(product_id="p")),
        someone(cart(200, product_id="p"), answer(product_id="q")),
        someone(cart(200, **there), answer(**there)),
        someone(cart(200, **there), answer(**{**there, "check_in": ago(-7)})),
        someone(cart(200, **there), answer(**there, cancelled_at=minutes_ago(5))),
        someone(cart(50, product_id="p"), answer(product_id="p")),
        someone(cart(200, checkout_at=minutes_ago(130))),
        someone(cart(200, booked_at=minutes_ago(190), product_id="p")),
    )
    assert ask("cart", properties={"left": True}) == {0, 4, 6, 7, 9}
    assert ask("cart", properties={"left_hours": {"min": 3, "max": 3}}) == {0, 4, 6, 7}
    assert ask("cart", properties={"left_hours": {"max": 2}}) == {9}, "counted from the last touch"


def test_lines_had_and_lacked_are_those_of_the_rows_that_count(tmp_path: Path) -> None:
    def trip(line: int, name: str, days: int = -5) -> BookingRow:
        return booked(ago(9), booking_id=name, product_line=line, check_in=ago(days))

    ask = Asking(
        tmp_path,
        someone(trip(FLIGHT, "x"), trip(STAY, "y")),
        someone(trip(FLIGHT, "x")),
        someone(trip(FLIGHT, "x"), trip(STAY, "y", days=5)),
        someone(trip(STAY, "y")),
    )
    lines = {"has": ["flight"], "lacks": ["stay"]}
    assert ask("upcoming_trip", properties={"has": ["flight"]}) == {0, 1, 2}
    assert ask("upcoming_trip", properties=lines) == {1, 2}, "a stay behind is no stay ahead"
    assert ask("upcoming_trip", "=", 2, properties={"has": ["flight", "stay"]}) == {0}


def test_a_row_counts_by_its_line_or_by_its_type(tmp_path: Path) -> None:
    ask = Asking(
        tmp_path,
        someone(booked(ago(1), product_line=FLIGHT, product_type=ABROAD_FLIGHT)),
        someone(booked(ago(1), product_line=ABROAD)),
        someone(booked(ago(1), product_line=FLIGHT)),
    )
    assert ask("overseas_booking") == {0, 1}
