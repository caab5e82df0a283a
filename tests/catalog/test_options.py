"""Option lists and places say what the vocabulary says, and a stored code never changes its meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import chain, combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from audience_builder.catalog import options
from audience_builder.catalog.holidays import NIGHT_CLASSES
from audience_builder.catalog.option import OptionGroup, OptionList
from audience_builder.catalog.options import NIGHT_EDGES, PRICE_BANDS, PRICE_BOUNDS, USE_EDGES, night_band, use_band
from audience_builder.catalog.options.domestic import NEIGHBOURS
from audience_builder.catalog.options.overseas import AIRPORTS
from audience_builder.catalog.places import (
    COUNTRIES,
    COUNTRY_BITS,
    COUNTRY_GROUP_LABELS,
    FACET_PLACES,
    PLACES,
    PROVINCE_LABELS,
    TRAVEL_AREAS,
    Place,
    PlaceTree,
    countries_of,
    country_of,
    is_overseas,
    is_place,
    leaves,
    matching,
    place,
    place_of_code,
    province_of,
)

LISTS: tuple[OptionList, ...] = tuple(
    entry for entry in (getattr(options, name) for name in options.__all__) if isinstance(entry, OptionList)
)
TYPES = tuple(entry for entry in LISTS if entry.name.endswith("_type") or entry.name == "vehicle_class")
BIT_LISTS = ("product_line", "theme", "travel_party", "night_kind")
LATIN_LABELS = {"KTX", "SRT", "SUV", "VIP", "VVIP"}
DISTRICT_COUNTS = {
    "seoul": 25, "busan": 16, "daegu": 9, "incheon": 10, "gwangju": 5, "daejeon": 5, "ulsan": 5, "sejong": 1, "gyeonggi": 31,
    "gangwon": 18, "chungbuk": 11, "chungnam": 15, "jeonbuk": 14, "jeonnam": 22, "gyeongbuk": 22, "gyeongnam": 18, "jeju": 2,
}  # fmt: skip
BY_NAME = pytest.mark.parametrize("entry", LISTS, ids=lambda entry: entry.name)


def counts_for(stored: str, queried: str) -> bool:
    return place(stored).code in matching([queried])


def of_level(level: str) -> list[Place]:
    return [entry for entry in PLACES if entry.level == level]


# --- lists ----------------------------------------------------------------------------------------------------------------


def test_a_stored_code_never_changes_its_meaning() -> None:
    """A new option or place adds a line to codes.txt; a changed or missing line would make stored rows mean something else."""
    lines = [f"{entry.name} {option.key} {option.code}" for entry in LISTS for option in entry.options]
    lines += [f"place {entry.key} {entry.code}" for entry in PLACES]
    lines += [f"country_bit {key} {bit}" for key, bit in COUNTRY_BITS.items()]
    pinned = Path(__file__).with_name("codes.txt").read_text(encoding="utf-8").split("\n")
    assert sorted(lines) == sorted(line for line in pinned if line)


def test_lists_are_named_apart() -> None:
    assert len({entry.name for entry in LISTS}) == len(LISTS)


@BY_NAME
def test_labels_are_there_in_both_languages(entry: OptionList) -> None:
    for named in (*entry.options, *entry.groups):
        assert re.search("[가-힣]", named.ko) or named.ko in LATIN_LABELS, named
        assert named.en.strip() == named.en, named
        assert not re.search("[가-힣]", named.en), named
        assert re.search("[A-Za-z₩]", named.en), named
        assert re.fullmatch("[a-z][a-z0-9_]*", named.key), named


@BY_NAME
def test_labels_and_synonyms_are_not_said_twice(entry: OptionList) -> None:
    for field in ("ko", "en"):
        labels = [getattr(option, field) for option in entry.options]
        assert len(set(labels)) == len(labels)
    for named in (*entry.options, *entry.groups):
        assert len({named.ko, *named.synonyms}) == len(named.synonyms) + 1, named


@BY_NAME
def test_groups_hold_options_of_their_list(entry: OptionList) -> None:
    for group in entry.groups:
        assert isinstance(entry.named(group.key), OptionGroup)
        assert len(entry.codes((group.key,))) == len(group.members) >= 2
        assert set(group.members) <= {option.key for option in entry.options}


@BY_NAME
def test_ordered_lists_rise(entry: OptionList) -> None:
    assert entry.ordered is (entry.name in {"tier", "cart_stage", "intent"})
    if entry.ordered:
        assert all(low.code < high.code for low, high in pairwise(entry.options))


@BY_NAME
def test_codes_fit_their_columns(entry: OptionList) -> None:
    codes = [option.code for option in entry.options]
    assert 0 <= min(codes) <= max(codes) <= 255
    if entry.name in BIT_LISTS:
        assert codes == list(range(len(codes)))


def test_lists_are_as_long_as_the_vocabulary() -> None:
    assert {entry.name: len(entry.options) for entry in LISTS} == {
        "account_status": 4, "action": 2, "booking_basis": 6, "booking_status": 5, "cart_stage": 3, "channel": 5, "device": 4,
        "gender": 2, "intent": 4, "leisure_type": 22, "life_stage": 9, "night_kind": 10, "nth": 2, "price_band": 15,
        "product_line": 9, "space_type": 14, "stay_mode": 4, "stay_type": 13, "theme": 30, "tier": 5, "transport_type": 10,
        "travel_party": 11, "trip_phase": 2, "vehicle_class": 8, "wish_state": 3,
    }  # fmt: skip


def test_masks_fit_their_columns() -> None:
    assert max(option.code for option in options.THEMES.options) < 32
    assert max(option.code for option in options.PARTIES.options) < 16


def test_product_types_share_a_column_without_colliding() -> None:
    assert len(TYPES) == 5
    for one, other in combinations(TYPES, 2):
        assert not {o.code for o in one.options} & {o.code for o in other.options}


def test_every_theme_is_of_one_theme_group() -> None:
    assert Counter(chain.from_iterable(group.members for group in options.THEMES.groups)) == {
        o.key: 1 for o in options.THEMES.options
    }
    assert all(group.key.startswith("theme_") for group in options.THEMES.groups)


def test_every_transport_type_is_of_the_line_that_sells_it() -> None:
    lines = {"flight", "train", "bus", "ferry"}
    assert set(options.TRANSPORT_LINE) == {option.key for option in options.TRANSPORT_TYPES.options}
    assert set(options.TRANSPORT_LINE.values()) == lines
    for line in lines:
        sold = {key for key, sells in options.TRANSPORT_LINE.items() if sells == line}
        assert options.TRANSPORT_TYPES.codes((line,)) == options.TRANSPORT_TYPES.codes(sold)


def test_all_lines_are_stays_or_cross_sold() -> None:
    stays, others = options.PRODUCT_LINES.codes(("stay",)), options.PRODUCT_LINES.codes(("cross_sell",))
    assert not stays & others
    assert stays | others == frozenset(range(9))


def test_what_says_day_use_or_motel_is_sensitive() -> None:
    sensitive = {option.key for entry in LISTS for option in entry.options if option.sensitive}
    assert sensitive == {"motel", "day_use", "d_0_2", "d_2_3", "d_3_4", "d_4_5", "d_5"}


def test_consecutive_nights_are_no_stored_mode() -> None:
    assert "consecutive" not in options.STAY_MODES


def test_night_kinds_are_the_calendars_classes() -> None:
    assert tuple(option.key for option in options.NIGHT_KINDS.options) == NIGHT_CLASSES


# --- prices ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "band"), [("n_", night_band), ("d_", use_band)])
def test_a_band_has_its_lower_bound_and_not_its_upper(prefix: str, band: Callable[[int], int]) -> None:
    for key, (low, high) in PRICE_BOUNDS.items():
        if key.startswith(prefix):
            (code,) = PRICE_BANDS.codes((key,))
            assert band(low) == code
            assert band(10**9 if high is None else high - 1) == code
            if high is not None:
                assert band(high) == code + 1
                assert band(low + 1) == code


@pytest.mark.parametrize("prefix", ["n_", "d_"])
def test_bands_leave_no_gap(prefix: str) -> None:
    bounds = [PRICE_BOUNDS[option.key] for option in PRICE_BANDS.options if option.key.startswith(prefix)]
    assert bounds[0][0] == 0
    assert bounds[-1][1] is None
    assert all(one[1] == next_[0] for one, next_ in pairwise(bounds))


def test_numpy_cuts_prices_into_the_same_bands() -> None:
    assert NIGHT_EDGES == (30_000, 50_000, 70_000, 100_000, 150_000, 200_000, 300_000, 500_000, 1_000_000)
    assert USE_EDGES == (20_000, 30_000, 40_000, 50_000)
    prices = np.array(sorted({p + d for p in (0, *NIGHT_EDGES, *USE_EDGES) for d in (-1, 0, 1)} - {-1}))
    assert (1 + np.searchsorted(NIGHT_EDGES, prices, side="right")).tolist() == [night_band(p) for p in prices.tolist()]
    assert (11 + np.searchsorted(USE_EDGES, prices, side="right")).tolist() == [use_band(p) for p in prices.tolist()]


# --- places ---------------------------------------------------------------------------------------------------------------


def test_korea_has_17_provinces_and_229_districts() -> None:
    assert len(PROVINCE_LABELS) == 17
    assert Counter(entry.parent for entry in of_level("district")) == DISTRICT_COUNTS
    assert sum(DISTRICT_COUNTS.values()) == 229


def test_the_72_travel_areas_name_a_place_each() -> None:
    assert len({key for key, _, _ in TRAVEL_AREAS}) == len(TRAVEL_AREAS) == 72
    levels = Counter(place(key).level for key, _, _ in TRAVEL_AREAS)
    assert levels == {"district": 49, "area": 23}
    assert len({key for key, _, _ in FACET_PLACES}) == 17 + 72


def test_an_area_that_is_a_district_lends_it_its_words() -> None:
    yongin = place("yongin")
    assert (yongin.ko, yongin.en, yongin.level) == ("용인시", "Yongin", "district")
    assert {"용인", "에버랜드", "캐리비안베이", "민속촌"} <= set(yongin.synonyms)
    assert "잠실·송파" in place("seoul_songpa").synonyms
    assert {"경포", "안목", "주문진"} <= set(place("gangneung").synonyms)
    assert place("cheongju").synonyms == ()


def test_there_are_52_cities_in_25_countries_with_airports() -> None:
    assert len(of_level("city")) == 52
    assert set(AIRPORTS) == {entry.key for entry in of_level("city")}
    assert all(re.fullmatch("[A-Z]{3}", code) for codes in AIRPORTS.values() for code in codes)
    assert AIRPORTS["tokyo"] == ("NRT", "HND")
    assert len(COUNTRIES) == len(of_level("country")) == 25
    assert [key for key, _, _ in COUNTRY_GROUP_LABELS] == [
        "japan", "greater_china", "southeast_asia", "oceania_pacific", "americas", "europe", "middle_east", "honeymoon_islands",
    ]  # fmt: skip


def test_a_countrys_bit_follows_its_code() -> None:
    assert {key: place(key).code - 641 for key in COUNTRIES} == COUNTRY_BITS
    assert list(COUNTRY_BITS.values()) == list(range(len(COUNTRIES)))
    assert len(COUNTRIES) < 63


def test_place_codes_are_of_their_level_and_fit_a_uint16() -> None:
    blocks = {"root": (1, 2), "province": (11, 27), "district": (101, 399), "area": (401, 499), "group": (501, 599),
              "country_group": (601, 640), "country": (641, 700), "city": (701, 65_535)}  # fmt: skip
    for entry in PLACES:
        low, high = blocks[entry.level]
        assert low <= entry.code <= high, entry
        assert place_of_code(entry.code) is entry


def test_places_are_labelled_in_both_languages() -> None:
    for entry in PLACES:
        assert re.search("[가-힣]", entry.ko), entry
        assert re.fullmatch("[A-ZÀ-Ý][A-Za-zü ,&()-]+", entry.en), entry
        assert len({entry.ko, *entry.synonyms}) == len(entry.synonyms) + 1, entry
    assert all(ko and en for _, ko, en in FACET_PLACES)


def test_districts_are_romanised_with_their_kind() -> None:
    assert place("seoul_gangnam").en == "Gangnam-gu"
    assert place("gapyeong").en == "Gapyeong-gun"
    assert place("gangneung").en == "Gangneung"
    for entry in of_level("district"):
        ending = {"구": "-gu", "군": "-gun", "시": ""}[entry.ko[-1]]
        assert re.sub(r" \(.*\)", "", entry.en).endswith(ending), entry


def test_a_search_for_jeju_is_no_search_for_aewol() -> None:
    assert not counts_for("jeju", "aewol_hyeopjae")
    assert not counts_for("jeju_si", "aewol_hyeopjae")
    assert not counts_for("jeju", "jeju_si")
    for queried in ("aewol_hyeopjae", "jeju_si", "jeju", "island", "korea"):
        assert counts_for("aewol_hyeopjae", queried), queried
    assert not counts_for("aewol_hyeopjae", "seogwipo")
    assert counts_for("jeju", "island")


def test_a_union_of_districts_has_what_its_districts_have() -> None:
    for stored, queried in (("cheonan", "cheonan_asan"), ("cheonan", "chungnam"), ("cheonan_asan", "chungnam")):
        assert counts_for(stored, queried)
    for queried in ("cheonan", "asan", "cheonan_asan"):
        assert not counts_for("chungnam", queried)
    assert not counts_for("cheonan_asan", "cheonan")
    assert counts_for("yeoju_icheon", "capital_getaway")
    assert counts_for("cheonan_asan", "chungcheong")


def test_sejong_is_its_only_district() -> None:
    assert counts_for("sejong", "sejong_si")
    assert counts_for("sejong_si", "sejong")


def test_the_areas_of_jeju_lie_in_their_cities() -> None:
    assert leaves("seogwipo") == {"seogwipo", "seongsan_udo", "jungmun"}
    assert leaves("jeju_si") == {"jeju_si", "jeju_downtown", "aewol_hyeopjae", "hamdeok_woljeong"}
    assert leaves("jeju") == leaves("jeju_si") | leaves("seogwipo")
    assert leaves("incheon_jung") == {"incheon_jung", "yeongjong", "wolmido"}


def test_a_city_abroad_counts_for_its_country_but_not_the_other_way() -> None:
    for queried in ("tokyo", "japan", "short_haul", "overseas"):
        assert counts_for("tokyo", queried)
    assert not counts_for("japan", "tokyo")
    assert not counts_for("japan", "greater_china")
    assert counts_for("japan", "short_haul")
    for queried in ("guam_us", "oceania_pacific", "mid_haul", "resort_destination"):
        assert counts_for("guam", queried)
        assert counts_for("guam_us", queried)
    assert counts_for("okinawa", "resort_destination")
    assert not counts_for("japan", "resort_destination")


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("korea", list(DISTRICT_COUNTS)),
        ("overseas", ["short_haul", "mid_haul", "long_haul"]),
        ("overseas", [key for key, _, _ in COUNTRY_GROUP_LABELS]),
        ("overseas", list(COUNTRIES)),
    ],
)
def test_parts_make_up_the_whole_without_overlap(whole: str, parts: list[str]) -> None:
    assert sum(len(leaves(part)) for part in parts) == len(leaves(whole))
    assert frozenset(chain.from_iterable(map(leaves, parts))) == leaves(whole)


def test_every_place_matches_itself_and_lies_in_one_root() -> None:
    for entry in PLACES:
        assert entry.code in matching([entry.key])
        assert leaves(entry.key)
        assert is_overseas(entry.key) is not (leaves(entry.key) <= leaves("korea"))
        if entry.parent is not None:
            assert counts_for(entry.key, entry.parent)
        assert all(counts_for(member, entry.key) for member in entry.members)


def test_matching_several_places_is_matching_each() -> None:
    assert matching(["seoul", "jeju"]) == matching(["seoul"]) | matching(["jeju"])
    halves = matching(["jeju_si", "seogwipo"])
    assert place("jeju").code not in halves
    assert matching([]) == frozenset()


def test_no_two_places_are_the_same_but_by_necessity() -> None:
    """Places whose facts count for each other both ways: one part is all there is."""
    same = Counter(leaves(entry.key) for entry in PLACES)
    twins = {entry.key for entry in PLACES if same[leaves(entry.key)] > 1}
    assert twins == {
        "sejong",
        "sejong_si",
        "americas",
        "usa",
        "middle_east",
        "uae",
        "honeymoon_islands",
        "maldives_country",
    }


def test_province_and_country_are_read_off_the_tree() -> None:
    assert province_of("aewol_hyeopjae") == province_of("jeju") == "jeju"
    assert province_of("donghae_samcheok") == "gangwon"
    assert province_of("capital_area") is province_of("korea") is province_of("tokyo") is None
    assert country_of("kyoto") == country_of("japan") == "japan"
    assert country_of("southeast_asia") is country_of("jeju") is country_of("overseas") is None


def test_a_destination_concerns_countries() -> None:
    assert countries_of("osaka") == ("japan",)
    assert countries_of("greater_china") == ("taiwan", "hong_kong_sar", "macau_sar", "china", "mongolia")
    assert countries_of("overseas") == COUNTRIES
    assert countries_of("jeju") == ()


def test_neighbours_are_neighbours_of_each_other() -> None:
    assert set(NEIGHBOURS) == {key for key, _, _ in PROVINCE_LABELS}
    assert all(key in NEIGHBOURS[other] for key, others in NEIGHBOURS.items() for other in others)
    assert NEIGHBOURS["jeju"] == ()


def test_an_unknown_place_is_refused() -> None:
    assert not is_place("atlantis")
    with pytest.raises(KeyError):
        leaves("atlantis")
    with pytest.raises(KeyError):
        matching(["jeju", "atlantis"])


def test_a_tree_refuses_a_code_twice_and_an_unknown_parent() -> None:
    with pytest.raises(ValueError, match="taken"):
        PlaceTree([Place("a", 1, "가", "A", "root"), Place("b", 1, "나", "B", "root")])
    with pytest.raises(KeyError):
        PlaceTree([Place("a", 1, "가", "A", "province", "nowhere")])
