"""Bookings, carts, wishes and trips: the states they pass through and how a rule may look at them."""

from __future__ import annotations

from typing import Final

from audience_builder.catalog.option import Option, OptionList

# fmt: off
BOOKING_STATUSES: Final = OptionList("booking_status", (
    Option("confirmed", 1, "확정", "Confirmed"),
    Option("completed", 2, "이용 완료", "Completed"),
    Option("upcoming", 3, "이용 전", "Upcoming"),
    Option("cancelled", 4, "취소", "Cancelled"),
    Option("no_show", 5, "노쇼", "No-show"),
))

BOOKING_BASES: Final = OptionList("booking_basis", (
    Option("booked", 1, "예약일", "Day booked"),
    Option("check_in", 2, "체크인", "Check-in"),
    Option("check_out", 3, "체크아웃", "Check-out"),
    Option("stay", 4, "숙박일이 걸침", "Any night of the stay"),
    Option("paid", 5, "결제일", "Day paid"),
    Option("cancelled", 6, "취소일", "Day cancelled"),
))

NTHS: Final = OptionList("nth", (
    Option("first", 1, "첫 예약", "First booking"),
    Option("latest", 2, "마지막 예약", "Latest booking"),
))

CART_STAGES: Final = OptionList("cart_stage", (
    Option("carted", 1, "장바구니에 담음", "Put in the cart"),
    Option("checkout_started", 2, "결제 시작", "Checkout started"),
    Option("payment_failed", 3, "결제 실패", "Payment failed"),
), ordered=True)

WISH_STATES: Final = OptionList("wish_state", (
    Option("kept", 1, "찜 유지", "Still wished"),
    Option("removed", 2, "찜 해제", "Removed since"),
    Option("any", 3, "전체", "Any"),
))

ACTIONS: Final = OptionList("action", (
    Option("viewed", 1, "조회", "Viewed"),
    Option("booked", 2, "예약", "Booked"),
))

TRIP_PHASES: Final = OptionList("trip_phase", (
    Option("upcoming", 1, "여행 전", "Upcoming"),
    Option("in_trip", 2, "여행 중", "On the trip"),
))

INTENTS: Final = OptionList("intent", (
    Option("none", 0, "없음", "None"),
    Option("weak", 1, "약함", "Weak"),
    Option("clear", 2, "뚜렷", "Clear"),
    Option("imminent", 3, "임박", "Imminent"),
), ordered=True)
# fmt: on
