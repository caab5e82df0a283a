"""From bytes to a rule: every way a rule can be wrong gets a place, a code, a sentence and a fix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import orjson
from pydantic import ValidationError

from audience_builder.catalog.operator import WindowKind
from audience_builder.errors import Problem, RuleError
from audience_builder.rule.check_condition import condition_problems, did_you_mean
from audience_builder.rule.tree import (
    MAX_BYTES,
    MAX_CONDITIONS,
    MAX_DEPTH,
    AtLeast,
    Condition,
    Node,
    Not,
    Rule,
    children_of,
)

RESERVED = {
    "audience": "a saved audience inside a rule",
    "list": "an uploaded list of ids",
    "sequence": "one event after another",
}
"""Node types that version 1 keeps the names of: `notyet`, for nothing stores or orders them yet."""

_TYPES = ("condition", "all", "any", "not", "at_least")
_GROUPS = ("all", "any", "at_least")


def parse_rule(data: bytes | str | dict[str, Any]) -> Rule:
    """The rule in `data` (JSON, or already decoded), checked against the catalog; nodes without an id get one.

    Raises RuleError with every problem found.
    """
    raw = _decoded(data)
    _raise_if(list(_shape_problems(raw)))
    _give_ids(raw["root"])
    rule = _validated(raw)
    _raise_if([*_id_problems(rule), *_meaning_problems(rule.root, "/root")])
    return rule


def to_json(rule: Rule) -> dict[str, Any]:
    """The rule as JSON writes it, ids included; `parse_rule` of it gives the same rule."""
    return rule.model_dump(mode="json", exclude_none=True, exclude_defaults=False)


def rule_schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a rule. The catalog says which words go together."""
    schema = Rule.model_json_schema()
    for node in schema["$defs"].values():
        # Whoever writes a node may leave its id out: `parse_rule` gives one.
        node["required"] = [name for name in node.get("required", []) if name != "id"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Audience rule, version 1", **schema}


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise RuleError(tuple(problems))


# --- bytes ----------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes | str | dict[str, Any]) -> dict[str, Any]:
    if not isinstance(data, dict):
        encoded = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        if len(encoded) > MAX_BYTES:
            _fail("", "too_big", f"the rule has {len(encoded):,} bytes; at most {MAX_BYTES:,} are read", "split it up")
        try:
            data = orjson.loads(encoded)
        except orjson.JSONDecodeError as error:
            _fail("", "json_invalid", f"this is no JSON: {error}", "check brackets, commas and quotes")
    if not isinstance(data, dict):
        _fail("", "shape", "a rule is an object with version and root", 'write {"version": 1, "root": {…}}')
    raw = cast(dict[str, Any], data)
    return {**raw, "root": _copied(raw["root"])} if "root" in raw else raw


def _fail(pointer: str, code: str, message: str, fix: str) -> None:
    raise RuleError((Problem(pointer, code, message, fix),))


def _copied(node: Any) -> Any:
    """A copy of the nodes (not of what they hold), so that giving ids changes nobody else's data."""
    if not isinstance(node, dict):
        return node
    copy = cast(dict[str, Any], dict(node))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(copy.get("children"), list):
        copy["children"] = list(copy["children"])
    return copy


# --- shape ----------------------------------------------------------------------------------------------------------------


def _shape_problems(raw: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong before any word is looked up: depth, number and type of nodes. Walks without recursion."""
    if "root" not in raw:
        yield Problem(
            "/root", "root_missing", "the rule has no root", "an empty rule would be everyone; add a condition"
        )
        return
    counted = 0
    pending: list[tuple[Any, str, int]] = [(raw["root"], "/root", 1)]
    while pending:
        node, pointer, depth = pending.pop()
        problem = _node_problem(node, pointer, depth)
        if problem:
            yield problem
            continue
        counted += node["type"] == "condition"
        if counted > MAX_CONDITIONS:
            yield Problem(
                pointer, "too_many_conditions", f"more than {MAX_CONDITIONS} conditions", "save a part as an audience"
            )
            return
        pending.extend(_raw_children(node, pointer, depth))


def _raw_children(node: dict[str, Any], pointer: str, depth: int) -> list[tuple[Any, str, int]]:
    """The node's children, copied into it, with their places; last first, for a stack."""
    if node["type"] == "not":
        node["child"] = _copied(node["child"])
        return [(node["child"], f"{pointer}/child", depth + 1)]
    if node["type"] in _GROUPS:
        node["children"] = [_copied(child) for child in node["children"]]
        return [(child, f"{pointer}/children/{i}", depth + 1) for i, child in enumerate(node["children"])][::-1]
    return []


def _node_problem(node: Any, pointer: str, depth: int) -> Problem | None:
    if depth > MAX_DEPTH:
        return Problem(pointer, "too_deep", f"nested deeper than {MAX_DEPTH}", "flatten groups of the same kind")
    if not isinstance(node, dict):
        return Problem(pointer, "shape", "a node is an object with a type", f"one of {', '.join(_TYPES)}")
    kind = str(cast(dict[str, Any], node).get("type"))
    if kind in RESERVED:
        return Problem(
            f"{pointer}/type", "notyet", f"{kind} ({RESERVED[kind]}) is reserved and not there yet", "leave it out"
        )
    if kind not in _TYPES:
        return Problem(f"{pointer}/type", "unknown_type", f"no node type {kind!r:.60}", did_you_mean(kind, _TYPES))
    if kind in _GROUPS and not (isinstance(node.get("children"), list) and node["children"]):
        return Problem(
            f"{pointer}/children",
            "empty_group",
            "a group has at least one child",
            "add a condition or remove the group",
        )
    if kind == "not" and "child" not in node:
        return Problem(f"{pointer}/child", "empty_group", "not has one child", "add what is excluded")
    return None


def _give_ids(root: dict[str, Any]) -> None:
    nodes = list(_raw_walk(root))
    taken = {str(node["id"]) for node in nodes if "id" in node}
    number = 0
    for node in nodes:
        while "id" not in node:
            number += 1
            if f"n{number}" not in taken:
                node["id"] = f"n{number}"


def _raw_walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    below: list[dict[str, Any]] = [node["child"]] if node["type"] == "not" else node.get("children", [])
    for child in below if node["type"] != "condition" else []:
        yield from _raw_walk(child)


# --- words ----------------------------------------------------------------------------------------------------------------


def _validated(raw: dict[str, Any]) -> Rule:
    try:
        return Rule.model_validate(raw)
    except ValidationError as error:
        found = [
            (_pointer(entry["loc"], raw), entry)
            for entry in error.errors(include_url=False, include_context=False, include_input=False)
        ]
    # A group whose child is wrong is also told to be too short: that is no news.
    told = [
        (pointer, entry)
        for pointer, entry in found
        if not any(other != pointer and other.startswith(f"{pointer}/") for other, _ in found)
    ]
    raise RuleError(tuple(_from_pydantic(pointer, entry) for pointer, entry in told))


_CODES = {
    "extra_forbidden": ("unknown_field", "remove it"),
    "missing": ("missing", "add it"),
    "greater_than_equal": ("value_range", "a number in that range"),
    "less_than_equal": ("value_range", "a number in that range"),
    "string_pattern_mismatch": ("value_type", "letters, digits, - and _, at most 40"),
}


def _from_pydantic(pointer: str, entry: Any) -> Problem:
    code, fix = _CODES.get(str(entry["type"]), ("value_type", "GET /api/v1/rule/schema says what may stand here"))
    return Problem(pointer, code, str(entry["msg"])[:200], fix)


def _pointer(location: tuple[int | str, ...], raw: Any) -> str:
    """A JSON pointer from where pydantic stood; its names for alternatives are no part of the document and fall out."""
    steps: list[str] = []
    document: Any = raw
    for step in location:
        inside = (
            isinstance(step, int) if isinstance(document, list) else isinstance(document, dict) and step in document
        )
        if inside:
            document = cast(Any, document)[step]
        if inside or (step == location[-1] and isinstance(document, dict) and step not in _ALTERNATIVES):
            steps.append(str(step).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{step}" for step in steps)


_ALTERNATIVES = frozenset({"window", "range", "stay", "flag", *_TYPES, *WindowKind})


def _id_problems(rule: Rule) -> Iterator[Problem]:
    seen: set[str] = set()
    for node, pointer in placed(rule.root, "/root"):
        if node.id in seen:
            yield Problem(
                f"{pointer}/id", "duplicate_id", f"two nodes are called {node.id}", "give each node its own id, or none"
            )
        seen.add(node.id)


def placed(node: Node, pointer: str) -> Iterator[tuple[Node, str]]:
    """The node and everything below it, each with where it stands (JSON pointer); parents first."""
    yield node, pointer
    for index, child in enumerate(children_of(node)):
        yield from placed(child, f"{pointer}/child" if isinstance(node, Not) else f"{pointer}/children/{index}")


def _meaning_problems(root: Node, pointer: str) -> Iterator[Problem]:
    for node, place in placed(root, pointer):
        if isinstance(node, Condition):
            yield from condition_problems(node, place)
        elif isinstance(node, AtLeast) and node.k > len(node.children):
            message = f"at least {node.k} of {len(node.children)} can never be"
            yield Problem(f"{place}/k", "k_too_big", message, f"a number from 1 to {len(node.children)}")
