"""Whatever is sent, the answer is right or a problem that says what to do: never a traceback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audience_builder.api import App
from audience_builder.api.guard import MOST_BYTES
from audience_builder.api.problem import STATUS
from audience_builder.errors import AudienceBuilderError
from tests.api.client import Client, asking
from tests.audience.small import GOLD, WOMEN, rule_json

JSON = {"Content-Type": "application/json"}


def problem(answer: httpx.Response) -> dict[str, Any]:
    """The problem in an answer, which must have the shape of one."""
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert {"type", "title", "status", "code", "detail", "fix"} <= set(found)
    assert found["status"] == answer.status_code
    assert found["type"] == f"urn:audience-builder:problem:{found['code']}"
    assert found["detail"]
    assert "Traceback" not in answer.text
    for entry in found.get("problems", []):
        assert set(entry) == {"pointer", "code", "detail", "fix"}
    return found


def kinds(kind: type[AudienceBuilderError]) -> set[type[AudienceBuilderError]]:
    return {kind}.union(*(kinds(each) for each in kind.__subclasses__()))


def test_every_kind_of_error_has_a_status() -> None:
    assert kinds(AudienceBuilderError) == set(STATUS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[[[",
        b"{",
        b'{"root": }',
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"NaN",
        b"nul",
        b'{"a":1}garbage',
        b'{"rule": "\\ud800"}',
    ],
)
def test_what_is_no_json_is_a_problem(api: Client, body: bytes) -> None:
    found = problem(api.request("POST", "/count", content=body, headers=JSON))
    assert found["status"] == 422


@pytest.mark.parametrize(
    "opening", [b"[", b'{"rule":', b'{"root":{"type":"not","child":'], ids=["list", "object", "rule"]
)
@pytest.mark.parametrize("levels", [2_000, 8_000, 1_000_000])
def test_json_nested_without_end_is_a_problem(api: Client, opening: bytes, levels: int) -> None:
    found = problem(api.request("POST", "/count", content=opening * levels, headers=JSON))
    assert found["status"] in (413, 422)


def test_a_rule_nested_too_deep_is_told_where(api: Client) -> None:
    node: dict[str, Any] = WOMEN
    for _ in range(500):
        node = {"type": "not", "child": node}
    found = problem(api.post("/count", {"version": 1, "root": node}))
    assert found["problems"][0]["code"] == "too_deep"


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 20_000_000])
def test_a_body_too_large_is_a_problem(api: Client, size: int) -> None:
    found = problem(api.request("POST", "/count", content=b" " * size, headers=JSON))
    assert (found["status"], found["code"]) == (413, "too_big")


def test_a_body_too_large_is_noticed_also_when_it_comes_in_pieces(api: Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            yield b" " * 1_000

    found = problem(api.request("POST", "/count", content=pieces(), headers=JSON))
    assert (found["status"], found["code"]) == (413, "too_big")


def test_the_largest_body_is_still_read(api: Client) -> None:
    body = b'{"rule": 1' + b" " * (MOST_BYTES - 11) + b"}"
    assert problem(api.request("POST", "/count", content=body, headers=JSON))["status"] == 422


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_only_json_is_taken(api: Client, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    found = problem(api.request("POST", "/count", content=b'{"root": {}}', headers=headers))
    assert found["status"] == 422
    assert "application/json" in found["problems"][0]["fix"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        (7, ""),
        ("rule", ""),
        (None, ""),
        ({}, "/rule"),
        ({"rule": 3}, "/rule"),
        ({"rule": rule_json(WOMEN), "colour": "red"}, "/colour"),
        ({"rule": rule_json(WOMEN), "as_of": 5}, "/as_of"),
        ({"rule": rule_json(WOMEN), "as_of": "x" * 41}, "/as_of"),
    ],
)
def test_a_body_of_the_wrong_shape_is_told_where(api: Client, body: object, pointer: str) -> None:
    found = problem(api.post("/count", body))
    assert (found["status"], found["code"]) == (422, "request_invalid")
    assert found["problems"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("change", "pointer", "fix"),
    [
        ({"filter": "gendr"}, "/root/children/0/filter", "gender"),
        ({"value": ["femail"]}, "/root/children/0/value", "female"),
        ({"operator": ">="}, "/root/children/0/operator", "in"),
        ({"colour": "red"}, "/root/children/0/colour", "remove"),
        ({"properties": {"regoin": ["jeju"]}}, "/root/children/0/properties/regoin", ""),
        ({"type": "audience"}, "/root/children/0/type", "leave it out"),
    ],
)
def test_a_wrong_rule_is_told_where_and_what_was_probably_meant(
    api: Client, change: dict[str, Any], pointer: str, fix: str
) -> None:
    found = problem(api.post("/count", rule_json({**WOMEN, **change})))
    assert (found["status"], found["code"]) == (422, "rule_invalid")
    assert found["problems"][0]["pointer"] == pointer
    assert fix in found["problems"][0]["fix"]


def test_all_problems_of_a_rule_are_told_at_once(api: Client) -> None:
    found = problem(api.post("/count", rule_json({**WOMEN, "filter": "gendr"}, {**GOLD, "value": "golden"})))
    assert len(found["problems"]) == 2
    assert "and 1 more" in found["detail"]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["rule", "root", "type", "children", "child", "filter", "value", "id", "k", "window"]),
            inner,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("path", ["/count", "/facets", "/members", "/why", "/rule/validate", "/audiences", "/exports"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ANYTHING)
def test_no_json_whatsoever_breaks_an_endpoint(api: Client, path: str, body: object) -> None:
    answer = api.post(path, body)
    assert answer.status_code in (200, 201, 202, 400, 404, 422)
    if answer.status_code >= 400:
        problem(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/v2/count", 404),
        ("GET", "/count", 405),
        ("DELETE", "/audiences/a", 405),
        ("GET", "/audiences/nobody", 404),
        ("GET", "/exports/nothing", 404),
        ("GET", "/exports/nothing/file", 404),
        ("GET", "/audiences?archived=perhaps", 422),
        ("GET", "/exports/nothing?wait=forever", 422),
    ],
)
def test_what_is_not_there_is_a_problem_too(api: Client, method: str, path: str, status: int) -> None:
    assert problem(api.request(method, path))["status"] == status


def test_a_mistake_of_ours_is_told_without_a_traceback(shared: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Callable[[], None]:
        raise ZeroDivisionError("secret /path")

    monkeypatch.setattr("audience_builder.audience.questions.Questions.count", fail)
    with asking(shared) as client:
        answer = client.post("/count", rule_json(WOMEN))
    found = problem(answer)
    assert (found["status"], found["code"]) == (500, "unexpected")
    assert "secret" not in answer.text
