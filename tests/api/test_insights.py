"""What helps to build a rule: every number is the one that counting that very rule gives."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from audience_builder.api import App
from audience_builder.audience.relax import KINDS, relaxations
from audience_builder.catalog import FILTERS
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.edit import without
from tests.api.client import Client
from tests.api.served import live, served
from tests.audience.small import GOLD, NOW, SEEN, WOMEN, rule_json
from tests.laws.rules import rule as generated

RULE = rule_json(WOMEN, GOLD, SEEN)
NOBODY = rule_json(
    {"type": "condition", "id": "jeju", "filter": "search_region", "operator": ">=", "value": 900,
     "properties": {"region": ["jeju"]}, "window": {"type": "last", "n": 7}},
    WOMEN,
)  # fmt: skip


def counted(api: Client, rule: dict[str, Any] | None) -> int:
    return api.get("/base").json()["base"] if rule is None else api.post("/count", rule).json()["count"]


def test_many_rules_are_counted_as_each_alone(api: Client) -> None:
    rules = [RULE, rule_json(WOMEN), NOBODY, RULE]
    found = api.post("/counts", {"rules": rules}).json()
    assert found["counts"] == [counted(api, rule) for rule in rules]
    assert found["base"] == api.post("/count", RULE).json()["base"]


def test_as_many_rules_as_are_allowed_are_counted_at_once(api: Client) -> None:
    rules = [to_json(generated(Random(seed), most=6)) for seed in range(100)]
    assert api.post("/counts", {"rules": rules}).json()["counts"] == [counted(api, rule) for rule in rules]
    assert api.post("/counts", {"rules": [*rules, RULE]}).status_code == 422
    assert api.post("/counts", {"rules": []}).status_code == 422


@pytest.mark.parametrize("seed", range(30))
def test_each_node_is_told_alone_and_left_out(api: Client, seed: int) -> None:
    asked = generated(Random(seed), most=8)
    found = api.post("/narrowing", to_json(asked)).json()
    nodes = api.post("/count", to_json(asked)).json()["nodes"]
    assert found["count"] == nodes[asked.root.id]
    for node in found["nodes"]:
        other = without(asked, node["node"])
        assert node["alone"] == nodes[node["node"]]
        assert node["without"] == counted(api, None if other is None else to_json(other))


def test_what_remains_is_told_step_by_step(api: Client) -> None:
    found = {node["node"]: node for node in api.post("/narrowing", RULE).json()["nodes"]}
    steps = [[WOMEN], [WOMEN, GOLD], [WOMEN, GOLD, SEEN]]
    remaining = [found[key]["remaining"] for key in ("women", "gold", "seen")]
    assert remaining == [counted(api, rule_json(*step)) for step in steps]
    assert api.post("/narrowing", rule_json(WOMEN, GOLD, kind="any")).json()["nodes"][0]["remaining"] is None


def test_a_rule_of_nobody_names_what_makes_it_so(api: Client) -> None:
    found = api.post("/narrowing", NOBODY).json()
    assert (found["count"], found["first_zero"]) == (0, "jeju")
    assert {node["node"]: node["makes_zero"] for node in found["nodes"]} == {"jeju": True, "women": False}


def test_gentler_forms_mean_more_users_and_are_told_with_a_rule_that_gives_their_count(api: Client) -> None:
    found = api.post("/relax", NOBODY).json()
    assert found["count"] == 0
    assert found["relaxations"]
    kinds = [entry["kind"] for entry in found["relaxations"]]
    assert kinds == sorted(kinds, key=KINDS.index)
    for entry in found["relaxations"]:
        assert entry["count"] == counted(api, entry["rule"]) > 0
        assert entry["ko"]
        assert entry["en"]


def test_the_forms_of_a_condition_are_wider_windows_lower_thresholds_and_the_next_region_up() -> None:
    asked = rule_json(
        {"type": "condition", "id": "near", "filter": "search_region", "operator": ">=", "value": 4,
         "properties": {"region": ["gangneung"], "theme": ["spa"]}, "window": {"type": "last", "n": 14}},
        GOLD,
    )  # fmt: skip
    said = {(way.node, way.kind): [] for way in relaxations(parse_rule(asked))}
    for way in relaxations(parse_rule(asked)):
        said[way.node, way.kind].append(way.ko)
    assert said == {
        ("near", "region"): ["지역을 강원까지 넓히기"],
        ("near", "window"): ["기간을 최근 30일로", "기간을 최근 60일로", "기간을 최근 7일로", "기간을 전체로"],
        ("near", "threshold"): ["기준을 2(으)로", "기준을 1(으)로"],
        ("near", "property"): ["'지역' 한정을 빼기", "'테마' 한정을 빼기"],
        ("near", "remove"): ["'지역 검색' 조건을 빼기"],
        ("gold", "threshold"): ["기준을 실버(으)로"],
        ("gold", "remove"): ["'멤버십·혜택' 조건을 빼기"],
    }


@pytest.mark.parametrize("seed", range(60))
def test_every_gentler_form_is_a_right_rule(seed: int) -> None:
    for way in relaxations(generated(Random(seed), most=6)):
        if way.rule is not None:
            assert parse_rule(to_json(way.rule)) == way.rule


def test_reach_is_consent_by_channel_with_and_without_the_night(api: Client) -> None:
    found = api.post("/reach", {"rule": RULE}).json()
    assert [channel["channel"] for channel in found["channels"]] == ["push", "email", "sms", "kakao"]

    def consented(*channels: str, **night: bool) -> int:
        asked = {"type": "condition", "id": "c", "filter": "marketing_consent", "operator": "in",
                 "value": list(channels), "properties": night}  # fmt: skip
        return counted(api, rule_json(WOMEN, GOLD, SEEN, asked))

    for channel in found["channels"]:
        key = channel["channel"]
        assert channel["consented"] == consented(key)
        assert channel["needs_night_consent"] is (key != "email")
        assert channel["night"] == (consented(key, night=True) if key != "email" else channel["consented"])
    assert found["any"] == consented("push", "email", "sms", "kakao")
    assert found["count"] == found["any"] + found["none"] == counted(api, RULE)


def test_without_a_rule_reach_is_that_of_everybody(api: Client) -> None:
    found = api.post("/reach", {}).json()
    assert found["count"] == found["base"] == counted(api, None)


def test_coverage_tells_of_every_filter_how_many_it_knows(api: Client) -> None:
    found = api.get("/coverage").json()
    assert [entry["filter"] for entry in found["filters"]] == [asked.key for asked in FILTERS]
    for entry in found["filters"]:
        known = rule_json({"type": "condition", "id": "k", "filter": entry["filter"], "operator": "known"})
        assert entry["known"] == counted(api, known)
        assert entry["some"] <= entry["known"] <= found["base"]
    split = {facet["filter"]: facet["lines"] for facet in api.post("/facets", {}).json()["facets"]}
    assert {entry["filter"]: entry["lines"] for entry in found["filters"]} == split


def test_sampled_members_are_members_and_say_why(api: Client) -> None:
    asked = rule_json(WOMEN, GOLD)
    found = api.post("/sample", {"rule": asked, "n": 7}).json()["members"]
    members = api.post("/members", {"rule": asked, "limit": 1000}).json()["user_ids"]
    chosen = [member["user_id"] for member in found]
    assert len(set(chosen)) == 7
    assert set(chosen) <= set(members)
    assert chosen == sorted(chosen, key=members.index)
    for member in found:
        why = api.post("/why", {"rule": asked, "user_id": member["user_id"], "as_of": NOW.isoformat()}).json()
        assert member["member"] is True
        assert member["nodes"] == why["nodes"]
    assert api.post("/sample", {"rule": asked, "n": 7}).json()["members"] == found


def test_of_few_members_all_are_sampled_and_of_nobody_none(api: Client) -> None:
    assert api.post("/sample", {"rule": NOBODY}).json()["members"] == []
    (one,) = api.post("/members", {"rule": rule_json(WOMEN), "limit": 1}).json()["user_ids"]
    assert one
    assert api.post("/sample", {"rule": NOBODY, "n": 21}).status_code == 422


def test_windows_are_told_as_days_of_korea(api: Client) -> None:
    windows = [
        {"type": "last", "n": 14},
        {"type": "named", "name": "chuseok", "year": 2026},
        {"type": "ever"},
        {"type": "days", "start": 3, "end": 3},
    ]
    found = api.post("/windows", {"windows": windows}).json()
    assert found == {
        "day": "2026-11-22",
        "windows": [
            [{"start": "2026-11-09", "end": "2026-11-22"}],
            [{"start": "2026-09-24", "end": "2026-09-27"}],
            [{"start": None, "end": "2026-11-22"}],
            [{"start": "2026-11-25", "end": "2026-11-25"}],
        ],
    }
    unknown = api.post("/windows", {"windows": [{"type": "named", "name": "nonsense"}]})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "input_invalid")


def test_reach_and_narrowing_come_live_too(api: Client, shared: App) -> None:
    with served(shared) as port, live(port) as client:
        client.ask("d", 1, RULE, "total", "channels", "narrowing")
        reach, narrowing = client.hear_of("channels")["reach"], client.hear_of("narrowing")["narrowing"]
    posted = (api.post("/reach", {"rule": RULE}).json(), api.post("/narrowing", RULE).json())
    for said, answer in zip((reach, narrowing), posted, strict=True):
        assert {**said, "elapsed_ms": 0} == {**answer, "elapsed_ms": 0}
