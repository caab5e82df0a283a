"""A rule read aloud: natural, tied to its nodes, and read back to the same rule."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Form
from audience_builder.catalog.operator import WindowKind
from audience_builder.catalog.places import PLACES
from audience_builder.catalog.seasons import SEASONS
from audience_builder.rule.canonical import canonical
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from audience_builder.rule.words import compact, words
from audience_builder.rule.words_korean import particle
from audience_builder.rule.words_number import Language
from audience_builder.rule.words_read import read_words
from tests.laws import rules

LANGUAGES: tuple[Language, Language] = ("ko", "en")
FEW, MANY = 250, 5000


def rule_of(*children: dict[str, Any], kind: str = "all") -> Rule:
    return parse_rule({"version": 1, "root": {"type": kind, "children": list(children)}})


def a(filter_key: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    said = {} if value is None else {"value": value}
    return {"type": "condition", "filter": filter_key, "operator": operator, **said, **more}


JEJU = {"region": ["jeju"]}
LAST_14 = {"type": "last", "n": 14}
OPENING = rule_of(
    a("search_region", ">=", 2, properties=JEJU, window=LAST_14),
    a("booking_count", "=", 0, properties=JEJU, window=LAST_14),
    a("membership_tier", ">=", "gold"),
    a("marketing_consent", "in", ["push"]),
)


def read_back(rule: Rule, language: Language) -> None:
    said = words(rule, language).text
    read = read_words(said, language)
    assert read is not None, said
    assert canonical(parse_rule(read.rule)) == canonical(rule), said


def test_a_rule_is_one_natural_sentence() -> None:
    assert words(OPENING, "ko").text == (
        "최근 14일간 제주 지역 검색이 2회 이상이고, 최근 14일간 제주 지역 예약이 없고, 멤버십 등급이 골드 이상이고, "
        "앱 푸시에 동의한 고객"
    )
    assert words(OPENING, "en").text == (
        "Customers with at least 2 searches in Jeju in the last 14 days, no bookings in Jeju in the last 14 days, "
        "membership tier of Gold or higher and consent to App push"
    )


def test_a_rule_fits_one_line() -> None:
    assert compact(OPENING, "ko").text == (
        "최근 14일간 제주 지역 검색이 2회 이상 / 최근 14일간 제주 지역 예약이 없음 / 멤버십 등급이 골드 이상 / 앱 푸시에 동의함"
    )


def test_a_group_inside_a_sentence_stands_in_brackets() -> None:
    rule = rule_of(
        {"type": "any", "children": [a("total_spend", ">=", 1_000_000), a("booking_count", ">=", 5)]},
        {"type": "not", "child": a("cancellation", ">", 300, measure="rate")},
        a("membership_tier", "=", "vip"),
    )
    assert words(rule, "ko").text == (
        "(지금까지 결제 금액이 100만원 이상이거나, 지금까지 예약이 5건 이상인 경우)이고, "
        "(지금까지 취소율이 30% 초과인 경우)를 제외하고, 멤버십 등급이 VIP인 고객"
    )
    assert words(rule, "en").text == (
        "Customers with (total spend at any time so far of at least ₩1,000,000 or at least 5 bookings at any time so far), "
        "not (more than 30% cancellation rate at any time so far) and membership tier of VIP"
    )


def test_what_is_nested_deeper_is_said_in_numbered_lines() -> None:
    child = {"type": "at_least", "k": 2, "children": [a("age", "between", [20, 39]), a("gender", "in", ["female"]),
                                                      a("lead_time", "unknown")]}  # fmt: skip
    rule = rule_of(child, a("upcoming_trip", "=", 0))
    assert words(rule, "ko").text == (
        "다음에 모두 해당하는 고객:\n(1) 다음 중 2개 이상:\n(1.1) 나이가 20세 이상 39세 이하\n(1.2) 성별이 여성\n"
        "(1.3) 리드타임이 미상\n(2) 다가오는 여행이 없음"
    )


@pytest.mark.parametrize(
    ("pair", "after", "form"),
    [("이/가", "예약", "이"), ("이/가", "나이", "가"), ("으로/로", "서울", "로"), ("으로/로", "부산", "으로"), ("을/를", "3", "을"),
     ("을/를", "VIP", "를"), ("이/가", "30%", "가"), ("은/는", "카카오톡 광고(친구톡)", "은"), ("과/와", "2", "와")],
)  # fmt: skip
def test_a_particle_follows_the_last_sound(pair: str, after: str, form: str) -> None:
    assert particle(pair, after) == form


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_knows_its_condition_and_its_parts(language: Language) -> None:
    said = words(OPENING, language)
    told = {(span.node, span.part): said.text[span.start : span.end] for span in said.spans}
    assert told["n2", "region"] == {"ko": "제주 지역", "en": "in Jeju"}[language]
    assert told["n2", "window"] == {"ko": "최근 14일간", "en": "in the last 14 days"}[language]
    assert told["n2", "value"] == {"ko": "2회", "en": "2"}[language]
    assert told["n5", ""] == {"ko": "앱 푸시에 동의한", "en": "consent to App push"}[language]
    read = read_words(said.text, language)
    assert read is not None
    places = {(span.start, span.end) for span in said.spans if not span.part and span.node != "n1"}
    assert {(span.start, span.end) for span in read.spans if not span.part} == places


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", FILTERS, ids=lambda entry: entry.key)
def test_every_filter_operator_and_window_reads_back(asked: Filter, language: Language) -> None:
    random = Random(FILTERS.index(asked))
    for operator in asked.operators:
        for window in sorted(asked.windows) or [None]:
            for _ in range(3):
                made = rules.condition(random, asked, operator, WindowKind(window) if window else None)
                read_back(parse_rule({"version": 1, "root": made}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_option_and_named_window_reads_back(language: Language) -> None:
    for entry in PLACES:
        read_back(rule_of(a("activity_region", "in", [entry.key])), language)
    for season in SEASONS:
        window = {"type": "named", "name": season, "year": "upcoming"}
        read_back(rule_of(a("upcoming_trip", ">=", 1, window=window)), language)
    for asked in FILTERS:
        for prop in (prop for prop in asked.properties if prop.form is Form.OPTIONS and prop.options):
            for key in tuple(prop.options.keys() if prop.options else ()):
                operator, value = ("within", LAST_14) if "within" in asked.operators else (">=", 2)
                read_back(rule_of(a(asked.key, operator, value, properties={prop.key: [key]})), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_is_read_back_from_its_words(language: Language) -> None:
    for seed in range(FEW):
        read_back(rules.rule(Random(seed)), language)


@pytest.mark.laws
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", range(10))
def test_a_rule_is_read_back_from_its_words_at_length(language: Language, part: int) -> None:
    for seed in range(MANY // 10):
        read_back(rules.rule(Random(f"words {part} {seed}")), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_rule_reads_back(language: Language) -> None:
    random = Random(7)
    flat = rule_of(*(rules.condition(random, random.choice(FILTERS)) for _ in range(200)))
    read_back(flat, language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "고객",
        "최근 14일간",
        "제주 검색한 사람",
        "Customers with",
        "Customers with (",
        "(" * 5000,
        "다음에\n(1) x\n",
    ],
)
def test_what_the_product_did_not_write_is_left_to_others(text: str) -> None:
    assert read_words(text, "ko") is None
    assert read_words(text, "en") is None


def test_numbers_put_in_by_hand_are_read() -> None:
    read = read_words("최근 3개월간 결제 금액이 200,000원 이상이고, 나이가 20세 이상 29세 이하인 고객", "ko")
    assert read is not None
    spend, age = read.rule["root"]["children"]
    assert (spend["value"], spend["window"]) == (200_000, {"type": "last", "n": 3, "unit": "month"})
    assert age["value"] == [20, 29]
