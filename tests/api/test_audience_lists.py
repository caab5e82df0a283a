"""Saved audiences at a glance over HTTP: lists, conflicts, copies, differences, sizes and overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from audience_builder.api import App
from tests.api.client import Client, asking
from tests.audience.small import GOLD, SEEN, WOMEN, copied, opened, rule_json

RULE, NARROWER = rule_json(WOMEN), rule_json(WOMEN, GOLD)
OLD = {"type": "condition", "id": "old", "filter": "age", "operator": ">=", "value": 40}
APP_USERS = {"type": "condition", "id": "app", "filter": "device_type", "operator": "in", "value": ["ios", "android"]}
FAR = {"type": "condition", "id": "far", "filter": "search_region", "operator": ">=", "value": 1,
       "properties": {"region": ["jeju"]}}  # fmt: skip


def saved(api: Client, name: str, rule: dict[str, Any] = RULE, **words: Any) -> dict[str, Any]:
    answer = api.post("/audiences", {"name": name, "rule": rule, **words})
    assert answer.status_code == 201
    return answer.json()


# --- lists ----------------------------------------------------------------------------------------------------------------


def test_a_list_shows_size_summary_and_the_last_days(own: Client) -> None:
    made = saved(own, "제주 여성", NARROWER, tags=["여름"])
    (found,) = own.get("/audiences").json()["audiences"]
    assert found["id"] == made["id"]
    assert found["size"] == own.post("/count", NARROWER).json()["count"]
    assert found["sizes"] == [{"day": "2026-11-22", "size": found["size"]}]
    assert found["is_current"] is True
    assert "여성" in found["summary_ko"]
    assert found["summary_en"]


def test_a_list_is_searched_sorted_and_paged(own: Client) -> None:
    for number, name in enumerate(("제주 골드", "강릉 가족", "부산 커플")):
        saved(own, name, tags=["여름"] if number else ["겨울"])

    def names(query: str) -> list[str]:
        return [entry["name"] for entry in own.get(f"/audiences?{query}").json()["audiences"]]

    assert names("sort=name") == ["강릉 가족", "부산 커플", "제주 골드"]
    assert names("sort=-name") == ["제주 골드", "부산 커플", "강릉 가족"]
    assert names("q=ㅈㅈ") == ["제주 골드"]
    assert names("q=커플") == ["부산 커플"]
    assert names("tag=겨울") == ["제주 골드"]
    assert names("owner=nobody") == []
    page = own.get("/audiences?sort=name&limit=2").json()
    assert (page["total"], len(page["audiences"])) == (3, 2)
    rest = own.get(f"/audiences?sort=name&limit=2&cursor={page['next']}").json()
    assert [entry["name"] for entry in rest["audiences"]] == ["제주 골드"]
    assert rest["next"] is None
    assert own.get("/audiences/tags").json() == {"tags": [{"tag": "겨울", "count": 1}, {"tag": "여름", "count": 2}]}


@pytest.mark.parametrize("sort", ["updated", "-created", "size", "owner"])
def test_every_order_can_be_paged(own: Client, sort: str) -> None:
    for number in range(5):
        saved(own, f"audience {number}")
    seen, cursor = [], ""
    while True:
        page = own.get(f"/audiences?sort={sort}&limit=2{cursor}").json()
        seen += [entry["id"] for entry in page["audiences"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=WyJhIl0=", "cursor=WyJuYW1lIiwgMSwgMl0=", "cursor=WyItdXBkYXRlZCIsICJ4IiwgImEiXQ=="]
)
def test_a_cursor_of_another_list_is_refused(own: Client, query: str) -> None:
    answer = own.get(f"/audiences?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "input_invalid")


@pytest.mark.parametrize("query", ["sort=colour", "limit=0", "limit=201", "archived=maybe", "colour=red"])
def test_a_list_that_cannot_be_is_refused(own: Client, query: str) -> None:
    assert own.get(f"/audiences?{query}").status_code == 422


# --- changes --------------------------------------------------------------------------------------------------------------


def test_an_audience_is_renamed_described_tagged_and_handed_over(own: Client) -> None:
    made = saved(own, "여성", description="d")
    wish = {"name": " 여성  고객 ", "tags": ["a", "a"], "owner": "mina"}
    found = own.request("PATCH", f"/audiences/{made['id']}", json=wish).json()
    assert (found["name"], found["tags"], found["owner"], found["description"]) == ("여성 고객", ["a"], "mina", "d")
    assert (found["version"], found["revision"]) == (1, 2)
    assert own.get("/audiences?q=고객").json()["total"] == 1
    saved(own, "골드")
    assert own.request("PATCH", f"/audiences/{made['id']}", json={"name": "골드"}).status_code == 409


def test_the_second_who_saves_sees_what_the_first_did_and_overwrites_nothing(own: Client) -> None:
    made = saved(own, "여성")
    own.put(f"/audiences/{made['id']}", {"rule": NARROWER, "expected_version": 1, "note": "골드만"})
    answer = own.put(f"/audiences/{made['id']}", {"rule": rule_json(WOMEN, SEEN), "expected_version": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    conflict = answer.json()["conflict"]
    assert (conflict["current"]["version"], conflict["current"]["versions"][0]["note"]) == (2, "골드만")
    assert conflict["base"]["version"] == 1
    assert [(change["kind"], change["node"]) for change in conflict["theirs"]] == [("added", "gold")]
    assert own.get(f"/audiences/{made['id']}").json()["version"] == 2


def test_a_revision_guards_every_change_as_etag_or_in_the_body(own: Client) -> None:
    made = own.post("/audiences", {"name": "여성", "rule": RULE})
    path, etag = f"/audiences/{made.json()['id']}", made.headers["etag"]
    assert etag == '"1"'
    renamed = own.request("PATCH", path, json={"name": "여성 고객"}, headers={"If-Match": etag})
    assert (renamed.status_code, renamed.headers["etag"]) == (200, '"2"')
    late = own.put(path, {"rule": NARROWER}, headers={"If-Match": etag})
    assert late.status_code == 409
    assert late.json()["conflict"]["current"]["name"] == "여성 고객"
    assert late.json()["conflict"]["base"] is None
    assert own.put(path, {"rule": NARROWER, "expected_revision": 1}).status_code == 409
    assert own.request("PATCH", path, json={"name": "x", "expected_revision": 1}).status_code == 409
    assert own.put(path, {"rule": NARROWER}, headers={"If-Match": '"2"'}).json()["version"] == 2
    assert own.put(path, {"rule": NARROWER}).status_code == 400
    assert own.put(path, {"rule": NARROWER}, headers={"If-Match": '"x"'}).status_code == 400


def test_a_copy_is_ones_own_under_a_free_name(own: Client) -> None:
    made = saved(own, "여성", NARROWER, tags=["a"], description="d")
    first = own.post(f"/audiences/{made['id']}/duplicate", {})
    second = own.post(f"/audiences/{made['id']}/duplicate", {}).json()
    third = own.post(f"/audiences/{made['id']}/duplicate", {"name": "다른 여성"}).json()
    assert (first.status_code, first.json()["name"]) == (201, "여성 사본")
    assert (second["name"], third["name"]) == ("여성 사본 2", "다른 여성")
    assert (third["version"], third["tags"], third["description"]) == (1, ["a"], "d")
    assert third["versions"][0]["rule"] == made["versions"][0]["rule"]
    assert own.post(f"/audiences/{made['id']}/duplicate", {"name": "여성"}).status_code == 409


def test_versions_differ_in_words_and_values(own: Client) -> None:
    made = saved(own, "여성")
    own.put(f"/audiences/{made['id']}", {"rule": NARROWER, "expected_version": 1})
    found = own.get(f"/audiences/{made['id']}/diff?before=1&after=2").json()["changes"]
    assert [(change["kind"], change["node"], change["path"]) for change in found] == [
        ("added", "gold", "/root/children/1")
    ]
    assert own.get(f"/audiences/{made['id']}/diff?before=1").json()["changes"] == found
    assert own.get(f"/audiences/{made['id']}/diff?before=2").json() == {"changes": []}
    assert own.get(f"/audiences/{made['id']}/diff?before=9").status_code == 400
    assert own.post("/rule/diff", {"before": RULE, "after": NARROWER}).json()["changes"] == found


# --- questions ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, dict[str, dict[str, Any]]]]:
    app: App = opened(copied(Path(tmp_path_factory.mktemp("six")) / "data"))
    rules = {each["id"]: rule_json(each) for each in (WOMEN, GOLD, SEEN, OLD, APP_USERS, FAR)}
    with asking(app) as api:
        yield api, {saved(api, key, rule)["id"]: rule for key, rule in rules.items()}
    app.close()


@pytest.mark.parametrize("some", [2, 3, 6])
def test_regions_of_an_overlap_add_up_and_each_has_a_rule_that_means_it(
    six: tuple[Client, dict[str, dict[str, Any]]], some: int
) -> None:
    api, rules = six
    chosen = list(rules)[:some]
    found = api.post("/audiences/overlap", {"audiences": chosen}).json()
    regions = {tuple(region["audiences"]): region for region in found["regions"]}
    assert set(regions) == {inside for size in range(1, some + 1) for inside in combinations(chosen, size)}
    assert len(regions) == 2**some - 1
    for key, compared in zip(chosen, found["audiences"], strict=True):
        inside = sum(region["count"] for each, region in regions.items() if key in each)
        assert compared["count"] == inside == api.post("/count", rules[key]).json()["count"]
    counts = api.post("/counts", {"rules": [region["rule"] for region in regions.values()]}).json()["counts"]
    assert counts == [region["count"] for region in regions.values()]
    assert found["union"] == sum(counts)


def test_an_overlap_without_rules_and_of_what_cannot_be_compared(six: tuple[Client, dict[str, dict[str, Any]]]) -> None:
    api, rules = six
    first, second = list(rules)[:2]
    found = api.post("/audiences/overlap", {"audiences": [first, second], "rules": False}).json()
    assert {region["rule"] for region in found["regions"]} == {None}
    assert api.post("/audiences/overlap", {"audiences": [first]}).status_code == 422
    assert api.post("/audiences/overlap", {"audiences": [first, "nobody"]}).status_code == 404


def test_a_region_too_large_for_a_rule_is_told_by_its_number_alone(own: Client) -> None:
    large = {"type": "any", "id": "any", "children": [{**OLD, "id": f"o{n}", "value": n} for n in range(1, 119)]}
    first, second = (saved(own, name, {"version": 1, "root": large})["id"] for name in ("a", "b"))
    found = own.post("/audiences/overlap", {"audiences": [first, second]}).json()
    assert [region["rule"] for region in found["regions"]] == [None, None, None]
    assert found["regions"][2]["count"] == found["union"]


def test_a_saved_audience_answers_what_its_rule_answers(six: tuple[Client, dict[str, dict[str, Any]]]) -> None:
    api, rules = six
    key, rule = next(iter(rules.items()))
    split = api.get(f"/audiences/{key}/facets?filters=age&filters=gender").json()["facets"]
    assert split == api.post("/facets", {"rule": rule, "filters": ["age", "gender"]}).json()["facets"]
    members = api.get(f"/audiences/{key}/members?limit=20").json()
    assert members["user_ids"] == api.post("/members", {"rule": rule, "limit": 20}).json()["user_ids"]
    following = api.get(f"/audiences/{key}/members?limit=20&cursor={members['next']}").json()
    assert not set(following["user_ids"]) & set(members["user_ids"])
    reach = api.get(f"/audiences/{key}/reach").json()
    assert reach["channels"] == api.post("/reach", {"rule": rule}).json()["channels"]


def test_sizes_are_told_day_by_day(own: Client) -> None:
    made = saved(own, "여성")
    (size,) = own.get(f"/audiences/{made['id']}/sizes").json()["sizes"]
    assert (size["day"], size["size"], size["version"]) == ("2026-11-22", made["size"], 1)
    assert own.get(f"/audiences/{made['id']}/sizes?days=0").status_code == 422
