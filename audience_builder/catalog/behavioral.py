"""Behavioral: what a user searched, looked at, put aside, and when they came."""

from __future__ import annotations

from audience_builder.catalog import cuts
from audience_builder.catalog.filter import Aggregate, Category, Cut, Facts, Filter, Kind, Measure, RowState, Unit
from audience_builder.catalog.operator import PAST_WINDOWS, Operator
from audience_builder.catalog.options import PRODUCT_LINES, STAY_TYPES, THEMES
from audience_builder.catalog.places import FACET_PLACES
from audience_builder.catalog.properties import (
    DEVICE,
    LEFT,
    LEFT_HOURS,
    PLAN,
    PRICE,
    REGION,
    SEARCHED,
    STAGE,
    STAY_MODE,
    STAY_TYPE,
    THEME,
    VIEWED,
    WISH_STATE,
    waiting,
)  # fmt: skip

EVENTS = Measure("events", "횟수", "times", Unit.TIMES, Aggregate.COUNT)
DAYS = Measure("days", "일수", "days", Unit.DAYS, Aggregate.DISTINCT_DAYS)
LAST_90 = ("last", 90)
_SEARCHES = Facts("behavior_daily", "day", kinds=("search",))


def _search(  # noqa: PLR0913 - one argument a label
    *, key: str, ko: str, en: str, asks: tuple[str, str], synonyms: tuple[str, ...], lines: tuple[Cut, ...], notes: str
) -> Filter:
    """The three search filters read the same rows with the same properties; each has its own name and facet."""
    return Filter(
        key=key, category=Category.BEHAVIORAL, ko=ko, en=en, kind=Kind.EVENTS, asks_ko=asks[0], asks_en=asks[1],
        measures=(EVENTS, DAYS), facts=_SEARCHES, properties=SEARCHED, windows=PAST_WINDOWS, default_window=LAST_90,
        cuts=lines, synonyms=synonyms, notyet=waiting("grade", "brand", "outcome"), notes=notes,
    )  # fmt: skip


SEARCH_REGION = _search(
    key="search_region", ko="지역 검색", en="Searched a region",
    asks=("어느 지역을 몇 번 검색했나", "how often a region was searched"),
    synonyms=("검색 지역", "검색", "찾아본", "조회한 지역"),
    lines=cuts.each_with("region", FACET_PLACES),
    notes="Owner of every search that names a region or nothing; one search is one event whatever it names.",
)  # fmt: skip
SEARCH_STAY_TYPE = _search(
    key="search_stay_type", ko="숙소 유형 검색", en="Searched a stay type",
    asks=("어떤 숙소 유형을 몇 번 검색했나", "how often a stay type was searched"),
    synonyms=("검색 숙박 유형", "숙박 유형 검색", "펜션 찾은"),
    lines=cuts.each_with("stay_type", cuts.labelled(STAY_TYPES)),
    notes="With a region it is search_region; the same rows.",
)  # fmt: skip
SEARCH_THEME = _search(
    key="search_theme", ko="테마 검색", en="Searched a theme",
    asks=("어떤 테마를 몇 번 검색했나", "how often a theme was searched"),
    synonyms=("검색 테마", "테마 필터", "오션뷰 찾은"),
    lines=cuts.each_with("theme", cuts.labelled(THEMES)),
    notes="With a region it is search_region, with a stay type search_stay_type; the same rows.",
)  # fmt: skip
VIEWED_CATEGORY = Filter(
    key="viewed_category", category=Category.BEHAVIORAL, ko="상품 조회", en="Viewed a product", kind=Kind.EVENTS,
    asks_ko="어떤 상품을 몇 번 조회했나", asks_en="how often product pages were viewed",
    measures=(EVENTS, DAYS), facts=Facts("behavior_daily", "day", kinds=("view",)), properties=VIEWED,
    windows=PAST_WINDOWS, default_window=LAST_90, cuts=cuts.each_with("product_line", cuts.labelled(PRODUCT_LINES)),
    synonyms=("조회 상품군", "상세 조회", "본", "둘러본", "PDP"),
    notyet=waiting("grade", "brand", "item", "page", "distinct_items", "max_same_item"),
    notes="Views of space, leisure, rental car and transport belong to filters 25, 26, 29 and 30 with action=viewed.",
)  # fmt: skip
CART = Filter(
    key="cart", category=Category.BEHAVIORAL, ko="장바구니·결제 시도", en="Cart and checkout", kind=Kind.EVENTS,
    asks_ko="장바구니에 담은 것이 몇 건인가", asks_en="how many things were put in the cart",
    measures=(EVENTS, DAYS), facts=Facts("booking", "carted", state=RowState.CARTED),
    properties=(LEFT, STAGE, LEFT_HOURS, REGION, STAY_TYPE, THEME, STAY_MODE, PRICE, *PLAN),
    windows=PAST_WINDOWS, default_window=LAST_90,
    cuts=(
        Cut("none", "없음", "none", Operator.EQ, 0),
        Cut("any", "담음", "carted", Operator.GE, 1),
        Cut("left", "담고 이탈", "left behind", Operator.GE, 1, "", (("left", True),)),
        Cut("left_checkout", "결제 직전 이탈", "left at checkout", Operator.GE, 1, "",
            (("left", True), ("stage", ("checkout_started", "payment_failed")))),
    ),
    synonyms=("장바구니", "담은", "결제 직전 이탈", "이탈"), notyet=waiting("grade", "brand"),
)  # fmt: skip
WISHLIST = Filter(
    key="wishlist", category=Category.BEHAVIORAL, ko="찜", en="Wish list", kind=Kind.EVENTS,
    asks_ko="무엇을 몇 번 찜했나", asks_en="how many things were wished",
    measures=(EVENTS, DAYS), facts=Facts("behavior_daily", "day", kinds=("wish",)),
    properties=(WISH_STATE, REGION, STAY_TYPE, THEME, STAY_MODE, PRICE, *PLAN),
    windows=PAST_WINDOWS, default_window=LAST_90, cuts=cuts.bands(cuts.TIMES, ko="회", en=" times"),
    synonyms=("찜 목록", "위시", "하트", "저장"), notyet=waiting("price_drop", "brand", "item", "items_kept"),
)  # fmt: skip
LAST_VISIT = Filter(
    key="last_visit", category=Category.BEHAVIORAL, ko="최근 접속일", en="Last visit", kind=Kind.DAYS,
    asks_ko="마지막 접속이 며칠 전인가", asks_en="how many days ago the last visit was",
    measures=(Measure("days", "경과일", "days ago", Unit.DAYS, Aggregate.LATEST, unknown="never visited"),),
    facts=Facts("behavior_daily", "day", kinds=("session",)), properties=(DEVICE,),
    cuts=(*cuts.bands(((0, 1), (2, 7), (8, 14), (15, 30), (31, 60), (61, 90), (91, 180), (181, 365), (366, None)), ko="일", en=" days"),
          cuts.UNKNOWN),
    synonyms=("마지막 접속", "미접속", "접속한 지"), notyet=waiting("source"),
)  # fmt: skip
VISIT_FREQUENCY = Filter(
    key="visit_frequency", category=Category.BEHAVIORAL, ko="방문 빈도", en="Visit frequency", kind=Kind.EVENTS,
    asks_ko="몇 번 방문했나", asks_en="how many sessions",
    measures=(Measure("events", "방문 수", "sessions", Unit.TIMES, Aggregate.COUNT), DAYS),
    facts=Facts("behavior_daily", "day", kinds=("session",)), properties=(DEVICE,),
    windows=PAST_WINDOWS, default_window=LAST_90,
    cuts=cuts.bands(((0, 0), (1, 1), (2, 3), (4, 7), (8, 14), (15, 29), (30, None)), ko="회", en=" times"),
    synonyms=("접속 횟수", "앱 실행", "세션", "방문"), notyet=waiting("source", "time_band"),
)  # fmt: skip

BEHAVIORAL = (
    SEARCH_REGION,
    SEARCH_STAY_TYPE,
    SEARCH_THEME,
    VIEWED_CATEGORY,
    CART,
    WISHLIST,
    LAST_VISIT,
    VISIT_FREQUENCY,
)
