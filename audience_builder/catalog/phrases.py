"""How filters, measures and properties are said inside a sentence, where their label alone would not do.

A filter or property without a line here is said by its label, so that a new one stays one declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from audience_builder.catalog.filter import Filter, Form, Measure, Property


@dataclass(frozen=True, slots=True)
class Head:
    """What a condition counts or compares, as a noun; `one` is the English singular, `counter` the Korean counting word."""

    ko: str
    en: str
    one: str = ""
    counter: str = "회"


@dataclass(frozen=True, slots=True)
class Said:
    """A property as a modifier; `{}` is its value. `all_of` where several options are all meant, not any of them."""

    ko: str
    en: str
    all_of: bool = False


_SEARCH = Head("검색", "searches", "search")
_SEARCH_DAYS = Head("검색한 날", "search days", "search day", "일")
_SAID: Final[Mapping[tuple[str, str, str], Head]] = MappingProxyType(
    {
        ("search_region", "events", ""): _SEARCH,
        ("search_region", "days", ""): _SEARCH_DAYS,
        ("search_stay_type", "events", ""): _SEARCH,
        ("search_stay_type", "days", ""): _SEARCH_DAYS,
        ("search_theme", "events", ""): _SEARCH,
        ("search_theme", "days", ""): _SEARCH_DAYS,
        ("viewed_category", "events", ""): Head("상품 조회", "product views", "product view"),
        ("viewed_category", "days", ""): Head("상품을 조회한 날", "product view days", "product view day", "일"),
        ("cart", "events", ""): Head("장바구니 담기", "cart additions", "cart addition"),
        ("cart", "days", ""): Head("장바구니에 담은 날", "cart days", "cart day", "일"),
        ("wishlist", "events", ""): Head("찜", "wishes", "wish"),
        ("wishlist", "days", ""): Head("찜한 날", "wish days", "wish day", "일"),
        ("last_visit", "days", ""): Head("마지막 접속", "last visit"),
        ("visit_frequency", "events", ""): Head("방문", "visits", "visit"),
        ("visit_frequency", "days", ""): Head("방문한 날", "visit days", "visit day", "일"),
        ("payment_cycle", "mean_days", ""): Head("결제 주기", "payment cycle"),
        ("payment_cycle", "elapsed_ratio", ""): Head(
            "결제 주기 대비 경과", "time since the last payment over the payment cycle"
        ),
        ("booking_count", "bookings", ""): Head("예약", "bookings", "booking", "건"),
        ("booking_count", "days", ""): Head("예약한 날", "booking days", "booking day", "일"),
        ("average_order_value", "per_booking", ""): Head("객단가", "average order value"),
        ("total_spend", "paid", ""): Head("결제 금액", "total spend"),
        ("last_booking", "days", ""): Head("마지막 예약", "last booking"),
        ("preferred_stay_day", "days", ""): Head("선호 숙박 요일", "preferred nights"),
        ("lead_time", "median_days", ""): Head("리드타임", "lead time"),
        ("cancellation", "events", ""): Head("취소", "cancellations", "cancellation", "건"),
        ("cancellation", "rate", ""): Head("취소율", "cancellation rate"),
        ("cancellation", "days", ""): Head("취소한 날", "cancellation days", "cancellation day", "일"),
        ("activity_region", "value", ""): Head("거주 지역", "home region"),
        ("membership_tier", "value", ""): Head("멤버십 등급", "membership tier"),
        ("device_type", "used", ""): Head("접속 기기", "devices used"),
        ("life_stage", "value", ""): Head("라이프스테이지", "life stage"),
        ("age", "years", ""): Head("나이", "age"),
        ("gender", "value", ""): Head("성별", "gender"),
        ("signup", "days", ""): Head("가입", "sign-up"),
        ("marketing_consent", "consented", ""): Head("수신 동의 채널", "channels consented to"),
        ("space_rental", "events", ""): Head("공간대여 예약", "space bookings", "space booking", "건"),
        ("space_rental", "days", ""): Head("공간을 예약한 날", "space booking days", "space booking day", "일"),
        ("space_rental", "events", "viewed"): Head("공간대여 조회", "space views", "space view"),
        ("space_rental", "days", "viewed"): Head("공간을 조회한 날", "space view days", "space view day", "일"),
        ("leisure", "events", ""): Head("레저·티켓 예약", "leisure bookings", "leisure booking", "건"),
        ("leisure", "days", ""): Head("레저·티켓을 예약한 날", "leisure booking days", "leisure booking day", "일"),
        ("leisure", "events", "viewed"): Head("레저·티켓 조회", "leisure views", "leisure view"),
        ("leisure", "days", "viewed"): Head("레저·티켓을 조회한 날", "leisure view days", "leisure view day", "일"),
        ("overseas_intent", "level", ""): Head("해외여행 의도", "overseas intent"),
        ("overseas_booking", "events", ""): Head("해외 예약", "overseas bookings", "overseas booking", "건"),
        ("overseas_booking", "days", ""): Head(
            "해외 예약을 한 날", "overseas booking days", "overseas booking day", "일"
        ),
        ("rental_car", "events", ""): Head("렌터카 예약", "rental car bookings", "rental car booking", "건"),
        ("rental_car", "days", ""): Head(
            "렌터카를 예약한 날", "rental car booking days", "rental car booking day", "일"
        ),
        ("rental_car", "events", "viewed"): Head("렌터카 조회", "rental car views", "rental car view"),
        ("rental_car", "days", "viewed"): Head(
            "렌터카를 조회한 날", "rental car view days", "rental car view day", "일"
        ),
        ("transport", "events", ""): Head("교통 예약", "transport bookings", "transport booking", "건"),
        ("transport", "days", ""): Head("교통을 예약한 날", "transport booking days", "transport booking day", "일"),
        ("transport", "events", "viewed"): Head("교통 조회", "transport views", "transport view"),
        ("transport", "days", "viewed"): Head("교통을 조회한 날", "transport view days", "transport view day", "일"),
        ("product_line_count", "lines_booked", ""): Head("이용 서비스 수", "product lines used"),
        ("upcoming_trip", "events", ""): Head("다가오는 여행", "upcoming trips", "upcoming trip", "건"),
    }
)

_PROPERTIES: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "region": Said("{} 지역", "in {}"),
        "destination": Said("{} 여행지", "to {}"),
        "product_line": Said("{} 상품군", "of {}"),
        "stay_type": Said("{} 유형", "of stay type {}"),
        "stay_mode": Said("{} 이용", "used as {}"),
        "theme": Said("{} 테마", "with theme {}"),
        "price": Said("{} 가격대", "priced {}"),
        "nights": Said("{}박", "for {} nights"),
        "travel_party": Said("{} 일행", "with party {}"),
        "lead_days": Said("체크인까지 {}일", "{} days ahead"),
        "device": Said("{} 기기", "on {}"),
        "weekday": Said("{} 숙박", "with a night on {}"),
        "status": Said("{} 상태", "with status {}"),
        "basis": Said("{} 기준", "dated by {}"),
        "nth": Said("{}인", "being the {}"),
        "stage": Said("{} 단계", "at stage {}"),
        "left": Said("담고 이탈한", "left behind"),
        "left_hours": Said("이탈 후 {}시간", "left {} hours ago"),
        "state": Said("{} 상태", "in state {}"),
        "phase": Said("{} 단계", "in phase {}"),
        "has": Said("{} 있는", "including {}", all_of=True),
        "lacks": Said("{} 없는", "lacking {}", all_of=True),
        "account_status": Said("회원 상태가 {}인", "with account status {}"),
        "night": Said("야간 동의까지 한", "also at night"),
        "space_type": Said("{} 종류", "of space type {}"),
        "leisure_type": Said("{} 종류", "of leisure type {}"),
        "vehicle_class": Said("{} 차종", "of class {}"),
        "type": Said("{} 교통편", "by {}"),
    }
)

STAYS: Final[Mapping[str, Mapping[str, Said]]] = MappingProxyType(
    {
        "in": MappingProxyType(
            {"stay": Said("체크인이 {}인", "checking in {}"), "date": Said("이용일이 {}인", "used {}")}
        ),
        "touches": MappingProxyType(
            {"stay": Said("숙박이 {}에 걸치는", "staying over {}"), "date": Said("이용이 {}에 걸치는", "used over {}")}
        ),
    }
)
"""When the stay (or the use) is, by relation and property."""


def head_of(asked: Filter, measure: Measure, action: str = "") -> Head:
    """The noun of a condition on that measure; `action` is `viewed` where views are meant and the filter knows both."""
    alone = len(asked.measures) == 1
    label = Head(asked.ko if alone else f"{asked.ko} {measure.ko}", asked.en if alone else f"{asked.en} {measure.en}")
    return _SAID.get((asked.key, measure.key, action), label)


def said_of(prop: Property) -> Said:
    """A property as a modifier (of a stay's dates: see `STAYS`)."""
    label = Said(prop.ko, prop.en) if prop.form is Form.FLAG else Said(f"{prop.ko}: {{}}", f"with {prop.en} {{}}")
    return _PROPERTIES.get(prop.key, label)
