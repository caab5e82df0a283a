"""Where people live and where they go: populations, neighbours and the pull of places, as plain tables.

Populations are rough, in ten thousands as of about 2024; the pull of places is an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

POPULATION: Final = {
    "seoul": 933, "busan": 327, "daegu": 236, "incheon": 302, "gwangju": 141, "daejeon": 144, "ulsan": 110, "sejong": 39,
    "gyeonggi": 1369, "gangwon": 152, "chungbuk": 159, "chungnam": 214, "jeonbuk": 174, "jeonnam": 179, "gyeongbuk": 253,
    "gyeongnam": 323, "jeju": 67,
}  # fmt: skip

METROPOLITAN: Final = ("seoul", "busan", "daegu", "incheon", "gwangju", "daejeon", "ulsan", "sejong")

LARGE_TOWNS: Final = {
    "suwon": 4.0, "yongin": 3.6, "goyang": 3.6, "hwaseong": 3.2, "seongnam": 3.0, "bucheon": 2.6, "namyangju": 2.4, "ansan": 2.2,
    "pyeongtaek": 2.0, "anyang": 1.9, "siheung": 1.8, "paju": 1.7, "gimpo": 1.6, "uijeongbu": 1.5, "cheongju": 3.6,
    "cheonan": 2.8, "asan": 1.5, "jeonju": 3.0, "iksan": 1.2, "gunsan": 1.2, "yeosu": 1.2, "suncheon": 1.2, "pohang": 2.2,
    "gumi": 1.8, "changwon": 4.5, "gimhae": 2.4, "jinju": 1.6, "yangsan": 1.6, "wonju": 1.7, "chuncheon": 1.3,
    "gangneung": 1.0, "jeju_si": 2.6,
}  # fmt: skip
"""Weights of the larger towns within their province; other towns weigh half of one, counties a fifth."""

NEIGHBOURS: Final[Mapping[str, str]] = {
    "seoul": "gyeonggi incheon", "incheon": "seoul gyeonggi", "gyeonggi": "seoul incheon gangwon chungbuk chungnam",
    "gangwon": "gyeonggi chungbuk gyeongbuk", "chungbuk": "gyeonggi gangwon chungnam sejong daejeon jeonbuk gyeongbuk",
    "chungnam": "gyeonggi chungbuk sejong daejeon jeonbuk", "daejeon": "sejong chungbuk chungnam",
    "sejong": "daejeon chungbuk chungnam", "jeonbuk": "chungbuk chungnam jeonnam gyeongbuk gyeongnam",
    "jeonnam": "gwangju jeonbuk gyeongnam", "gwangju": "jeonnam",
    "gyeongbuk": "gangwon chungbuk jeonbuk daegu ulsan gyeongnam", "daegu": "gyeongbuk gyeongnam",
    "ulsan": "busan gyeongbuk gyeongnam", "busan": "ulsan gyeongnam",
    "gyeongnam": "busan ulsan daegu gyeongbuk jeonbuk jeonnam", "jeju": "",
}  # fmt: skip

_CLASSIC: Final = {
    "aewol_hyeopjae": 5.5, "hamdeok_woljeong": 4, "seongsan_udo": 3.5, "jungmun": 4.5, "jeju_downtown": 4, "seogwipo": 1,
    "gangneung": 7, "sokcho": 6, "yangyang": 3.5, "gangwon_goseong": 2, "donghae_samcheok": 2, "pyeongchang": 3,
    "jeongseon_taebaek": 1.2, "hongcheon": 2.5, "chuncheon": 2.5, "wonju": 0.8, "inje": 0.6, "yeongwol": 0.5,
    "gapyeong": 4.5, "yangpyeong": 1.8, "pocheon": 2, "namyangju": 0.8, "paju": 1.2, "goyang": 0.5, "daebu_jebu": 1.8,
    "suwon": 0.8, "yongin": 1.5, "yeoju_icheon": 0.7, "incheon_ganghwa": 2.2, "yeongjong": 2.4, "songdo": 1, "wolmido": 0.7,
    "gangnam_seocho": 1.6, "seoul_songpa": 1.8, "hongdae_sinchon": 1.6, "myeongdong_jongno": 2.2, "seoul_yongsan": 1,
    "seoul_yeongdeungpo": 1, "seongsu_gundae": 1, "busan_haeundae": 7, "busan_suyeong": 4, "busan_busanjin": 1.5,
    "nampo_yeongdo": 2, "busan_gijang": 3, "daegu_dongseongro": 1, "daejeon_yuseong": 0.8, "danyang": 1.5, "jecheon": 1.5,
    "chungju": 0.8, "cheonan_asan": 0.8, "taean": 3, "boryeong": 2.5, "gongju_buyeo": 1.2, "yesan": 0.9, "jeonju": 4,
    "gunsan": 1.5, "buan": 1.5, "muju": 1.5, "yeosu": 6, "suncheon": 1.6, "mokpo_sinan": 1.5, "damyang": 1.1,
    "wando_haenam_jindo": 1, "gyeongju": 6, "pohang": 1.5, "andong": 1, "uljin_yeongdeok": 1, "ulleung": 0.7, "geoje": 3,
    "tongyeong": 2.5, "namhae": 2.5, "changwon": 0.6,
}  # fmt: skip

_TOWNS: Final = {
    "gangnam_seocho": 7, "myeongdong_jongno": 7, "seoul_yeongdeungpo": 4, "hongdae_sinchon": 3, "seoul_songpa": 3,
    "seoul_yongsan": 2, "seongsu_gundae": 2, "busan_haeundae": 5, "busan_busanjin": 4, "nampo_yeongdo": 3,
    "daegu_dongseongro": 4, "daejeon_yuseong": 4, "songdo": 3, "yeongjong": 2, "suwon": 3, "seongnam": 3, "cheonan_asan": 2.5,
    "changwon": 2.5, "goyang": 2, "cheongju": 2.2, "gwangju_seo": 2.2, "gwangju_dong": 1, "ulsan_nam": 2.6, "sejong_si": 1.4,
    "pohang": 1.6, "gumi": 1.4, "jinju": 1, "wonju": 1.2, "jeonju": 1.6, "mokpo_sinan": 0.8, "jeju_downtown": 2, "pyeongtaek": 1.5,
    "hwaseong": 1.2, "gunsan": 0.7, "yeosu": 1, "geoje": 1, "gimhae": 1, "daejeon_seo": 2,
}  # fmt: skip

_NATURE: Final = {
    "gapyeong": 6, "pocheon": 4.5, "yangpyeong": 3.5, "hongcheon": 3, "chuncheon": 3, "inje": 2, "yeongwol": 2, "pyeongchang": 3,
    "taean": 4, "boryeong": 2, "danyang": 2.2, "jecheon": 2.2, "chungju": 1.5, "muju": 2.2, "namhae": 1.6, "paju": 1.5,
    "incheon_ganghwa": 3, "daebu_jebu": 2.5, "yeoncheon": 1.2, "hoengseong": 1.6, "sancheong": 1.2, "hamyang": 0.9, "hadong": 1.2,
    "gangwon_goseong": 1.2, "yangyang": 1.6, "goesan": 1, "boeun": 0.7, "geumsan": 0.8, "wanju": 1, "jinan": 0.8, "gokseong": 0.7,
    "gurye": 0.9, "cheongdo": 1.2, "miryang": 1.4, "ulsan_ulju": 1.4, "daegu_gunwi": 0.8, "yeongcheon": 0.7, "seongju": 0.6,
    "aewol_hyeopjae": 1, "hamdeok_woljeong": 1,
}  # fmt: skip

STYLES: Final[Mapping[str, Mapping[str, float]]] = {
    "classic": _CLASSIC, "getaway": _CLASSIC, "city": _TOWNS, "nature": _NATURE, "home": {},
}  # fmt: skip
"""The pull of travel areas and towns, by what somebody is after; every other place has a little."""

BY_DISTANCE: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "classic": (1.0, 1.15, 1.1, 1.0),
    "getaway": (4.0, 4.0, 1.6, 0.35),
    "city": (0.8, 0.9, 1.0, 1.1),
    "nature": (3.5, 3.5, 1.6, 0.3),
    "home": (20.0, 0.5, 0.02, 0.004),
}
"""How the pull changes with provinces in between: at home, next door, two away, further. Jeju counts as two away."""

CLASSIC_ISLAND: Final = "jeju"
FERRY_ISLANDS: Final = ("ulleung", "incheon_ongjin", "sinan", "wando")
RAIL_TOWNS: Final = (
    "gangneung", "donghae_samcheok", "busan", "yeosu", "gyeongju", "jeonju", "daegu", "gwangju", "ulsan", "pohang", "suncheon",
    "mokpo", "daejeon", "seoul", "changwon", "jinju", "cheonan_asan", "gumi", "chuncheon", "andong",
)  # fmt: skip

SEASIDE: Final = ("east_coast", "west_coast", "south_coast", "island", "busan")
SNOW: Final = "ski_area"
WATERSIDE: Final = (
    "gapyeong",
    "chuncheon",
    "chungju",
    "jecheon",
    "yangpyeong",
    "namyangju",
    "danyang",
    "yeoju",
    "paju",
)

FLIGHTS_TO: Final = {
    "jeju_downtown": 0.8, "busan_gangseo": 0.07, "seoul_gangseo": 0.06, "yeosu": 0.025, "gwangju_gwangsan": 0.02, "yangyang": 0.01,
    "cheongju": 0.01, "pohang": 0.005,
}  # fmt: skip
AIRPORT_BUSES_TO: Final = {"yeongjong": 0.7, "seoul_gangseo": 0.15, "busan_gangseo": 0.1, "cheongju": 0.05}
FERRIES_TO: Final = {"ulleung": 0.4, "jeju_downtown": 0.2, "incheon_ongjin": 0.2, "sinan": 0.1, "wando": 0.1}
FERRIES_ABROAD: Final = {"fukuoka": 0.7, "osaka": 0.2, "qingdao": 0.1}
"""Where a ticket bought for itself goes, by type of transport; trains and buses follow the pull of places."""
