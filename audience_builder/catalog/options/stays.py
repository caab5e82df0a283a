"""Stays: their types, how they are used, their themes, and what a night or a use costs."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from audience_builder.catalog.option import Option, OptionGroup, OptionList

# fmt: off
STAY_TYPES: Final = OptionList("stay_type", (
    Option("hotel", 1, "호텔", "Hotel", ("비즈니스호텔", "부티크호텔", "호캉스")),
    Option("resort", 2, "리조트·콘도", "Resort & condo", ("콘도", "콘도미니엄")),
    Option("pension", 3, "펜션", "Pension", ("커플펜션", "가족펜션")),
    Option("pool_villa", 4, "풀빌라", "Pool villa", ("풀펜션", "독채풀빌라")),
    Option("motel", 5, "모텔", "Motel", ("무인텔", "부티크모텔", "드라이브인"), sensitive=True),
    Option("guest_house", 6, "게스트하우스", "Guest house", ("게하", "호스텔", "도미토리")),
    Option("camping", 7, "캠핑", "Camping", ("오토캠핑", "노지캠핑", "차박", "캠핑장")),
    Option("glamping", 8, "글램핑", "Glamping", ("감성캠핑", "돔글램핑")),
    Option("caravan", 9, "카라반", "Caravan", ("캠핑카 숙소", "트레일러")),
    Option("hanok", 10, "한옥", "Hanok", ("한옥스테이", "고택")),
    Option("residence", 11, "레지던스", "Serviced residence", ("생활형 숙박", "서비스드 레지던스", "아파트호텔")),
    Option("house", 12, "홈·독채", "Whole house", ("홈앤빌라", "독채", "민박", "농어촌민박", "스테이")),
    Option("ryokan", 13, "료칸", "Ryokan", ("온천여관",)),
), groups=(
    OptionGroup("hotel_resort", "호텔·리조트", "Hotels & resorts", ("hotel", "resort", "residence")),
    OptionGroup("pension_villa", "펜션·풀빌라", "Pensions & villas", ("pension", "pool_villa", "house")),
    OptionGroup("outdoor", "캠핑·글램핑", "Camping & glamping", ("camping", "glamping", "caravan")),
))
"""Codes 1–13. Product types of all lines share one column, so no code may stand in two lists of types."""

# 연박 (`consecutive`) overlaps overnight, long_stay and monthly, so no row could store it: it is written nights >= 2.
STAY_MODES: Final = OptionList("stay_mode", (
    Option("day_use", 1, "대실", "Day use", sensitive=True),
    Option("overnight", 2, "숙박", "Overnight (1–6 nights)"),
    Option("long_stay", 3, "장기 숙박", "Long stay (7–27 nights)"),
    Option("monthly", 4, "한달살기·월 단위", "Monthly (28+ nights)", ("한달살기", "월 단위")),
))

THEMES: Final = OptionList("theme", (
    Option("ocean_view", 0, "오션뷰", "Ocean view", ("바다뷰", "바다 전망", "씨뷰")),
    Option("mountain_view", 1, "마운틴뷰", "Mountain view", ("산뷰", "숲뷰")),
    Option("lake_river_view", 2, "리버·레이크뷰", "River or lake view", ("강뷰", "호수뷰", "한강뷰")),
    Option("city_view", 3, "시티뷰·야경", "City view", ("야경", "스카이라인")),
    Option("pool", 4, "수영장", "Swimming pool", ("풀", "인피니티풀", "실내수영장", "온수풀")),
    Option("private_pool", 5, "개별 수영장", "Private pool", ("프라이빗풀", "개인풀")),
    Option("spa", 6, "스파·온천", "Spa & hot spring", ("온천", "노천탕", "사우나", "찜질")),
    Option("whirlpool", 7, "월풀·욕조", "Whirlpool & bathtub", ("자쿠지", "제트스파", "욕조")),
    Option("bbq", 8, "바비큐", "Barbecue", ("BBQ", "고기")),
    Option("campfire", 9, "불멍", "Campfire", ("모닥불", "화로")),
    Option("breakfast", 10, "조식 포함", "Breakfast included", ("조식", "뷔페")),
    Option("ott_game", 11, "OTT·게임", "Streaming & games", ("넷플릭스", "빔프로젝터", "커플PC", "노래방")),
    Option("ev_parking", 12, "주차·전기차 충전", "Parking & EV charging", ("무료주차", "충전")),
    Option("barrier_free", 13, "무장애", "Barrier-free", ("배리어프리", "휠체어")),
    Option("kids", 14, "키즈", "Kids", ("키즈룸", "아이 동반", "카시트", "키즈풀빌라")),
    Option("pet", 15, "반려동물 동반", "Pets welcome", ("애견", "펫", "강아지", "댕댕이", "애견펜션")),
    Option("couple", 16, "커플·기념일", "Couples & anniversaries", ("로맨틱", "프러포즈", "기념일")),
    Option("family", 17, "가족·효도", "Family & parents", ("대가족", "부모님", "3대", "효도여행")),
    Option("group", 18, "단체·워크숍", "Groups & workshops", ("MT", "엠티", "대형", "워크숍")),
    Option("solo", 19, "혼자 여행", "Travelling alone", ("혼행", "1인")),
    Option("party", 20, "파티", "Party", ("브라이덜샤워", "생일파티")),
    Option("workation", 21, "워케이션", "Workation", ("일하며", "업무공간", "와이파이")),
    Option("healing", 22, "힐링", "Rest & healing", ("휴식", "숲캉스", "촌캉스", "조용한")),
    Option("luxury", 23, "럭셔리", "Luxury", ("프리미엄", "고급", "특급")),
    Option("value", 24, "가성비", "Good value", ("저렴한", "특가", "실속")),
    Option("hocance", 25, "호캉스", "Hotel staycation", ("시티 호캉스", "라운지")),
    Option("ski", 26, "스키·겨울", "Ski & winter", ("스키장", "보드", "눈")),
    Option("water_play", 27, "물놀이·계곡·서핑", "Water play & surfing", ("계곡", "서핑", "해수욕장", "빠지", "워터파크")),
    Option("golf", 28, "골프", "Golf", ("라운딩", "골프텔")),
    Option("season_view", 29, "계절 명소", "Seasonal sights", ("벚꽃", "단풍", "해돋이", "일출", "억새", "별보기")),
), groups=(
    OptionGroup("theme_view", "전망", "Views", ("ocean_view", "mountain_view", "lake_river_view", "city_view")),
    OptionGroup("theme_facility", "시설", "Facilities", (
        "pool", "private_pool", "spa", "whirlpool", "bbq", "campfire", "breakfast", "ott_game", "ev_parking", "barrier_free",
    )),
    OptionGroup("theme_companion", "동반", "Company", ("kids", "pet", "couple", "family", "group", "solo")),
    OptionGroup("theme_mood", "분위기", "Mood", ("party", "workation", "healing", "luxury", "value", "hocance")),
    OptionGroup("theme_activity", "활동", "Activities", ("ski", "water_play", "golf", "season_view")),
))
"""A row keeps a set of themes as a mask: a code is the place of its bit."""

# The price of a use says day use as surely as the stay mode does, so it is as sensitive.
PRICE_BANDS: Final = OptionList("price_band", (
    Option("n_0_3", 1, "3만 미만", "under ₩30,000"),
    Option("n_3_5", 2, "3–5만", "₩30,000–50,000"),
    Option("n_5_7", 3, "5–7만", "₩50,000–70,000"),
    Option("n_7_10", 4, "7–10만", "₩70,000–100,000"),
    Option("n_10_15", 5, "10–15만", "₩100,000–150,000"),
    Option("n_15_20", 6, "15–20만", "₩150,000–200,000"),
    Option("n_20_30", 7, "20–30만", "₩200,000–300,000"),
    Option("n_30_50", 8, "30–50만", "₩300,000–500,000"),
    Option("n_50_100", 9, "50–100만", "₩500,000–1,000,000"),
    Option("n_100", 10, "100만 이상", "₩1,000,000 and over"),
    Option("d_0_2", 11, "대실 2만 미만", "day use under ₩20,000", sensitive=True),
    Option("d_2_3", 12, "대실 2–3만", "day use ₩20,000–30,000", sensitive=True),
    Option("d_3_4", 13, "대실 3–4만", "day use ₩30,000–40,000", sensitive=True),
    Option("d_4_5", 14, "대실 4–5만", "day use ₩40,000–50,000", sensitive=True),
    Option("d_5", 15, "대실 5만 이상", "day use ₩50,000 and over", sensitive=True),
))
"""`n_*`: KRW a night; `d_*`: KRW a use (day use)."""
# fmt: on

PRICE_BOUNDS: Final[dict[str, tuple[int, int | None]]] = {
    "n_0_3": (0, 30_000),
    "n_3_5": (30_000, 50_000),
    "n_5_7": (50_000, 70_000),
    "n_7_10": (70_000, 100_000),
    "n_10_15": (100_000, 150_000),
    "n_15_20": (150_000, 200_000),
    "n_20_30": (200_000, 300_000),
    "n_30_50": (300_000, 500_000),
    "n_50_100": (500_000, 1_000_000),
    "n_100": (1_000_000, None),
    "d_0_2": (0, 20_000),
    "d_2_3": (20_000, 30_000),
    "d_3_4": (30_000, 40_000),
    "d_4_5": (40_000, 50_000),
    "d_5": (50_000, None),
}
"""KRW of a band: the first bound is in, the second (`None` = no end) is out."""


def _edges(prefix: str) -> tuple[int, ...]:
    return tuple(low for key, (low, _) in PRICE_BOUNDS.items() if key.startswith(prefix) and low > 0)


NIGHT_EDGES: Final = _edges("n_")
"""Where one band a night ends and the next begins: `numpy.searchsorted(NIGHT_EDGES, krw, side="right")` is code − 1."""

USE_EDGES: Final = _edges("d_")
"""The same a use: `numpy.searchsorted(USE_EDGES, krw, side="right")` is code − 11."""


def night_band(krw: int) -> int:
    """The code of the band a price a night lies in."""
    return 1 + bisect_right(NIGHT_EDGES, krw)


def use_band(krw: int) -> int:
    """The code of the band a price a use (day use) lies in."""
    return 11 + bisect_right(USE_EDGES, krw)
