"""The team's glossary: admins say what vague words mean, and the next sentence is read by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.language.phrasebook import Phrasebook
from audience_builder.rule.words import compact
from tests.api.client import Client, as_principal, asking
from tests.audience.small import opened
from tests.rules.scoring import TODAY


def bookings(least: int) -> dict[str, Any]:
    return {"version": 1, "root": {"type": "condition", "filter": "booking_count", "operator": ">=", "value": least}}


SPENDERS = {"version": 1, "root": {"type": "condition", "filter": "total_spend", "operator": "top_percent", "value": 5}}


@pytest.fixture
def admin(own_app: App) -> Iterator[Client]:
    with asking(as_principal(own_app, Principal("ann", "Ann", frozenset({Role.ADMIN})))) as client:
        yield client


@pytest.fixture
def mina(own_app: App) -> Iterator[Client]:
    with asking(as_principal(own_app, Principal("mina", "Mina", frozenset({Role.MARKETER})))) as client:
        yield client


def read(client: Client, sentence: str) -> dict[str, Any]:
    return client.post("/interpret", {"sentence": sentence}).json()


def test_everybody_sees_what_vague_words_are_taken_for(mina: Client) -> None:
    words = {entry["word"]: entry for entry in mina.get("/glossary").json()["words"]}
    assert words["단골"]["meaning"]["ko"] == "최근 1년간 예약이 3건 이상"
    assert words["단골"]["asks"] is True
    assert words["단골"]["changed_by"] == ""
    assert len(words) > 25


def test_what_an_admin_says_holds_for_the_next_sentence(admin: Client, mina: Client) -> None:
    before = read(mina, "단골 고객 중 여성")
    assert before["words"]["text"] == "최근 1년간 예약이 3건 이상이고, 성별이 여성인 고객"
    given = admin.put("/glossary/단골", json={"rule": bookings(7), "others": [bookings(4)], "asks": True})
    assert given.status_code == 200
    assert (given.json()["revision"], given.json()["changed_by"]) == (1, "ann")
    found = read(mina, "단골 고객 중 여성")
    assert found["words"]["text"] == "지금까지 예약이 7건 이상이고, 성별이 여성인 고객"
    assert [entry["words"] for entry in found["readings"]] == ["지금까지 예약이 4건 이상"]
    assert found["readings"][0]["asks"] is True
    listed = {entry["word"]: entry for entry in mina.get("/glossary").json()["words"]}
    assert listed["단골"]["meaning"]["ko"] == "지금까지 예약이 7건 이상"
    assert admin.delete("/glossary/단골").status_code == 204
    assert read(mina, "단골 고객 중 여성")["words"] == before["words"]


def test_a_word_that_means_something_else_alone_keeps_it_with_a_comparison(admin: Client, mina: Client) -> None:
    assert admin.put("/glossary/VIP", json={"rule": SPENDERS}).status_code == 200
    assert "상위 5%" in read(mina, "VIP 고객")["words"]["text"]
    assert read(mina, "VIP 이상 고객")["words"]["text"] == "멤버십 등급이 VIP 이상인 고객"


def test_a_word_of_the_house_is_new_to_the_product(admin: Client, mina: Client) -> None:
    assert read(mina, "로켓러 중 여성")["not_understood"]
    assert admin.put("/glossary/로켓러", json={"rule": bookings(12)}).status_code == 200
    found = read(mina, "로켓러 중 여성")
    assert found["complete"] is True
    assert found["words"]["text"] == "지금까지 예약이 12건 이상이고, 성별이 여성인 고객"
    edited = mina.post("/interpret", {"sentence": "로켓러는 빼줘", "rule": found["rule"]}).json()
    assert edited["edits"]


def test_two_admins_do_not_overwrite_each_other(admin: Client) -> None:
    assert admin.put("/glossary/단골", json={"rule": bookings(7)}).json()["revision"] == 1
    assert admin.put("/glossary/단골", json={"rule": bookings(8)}).status_code == 409
    assert admin.put("/glossary/단골", json={"rule": bookings(8), "revision": 1}).json()["revision"] == 2
    assert admin.put("/glossary/단골", json={"rule": bookings(9), "revision": 1}).status_code == 409


@pytest.mark.parametrize("word", ["a", "12345", "%20%20", "가" * 41])
def test_what_is_no_word_is_refused(admin: Client, word: str) -> None:
    assert admin.put(f"/glossary/{word}", json={"rule": bookings(3)}).status_code in (400, 422)


def test_what_is_no_rule_is_refused(admin: Client) -> None:
    wrong = {"version": 1, "root": {"type": "condition", "filter": "bookings", "operator": ">=", "value": 1}}
    assert admin.put("/glossary/단골", json={"rule": wrong}).status_code == 422
    assert admin.delete("/glossary/단골").status_code == 404


def test_who_may_not_administer_may_not_change_it(mina: Client) -> None:
    assert mina.put("/glossary/단골", json={"rule": bookings(7)}).status_code == 403
    assert mina.delete("/glossary/단골").status_code == 403


def test_a_change_is_on_the_trail_with_its_rule_and_outlives_a_restart(
    own_app: App, admin: Client, folder: Path
) -> None:
    admin.put("/glossary/단골", json={"rule": bookings(7)})
    with own_app.store.unit(own_app.principal) as unit:
        entry = unit.trail.newest(1, action="glossary.put")[0]
        assert (entry.principal, entry.object) == ("ann", "단골")
        assert unit.trail.rule(entry.rules[0])["root"]["value"] == 7
    own_app.close()
    again = opened(folder)
    found = Phrasebook(words=again.glossary.lexicons).read("단골", as_of=TODAY).rule
    assert found is not None
    assert compact(found).text == "지금까지 예약이 7건 이상"
    again.close()


def test_what_a_sentence_would_mean_is_shown_to_an_admin_before_it_holds(admin: Client, mina: Client) -> None:
    heard = admin.post("/glossary/reading", {"sentence": "최근 1년 동안 3번 이상 예약한 사람"}).json()
    lost = admin.post("/glossary/reading", {"sentence": "양자 컴퓨터를 가진 사람"}).json()
    assert heard["complete"]
    assert heard["rule"]["root"]["filter"] == "booking_count"
    assert not lost["complete"]
    assert lost["not_understood"]
    assert mina.post("/glossary/reading", {"sentence": "골드 이상"}).status_code == 403
