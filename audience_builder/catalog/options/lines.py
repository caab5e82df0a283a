"""Product lines, and the types of spaces, leisure, transport and vehicles sold in them."""

from __future__ import annotations

from typing import Final

from audience_builder.catalog.option import Option, OptionGroup, OptionList

# fmt: off
# 해외 (`overseas`) is no group here: a flight or a ticket is overseas by its place, not by its line.
PRODUCT_LINES: Final = OptionList("product_line", (
    Option("domestic_stay", 0, "국내 숙박", "Domestic stays", ("국내숙소",)),
    Option("overseas_stay", 1, "해외 숙박", "Overseas stays", ("해외숙소", "해외호텔")),
    Option("flight", 2, "항공", "Flights", ("항공권", "비행기")),
    Option("rental_car", 3, "렌터카", "Rental cars", ("렌트카",)),
    Option("train", 4, "기차", "Trains", ("KTX", "SRT", "열차")),
    Option("bus", 5, "버스", "Buses", ("고속버스", "시외버스")),
    Option("ferry", 6, "여객선", "Ferries", ("배", "페리")),
    Option("leisure_ticket", 7, "레저·티켓", "Leisure & tickets", ("입장권", "액티비티", "투어")),
    Option("space", 8, "공간대여", "Space rental", ("파티룸", "대관")),
), groups=(
    OptionGroup("stay", "숙소", "Stays", ("domestic_stay", "overseas_stay"), ("숙박", "묵은")),
    OptionGroup("transport", "교통", "Transport", ("flight", "train", "bus", "ferry")),
    OptionGroup("cross_sell", "숙박 외", "All but stays", (
        "flight", "rental_car", "train", "bus", "ferry", "leisure_ticket", "space",
    )),
))
"""A code is also the place of the line's bit."""

SPACE_TYPES: Final = OptionList("space_type", (
    Option("party_room", 101, "파티룸", "Party room", ("브라이덜샤워", "생일파티")),
    Option("study_room", 102, "스터디룸", "Study room", ("스터디카페", "모임공간")),
    Option("meeting_room", 103, "회의실", "Meeting room", ("미팅룸",)),
    Option("seminar_room", 104, "세미나·강의실", "Seminar & lecture room", ("강연장", "교육장")),
    Option("photo_studio", 105, "촬영 스튜디오", "Photo studio", ("렌탈스튜디오", "자연광")),
    Option("video_studio", 106, "영상·방송 스튜디오", "Video & broadcast studio", ("유튜브", "녹음실")),
    Option("dance_studio", 107, "댄스 연습실", "Dance studio", ("안무",)),
    Option("music_room", 108, "음악 연습실", "Music practice room", ("합주실", "보컬")),
    Option("kitchen", 109, "공유주방", "Shared kitchen", ("쿠킹스튜디오",)),
    Option("office", 110, "공유오피스", "Shared office", ("데스크", "비상주")),
    Option("cafe_venue", 111, "카페·매장 대관", "Café & shop hire", ("카페 대관",)),
    Option("event_hall", 112, "행사장", "Event hall", ("스몰웨딩", "돌잔치", "컨퍼런스")),
    Option("rooftop", 113, "루프탑·야외", "Rooftop & outdoors", ("캠크닉", "야외정원")),
    Option("gallery_popup", 114, "갤러리·팝업", "Gallery & pop-up", ("전시공간", "팝업스토어")),
))

LEISURE_TYPES: Final = OptionList("leisure_type", (
    Option("theme_park", 121, "테마파크", "Theme park", ("놀이공원", "에버랜드", "롯데월드")),
    Option("water_park", 122, "워터파크", "Water park", ("캐리비안베이", "오션월드")),
    Option("ski", 123, "스키·눈썰매", "Ski & sledding", ("리프트권", "스키장", "보드")),
    Option("aquarium", 124, "아쿠아리움", "Aquarium", ("수족관",)),
    Option("zoo_farm", 125, "동물원·목장", "Zoo & farm", ("양떼목장", "먹이주기")),
    Option("garden", 126, "수목원·식물원", "Arboretum & garden", ("정원", "꽃축제")),
    Option("exhibition", 127, "전시", "Exhibition", ("미술관", "미디어아트")),
    Option("museum", 128, "박물관·과학관", "Museum & science centre"),
    Option("performance", 129, "공연·뮤지컬", "Shows & musicals", ("콘서트", "연극")),
    Option("festival", 130, "축제·행사", "Festivals & events", ("페스티벌", "불꽃축제")),
    Option("sports_watch", 131, "스포츠 관람", "Watching sports", ("야구", "축구")),
    Option("kids_cafe", 132, "키즈카페·체험", "Kids' café & activities", ("실내놀이터",)),
    Option("water_leisure", 133, "수상레저", "Water sports", ("빠지", "래프팅", "웨이크보드")),
    Option("surf_dive", 134, "서핑·다이빙", "Surfing & diving", ("스노클링", "스쿠버")),
    Option("outdoor", 135, "아웃도어", "Outdoor", ("짚라인", "패러글라이딩", "ATV", "루지", "카트")),
    Option("cable_rail", 136, "케이블카·레일바이크", "Cable car & rail bike", ("모노레일", "스카이워크")),
    Option("cruise_boat", 137, "유람선·요트", "Cruise & yacht", ("크루즈", "카약")),
    Option("fishing", 138, "낚시", "Fishing", ("배낚시",)),
    Option("spa_sauna", 139, "온천·찜질방", "Hot spring & sauna", ("스파", "사우나")),
    Option("golf", 140, "골프", "Golf", ("스크린골프", "라운딩")),
    Option("class", 141, "원데이클래스", "One-day class", ("공방", "쿠킹클래스")),
    Option("tour_pass", 142, "투어·패스", "Tours & passes", ("시티투어", "통합권", "버스투어", "현지투어")),
))

TRANSPORT_TYPES: Final = OptionList("transport_type", (
    Option("flight_domestic", 151, "국내선", "Domestic flight", ("제주 항공권", "김포–제주")),
    Option("flight_international", 152, "국제선", "International flight", ("해외 항공권",)),
    Option("ktx", 153, "KTX", "KTX", ("케이티엑스", "고속철")),
    Option("srt", 154, "SRT", "SRT", ("수서고속철",)),
    Option("train_regular", 155, "일반열차", "Regular train", ("ITX", "새마을", "무궁화", "누리로")),
    Option("express_bus", 156, "고속버스", "Express bus", ("우등", "프리미엄")),
    Option("intercity_bus", 157, "시외버스", "Intercity bus"),
    Option("airport_bus", 158, "공항버스", "Airport bus", ("리무진",)),
    Option("ferry_domestic", 159, "국내 여객선", "Domestic ferry", ("울릉도 배", "완도–제주")),
    Option("ferry_international", 160, "국제 여객선", "International ferry", ("대마도 배",)),
), groups=(
    OptionGroup("high_speed", "고속철도", "High-speed rail", ("ktx", "srt")),
    OptionGroup("train", "기차", "Trains", ("ktx", "srt", "train_regular"), ("열차",)),
    OptionGroup("flight", "항공", "Flights", ("flight_domestic", "flight_international"), ("항공권", "비행기")),
    OptionGroup("bus", "버스", "Buses", ("express_bus", "intercity_bus", "airport_bus")),
    OptionGroup("ferry", "배", "Ferries", ("ferry_domestic", "ferry_international"), ("여객선", "페리")),
))

TRANSPORT_LINE: Final[dict[str, str]] = {
    "flight_domestic": "flight", "flight_international": "flight",
    "ktx": "train", "srt": "train", "train_regular": "train",
    "express_bus": "bus", "intercity_bus": "bus", "airport_bus": "bus",
    "ferry_domestic": "ferry", "ferry_international": "ferry",
}
"""The product line each transport type is sold in."""

VEHICLE_CLASSES: Final = OptionList("vehicle_class", (
    Option("compact", 171, "경·소형", "Compact", ("경차", "소형")),
    Option("midsize", 172, "중형", "Midsize"),
    Option("full", 173, "대형", "Full-size"),
    Option("suv", 174, "SUV", "SUV"),
    Option("van", 175, "승합", "Van", ("승합차",)),
    Option("ev", 176, "전기차", "Electric"),
    Option("import", 177, "수입·오픈카", "Import & convertible", ("수입차", "오픈카")),
    Option("campervan", 178, "캠핑카", "Campervan"),
))
# fmt: on
