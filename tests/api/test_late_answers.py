"""A language model beside the phrasebook, over HTTP: nothing waits for it, people win, and the trail knows what left the house."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.errors import InputError
from audience_builder.language.model.merge import merged
from audience_builder.rule.check import parse_rule
from tests.api.client import Client, as_principal, asking
from tests.audience.small import copied, opened
from tests.language.gemini_server import Gemini, condition, prop, serving
from tests.rules.notation import rule_of

ODD = "제주도에 눈독 들인 골드 이상"
JEJU = condition("제주도에 눈독 들인", "search_region", properties=[prop("region", "제주도")])


@pytest.fixture
def gemini() -> Iterator[Gemini]:
    with serving(Gemini()) as server:
        server.say(JEJU)
        yield server


def with_model(folder: Path, gemini: Gemini, **given: object) -> App:
    key = folder.parent / "gemini.key"
    key.write_text(f"{gemini.key}\n")
    said = {
        "model": "gemini",
        "model_url": gemini.url,
        "model_key_file": key,
        "model_terms": "no-training",
        "model_seconds": 20,
    }
    return opened(folder, **{**said, **given})


@pytest.fixture
def app(tmp_path: Path, gemini: Gemini) -> Iterator[App]:
    app = with_model(copied(tmp_path / "data"), gemini)
    yield app
    app.close()


@pytest.fixture
def mina(app: App) -> Iterator[Client]:
    with asking(as_principal(app, Principal("mina", "Mina", frozenset({Role.MARKETER})))) as client:
        yield client


def late(client: Client, found: dict[str, Any], rule: Any = None) -> dict[str, Any]:
    body = {"ticket": found["later"]["ticket"], "rule": found["rule"] if rule is None else rule, "wait_ms": 5000}
    return client.post("/interpret/later", body).json()


def trail(app: App) -> list[Any]:
    with app.store.unit(app.principal) as unit:
        return [entry for entry in unit.trail.entries() if entry.action.startswith("interpret")]


def test_the_phrasebook_answers_at_once_and_the_model_when_it_does(mina: Client, gemini: Gemini) -> None:
    gemini.faults.append("slow")
    gemini.slow_seconds = 2.0
    begun = time.monotonic()
    found = mina.post("/interpret", {"sentence": ODD}).json()
    assert time.monotonic() - begun < gemini.slow_seconds
    assert found["interpreter"] == "phrasebook"
    assert [entry["text"] for entry in found["not_understood"]] == ["제주도에 눈독"]
    assert (
        mina.post("/interpret/later", {"ticket": found["later"]["ticket"], "wait_ms": 0}).json()["state"] == "waiting"
    )
    said = late(mina, found)
    assert said["state"] == "ready"
    assert said["interpretation"]["interpreter"] == "gemini:gemini-3.8-flash"
    assert said["interpretation"]["not_understood"] == []
    assert said["merged"]["words"]["text"] == "멤버십 등급이 골드 이상이고, 최근 90일간 제주 지역 검색이 있는 고객"
    assert said["merged"]["added"] == ["m1"]


def test_what_is_wholly_understood_is_not_sent(mina: Client, gemini: Gemini) -> None:
    assert mina.post("/interpret", {"sentence": "골드 이상 여성"}).json()["later"] is None
    assert mina.post("/interpret", {"sentence": ODD, "model": False}).json()["later"] is None
    assert gemini.seen == []


def test_who_changed_the_rule_meanwhile_has_the_last_word(mina: Client) -> None:
    found = mina.post("/interpret", {"sentence": ODD}).json()
    changed = json.loads(json.dumps(found["rule"]))
    changed["root"]["value"] = "vip"
    said = late(mina, found, changed)
    assert said["merged"]["words"]["text"] == "멤버십 등급이 VIP 이상이고, 최근 90일간 제주 지역 검색이 있는 고객"


def test_a_ticket_is_of_who_asked(app: App, mina: Client) -> None:
    found = mina.post("/interpret", {"sentence": ODD}).json()
    with asking(as_principal(app, Principal("june", "June", frozenset({Role.MARKETER})))) as june:
        assert june.post("/interpret/later", {"ticket": found["later"]["ticket"]}).status_code == 404
    assert mina.post("/interpret/later", {"ticket": "nobody's"}).status_code == 404


def test_without_a_model_there_is_none_to_ask(api: Client) -> None:
    assert api.post("/interpret", {"sentence": ODD}).json()["later"] is None
    assert api.post("/interpret/later", {"ticket": "any"}).status_code == 404


@pytest.mark.parametrize(
    ("fault", "code"), [("429 a day", "quota"), ("503", "busy"), ("no json", "unreadable"), ("slow", "slow")]
)
def test_a_model_that_fails_leaves_everything_as_it_was_and_is_told(
    tmp_path: Path, gemini: Gemini, fault: str, code: str
) -> None:
    gemini.slow_seconds = 4
    gemini.faults.extend([fault] * 9)
    app = with_model(copied(tmp_path / "data"), gemini, model_seconds=3)
    with asking(app) as api:
        found = api.post("/interpret", {"sentence": ODD}).json()
        assert found["rule"]["root"]["filter"] == "membership_tier"
        said = late(api, found)
    app.close()
    assert (said["state"], said["problem"]["code"], said["merged"]) == ("failed", code, None)
    assert said["problem"]["ko"]


def test_no_personal_data_leaves_or_is_written_down(app: App, mina: Client, gemini: Gemini, tmp_path: Path) -> None:
    sentence = "홍길동님이 추천한 제주도에 눈독 들인 골드 이상"
    late(mina, mina.post("/interpret", {"sentence": sentence}).json())
    sent = json.dumps(gemini.seen[0].body, ensure_ascii=False)
    assert "눈독" in sent
    assert "홍길동" not in sent
    entries = trail(app)
    assert [entry.action for entry in entries[:3]] == ["interpret", "interpret.send", "interpret.model"]
    told = json.dumps([entry.detail for entry in entries], ensure_ascii=False)
    assert "눈독" not in told
    assert "홍길동" not in told
    assert entries[1].detail["masked"] == {"name": 1}
    assert len(entries[1].detail["digest"]) == 64
    assert entries[2].detail["tokens_in"] == 3100


def test_calls_are_budgeted_by_person_and_day_and_a_restart_forgives_none(tmp_path: Path, gemini: Gemini) -> None:
    folder = copied(tmp_path / "data")
    for expected in ("ready", "failed"):
        app = with_model(folder, gemini, model_calls_each=1)
        with asking(as_principal(app, Principal("mina", "Mina", frozenset({Role.MARKETER})))) as mina:
            said = late(mina, mina.post("/interpret", {"sentence": ODD}).json())
            assert said["state"] == expected
        app.close()
    assert said["problem"]["code"] == "budget"
    assert len(gemini.seen) == 1


def test_a_model_that_is_half_set_up_is_refused_at_the_start(tmp_path: Path, gemini: Gemini) -> None:
    folder = copied(tmp_path / "data")
    with pytest.raises(InputError, match="train"):
        with_model(folder, gemini, model_terms="")
    with pytest.raises(InputError, match="key"):
        with_model(folder, gemini, model_key_file=None)


# --- three rules become one ---------------------------------------------------------------------------------------------


def rule(*nodes: Any) -> Any:
    return rule_of(list(nodes))


def meant(found: Any) -> set[str]:
    from audience_builder.rule.canonical import node_key

    if found is None:
        return set()
    root = found.root
    return {node_key(node) for node in (root.children if root.type == "all" else [root])}


GOLD, WOMEN, JEJU_SEARCH, AGE = "tier >= gold", "gender in female", "search[region=jeju]", "age >= 30"


@pytest.mark.parametrize(
    ("shown", "now", "answer", "wanted"),
    [
        ([GOLD], [GOLD], [GOLD, WOMEN], [GOLD, WOMEN]),  # nobody did anything meanwhile
        ([GOLD], [GOLD, AGE], [GOLD, WOMEN], [GOLD, AGE, WOMEN]),  # both added
        ([GOLD, AGE], [AGE], [GOLD, AGE, WOMEN], [AGE, WOMEN]),  # what was removed by hand does not come back
        ([GOLD], [GOLD, WOMEN], [GOLD, WOMEN], [GOLD, WOMEN]),  # both added the same
        ([GOLD, AGE], [GOLD, AGE], [GOLD], [GOLD]),  # the sentence took something away
        ([GOLD, AGE], [GOLD, AGE, JEJU_SEARCH], [GOLD], [GOLD, JEJU_SEARCH]),
        ([], [AGE], [WOMEN], [AGE, WOMEN]),
        ([], [], [WOMEN], [WOMEN]),
        ([AGE], [AGE], [], [AGE]),  # nobody is left out by nothing: the last condition stays
    ],
)
def test_a_late_answer_is_joined_to_what_people_did(
    shown: list[str], now: list[str], answer: list[str], wanted: list[str]
) -> None:
    assert meant(merged(rule(*shown), rule(*now), rule(*answer)).rule) == meant(rule(*wanted))


def test_what_was_changed_by_hand_is_not_taken_away() -> None:
    shown = parse_rule({"version": 1, "root": {"type": "all", "children": [
        {"type": "condition", "id": "a", "filter": "age", "operator": ">=", "value": 30},
        {"type": "condition", "id": "b", "filter": "membership_tier", "operator": ">=", "value": "gold"}]}})  # fmt: skip
    now = parse_rule({"version": 1, "root": {"type": "all", "children": [
        {"type": "condition", "id": "a", "filter": "age", "operator": ">=", "value": 40},
        {"type": "condition", "id": "b", "filter": "membership_tier", "operator": ">=", "value": "gold"}]}})  # fmt: skip
    found = merged(shown, now, rule(GOLD))
    assert found.rule == now
    assert found.conflicts == ("a",)
