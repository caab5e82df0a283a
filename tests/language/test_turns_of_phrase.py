"""Turns of phrase, each with the rule it means (in the short notation of `tests.rules.notation`)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audience_builder.language.phrasebook import Phrasebook
from audience_builder.rule.canonical import canonical
from tests.rules.notation import rule_of

BOOK = Phrasebook()
TODAY = date(2026, 11, 22)
NEITHER = ["bookings[w=last_90d] = 0", "search[w=last_90d] = 0"]

MEANT: list[tuple[str, list[Any]]] = [
    # verbs side by side
    ("people who viewed but did not book a resort", ["view[stay_type=resort]", "bookings[stay_type=resort,w=last_90d] = 0"]),
    ("customers who have not booked or searched in the last 90 days", NEITHER),
    ("people who have neither booked nor searched in the last 90 days", NEITHER),
    ("people who never booked or cancelled", ["bookings[w=ever] = 0", "cancel[w=ever] = 0"]),
    ("부산 호텔 3회 이상 검색했거나 찜한 사람", [{"any": ["search[region=busan,stay_type=hotel] >= 3", "wish[region=busan,stay_type=hotel]"]}]),
    ("gold members or people who spent more than 1 million won", [{"any": ["tier = gold", "spend > 1000000"]}]),
    # one verb, several counts
    ("people who booked twice or more in Jeju and once in Busan", ["bookings[region=jeju] >= 2", "bookings[region=busan] = 1"]),
    ("제주는 2번 이상, 부산은 1번 이상 예약한 사람", ["bookings[region=jeju] >= 2", "bookings[region=busan]"]),
    ("작년 여름엔 예약했는데 올여름엔 안 한 사람", ["bookings[w=summer:last]", "bookings[w=summer:this] = 0"]),
    # habits
    ("주로 금요일에 묵는 사람", ["prefer in fri"]),
    ("주로 주말에 예약하는 사람", ["prefer in weekend"]),
    ("people who prefer Fridays", ["prefer in fri"]),
    ("people who usually book two weeks or more in advance", ["lead >= 14"]),
    ("보통 2주 전에 예약하는 고객", ["lead >= 14"]),
    ("예약의 절반 이상을 취소한 고객", ["cancelrate >= 500"]),
    ("anyone who has cancelled more than half of their bookings", ["cancelrate > 500"]),
    ("결제 주기가 지난 고객", ["elapsed >= 10"]),
    ("people overdue for their next payment", ["elapsed >= 10"]),
    # since when
    ("추석 이후 예약이 없는 회원", ["bookings[w=2026-09-28..] = 0"]),
    ("people who have booked since last Christmas", ["bookings[w=2025-12-25..]"]),
    ("people who booked during Chuseok 2026", ["bookings[w=chuseok:2026]"]),
    ("people who booked during Chuseok this year", ["bookings[w=chuseok:this]"]),
    ("설 연휴 전에 예약한 사람", ["bookings[w=..2026-02-13]"]),
    ("users who abandoned a cart in the last 48 hours", ["cart[left,left_hours=..48]"]),
    ("체크아웃한 지 3일 이내 고객", ["bookings[status=completed,basis=check_out,w=last_3d]"]),
    # who they are
    ("customers not in Seoul", ["home not_in seoul"]),
    ("VIPs who are not in Seoul and have not booked this year", ["tier = vip", "home not_in seoul", "bookings[w=this_year] = 0"]),
    ("active users in Daegu or Gwangju", ["visit <= 30", "home in daegu|gwangju"]),
    ("people with a Gold tier or higher living in Seoul", ["tier >= gold", "home in seoul"]),
    ("male office workers who book hotels", ["gender in male", "stage in single", "bookings[stay_type=hotel]"]),
    ("등급=VIP AND 지역=서울", ["tier = vip", "home in seoul"]),
    ("등급이 실버 밑인 고객", ["tier < silver"]),
    ("골드 이상 / 이메일 O / 서울·경기", ["tier >= gold", "consent in email", "home in seoul|gyeonggi"]),
    ("VIP + push consent + no bookings since September", ["tier = vip", "consent in push", "bookings[w=2026-09-01..] = 0"]),
    ("people who have been members for more than 2 years", ["signup not_within last_2y"]),
    # what was had
    ("경주 한옥 찜해놓고 예약은 아직인 분", ["wish[region=gyeongju,stay_type=hanok]", "bookings[region=gyeongju,w=last_90d] = 0"]),
    ("누적 300만 이상이면서 최근 3개월 무구매", ["spend >= 3000000", "bookings[w=last_3m] = 0"]),
    ("크리스마스 이브에 묵는 커플", ["trip[w=2026-12-24..2026-12-24]", "stage in couple"]),
    ("찜해둔 풀빌라가 있는 사람", ["wish[stay_type=pool_villa,state=kept]"]),
    ("예약한 제주 호텔이 없는 사람", ["bookings[region=jeju,stay_type=hotel] = 0"]),
    ("첫 예약이 렌터카였던 회원", ["bookings[product_line=rental_car,nth=first]"]),
    ("예약 금액이 높은 상위 5%", ["spend top_percent 5"]),
    ("people who searched Osaka but never booked overseas", ["search[region=osaka]", "overseas[w=ever] = 0"]),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "meant"), MEANT, ids=[sentence for sentence, _ in MEANT])
def test_it_is_read_as_it_is_meant(sentence: str, meant: list[Any]) -> None:
    found, wanted = BOOK.read(sentence, as_of=TODAY), rule_of(meant)
    assert found.complete, found.not_understood
    assert found.rule is not None
    assert wanted is not None
    assert canonical(found.rule) == canonical(wanted)


def test_so_many_of_several_places_is_a_group_of_its_own() -> None:
    found = BOOK.read("제주, 부산, 강릉 중 두 곳 이상 예약한 사람", as_of=TODAY)
    assert found.complete
    assert found.rule is not None
    root = canonical(found.rule)["root"]
    assert (root["type"], root["k"]) == ("at_least", 2)
    assert sorted(child["properties"]["region"][0] for child in root["children"]) == ["busan", "gangneung", "jeju"]


@pytest.mark.parametrize("sentence", ["예약건수 TOP 100", "누적 300 이상", "결제 상위 50명"])
def test_what_a_rule_cannot_say_is_told(sentence: str) -> None:
    found = BOOK.read(sentence, as_of=TODAY)
    assert not found.complete
    assert found.rule is None


CHANGED: list[tuple[str, list[Any], list[Any]]] = [
    ("휴면도 포함해줘", ["tier >= gold", {"not": "visit >= 365"}], ["tier >= gold"]),
    ("include dormant members again", ["tier >= gold", {"not": "visit >= 365"}], ["tier >= gold"]),
    ("안드로이드도", ["cart[left]", "device in ios"], ["cart[left]", "device in ios|android"]),
    ("서울이나 부산으로", ["gender in female", "home in seoul"], ["gender in female", "home in seoul|busan"]),
    ("push or email", ["tier >= gold", "consent in push"], ["tier >= gold", "consent in push|email"]),
    ("and in Busan too", ["gender in female", "home in seoul"], ["gender in female", "home in seoul|busan"]),
    ("예약 조건은 없애고 취소 0회 추가", ["bookings = 0", "tier >= gold"], ["tier >= gold", "cancel = 0"]),
    ("use the last 3 months", ["search[w=last_1y] >= 2"], ["search[w=last_3m] >= 2"]),
]


@pytest.mark.parametrize(("sentence", "base", "meant"), CHANGED, ids=[sentence for sentence, *_ in CHANGED])
def test_a_rule_is_changed_as_it_is_meant(sentence: str, base: list[Any], meant: list[Any]) -> None:
    found, wanted = BOOK.read(sentence, as_of=TODAY, base=rule_of(base)), rule_of(meant)
    assert found.complete, found.not_understood
    assert found.rule is not None
    assert wanted is not None
    assert canonical(found.rule) == canonical(wanted)


def test_two_kinds_of_things_joined_by_or_are_told() -> None:
    found = BOOK.read("45세 이상 남성이면서 골프텔이나 리조트를 예약한 사람", as_of=TODAY)
    assert not found.complete
    assert found.rule is not None
    assert canonical(found.rule)["root"]["type"] == "all"
