"""Sentences and words over HTTP."""

from __future__ import annotations

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from tests.api.client import Client, as_principal, asking
from tests.audience.small import GOLD, WOMEN, rule_json

RULE = rule_json(WOMEN, GOLD)


def test_a_sentence_is_read_and_what_is_missing_told(api: Client) -> None:
    found = api.post("/interpret", {"sentence": "골드 이상 여성, 쿠폰 쓴 사람"}).json()
    assert found["complete"] is False
    assert [child["filter"] for child in found["rule"]["root"]["children"]] == ["membership_tier", "gender"]
    assert [entry["text"] for entry in found["not_understood"]] == ["쿠폰 쓴"]
    assert found["not_understood"][0]["nearest"]["en"]
    assert found["words"]["text"] == "멤버십 등급이 골드 이상이고, 성별이 여성인 고객"
    assert found["elapsed_ms"] >= 0


def test_a_sentence_changes_a_rule(api: Client) -> None:
    found = api.post("/interpret", {"sentence": "여성 조건 지워줘", "rule": RULE}).json()
    assert [edit["operation"] for edit in found["edits"]] == ["remove"]
    assert found["rule"]["root"]["filter"] == "membership_tier"


@pytest.mark.parametrize("sentence", ["", "가" * 1001, 7, None])
def test_what_is_no_sentence_is_refused(api: Client, sentence: object) -> None:
    assert api.post("/interpret", {"sentence": sentence}).status_code in (400, 422)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_rule_is_read_aloud_and_read_back(api: Client, language: str) -> None:
    said = api.post("/words", {"rule": RULE, "language": language}).json()
    assert {span["node"] for span in said["spans"]} == {"root", "women", "gold"}
    assert " / " in said["line"]
    back = api.post("/interpret", {"sentence": said["text"]}).json()
    canonical = [api.post("/rule/validate", rule).json()["canonical"] for rule in (RULE, back["rule"])]
    assert canonical[0] == canonical[1]
    assert back["complete"] is True


def test_who_may_not_build_rules_may_not_read_sentences(shared: App) -> None:
    viewer = as_principal(shared, Principal("viewer", "viewer", frozenset({Role.VIEWER})))
    with asking(viewer) as client:
        assert client.post("/interpret", {"sentence": "여성"}).status_code == 403
        assert client.post("/words", {"rule": RULE}).status_code == 403
