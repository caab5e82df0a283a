"""The kinds of travellers the sample is made of. A traveller's kind is never stored: it shows in what they do.

Shares, rates and weights are assumptions about a Korean platform, not measurements; leads, cancellations and price
spreads come from real bookings (`hotel.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

Weights: TypeAlias = Mapping[str, float]

TRIP_KINDS: Final = ("stay", "day_use", "overseas", "space", "leisure", "transport", "car")
"""What somebody sets out to book: a domestic stay, a day use, a trip abroad, or one thing alone."""

TRIP_KIND: Final = {key: position for position, key in enumerate(TRIP_KINDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """One kind: who they are, how often they think of a trip, and what it then looks like.

    `share` of all users; `trips` thought of a year (a mean: most do less, a few far more); `booked` is how many of those
    end in a booking; `ages` are quantiles at every 25 %; `styles` say where to, `taste` what is done besides staying.
    """

    key: str
    share: float
    trips: float
    booked: float
    price: float
    taste: str
    female: float
    ages: tuple[int, int, int, int, int]
    stages: Weights
    kinds: Weights
    rhythm: str
    lead: Weights
    nights: str
    styles: Weights
    parties: Weights
    stay_types: Weights
    themes: Weights


TRAVELLERS: Final = (
    Traveller(
        key="couple", share=0.17, trips=2.64, booked=0.48, price=1.05, taste="couple", female=0.58, ages=(20, 25, 28, 32, 40),
        stages={"couple": 0.72, "single": 0.2, "newlywed": 0.05, "student": 0.03},
        kinds={"stay": 0.72, "day_use": 0.06, "overseas": 0.08, "space": 0.03, "leisure": 0.07, "transport": 0.03, "car": 0.01},
        rhythm="getaway", lead={"direct": 0.3, "online": 0.6, "same_day": 0.1}, nights="weekend",
        styles={"getaway": 0.5, "classic": 0.42, "city": 0.08}, parties={"couple": 0.95, "friends": 0.05},
        stay_types={"hotel": 0.27, "pension": 0.28, "pool_villa": 0.12, "motel": 0.1, "resort": 0.05, "hanok": 0.04,
                    "glamping": 0.06, "house": 0.05, "residence": 0.02, "guest_house": 0.01},
        themes={"couple": 0.3, "whirlpool": 0.2, "spa": 0.12, "private_pool": 0.08, "bbq": 0.1, "ott_game": 0.1,
                "season_view": 0.05, "city_view": 0.05},
    ),
    Traveller(
        key="newlywed", share=0.05, trips=2.42, booked=0.5, price=1.3, taste="couple", female=0.54, ages=(26, 30, 32, 34, 42),
        stages={"newlywed": 0.85, "couple": 0.15},
        kinds={"stay": 0.64, "overseas": 0.24, "leisure": 0.05, "transport": 0.03, "car": 0.02, "space": 0.02},
        rhythm="getaway", lead={"direct": 0.25, "online": 0.6, "tour": 0.15}, nights="resort",
        styles={"classic": 0.62, "getaway": 0.3, "city": 0.08}, parties={"couple": 1},
        stay_types={"hotel": 0.34, "resort": 0.14, "pool_villa": 0.24, "pension": 0.16, "hanok": 0.05, "house": 0.05,
                    "residence": 0.02},
        themes={"couple": 0.25, "luxury": 0.15, "private_pool": 0.15, "ocean_view": 0.2, "healing": 0.1, "hocance": 0.15},
    ),
    Traveller(
        key="family_infant", share=0.08, trips=2.18, booked=0.5, price=1.2, taste="family", female=0.62, ages=(27, 31, 34, 37, 45),
        stages={"family_infant": 0.88, "family_kids": 0.12},
        kinds={"stay": 0.78, "overseas": 0.06, "leisure": 0.1, "transport": 0.02, "car": 0.02, "space": 0.02},
        rhythm="quiet_day", lead={"online": 0.75, "direct": 0.2, "tour": 0.05}, nights="resort",
        styles={"getaway": 0.55, "classic": 0.42, "city": 0.03},
        parties={"infant": 0.72, "child+infant": 0.18, "infant+parents+three_generation": 0.1},
        stay_types={"hotel": 0.26, "resort": 0.32, "pool_villa": 0.25, "pension": 0.12, "house": 0.04, "residence": 0.01},
        themes={"kids": 0.45, "family": 0.15, "pool": 0.15, "private_pool": 0.1, "breakfast": 0.08, "ev_parking": 0.04,
                "barrier_free": 0.03},
    ),
    Traveller(
        key="family_kids", share=0.13, trips=2.76, booked=0.5, price=1.15, taste="family", female=0.6, ages=(30, 36, 40, 43, 50),
        stages={"family_kids": 0.9, "family_infant": 0.04, "family_teens": 0.06},
        kinds={"stay": 0.72, "overseas": 0.07, "leisure": 0.15, "transport": 0.02, "car": 0.02, "space": 0.02},
        rhythm="family", lead={"online": 0.75, "direct": 0.15, "tour": 0.1}, nights="resort",
        styles={"getaway": 0.48, "classic": 0.48, "city": 0.04},
        parties={"child": 0.78, "child+infant": 0.06, "child+teen": 0.06, "child+parents+three_generation": 0.08,
                 "child+pet": 0.02},
        stay_types={"hotel": 0.14, "resort": 0.38, "pool_villa": 0.18, "pension": 0.12, "camping": 0.06, "glamping": 0.06,
                    "caravan": 0.03, "house": 0.03},
        themes={"kids": 0.38, "pool": 0.2, "family": 0.12, "water_play": 0.15, "bbq": 0.1, "ski": 0.05},
    ),
    Traveller(
        key="family_teens", share=0.07, trips=1.95, booked=0.46, price=1.05, taste="family", female=0.58, ages=(38, 43, 46, 49, 56),
        stages={"family_teens": 0.9, "family_kids": 0.1},
        kinds={"stay": 0.68, "overseas": 0.1, "leisure": 0.14, "transport": 0.05, "car": 0.02, "space": 0.01},
        rhythm="family", lead={"online": 0.7, "direct": 0.15, "tour": 0.15}, nights="resort",
        styles={"classic": 0.62, "getaway": 0.32, "city": 0.06},
        parties={"teen": 0.82, "child+teen": 0.12, "teen+parents+three_generation": 0.06},
        stay_types={"hotel": 0.26, "resort": 0.38, "pension": 0.16, "residence": 0.04, "camping": 0.05, "glamping": 0.04,
                    "pool_villa": 0.05, "hanok": 0.02},
        themes={"family": 0.3, "pool": 0.2, "water_play": 0.15, "breakfast": 0.15, "ski": 0.1, "value": 0.1},
    ),
    Traveller(
        key="student", share=0.09, trips=1.72, booked=0.4, price=0.72, taste="young", female=0.56, ages=(12, 20, 22, 23, 27),
        stages={"student": 0.9, "single": 0.06, "couple": 0.04},
        kinds={"stay": 0.58, "day_use": 0.07, "overseas": 0.06, "space": 0.09, "leisure": 0.08, "transport": 0.12},
        rhythm="getaway", lead={"direct": 0.35, "online": 0.45, "same_day": 0.2}, nights="weekend",
        styles={"classic": 0.55, "getaway": 0.3, "city": 0.15}, parties={"friends": 0.5, "couple": 0.25, "solo": 0.15, "group": 0.1},
        stay_types={"guest_house": 0.24, "pension": 0.28, "motel": 0.26, "hotel": 0.12, "house": 0.06, "residence": 0.04},
        themes={"value": 0.4, "group": 0.15, "party": 0.12, "ott_game": 0.18, "solo": 0.1, "bbq": 0.05},
    ),
    Traveller(
        key="solo", share=0.09, trips=1.84, booked=0.46, price=0.9, taste="young", female=0.55, ages=(22, 27, 31, 36, 48),
        stages={"single": 0.9, "couple": 0.1},
        kinds={"stay": 0.66, "day_use": 0.03, "overseas": 0.12, "space": 0.03, "leisure": 0.06, "transport": 0.08, "car": 0.02},
        rhythm="quiet_day", lead={"direct": 0.4, "online": 0.5, "same_day": 0.1}, nights="direct",
        styles={"classic": 0.6, "getaway": 0.2, "city": 0.2}, parties={"solo": 0.88, "friends": 0.12},
        stay_types={"guest_house": 0.26, "hotel": 0.38, "motel": 0.1, "hanok": 0.08, "residence": 0.08, "house": 0.06,
                    "pension": 0.04},
        themes={"solo": 0.3, "healing": 0.25, "workation": 0.2, "ocean_view": 0.1, "city_view": 0.1, "breakfast": 0.05},
    ),
    Traveller(
        key="business", share=0.05, trips=5.29, booked=0.74, price=0.95, taste="business", female=0.3, ages=(27, 35, 41, 48, 59),
        stages={"single": 0.4, "couple": 0.12, "family_kids": 0.25, "family_teens": 0.15, "empty_nest": 0.08},
        kinds={"stay": 0.72, "overseas": 0.07, "space": 0.05, "transport": 0.14, "car": 0.02},
        rhythm="business", lead={"corporate": 1}, nights="corporate", styles={"city": 0.9, "classic": 0.1},
        parties={"solo+business": 0.85, "business+group": 0.15},
        stay_types={"hotel": 0.66, "motel": 0.16, "residence": 0.18},
        themes={"breakfast": 0.3, "ev_parking": 0.3, "workation": 0.2, "solo": 0.15, "value": 0.05},
    ),
    Traveller(
        key="bargain", share=0.07, trips=3.45, booked=0.24, price=0.65, taste="young", female=0.54, ages=(19, 25, 31, 40, 60),
        stages={"single": 0.45, "couple": 0.3, "student": 0.1, "family_kids": 0.15},
        kinds={"stay": 0.7, "day_use": 0.05, "overseas": 0.08, "leisure": 0.08, "transport": 0.07, "car": 0.02},
        rhythm="any_day", lead={"same_day": 0.3, "direct": 0.5, "online": 0.2}, nights="weekend",
        styles={"getaway": 0.45, "classic": 0.45, "city": 0.1}, parties={"couple": 0.5, "friends": 0.3, "solo": 0.2},
        stay_types={"motel": 0.36, "pension": 0.22, "hotel": 0.2, "guest_house": 0.12, "residence": 0.05, "camping": 0.05},
        themes={"value": 0.75, "ott_game": 0.1, "bbq": 0.08, "ev_parking": 0.07},
    ),
    Traveller(
        key="motel", share=0.06, trips=5.98, booked=0.62, price=0.9, taste="young", female=0.42, ages=(20, 24, 28, 34, 50),
        stages={"couple": 0.5, "single": 0.45, "student": 0.05},
        kinds={"stay": 0.28, "day_use": 0.66, "leisure": 0.03, "transport": 0.03},
        rhythm="any_day", lead={"same_day": 0.85, "direct": 0.15}, nights="weekend", styles={"home": 0.85, "getaway": 0.15},
        parties={"couple": 0.95, "solo": 0.05}, stay_types={"motel": 0.9, "hotel": 0.1},
        themes={"ott_game": 0.4, "whirlpool": 0.3, "couple": 0.2, "value": 0.1},
    ),
    Traveller(
        key="pet", share=0.05, trips=2.64, booked=0.48, price=1.1, taste="couple", female=0.66, ages=(23, 29, 34, 41, 58),
        stages={"single": 0.4, "couple": 0.35, "newlywed": 0.15, "empty_nest": 0.1},
        kinds={"stay": 0.86, "leisure": 0.08, "space": 0.02, "transport": 0.02, "car": 0.02},
        rhythm="getaway", lead={"direct": 0.3, "online": 0.65, "same_day": 0.05}, nights="weekend",
        styles={"getaway": 0.65, "classic": 0.35}, parties={"couple+pet": 0.62, "solo+pet": 0.2, "friends+pet": 0.18},
        stay_types={"pension": 0.46, "pool_villa": 0.2, "house": 0.12, "glamping": 0.08, "camping": 0.06, "resort": 0.05,
                    "caravan": 0.03},
        themes={"pet": 0.72, "bbq": 0.1, "healing": 0.1, "private_pool": 0.08},
    ),
    Traveller(
        key="outdoor", share=0.04, trips=3.1, booked=0.5, price=0.9, taste="family", female=0.42, ages=(25, 33, 39, 46, 62),
        stages={"family_kids": 0.45, "couple": 0.2, "single": 0.2, "family_teens": 0.1, "empty_nest": 0.05},
        kinds={"stay": 0.84, "leisure": 0.1, "car": 0.03, "transport": 0.03},
        rhythm="getaway", lead={"direct": 0.35, "online": 0.6, "same_day": 0.05}, nights="weekend",
        styles={"nature": 0.85, "classic": 0.15},
        parties={"child": 0.4, "couple": 0.25, "friends": 0.25, "solo": 0.1},
        stay_types={"camping": 0.44, "glamping": 0.3, "caravan": 0.16, "pension": 0.1},
        themes={"campfire": 0.35, "bbq": 0.25, "mountain_view": 0.2, "water_play": 0.1, "season_view": 0.1},
    ),
    Traveller(
        key="overseas", share=0.05, trips=3.22, booked=0.42, price=1.25, taste="couple", female=0.6, ages=(23, 28, 33, 40, 58),
        stages={"single": 0.5, "couple": 0.3, "newlywed": 0.1, "family_kids": 0.1},
        kinds={"overseas": 0.76, "stay": 0.16, "transport": 0.02, "leisure": 0.06},
        rhythm="abroad", lead={"online": 0.8, "direct": 0.2}, nights="direct", styles={"classic": 0.5, "city": 0.5},
        parties={"couple": 0.4, "friends": 0.3, "solo": 0.2, "child": 0.1}, stay_types={"hotel": 0.75, "residence": 0.1, "resort": 0.15},
        themes={"city_view": 0.25, "luxury": 0.15, "breakfast": 0.2, "healing": 0.15, "ocean_view": 0.25},
    ),
    Traveller(
        key="senior", share=0.045, trips=1.49, booked=0.5, price=1.0, taste="senior", female=0.55, ages=(60, 64, 67, 71, 82),
        stages={"senior": 0.85, "empty_nest": 0.15},
        kinds={"stay": 0.72, "overseas": 0.08, "leisure": 0.12, "transport": 0.08},
        rhythm="quiet_day", lead={"tour": 0.35, "online": 0.45, "direct": 0.2}, nights="direct", styles={"classic": 0.7, "getaway": 0.3},
        parties={"couple": 0.7, "group": 0.15, "friends": 0.15},
        stay_types={"resort": 0.38, "hotel": 0.34, "pension": 0.12, "hanok": 0.06, "motel": 0.06, "residence": 0.04},
        themes={"spa": 0.35, "healing": 0.2, "season_view": 0.2, "breakfast": 0.12, "barrier_free": 0.08, "golf": 0.05},
    ),
    Traveller(
        key="empty_nest", share=0.055, trips=1.95, booked=0.5, price=1.15, taste="senior", female=0.54, ages=(49, 53, 56, 59, 65),
        stages={"empty_nest": 0.85, "couple": 0.1, "senior": 0.05},
        kinds={"stay": 0.72, "overseas": 0.12, "leisure": 0.09, "transport": 0.05, "car": 0.02},
        rhythm="quiet_day", lead={"tour": 0.2, "online": 0.5, "direct": 0.3}, nights="direct", styles={"classic": 0.66, "getaway": 0.34},
        parties={"couple": 0.82, "friends": 0.1, "parents": 0.08},
        stay_types={"resort": 0.36, "hotel": 0.38, "pension": 0.12, "hanok": 0.07, "house": 0.04, "residence": 0.03},
        themes={"spa": 0.25, "golf": 0.15, "healing": 0.2, "season_view": 0.2, "mountain_view": 0.1, "breakfast": 0.1},
    ),
    Traveller(
        key="party", share=0.035, trips=2.53, booked=0.44, price=0.95, taste="young", female=0.57, ages=(19, 23, 26, 29, 38),
        stages={"single": 0.7, "student": 0.2, "couple": 0.1},
        kinds={"stay": 0.5, "space": 0.32, "leisure": 0.12, "overseas": 0.04, "transport": 0.02},
        rhythm="getaway", lead={"direct": 0.4, "online": 0.55, "same_day": 0.05}, nights="weekend",
        styles={"getaway": 0.6, "classic": 0.25, "city": 0.15}, parties={"friends": 0.6, "group": 0.4},
        stay_types={"pension": 0.46, "pool_villa": 0.26, "hotel": 0.12, "house": 0.12, "residence": 0.04},
        themes={"party": 0.4, "group": 0.25, "bbq": 0.2, "ott_game": 0.15},
    ),
    Traveller(
        key="luxury", share=0.035, trips=3.33, booked=0.5, price=2.1, taste="couple", female=0.62, ages=(26, 33, 38, 45, 62),
        stages={"couple": 0.35, "single": 0.25, "newlywed": 0.15, "family_kids": 0.15, "empty_nest": 0.1},
        kinds={"stay": 0.72, "overseas": 0.2, "leisure": 0.05, "car": 0.03},
        rhythm="getaway", lead={"online": 0.65, "direct": 0.35}, nights="resort", styles={"city": 0.45, "classic": 0.45, "getaway": 0.1},
        parties={"couple": 0.75, "solo": 0.1, "child": 0.1, "parents": 0.05},
        stay_types={"hotel": 0.66, "resort": 0.14, "pool_villa": 0.15, "hanok": 0.03, "residence": 0.02},
        themes={"hocance": 0.3, "luxury": 0.3, "spa": 0.12, "pool": 0.12, "city_view": 0.1, "golf": 0.06},
    ),
)  # fmt: skip

TRAVELLER_KEYS: Final = tuple(kind.key for kind in TRAVELLERS)
