"""The documentation is complete, current, and true of what is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audience_builder.api.http import bare_api
from audience_builder.rule.check import parse_rule
from tests.api.client import Client
from tests.audience.small import WOMEN, rule_json
from tools import openapi

DOCUMENT: dict[str, Any] = bare_api().openapi()
OPERATIONS = [
    pytest.param(operation, id=f"{method} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


def test_the_file_is_current() -> None:
    assert openapi.PLACE.read_text(encoding="utf-8") == openapi.text(), "run python -m tools.openapi"
    assert openapi.main(["--check"]) == 0


def test_what_is_served_is_what_is_written(api: Client) -> None:
    assert api.get("/openapi.json").json() == json.loads(openapi.text())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_says_what_it_does_and_how_it_fails(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["responses"]["default"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }


def test_every_reference_leads_somewhere() -> None:
    said = json.dumps(DOCUMENT)
    for name in {part.split('"')[0] for part in said.split("#/components/schemas/")[1:]}:
        assert name in DOCUMENT["components"]["schemas"]


def test_the_rules_of_the_examples_are_right() -> None:
    found = [
        example["rule"]
        for schema in DOCUMENT["components"]["schemas"].values()
        for example in schema.get("examples", [])
        if isinstance(example, dict) and "rule" in example
    ]
    assert len(found) >= 4
    for rule in found:
        parse_rule(rule)


def test_an_answer_has_the_fields_that_are_documented(api: Client) -> None:
    schema = DOCUMENT["components"]["schemas"]["CountAnswer"]
    answer = api.post("/count", rule_json(WOMEN)).json()
    assert set(answer) == set(schema["properties"])
    assert set(answer) == set(schema["examples"][0])
