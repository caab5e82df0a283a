"""Audiences marketers ask for again and again, as rules to begin with: forty, by what they are for.

What needs something the catalog does not know yet has no rule, and says what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from audience_builder.rule.check import parse_rule, to_json

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a template waits for (`notyet`), as it is told."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Remark:
    """In what a template's rule is not quite what its name promises, and why."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Template:
    """A rule with the name marketers give it; without a rule, what is missing for it."""

    key: str
    ko: str
    en: str
    rule: JSON | None = None
    missing: Missing | None = None
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class TemplateGroup:
    """Templates that are for one thing."""

    key: str
    ko: str
    en: str
    templates: tuple[Template, ...]


def _c(
    filter_: str, operator: str, value: object, window: JSON | None = None, /, *, measure: str = "", **of: object
) -> JSON:
    """A condition; `of` are its properties."""
    said: JSON = {"type": "condition", "filter": filter_, "operator": operator, "value": value}
    said |= {"window": window} if window else {}
    said |= {"measure": measure} if measure else {}
    return said | ({"properties": of} if of else {})


def _any(*children: JSON) -> JSON:
    return {"type": "any", "children": list(children)}


def _t(key: str, ko: str, en: str, *conditions: JSON, remark: Remark | None = None) -> Template:
    """A template of whoever all of this is true of."""
    root = {"type": "all", "children": list(conditions)}
    return Template(key, ko, en, to_json(parse_rule({"version": 1, "root": root})), remark=remark)


def _not_yet(key: str, ko: str, en: str, missing: Missing) -> Template:
    return Template(key, ko, en, missing=missing)


def _last(n: int, unit: str = "day") -> JSON:
    return {"type": "last", "n": n, "unit": unit}


def _next(n: int) -> JSON:
    return {"type": "next", "n": n}


def _days(start: int, end: int) -> JSON:
    return {"type": "days", "start": start, "end": end}


def _season(name: str, year: str) -> JSON:
    return {"type": "named", "name": name, "year": year}


def _stay(relation: str, window: JSON) -> JSON:
    return {"relation": relation, "window": window}


_EVER: Final[JSON] = {"type": "ever"}
_TODAY: Final[JSON] = {"type": "calendar", "unit": "day", "offset": 0}
_TOMORROW: Final[JSON] = {"type": "calendar", "unit": "day", "offset": 1}
_NO_TRIP: Final = _c("upcoming_trip", "=", 0)

_BENEFITS = Missing(
    "등급 혜택·승급 금액·쿠폰·포인트 데이터", "data on benefits: amounts to the next tier, coupons, points"
)
_REVIEWS = Missing("리뷰 데이터", "data on reviews")
_ITEMS = Missing("숙소·브랜드 단위 조건", "conditions on one place to stay, or one brand")
_ACCOUNTS = Missing("기업 회원 구분", "whether an account is a company's")
_REACTIONS = Missing("발송·반응 데이터", "data on messages sent and opened")
_PUSH_STATE = Missing("기기의 알림 설정", "whether a device lets notifications in")
_OUTCOMES = Missing("검색 결과(매진) 데이터", "what a search came to, such as sold out")
_SEQUENCES = Missing("앞뒤 순서 조건", "conditions on what came after what")
_PAYMENTS = Missing("결제 수단 데이터", "data on means of payment")
_BIRTHDAYS = Missing("생일 조건", "conditions on birthdays")

_SEASON = TemplateGroup(
    "season", "시즌·명절", "Seasons and holidays",
    (
        _t("last_chuseok", "작년 추석 고객 재유치", "Stayed over Chuseok last year, not this year",
           _c("booking_count", ">=", 1, _EVER, stay=_stay("touches", _season("chuseok", "last"))),
           _c("booking_count", "=", 0, _EVER, stay=_stay("touches", _season("chuseok", "this")))),
        _t("chuseok_searched", "추석 검색 미예약", "Searched for Chuseok, no trip then",
           _c("search_region", ">=", 1, _last(30), stay=_stay("touches", _season("chuseok", "upcoming"))),
           _c("upcoming_trip", "=", 0, stay=_stay("touches", _season("chuseok", "upcoming")))),
        _t("summer_early", "여름 얼리버드", "Booked last summer early, this summer not yet",
           _c("booking_count", ">=", 1, _EVER, stay=_stay("in", _season("summer_high", "last")), lead_days={"min": 45}),
           _c("booking_count", "=", 0, _EVER, stay=_stay("in", _season("summer_high", "this")))),
        _t("kids_vacation", "키즈 여름방학", "Families, no stay booked in the summer vacation",
           _c("life_stage", "in", ["family_infant", "family_kids"]),
           _c("booking_count", "=", 0, _EVER, stay=_stay("in", _season("summer_vacation", "this")))),
        _t("autumn_glamping", "가을 글램핑", "Glamping in autumn",
           _any(_c("search_stay_type", ">=", 1, _last(30), stay_type=["glamping"]),
                _c("booking_count", ">=", 1, _EVER, stay_type=["glamping"], stay=_stay("in", _season("autumn", "last"))))),
        _not_yet("birthday", "생일 축하", "Birthday greetings", _BIRTHDAYS),
    ),
)  # fmt: skip

_ANY_TRIP: Final = Remark(
    "조건끼리 지역을 견줄 수 없어, 다른 곳으로 가는 여행이 있는 고객도 빠집니다. "
    "지역을 정하려면 두 조건에 같은 지역을 넣으세요.",
    "Conditions cannot compare their regions, so people with any trip ahead are left out, also to elsewhere. "
    "For one region, say it in both conditions.",
)

_CONVERSION = TemplateGroup(
    "conversion", "전환", "Conversion",
    (
        _t("jeju_searched", "제주 검색 미예약", "Searched Jeju, did not book",
           _c("search_region", ">=", 2, _last(14), region=["jeju"]),
           _c("booking_count", "=", 0, _last(14), region=["jeju"])),
        _t("cart_day_one", "장바구니 이탈 1일차", "Left a cart one to three days ago",
           _c("cart", ">=", 1, _last(7), stage=["carted"], left=True, left_hours={"min": 24, "max": 72}), _NO_TRIP,
           remark=_ANY_TRIP),
        _t("checkout_left", "결제 직전 이탈", "Left at checkout",
           _c("cart", ">=", 1, _last(3), stage=["checkout_started"], left=True)),
        _t("wished_only", "찜만 하고 미예약", "Wished, did not book",
           _c("wishlist", ">=", 3, _last(90), state=["kept"]), _c("booking_count", "=", 0, _last(30))),
        _t("first_booking", "첫 예약 유도", "New, no booking yet",
           _c("signup", "between", [3, 30]), _c("booking_count", "=", 0, _EVER)),
        _t("signup_week", "가입 D+7 미예약", "Signed up a week ago, no booking yet",
           _c("signup", "=", 7), _c("booking_count", "=", 0, _EVER)),
        _t("tonight", "오늘 밤 특가", "Tonight's deals",
           _any(_c("search_region", ">=", 1, _TODAY, stay=_stay("in", _TODAY)),
                _c("booking_count", ">=", 2, _last(90), lead_days={"min": 0, "max": 0})),
           _c("upcoming_trip", "=", 0, _TODAY)),
        _t("day_use_to_night", "대실 → 숙박 전환", "From day use to a night",
           _c("booking_count", ">=", 3, _last(90), stay_type=["motel"], stay_mode=["day_use"]),
           _c("booking_count", "=", 0, _last(90), stay_mode=["overnight"]), _c("age", ">=", 19)),
        _t("weekday_workation", "평일 워케이션", "Workation on weekdays",
           _any(_c("search_theme", ">=", 1, _last(90), theme=["workation"]),
                _c("booking_count", ">=", 1, _last(1, "year"), weekday=["weekday"], nights={"min": 3}))),
        _not_yet("sold_out", "매진 대체 제안", "Another place where one was sold out", _OUTCOMES),
        _not_yet("muted", "알림 꺼진 앱 고객", "Notifications off in the app", _PUSH_STATE),
        _not_yet("no_reaction", "푸시 무반응 → 카카오", "No reaction to push, so Kakao", _REACTIONS),
        _not_yet("card", "카드사 제휴", "A card's customers", _PAYMENTS),
        _not_yet("brand", "브랜드·숙소 기획전", "A brand's or a place's campaign", _ITEMS),
    ),
)  # fmt: skip

_RETENTION = TemplateGroup(
    "retention", "재구매·유지", "Retention",
    (
        _t("second_booking", "두 번째 예약 유도", "One booking so far",
           _c("booking_count", "=", 1, _EVER), _c("last_booking", "between", [30, 60]), _NO_TRIP),
        _t("sleeping", "휴면 복귀", "Asleep, had booked",
           _c("last_visit", "between", [91, 365]), _c("booking_count", ">=", 1, _EVER)),
        _t("soon_dormant", "휴면 전환 예정 안내", "Soon dormant", _c("last_visit", "between", [335, 364])),
        _t("vip_leaving", "VIP 이탈 방어", "VIPs overdue for their next booking",
           _c("membership_tier", ">=", "vip"), _c("payment_cycle", ">=", 15, measure="elapsed_ratio"), _NO_TRIP),
        _t("weekend_capital", "수도권 주말 근교", "Weekends near Seoul",
           _c("activity_region", "in", ["capital_area"]), _c("preferred_stay_day", "in", ["weekend"]),
           _any(_c("search_region", ">=", 1, _last(14), region=["capital_getaway"]),
                _c("booking_count", ">=", 2, _last(1, "year"), region=["capital_getaway"]))),
        _not_yet("tier_up", "승급 임박", "Close to the next tier", _BENEFITS),
        _not_yet("tier_down", "강등 방어", "About to lose a tier", _BENEFITS),
        _not_yet("coupon_ends", "쿠폰 만료 D-3", "A coupon ends in three days", _BENEFITS),
        _not_yet("points_end", "포인트 소멸 예정", "Points about to go", _BENEFITS),
        _not_yet("review", "리뷰 요청", "Ask for a review", _REVIEWS),
        _not_yet("same_place", "같은 숙소 재방문", "Back to the same place", _ITEMS),
        _not_yet("business", "기업 회원 출장", "Companies on the road", _ACCOUNTS),
        _not_yet("cancelled", "취소 만회", "Cancelled, and did not book again", _SEQUENCES),
    ),
)  # fmt: skip

_CROSS_SELL = TemplateGroup(
    "cross_sell", "교차 판매", "Cross-sell",
    (
        _t("flight_no_stay", "항공 있고 숙소 없음", "A flight to Jeju, nowhere to stay",
           _c("upcoming_trip", ">=", 1, _next(30), region=["jeju"], has=["flight"], lacks=["domestic_stay"])),
        _t("jeju_car", "제주 숙소 → 렌터카", "A stay on Jeju, no rental car",
           _c("upcoming_trip", ">=", 1, _next(14), region=["jeju"], has=["domestic_stay"], lacks=["rental_car"])),
        _t("gangneung_train", "강릉 숙소 → KTX", "To Gangneung from the capital area, no way there",
           _c("upcoming_trip", ">=", 1, _days(3, 14), region=["gangneung"], lacks=["transport"]),
           _c("activity_region", "in", ["capital_area"])),
        _t("leisure_tomorrow", "체크인 D-1 레저", "Check in tomorrow, no ticket",
           _c("upcoming_trip", ">=", 1, _TOMORROW, lacks=["leisure_ticket"])),
        _t("leisure_now", "여행 중 레저", "On a trip now, no ticket",
           _c("upcoming_trip", ">=", 1, _EVER, phase=["in_trip"], lacks=["leisure_ticket"])),
        _t("abroad", "국내 → 해외 전환", "From trips at home to Japan",
           _c("booking_count", ">=", 2, _last(1, "year"), product_line=["domestic_stay"]),
           _c("overseas_booking", "=", 0, _EVER), _c("overseas_intent", ">=", "clear", destination=["japan"])),
        _t("pets", "펫 동반 기획전", "Travel with pets",
           _any(_c("search_theme", ">=", 2, _last(90), theme=["pet"]),
                _c("booking_count", ">=", 1, _EVER, travel_party=["pet"]))),
    ),
)  # fmt: skip

TEMPLATES: Final[tuple[TemplateGroup, ...]] = (_SEASON, _CONVERSION, _RETENTION, _CROSS_SELL)
"""All of them, in the order they are shown."""
