"""Cross-sell: what else a user books around the stay, and where they are about to go."""

from __future__ import annotations

from audience_builder.catalog import cuts
from audience_builder.catalog.filter import (
    Aggregate,
    Category,
    Cut,
    Facts,
    Filter,
    Kind,
    Measure,
    Property,
    RowState,
    Test,
    Unit,
)  # fmt: skip
from audience_builder.catalog.operator import ALL_WINDOWS, PAST_WINDOWS, Operator
from audience_builder.catalog.option import OptionList
from audience_builder.catalog.options import INTENTS, LEISURE_TYPES, SPACE_TYPES, TRANSPORT_TYPES, VEHICLE_CLASSES
from audience_builder.catalog.places import COUNTRY_GROUP_LABELS
from audience_builder.catalog.properties import (
    ACTION,
    HAS,
    LACKS,
    NIGHTS,
    PHASE,
    PRODUCT_LINE,
    REGION,
    STAY,
    STAY_TYPE,
    TRAVEL_PARTY,
    USE_DATE,
    waiting,
)  # fmt: skip

EVENTS = Measure("events", "횟수", "times", Unit.TIMES, Aggregate.COUNT)
DAYS = Measure("days", "일수", "days", Unit.DAYS, Aggregate.DISTINCT_DAYS)
EVER = ("ever", 0)
_DESTINATION = Property(
    "destination", "여행지 (해외)", "destination", Test.PLACE, meaning="An overseas country group, country or city."
)
_BY_ACTION = (
    Cut("none", "없음", "none", Operator.EQ, 0),
    Cut("viewed", "조회", "viewed", Operator.GE, 1, "", (("action", ("viewed",)),)),
    Cut("booked", "예약", "booked", Operator.GE, 1, "", (("action", ("booked",)),)),
)


def _booked(*lines: str, types: tuple[str, ...] = ()) -> Facts:
    return Facts("booking", "booked", state=RowState.CONFIRMED, lines=lines, types=types)


def _viewed(*lines: str) -> Facts:
    return Facts("behavior_daily", "day", kinds=("view",), lines=lines)


def _type(key: str, ko: str, en: str, options: OptionList) -> Property:
    return Property(key, ko, en, Test.TYPE, options)


SPACE_RENTAL = Filter(
    key="space_rental", category=Category.CROSS_SELL, ko="공간대여", en="Space rental", kind=Kind.EVENTS,
    asks_ko="공간을 몇 번 조회하거나 예약했나", asks_en="spaces viewed or booked",
    measures=(EVENTS, DAYS), facts=_booked("space"), viewed=_viewed("space"),
    properties=(ACTION, _type("space_type", "공간 유형", "space type", SPACE_TYPES), REGION, USE_DATE),
    windows=PAST_WINDOWS, default_window=EVER, cuts=_BY_ACTION, synonyms=("파티룸", "스터디룸", "대관"), notyet=waiting("party_size"),
)  # fmt: skip
LEISURE = Filter(
    key="leisure", category=Category.CROSS_SELL, ko="레저·티켓", en="Leisure and tickets", kind=Kind.EVENTS,
    asks_ko="레저·티켓을 몇 번 조회하거나 예약했나", asks_en="leisure viewed or booked",
    measures=(EVENTS, DAYS), facts=_booked("leisure_ticket"), viewed=_viewed("leisure_ticket"),
    properties=(ACTION, _type("leisure_type", "레저 유형", "leisure type", LEISURE_TYPES), REGION, USE_DATE),
    windows=PAST_WINDOWS, default_window=EVER, cuts=_BY_ACTION, synonyms=("입장권", "액티비티", "테마파크"),
)  # fmt: skip
OVERSEAS_INTENT = Filter(
    key="overseas_intent", category=Category.CROSS_SELL, ko="해외여행 의도", en="Overseas intent", kind=Kind.ORDERED,
    asks_ko="해외로 갈 뜻이 얼마나 뚜렷한가", asks_en="how clear the intent to travel abroad is",
    measures=(Measure("level", "정도", "level", Unit.OPTION, Aggregate.TRAIT, "intent", "never visited"),),
    options=INTENTS,
    properties=(Property("destination", "여행지 (해외)", "destination", Test.DESTINATION,
                         meaning="The strongest intent for any country in the destination; a city counts as its country."),),
    cuts=(*cuts.each(INTENTS, Operator.EQ), cuts.UNKNOWN), synonyms=("해외 관심", "해외 갈 사람"), sensitive=True,
    notes="The rule is in docs/meaning.md (overseas intent).",
)  # fmt: skip
OVERSEAS_BOOKING = Filter(
    key="overseas_booking", category=Category.CROSS_SELL, ko="해외 예약", en="Overseas bookings", kind=Kind.EVENTS,
    asks_ko="해외 숙소·항공을 몇 건 예약했나", asks_en="overseas stays and international flights booked",
    measures=(EVENTS, DAYS), facts=_booked("overseas_stay", types=("flight_international",)),
    properties=(_DESTINATION, PRODUCT_LINE, STAY, NIGHTS, TRAVEL_PARTY), windows=PAST_WINDOWS, default_window=EVER,
    cuts=cuts.each_with("destination", COUNTRY_GROUP_LABELS), synonyms=("해외 숙소", "해외 항공"),
)  # fmt: skip
RENTAL_CAR = Filter(
    key="rental_car", category=Category.CROSS_SELL, ko="렌터카", en="Rental cars", kind=Kind.EVENTS,
    asks_ko="렌터카를 몇 번 조회하거나 예약했나", asks_en="rental cars viewed or booked",
    measures=(EVENTS, DAYS), facts=_booked("rental_car"), viewed=_viewed("rental_car"),
    properties=(ACTION, _type("vehicle_class", "차종", "vehicle class", VEHICLE_CLASSES), REGION, USE_DATE),
    windows=PAST_WINDOWS, default_window=EVER, cuts=_BY_ACTION, synonyms=("렌트", "차량 대여"), notyet=waiting("cover"),
)  # fmt: skip
TRANSPORT = Filter(
    key="transport", category=Category.CROSS_SELL, ko="교통", en="Transport", kind=Kind.EVENTS,
    asks_ko="교통편을 몇 번 조회하거나 예약했나", asks_en="flights, trains, buses and ferries viewed or booked",
    measures=(EVENTS, DAYS), facts=_booked("flight", "train", "bus", "ferry"), viewed=_viewed("flight", "train", "bus", "ferry"),
    properties=(ACTION, _type("type", "교통 유형", "type", TRANSPORT_TYPES), REGION, USE_DATE),
    windows=PAST_WINDOWS, default_window=EVER, cuts=cuts.each_with("type", cuts.labelled(TRANSPORT_TYPES)),
    synonyms=("항공", "KTX", "SRT", "버스", "배"), notyet=waiting("from", "route"),
    notes="Its region is where it arrives.",
)  # fmt: skip
PRODUCT_LINE_COUNT = Filter(
    key="product_line_count", category=Category.CROSS_SELL, ko="이용 서비스 수", en="Product lines used", kind=Kind.NUMBER,
    asks_ko="몇 가지 상품군을 예약했나", asks_en="distinct product lines booked",
    measures=(Measure("lines_booked", "예약한 상품군 수", "lines booked", Unit.LINES, Aggregate.DISTINCT_LINES),),
    facts=Facts("booking", "booked", state=RowState.CONFIRMED), windows=PAST_WINDOWS, default_window=EVER,
    cuts=cuts.bands(((0, 0), (1, 1), (2, 2), (3, 3), (4, None)), ko="개", en=" lines"), synonyms=("상품군 수", "교차 구매"),
    notyet=waiting("lines_viewed"),
)  # fmt: skip
_TRIP_DAYS = ((0, 1), (2, 3), (4, 7), (8, 14), (15, 30), (31, 60))
UPCOMING_TRIP = Filter(
    key="upcoming_trip", category=Category.CROSS_SELL, ko="다가오는 여행", en="Upcoming trip", kind=Kind.EVENTS,
    asks_ko="앞둔 여행이 몇 건인가", asks_en="confirmed check-ins ahead",
    measures=(EVENTS,), facts=Facts("booking", "check_in", state=RowState.CONFIRMED),
    properties=(HAS, LACKS, STAY, PHASE, REGION, _DESTINATION, PRODUCT_LINE, STAY_TYPE, NIGHTS, TRAVEL_PARTY),
    windows=ALL_WINDOWS, default_window=("future", 0),
    cuts=(
        Cut("none", "없음", "none", Operator.EQ, 0),
        Cut("in_trip", "여행 중", "on a trip", Operator.GE, 1, "", (("phase", ("in_trip",)),)),
        *(Cut(f"d{a}_{b}", f"D-{a}~{b}", f"in {a}–{b} days", Operator.GE, 1, "",
              (("stay", {"relation": "in", "window": {"type": "days", "start": a, "end": b}}),)) for a, b in _TRIP_DAYS),
        Cut("d61_up", "D-61+", "in 61+ days", Operator.GE, 1, "",
            (("stay", {"relation": "in", "window": {"type": "days", "start": 61, "end": 3660}}),)),
    ),
    synonyms=("체크인 예정", "여행 예정", "여행 중", "D-3"), notyet=waiting("free_cancel_ends"),
    notes="Windows the check-in day; with phase=in_trip the window is ever unless said.",
)  # fmt: skip

CROSS_SELL = (
    SPACE_RENTAL, LEISURE, OVERSEAS_INTENT, OVERSEAS_BOOKING, RENTAL_CAR, TRANSPORT, PRODUCT_LINE_COUNT, UPCOMING_TRIP,
)  # fmt: skip
