"""What groups of travellers like beside the stay: devices, spaces, leisure, transport, cars and cities abroad.

The weights are assumptions, not measurements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from audience_builder.sample.travellers import Weights

EVERY_SPACE: Final = {"meeting_room": 0.06, "study_room": 0.06, "party_room": 0.06, "kitchen": 0.04, "event_hall": 0.04,
                       "cafe_venue": 0.04, "gallery_popup": 0.02, "music_room": 0.02, "seminar_room": 0.02}  # fmt: skip
"""A little of these in every group's spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """One group: weights of option keys of each list; options not named come up rarely."""

    devices: Weights
    spaces: Weights
    leisure: Weights
    transport: Weights
    vehicles: Weights
    cities: Weights
    stays_abroad: Weights


TASTES: Final[dict[str, Taste]] = {
    "young": Taste(
        devices={"ios": 0.55, "android": 0.32, "mobile_web": 0.08, "desktop_web": 0.05},
        spaces={"party_room": 0.4, "study_room": 0.2, "dance_studio": 0.08, "music_room": 0.08, "photo_studio": 0.08,
                "rooftop": 0.06, "kitchen": 0.05, "video_studio": 0.05},
        leisure={"theme_park": 0.24, "exhibition": 0.14, "performance": 0.1, "festival": 0.08, "water_leisure": 0.1,
                 "surf_dive": 0.09, "outdoor": 0.09, "class": 0.08, "sports_watch": 0.08},
        transport={"express_bus": 0.26, "intercity_bus": 0.18, "ktx": 0.18, "srt": 0.1, "train_regular": 0.14,
                   "flight_domestic": 0.1, "airport_bus": 0.04},
        vehicles={"compact": 0.55, "midsize": 0.2, "ev": 0.1, "suv": 0.1, "import": 0.05},
        cities={"osaka": 9, "tokyo": 9, "fukuoka": 7, "taipei": 5, "bangkok": 4, "hong_kong": 2, "sapporo": 2, "da_nang": 3,
                "hanoi": 1.5, "da_lat": 1, "shanghai": 2, "matsuyama": 1, "takamatsu": 1, "kyoto": 2, "chiang_mai": 1},
        stays_abroad={"hotel": 0.55, "guest_house": 0.3, "residence": 0.1, "ryokan": 0.05},
    ),
    "couple": Taste(
        devices={"ios": 0.48, "android": 0.39, "mobile_web": 0.07, "desktop_web": 0.06},
        spaces={"party_room": 0.35, "photo_studio": 0.2, "kitchen": 0.15, "rooftop": 0.15, "event_hall": 0.1, "cafe_venue": 0.05},
        leisure={"exhibition": 0.16, "aquarium": 0.12, "performance": 0.12, "theme_park": 0.14, "class": 0.1, "cruise_boat": 0.09,
                 "garden": 0.09, "cable_rail": 0.08, "spa_sauna": 0.1},
        transport={"ktx": 0.34, "flight_domestic": 0.24, "srt": 0.14, "express_bus": 0.12, "train_regular": 0.06,
                   "airport_bus": 0.07, "ferry_domestic": 0.03},
        vehicles={"compact": 0.3, "midsize": 0.26, "suv": 0.16, "ev": 0.14, "import": 0.14},
        cities={"osaka": 6, "tokyo": 7, "kyoto": 4, "fukuoka": 6, "yufuin_beppu": 3, "okinawa": 3, "bali": 4, "da_nang": 4,
                "nha_trang": 3, "phu_quoc": 2, "bangkok": 3, "phuket": 3, "singapore": 2, "taipei": 3, "honolulu": 2,
                "maldives": 1.5, "paris": 1.5, "rome": 1, "barcelona": 1, "prague": 1, "london": 1, "sydney": 0.8,
                "new_york": 0.7, "sapporo": 3, "cebu": 2, "boracay": 1.5, "istanbul": 0.5, "dubai": 0.5},
        stays_abroad={"hotel": 0.66, "resort": 0.16, "ryokan": 0.08, "residence": 0.05, "pool_villa": 0.05},
    ),
    "family": Taste(
        devices={"ios": 0.36, "android": 0.5, "mobile_web": 0.07, "desktop_web": 0.07},
        spaces={"party_room": 0.35, "kitchen": 0.2, "event_hall": 0.2, "rooftop": 0.15, "photo_studio": 0.1},
        leisure={"kids_cafe": 0.17, "theme_park": 0.2, "zoo_farm": 0.14, "aquarium": 0.13, "water_park": 0.15, "museum": 0.08,
                 "ski": 0.06, "fishing": 0.03, "outdoor": 0.04},
        transport={"flight_domestic": 0.4, "ktx": 0.3, "srt": 0.12, "express_bus": 0.06, "airport_bus": 0.07, "ferry_domestic": 0.05},
        vehicles={"suv": 0.32, "midsize": 0.26, "van": 0.22, "full": 0.1, "campervan": 0.05, "ev": 0.05},
        cities={"guam": 5, "saipan": 3, "da_nang": 6, "nha_trang": 4, "phu_quoc": 3, "okinawa": 5, "cebu": 4, "bohol": 3,
                "kota_kinabalu": 3, "singapore": 3, "tokyo": 4, "osaka": 4, "fukuoka": 3, "honolulu": 2, "bali": 2, "sapporo": 2,
                "hong_kong": 1.5, "pattaya": 1, "sydney": 1},
        stays_abroad={"resort": 0.5, "hotel": 0.38, "residence": 0.06, "pool_villa": 0.06},
    ),
    "senior": Taste(
        devices={"ios": 0.14, "android": 0.64, "mobile_web": 0.14, "desktop_web": 0.08},
        spaces={"event_hall": 0.35, "meeting_room": 0.2, "seminar_room": 0.2, "kitchen": 0.1, "music_room": 0.15},
        leisure={"tour_pass": 0.24, "cable_rail": 0.18, "garden": 0.16, "spa_sauna": 0.16, "golf": 0.1, "fishing": 0.06,
                 "cruise_boat": 0.1},
        transport={"ktx": 0.3, "train_regular": 0.22, "express_bus": 0.2, "intercity_bus": 0.1, "ferry_domestic": 0.1, "srt": 0.08},
        vehicles={"midsize": 0.45, "full": 0.25, "suv": 0.2, "van": 0.05, "ev": 0.05},
        cities={"zhangjiajie": 4, "da_nang": 4, "hanoi": 3, "taipei": 3, "fukuoka": 3, "osaka": 3, "yufuin_beppu": 2, "qingdao": 2,
                "beijing": 2, "vientiane": 1, "ulaanbaatar": 1, "rome": 1, "istanbul": 1, "bangkok": 2, "chiang_mai": 1.5,
                "kaohsiung": 1, "macau": 0.7, "takamatsu": 1, "nagoya": 0.7},
        stays_abroad={"hotel": 0.72, "resort": 0.2, "ryokan": 0.08},
    ),
    "business": Taste(
        devices={"ios": 0.32, "android": 0.36, "mobile_web": 0.08, "desktop_web": 0.24},
        spaces={"meeting_room": 0.4, "office": 0.22, "seminar_room": 0.22, "video_studio": 0.08, "gallery_popup": 0.08},
        leisure={"golf": 0.4, "sports_watch": 0.2, "exhibition": 0.2, "spa_sauna": 0.2},
        transport={"ktx": 0.52, "srt": 0.24, "flight_domestic": 0.14, "airport_bus": 0.06, "express_bus": 0.04},
        vehicles={"midsize": 0.5, "full": 0.25, "suv": 0.12, "ev": 0.13},
        cities={"tokyo": 6, "osaka": 3, "shanghai": 4, "beijing": 2, "hong_kong": 3, "singapore": 4, "ho_chi_minh": 3, "hanoi": 3,
                "taipei": 2, "kuala_lumpur": 1, "manila": 1, "london": 1, "new_york": 1, "los_angeles": 1, "dubai": 1, "nagoya": 1},
        stays_abroad={"hotel": 0.86, "residence": 0.14},
    ),
}  # fmt: skip

TASTE_KEYS: Final = tuple(TASTES)

RARELY: Final = 0.003
"""The weight, next to a total of one, of an option a group does not name."""

PER_NIGHT: Final = {
    "hotel": 112_000, "resort": 158_000, "pension": 126_000, "pool_villa": 268_000, "motel": 54_000, "guest_house": 36_000,
    "camping": 38_000, "glamping": 138_000, "caravan": 96_000, "hanok": 124_000, "residence": 92_000, "house": 148_000,
    "ryokan": 290_000,
}  # fmt: skip
"""The ordinary price of a night in KRW."""

PER_DAY_USE: Final = {"motel": 29_000, "hotel": 62_000}
"""The ordinary price of a day use in KRW; other types ask what a motel does."""

PER_USE: Final = {
    "flight_domestic": 74_000, "flight_international": 390_000, "ktx": 48_000, "srt": 42_000, "train_regular": 21_000,
    "express_bus": 23_000, "intercity_bus": 15_000, "airport_bus": 16_000, "ferry_domestic": 56_000, "ferry_international": 120_000,
    "compact": 78_000, "midsize": 108_000, "full": 150_000, "suv": 138_000, "van": 172_000, "ev": 96_000, "import": 240_000,
    "campervan": 230_000, "party_room": 86_000, "event_hall": 310_000, "seminar_room": 120_000, "video_studio": 96_000,
    "photo_studio": 72_000, "golf": 98_000, "ski": 68_000, "theme_park": 56_000, "water_park": 62_000, "performance": 88_000,
}  # fmt: skip
"""The ordinary price of a ticket, a hire or a use in KRW."""

OTHER_USE: Final = 26_000
"""The ordinary price of what `PER_USE` does not name."""

STAYS_IN_TOWN: Final = {
    "hotel": 1.6, "residence": 1.6, "motel": 1.5, "guest_house": 1.1, "hanok": 0.7, "resort": 0.2, "pension": 0.06,
    "pool_villa": 0.05, "camping": 0.02, "glamping": 0.04, "caravan": 0.02, "house": 0.5,
}  # fmt: skip
"""How much more (or less) likely a stay type is in a metropolitan town than in the country. Ryokan are abroad."""

THEMES_OF_STAY: Final = {
    "hotel": {"breakfast": 0.3, "city_view": 0.25, "hocance": 0.2, "ev_parking": 0.15, "pool": 0.1},
    "resort": {"pool": 0.35, "family": 0.2, "water_play": 0.2, "breakfast": 0.15, "golf": 0.05, "ski": 0.05},
    "pension": {"bbq": 0.55, "couple": 0.15, "mountain_view": 0.1, "campfire": 0.1, "group": 0.1},
    "pool_villa": {"private_pool": 0.7, "bbq": 0.2, "luxury": 0.1},
    "motel": {"ott_game": 0.45, "whirlpool": 0.3, "ev_parking": 0.15, "value": 0.1},
    "guest_house": {"solo": 0.35, "value": 0.35, "party": 0.2, "workation": 0.1},
    "camping": {"campfire": 0.5, "bbq": 0.3, "mountain_view": 0.2},
    "glamping": {"campfire": 0.45, "bbq": 0.35, "couple": 0.2},
    "caravan": {"campfire": 0.4, "bbq": 0.3, "kids": 0.3},
    "hanok": {"healing": 0.5, "season_view": 0.3, "family": 0.2},
    "residence": {"ev_parking": 0.4, "workation": 0.3, "city_view": 0.3},
    "house": {"healing": 0.35, "bbq": 0.25, "family": 0.2, "pet": 0.1, "barrier_free": 0.1},
    "ryokan": {"spa": 0.8, "breakfast": 0.2},
}  # fmt: skip

THEMES_OF_SCENERY: Final = {
    "mountain": {"mountain_view": 0.55, "healing": 0.25, "season_view": 0.2},
    "sea": {"ocean_view": 0.7, "water_play": 0.18, "season_view": 0.12},
    "water": {"lake_river_view": 0.65, "water_play": 0.2, "campfire": 0.15},
    "town": {"city_view": 0.6, "hocance": 0.25, "ev_parking": 0.15},
    "snow": {"ski": 0.75, "mountain_view": 0.25},
    "abroad": {"ocean_view": 0.3, "city_view": 0.4, "pool": 0.3},
}  # fmt: skip
"""The themes a place is looked for with, by stay type and by what lies around; `snow` is winter only."""

PERSONS: Final = {
    "solo": 1, "couple": 2, "friends": 4, "infant": 2, "child": 3, "teen": 3, "parents": 2, "three_generation": 1, "group": 8,
}  # fmt: skip
"""How many tickets a party takes, added up over what it is made of; at least one."""
