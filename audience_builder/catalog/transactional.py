"""Transactional: what a user booked, paid, cancelled, and the rhythm of it."""

from __future__ import annotations

from audience_builder.catalog import cuts
from audience_builder.catalog.filter import Aggregate, Category, Cut, Facts, Filter, Kind, Measure, RowState, Unit
from audience_builder.catalog.operator import ALL_WINDOWS, PAST_WINDOWS, Operator
from audience_builder.catalog.options import NIGHT_KINDS
from audience_builder.catalog.properties import (
    BASIS,
    NTH,
    PLAN,
    PRICE,
    PRODUCT_LINE,
    REGION,
    STATUS,
    STAY_MODE,
    STAY_TYPE,
    THEME,
    WEEKDAY,
    waiting,
)  # fmt: skip

EVER = ("ever", 0)
BOOKINGS = Measure("bookings", "건수", "bookings", Unit.TIMES, Aggregate.COUNT)
DAYS = Measure("days", "일수", "days", Unit.DAYS, Aggregate.DISTINCT_DAYS)
_WHAT = (PRODUCT_LINE, REGION, STAY_TYPE, STAY_MODE)
_AOV_EDGES = (30_000, 50_000, 100_000, 150_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000)
_SPEND_EDGES = (100_000, 300_000, 500_000, 1_000_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000)
_CYCLE_DAYS = ((0, 14), (15, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, None))
_RECENCY = ((0, 7), (8, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, 730), (731, None))
_LEAD = ((0, 0), (1, 1), (2, 3), (4, 7), (8, 14), (15, 30), (31, 60), (61, 90), (91, None))

PAYMENT_CYCLE = Filter(
    key="payment_cycle", category=Category.TRANSACTIONAL, ko="결제 주기", en="Payment cycle", kind=Kind.NUMBER,
    asks_ko="결제와 결제 사이가 평균 며칠인가", asks_en="mean days between payments",
    measures=(
        Measure("mean_days", "평균 일수", "mean days", Unit.DAYS, Aggregate.TRAIT, "payment_cycle_days",
                "fewer than two distinct payment days"),
        Measure("elapsed_ratio", "주기 대비 경과", "elapsed ratio", Unit.TENTHS, Aggregate.TRAIT, "elapsed_tenths",
                "fewer than two distinct payment days"),
    ),
    cuts=(*cuts.bands(_CYCLE_DAYS, ko="일", en=" days"), cuts.UNKNOWN),
    synonyms=("구매 주기", "재구매 주기"),
)  # fmt: skip
BOOKING_COUNT = Filter(
    key="booking_count", category=Category.TRANSACTIONAL, ko="예약 횟수", en="Bookings", kind=Kind.EVENTS,
    asks_ko="예약을 몇 건 했나", asks_en="how many confirmed bookings",
    measures=(BOOKINGS, DAYS), facts=Facts("booking", "booked", state=RowState.BOOKED),
    properties=(*_WHAT, WEEKDAY, THEME, PRICE, *PLAN, STATUS, BASIS, NTH),
    windows=ALL_WINDOWS, default_window=EVER,
    cuts=cuts.bands(((0, 0), (1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, None)), ko="건", en=" bookings"),
    synonyms=("예약", "구매", "결제 건수", "이용 횟수"),
    notyet=waiting("grade", "brand", "payment_method", "discount", "review", "rating", "bundle", "source", "amount",
                   "nights_total", "distinct_regions", "distinct_items", "max_same_item", "change_vs_previous"),
    notes="Owner of every booking but those of filters 25, 26, 28, 29 and 30 said alone.",
)  # fmt: skip
AVERAGE_ORDER_VALUE = Filter(
    key="average_order_value", category=Category.TRANSACTIONAL, ko="객단가", en="Average order value", kind=Kind.NUMBER,
    asks_ko="예약 한 건에 평균 얼마를 냈나", asks_en="KRW per confirmed booking",
    measures=(Measure("per_booking", "건당 결제액", "per booking", Unit.KRW, Aggregate.AVERAGE_SPEND,
                      unknown="no confirmed booking in the window"),),
    facts=Facts("booking", "booked"), properties=_WHAT, windows=PAST_WINDOWS, default_window=EVER,
    cuts=(*cuts.money(_AOV_EDGES), cuts.UNKNOWN), synonyms=("건당 결제액", "평균 결제액", "AOV"), notyet=waiting("per_night"),
)  # fmt: skip
TOTAL_SPEND = Filter(
    key="total_spend", category=Category.TRANSACTIONAL, ko="결제 금액", en="Total spend", kind=Kind.NUMBER,
    asks_ko="모두 얼마를 결제했나", asks_en="KRW paid minus refunded",
    measures=(Measure("paid", "결제액 합계", "paid", Unit.KRW, Aggregate.SPEND),),
    facts=Facts("booking", "paid"), properties=_WHAT, windows=PAST_WINDOWS, default_window=EVER,
    cuts=cuts.money(_SPEND_EDGES, zero=True), synonyms=("누적 결제액", "거래액", "매출", "구매액"),
    notyet=waiting("gross", "discount", "change_vs_previous"),
)  # fmt: skip
LAST_BOOKING = Filter(
    key="last_booking", category=Category.TRANSACTIONAL, ko="최근 예약일", en="Last booking", kind=Kind.DAYS,
    asks_ko="마지막 예약이 며칠 전인가", asks_en="how many days ago the last confirmed booking was made",
    measures=(Measure("days", "경과일", "days ago", Unit.DAYS, Aggregate.LATEST, unknown="no confirmed booking"),),
    facts=Facts("booking", "booked", state=RowState.CONFIRMED), properties=(PRODUCT_LINE, REGION, STAY_TYPE),
    cuts=(*cuts.bands(_RECENCY, ko="일", en=" days"), cuts.UNKNOWN),
    synonyms=("마지막 예약", "예약한 지", "마지막 구매"),
    notes="Known only with a booking, so `>= 30` is not `booking_count[last 30 days] = 0`, which includes those who never booked.",
)  # fmt: skip
PREFERRED_STAY_DAY = Filter(
    key="preferred_stay_day", category=Category.TRANSACTIONAL, ko="선호 숙박 요일", en="Preferred stay day", kind=Kind.CHOICES,
    asks_ko="어느 요일에 주로 묵나", asks_en="on which nights at least a third of the stays of the last 365 days fall",
    measures=(Measure("days", "요일", "days", Unit.OPTION, Aggregate.TRAIT, "preferred_nights",
                      "no confirmed night in the last 365 days"),),
    options=NIGHT_KINDS, cuts=(*cuts.each(NIGHT_KINDS), cuts.UNKNOWN), synonyms=("주말형", "평일형", "숙박 요일"),
    notes="Day use has no night and takes no part.",
)  # fmt: skip
LEAD_TIME = Filter(
    key="lead_time", category=Category.TRANSACTIONAL, ko="리드타임 (예약~체크인)", en="Lead time", kind=Kind.NUMBER,
    asks_ko="체크인 며칠 전에 예약하나", asks_en="median days from booking to check-in of confirmed stays",
    measures=(Measure("median_days", "중앙값 일수", "median days", Unit.DAYS, Aggregate.TRAIT, "lead_time_days",
                      "no confirmed stay with a night"),),
    cuts=(*cuts.bands(_LEAD, ko="일", en=" days"), cuts.UNKNOWN),
    synonyms=("리드 타임", "예약 시점", "며칠 전 예약", "얼리버드", "당일"),
    notes="The lower median; day use is left out.",
)  # fmt: skip
CANCELLATION = Filter(
    key="cancellation", category=Category.TRANSACTIONAL, ko="취소", en="Cancellations", kind=Kind.EVENTS,
    asks_ko="예약을 몇 건 취소했나", asks_en="how many bookings were cancelled",
    measures=(
        Measure("events", "취소 건수", "cancellations", Unit.TIMES, Aggregate.COUNT),
        Measure("rate", "취소율", "rate", Unit.PERMILLE, Aggregate.CANCEL_RATE, unknown="nothing booked in the window"),
        DAYS,
    ),
    facts=Facts("booking", "cancelled", state=RowState.CANCELLED),
    properties=(*_WHAT, THEME, PRICE, *PLAN), windows=PAST_WINDOWS, default_window=EVER,
    cuts=(
        *cuts.bands(((0, 0), (1, 1), (2, 2), (3, None)), ko="건", en=" times"),
        Cut("rate_0", "취소율 0 %", "rate 0 %", Operator.EQ, 0, "rate"),
        Cut("rate_10", "취소율 10 % 이하", "rate up to 10 %", Operator.BETWEEN, (1, 100), "rate"),
        Cut("rate_30", "취소율 30 % 이하", "rate up to 30 %", Operator.BETWEEN, (101, 300), "rate"),
        Cut("rate_50", "취소율 50 % 이하", "rate up to 50 %", Operator.BETWEEN, (301, 500), "rate"),
        Cut("rate_over", "취소율 50 % 초과", "rate over 50 %", Operator.GT, 500, "rate"),
    ),
    synonyms=("취소 이력", "취소율", "환불", "노쇼"), notyet=waiting("by", "days_before", "fee"),
    notes="Windows the cancelled day; the rate windows the booked day.",
)  # fmt: skip

TRANSACTIONAL = (
    PAYMENT_CYCLE, BOOKING_COUNT, AVERAGE_ORDER_VALUE, TOTAL_SPEND, LAST_BOOKING, PREFERRED_STAY_DAY, LEAD_TIME, CANCELLATION,
)  # fmt: skip
