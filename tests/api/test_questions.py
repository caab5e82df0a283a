"""Questions over HTTP: the answers of the engine, in the words of the API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from audience_builder.api import App
from audience_builder.api.examples import EXAMPLES
from audience_builder.rule.check import parse_rule
from tests.api.client import Client
from tests.audience.small import GOLD, NOW, SEEN, USERS, WOMEN, rule, rule_json

RULE = rule_json(WOMEN, GOLD)


def test_a_count_says_everything_there_is_to_know_of_it(api: Client, shared: App) -> None:
    answer = api.post("/count", RULE)
    found = answer.json()
    expected = shared.questions.count(shared.principal, rule(WOMEN, GOLD))
    assert answer.status_code == 200
    assert set(found) == {
        "count",
        "base",
        "as_of",
        "nodes",
        "thresholds",
        "elapsed_ms",
        "mart_version",
        "fresh_as_of",
        "below",
    }
    assert (found["count"], found["base"], found["nodes"]) == (expected.total, expected.base, expected.nodes)
    assert datetime.fromisoformat(found["as_of"]) == NOW
    assert found["elapsed_ms"] > 0


def test_a_rule_by_itself_and_one_with_a_moment_are_both_taken(api: Client) -> None:
    alone, wrapped = api.post("/count", RULE).json(), api.post("/count", {"rule": RULE}).json()
    assert alone["nodes"] == wrapped["nodes"]


def test_nodes_are_told_in_reading_order(api: Client) -> None:
    assert list(api.post("/count", RULE).json()["nodes"]) == ["root", "women", "gold"]


@pytest.mark.parametrize(
    ("as_of", "moment"),
    [
        ("2026-10-01", datetime(2026, 10, 1, 14, 59, 59, 999999, tzinfo=UTC)),
        ("2026-11-22", NOW),
        ("2026-10-01T09:00:00+09:00", datetime(2026, 10, 1, tzinfo=UTC)),
        ("2026-10-01T00:00:00Z", datetime(2026, 10, 1, tzinfo=UTC)),
        (None, NOW),
    ],
)
def test_a_moment_is_a_day_in_korea_or_a_time_with_its_zone(api: Client, as_of: str | None, moment: datetime) -> None:
    assert datetime.fromisoformat(api.post("/count", {"rule": RULE, "as_of": as_of}).json()["as_of"]) == moment


@pytest.mark.parametrize(
    "as_of",
    ["yesterday", "2026-10-01T00:00:00", "2026-13-01", "1812-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", ""],
)
def test_what_is_no_moment_is_refused(api: Client, as_of: str) -> None:
    answer = api.post("/count", {"rule": RULE, "as_of": as_of})
    assert (answer.status_code, answer.json()["code"]) == (400, "input_invalid")
    assert answer.json()["fix"]


def test_the_split_is_of_all_filters_or_of_those_named(api: Client) -> None:
    everything = api.post("/facets", RULE).json()["facets"]
    named = api.post("/facets", {"rule": RULE, "filters": ["gender"]}).json()["facets"]
    assert len(everything) == 32
    assert named == [facet for facet in everything if facet["filter"] == "gender"]
    assert set(named[0]["lines"][0]) == {"key", "ko", "en", "count", "base"}


def test_without_a_rule_the_split_is_of_everybody(api: Client) -> None:
    base = api.post("/count", RULE).json()["base"]
    (gender,) = api.post("/facets", {"filters": ["gender"]}).json()["facets"]
    assert sum(line["count"] for line in gender["lines"]) == base


def test_the_pages_of_a_cursor_are_about_one_moment_and_cover_everybody_once(api: Client) -> None:
    total = api.post("/count", RULE).json()["count"]
    page = api.post("/members", {"rule": RULE, "limit": 40}).json()
    found, as_of = list(page["user_ids"]), page["as_of"]
    while page["next"]:
        page = api.post("/members", {"rule": RULE, "limit": 40, "cursor": page["next"]}).json()
        assert page["as_of"] == as_of
        found += page["user_ids"]
    assert len(found) == len(set(found)) == total <= USERS


@pytest.mark.parametrize("cursor", ["x", "", "WzFd", "bnVsbA==", "WyJhIiwgImIiLCAxXQ==", "é"])
def test_a_cursor_that_is_none_of_ours_is_refused(api: Client, cursor: str) -> None:
    answer = api.post("/members", {"rule": RULE, "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "input_invalid")


def test_a_cursor_of_another_rule_is_refused(api: Client) -> None:
    cursor = api.post("/members", {"rule": RULE, "limit": 1}).json()["next"]
    answer = api.post("/members", {"rule": rule_json(WOMEN), "cursor": cursor})
    assert (answer.status_code, "another rule" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize("limit", [0, -1, 1001, "many", 1.5])
def test_a_page_of_an_impossible_size_is_refused(api: Client, limit: object) -> None:
    answer = api.post("/members", {"rule": RULE, "limit": limit})
    assert (answer.status_code, answer.json()["problems"][0]["pointer"]) == (422, "/limit")


def test_why_tells_each_verdict_and_value(api: Client) -> None:
    asked = rule_json(WOMEN, GOLD, SEEN)
    (user_id,) = api.post("/members", {"rule": rule_json(WOMEN, GOLD), "limit": 1}).json()["user_ids"]
    found = api.post("/why", {"rule": asked, "user_id": user_id}).json()
    assert found["active"] is True
    assert found["member"] is found["nodes"]["root"]["verdict"]
    assert found["nodes"]["root"] == {"verdict": found["member"]}
    assert found["nodes"]["women"] == {"verdict": True, "value": "female", "known": True, "unit": "option"}
    assert found["nodes"]["gold"]["value"] in ("gold", "vip", "vvip")
    assert found["nodes"]["seen"]["unit"] == "times"


def test_why_of_days_options_and_nothing(api: Client) -> None:
    asked = rule_json(
        {"type": "condition", "id": "days", "filter": "signup", "operator": ">=", "value": 0},
        {"type": "condition", "id": "channels", "filter": "marketing_consent", "operator": "known"},
        {"type": "condition", "id": "cycle", "filter": "payment_cycle", "operator": "unknown"},
        {"type": "condition", "id": "home", "filter": "activity_region", "operator": "known"},
        kind="any",
    )
    unknown = rule_json({"type": "condition", "id": "cycle", "filter": "payment_cycle", "operator": "unknown"})
    (user_id,) = api.post("/members", {"rule": unknown, "limit": 1}).json()["user_ids"]
    nodes = api.post("/why", {"rule": asked, "user_id": user_id}).json()["nodes"]
    assert datetime.fromisoformat(nodes["days"]["value"]).year <= 2026
    assert isinstance(nodes["channels"]["value"], list)
    assert nodes["cycle"] == {"verdict": True, "value": None, "known": False, "unit": "days"}
    assert nodes["home"]["value"] is None or isinstance(nodes["home"]["value"], str)


def test_why_of_an_unknown_id_is_not_found(api: Client) -> None:
    assert api.post("/why", {"rule": RULE, "user_id": "nobody"}).status_code == 404


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_every_example_is_right_and_can_be_counted(api: Client, example: object) -> None:
    asked = example.rule  # type: ignore[attr-defined]
    assert parse_rule(asked).root.id == asked["root"]["id"]
    assert api.post("/count", asked).status_code == 200


def test_validation_gives_ids_and_a_canonical_form(api: Client) -> None:
    anonymous = {"version": 1, "root": {key: value for key, value in WOMEN.items() if key != "id"}}
    found = api.post("/rule/validate", {"rule": anonymous}).json()
    assert found["valid"] is True
    assert found["rule"]["root"]["id"] == "n1"
    assert found["hash"] == api.post("/rule/validate", {"rule": rule_json(WOMEN)}).json()["hash"]


def test_validation_lists_every_problem_with_its_place(api: Client) -> None:
    wrong = rule_json({**WOMEN, "filter": "gendr"}, {**GOLD, "value": "golden"})
    found = api.post("/rule/validate", {"rule": wrong}).json()
    assert found["valid"] is False
    assert [entry["pointer"] for entry in found["problems"]] == ["/root/children/0/filter", "/root/children/1/value"]
    assert "gender" in found["problems"][0]["fix"]


def test_the_catalog_lists_all_filters_and_what_they_name(api: Client) -> None:
    found = api.get("/catalog").json()
    assert len(found["filters"]) == 32
    keys = {place["key"] for place in found["places"]}
    assert {"jeju", "seoul", "japan"} <= keys
    for asked in found["filters"]:
        for options in (asked["options"], *(entry["options"] for entry in asked["properties"])):
            assert options is None or options in found["options"]


def test_the_schema_is_a_json_schema_of_the_rule(api: Client) -> None:
    found = api.get("/rule/schema").json()
    assert found["$schema"].endswith("2020-12/schema")
    assert "Condition" in found["$defs"]


def test_freshness_and_health_say_what_is_served(api: Client) -> None:
    found = api.get("/freshness").json()
    assert (found["index"], found["index_version"], found["problem"]) == ("ready", found["mart_version"], "")
    assert api.get("/health/live").json() == {"status": "alive"}
    assert api.get("/health/ready").json() == {"status": "ready"}


def test_a_line_of_a_facet_says_the_condition_that_counts_it(api: Client) -> None:
    filters = {entry["key"]: entry for entry in api.get("/catalog").json()["filters"]}
    left = next(cut for cut in filters["cart"]["cuts"] if cut["key"] == "left")
    assert (left["operator"], left["value"], left["properties"]) == (">=", 1, {"left": True})


def test_the_catalog_travels_packed_where_that_is_understood(api: Client) -> None:
    packed, plain = (api.get("/catalog", headers={"Accept-Encoding": how}) for how in ("gzip", "identity"))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 4
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert {packed.headers["Vary"], plain.headers["Vary"]} == {"Accept-Encoding"}
