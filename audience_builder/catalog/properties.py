"""The properties filters share, each declared once, and those that wait with the reason."""

from __future__ import annotations

from audience_builder.catalog.filter import NotYet, Property, Test
from audience_builder.catalog.options import (
    ACTIONS,
    BOOKING_BASES,
    BOOKING_STATUSES,
    CART_STAGES,
    DEVICES,
    NIGHT_KINDS,
    NTHS,
    PARTIES,
    PRICE_BANDS,
    PRODUCT_LINES,
    STAY_MODES,
    STAY_TYPES,
    THEMES,
    TRIP_PHASES,
    WISH_STATES,
)

REGION = Property(
    "region",
    "지역",
    "region",
    Test.PLACE,
    synonyms=("여행지",),
    meaning="A place matches itself and everything inside it; a fact said more coarsely does not match a finer place.",
)
PRODUCT_LINE = Property("product_line", "상품군", "product line", Test.LINE, PRODUCT_LINES, synonyms=("카테고리",))
STAY_TYPE = Property("stay_type", "숙소 유형", "stay type", Test.TYPE, STAY_TYPES, synonyms=("숙박 유형",))
STAY_MODE = Property("stay_mode", "이용 방식", "stay mode", Test.MODE, STAY_MODES, synonyms=("대실", "숙박"))
THEME = Property(
    "theme",
    "테마",
    "theme",
    Test.THEME,
    THEMES,
    meaning="Any of the named themes is among the row's themes; a row with three themes counts once.",
)
PRICE = Property(
    "price",
    "1박 가격",
    "price a night",
    Test.PRICE,
    PRICE_BANDS,
    synonyms=("가격대", "숙박 요금"),
    meaning="Shown price a night before coupons; of a booking, paid ÷ nights. In bands; day use has its own bands.",
)
STAY = Property(
    "stay",
    "숙박 일정",
    "stay dates",
    Test.STAY,
    synonyms=("체크인 날짜", "이용일"),
    meaning="`in`: check-in lies in the window. `touches`: any night does (without nights, the day itself).",
)
NIGHTS = Property(
    "nights", "박수", "nights", Test.NIGHTS, meaning="Nights of the stay; 0 is day use; unknown off stays."
)
TRAVEL_PARTY = Property("travel_party", "동반", "travel party", Test.PARTY, PARTIES, synonyms=("동행", "일행"))
LEAD_DAYS = Property(
    "lead_days",
    "체크인까지 남은 일수",
    "days to check-in",
    Test.LEAD,
    synonyms=("리드타임",),
    meaning="Check-in day minus the day of the event (of a booking, the booked day).",
)
DEVICE = Property("device", "기기", "device", Test.DEVICE, DEVICES)
PLAN = (STAY, NIGHTS, TRAVEL_PARTY, LEAD_DAYS)
SEARCHED = (REGION, STAY_TYPE, THEME, STAY_MODE, PRICE, *PLAN)
VIEWED = (PRODUCT_LINE, *SEARCHED)

STATUS = Property(
    "status",
    "상태",
    "status",
    Test.STATUS,
    BOOKING_STATUSES,
    meaning=(
        "As of the day. confirmed = booked and not cancelled (no-shows count); completed = confirmed, came, checked out; "
        "upcoming = confirmed, check-in after the day; default: confirmed."
    ),
)
BASIS = Property(
    "basis",
    "기준일",
    "date basis",
    Test.BASIS,
    BOOKING_BASES,
    one=True,
    meaning="Which date the window speaks of; `stay` = any night in it. Default: booked.",
)
NTH = Property(
    "nth",
    "몇 번째",
    "which one",
    Test.NTH,
    NTHS,
    one=True,
    meaning="The user's first (or latest) confirmed booking of any product line, by booked moment; it must have the other properties too.",
)
WEEKDAY = Property(
    "weekday",
    "숙박 요일",
    "weekday of stay",
    Test.NIGHT_KIND,
    NIGHT_KINDS,
    synonyms=("요일",),
    meaning="At least one night of the stay is of one of these kinds.",
)
STAGE = Property(
    "stage",
    "단계",
    "stage",
    Test.STAGE,
    CART_STAGES,
    meaning="The furthest stage reached by the day: carted, then checkout, then a failed payment.",
)
LEFT = Property(
    "left",
    "담고 이탈",
    "left behind",
    Test.LEFT,
    synonyms=("이탈",),
    meaning="Not removed by hand, an hour old, and no confirmed booking after it of that product or of the same place on its dates.",
)
LEFT_HOURS = Property(
    "left_hours",
    "이탈 후 시간",
    "hours since left",
    Test.LEFT_HOURS,
    meaning="Whole hours since the last touch of a cart left behind (implies `left`).",
)
WISH_STATE = Property(
    "state",
    "상태",
    "state",
    Test.WISH_STATE,
    WISH_STATES,
    one=True,
    meaning="any (default) = wishes made in the window; removed = those of them since undone; kept = those still there.",
)
ACTION = Property(
    "action", "행동", "action", Test.ACTION, ACTIONS, one=True, meaning="Viewed or booked. Default: booked."
)
USE_DATE = Property("date", "이용일", "date of use", Test.STAY, meaning=STAY.meaning)
PHASE = Property(
    "phase",
    "여행 단계",
    "phase",
    Test.PHASE,
    TRIP_PHASES,
    one=True,
    meaning="upcoming = check-in today or later; in_trip = check-in ≤ today ≤ check-out (day use makes no trip).",
)
HAS = Property(
    "has",
    "있는 상품군",
    "has",
    Test.HAS,
    PRODUCT_LINES,
    meaning="Among the bookings of this condition at least one is of each named line (of a group: of any member).",
)
LACKS = Property("lacks", "없는 상품군", "lacks", Test.LACKS, PRODUCT_LINES, meaning="None of them is of a named line.")

_WAITS = {
    "brand": ("브랜드·체인", "brand", "no brand is in the operational data yet"),
    "item": ("특정 숙소·상품", "single item", "needs uploaded lists of ids"),
    "grade": ("등급(성급)", "star grade", "no grade is in the operational data yet"),
    "outcome": ("검색 결과", "search outcome", "sold-out and empty searches are not collected yet"),
    "page": ("화면", "page kind", "page kinds are not collected yet"),
    "source": ("유입 경로", "traffic source", "traffic sources are not collected yet"),
    "payment_method": ("결제 수단", "payment method", "payment methods are not in the mart yet"),
    "discount": ("할인", "discount", "discounts are not in the mart yet"),
    "review": ("후기", "review", "reviews are not in the mart yet"),
    "rating": ("별점", "rating", "ratings are not in the mart yet"),
    "bundle": ("묶음 구매", "bundle", "needs orders with several lines"),
    "amount": ("결제액", "amount of one booking", "single amounts are compared through average_order_value for now"),
    "by": ("취소 주체", "cancelled by", "who cancelled is not in the mart yet"),
    "days_before": ("취소 시점", "days before check-in", "not in the mart yet"),
    "fee": ("취소 수수료", "cancellation fee", "not in the mart yet"),
    "price_drop": ("가격 인하", "price drop", "prices over time are not kept yet"),
    "time_band": ("시간대", "time of day", "behaviour is summed by day"),
    "from": ("출발지", "from", "only the arrival place is kept"),
    "route": ("노선", "route", "said by the transport type: flight_domestic, flight_international"),
    "party_size": ("인원", "party size", "numbers of people are not in the mart yet"),
    "cover": ("보험", "insurance cover", "not in the mart yet"),
    "free_cancel_ends": ("무료 취소 마감", "free cancellation ends", "not in the mart yet"),
    "campaign_kind": ("캠페인 종류", "campaign kind", "message reactions do not come back yet"),
    "coupon_kind": ("쿠폰 종류", "coupon kind", "coupons are not in the mart yet"),
    "method": ("가입 방법", "sign-up method", "not in the mart yet"),
    "account_type": ("계정 유형", "account type", "not in the mart yet"),
    "os_version": ("OS 버전", "OS version", "not collected yet"),
    "app_version": ("앱 버전", "app version", "not collected yet"),
    "distinct_items": ("서로 다른 상품 수", "distinct items", "behaviour keeps no single items"),
    "max_same_item": ("같은 상품 최대 횟수", "most of one item", "behaviour keeps no single items"),
    "distinct_regions": ("서로 다른 지역 수", "distinct regions", "does not add up over days; no trait for it yet"),
    "items_kept": ("보관 중인 찜", "items kept", "say wishlist with state=kept"),
    "change_vs_previous": ("직전 기간 대비", "change vs. previous", "compares two windows; not in the language yet"),
    "nights_total": ("숙박일 수 합", "nights in total", "not asked for yet"),
    "per_night": ("1박 단가 (ADR)", "per night", "not asked for yet; the price property has bands a night"),
    "gross": ("할인 전 금액", "gross", "discounts are not in the mart yet"),
    "lines_viewed": ("조회한 상품군 수", "lines viewed", "not asked for yet"),
    "benefits": ("쿠폰·포인트·승급", "coupons, points, tier moves", "benefits are not in the mart yet"),
    "birthday": ("생일", "birthday", "personal dates wait for the privacy review"),
    "push_state": ("푸시 상태", "push state", "device tokens are not in the mart yet"),
    "app_state": ("앱 설치 상태", "app state", "installs are not in the mart yet"),
    "reactions": ("발송·오픈·클릭", "sent, opened, clicked", "message reactions do not come back yet"),
}


def waiting(*keys: str) -> tuple[NotYet, ...]:
    """What is named for these keys but cannot be used yet, with the reason."""
    return tuple(NotYet(key, *_WAITS[key]) for key in keys)
