"""How the conditions of a sentence hang together: or binds tighter than and, and nobody is two ages at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from audience_builder.language.build import Meaning, Node

_ONE_VALUE: Final = ("age", "gender", "membership_tier", "life_stage")
"""Filters a person has one value of."""


def tree_of(meanings: Sequence[Meaning]) -> Node | None:
    """Clauses joined: or binds tighter than and; what is taken away is denied as a whole."""
    parts: list[Node] = []
    at = 0
    while at < len(meanings):
        kinds = _alike(meanings, at)
        if kinds:
            first, second = meanings[at : at + kinds], meanings[at + kinds : at + 2 * kinds]
            sides = [_group("all", [_node(meaning) for meaning in side]) for side in (first, second)]
            parts.append({"type": "any", "children": sides})
            at += 2 * kinds
            continue
        if at + 1 < len(meanings) and _is_one_denied(meanings[at], meanings[at + 1]):
            parts.append({"type": "not", "child": _group("all", [_node(meanings[at]), _undenied(meanings[at + 1])])})
            at += 2
            continue
        end = at + 1
        if meanings[at].clause.excluded:
            while (
                end < len(meanings)
                and meanings[end].clause.excluded
                and meanings[end].clause.unit == meanings[at].clause.unit
            ):
                end += 1
            parts.append({"type": "not", "child": _excluded(meanings[at:end])})
        else:
            while end < len(meanings) and _is_or(meanings[end - 1], meanings[end]):
                end += 1
            parts.append(_group("any", [_node(meaning) for meaning in meanings[at:end]]))
        at = end
    return _group("all", parts) if parts else None


def _is_one_denied(before: Meaning, meaning: Meaning) -> bool:
    """`30대 여성이 아니고`: one sort of people, denied as a whole."""
    of_people = before.clause.kind in ("age", "tier") and meaning.clause.kind == "gender"
    said = not (before.clause.has("not") or before.clause.excluded or meaning.clause.excluded)
    return of_people and said and not meaning.clause.joint and _node(meaning).get("operator") == "not_in"


def _undenied(meaning: Meaning) -> Node:
    node = _node(meaning)
    node["operator"] = "in"
    return node


def _alike(meanings: Sequence[Meaning], at: int) -> int:
    """`20대 여성 또는 30대 남성`: how many clauses stand on each side of an or between two people described alike."""
    for length in (3, 2):
        first, second = meanings[at : at + length], meanings[at + length : at + 2 * length]
        if len(second) < length or any(m.clause.excluded for m in (*first, *second)):
            continue
        if second[0].clause.joint != "or" and not any(map(_are_never_both, first, second)):
            continue
        together = not any(meaning.clause.joint for meaning in (*first[1:], *second[1:]))
        if together and [m.clause.kind for m in first] == [m.clause.kind for m in second]:
            return length
    return 0


def _is_or(before: Meaning, meaning: Meaning) -> bool:
    if meaning.clause.excluded:
        return False
    return meaning.clause.joint == "or" or _are_never_both(before, meaning)


def _are_never_both(one: Meaning, other: Meaning) -> bool:
    """`20대와 40대`, `골드와 VVIP`: nobody is both, so either is meant."""
    first, second = _node(one), _node(other)
    if first.get("filter") != second.get("filter") or first.get("filter") not in _ONE_VALUE:
        return False
    if first["filter"] == "age":
        ages = [node["value"] for node in (first, second) if node["operator"] == "between"]
        return len(ages) == 2 and (ages[0][1] < ages[1][0] or ages[1][1] < ages[0][0])
    kept = [_options(node) for node in (first, second)]
    return all(kept) and not kept[0] & kept[1]


def _options(node: Node) -> set[str]:
    if node["operator"] not in ("in", "="):
        return set()
    return set(node["value"]) if isinstance(node["value"], list) else {node["value"]}


def _excluded(meanings: Sequence[Meaning]) -> Node:
    listed = any(meaning.clause.joint in ("or", "list") for meaning in meanings[1:])
    return _group("any" if listed else "all", [_node(meaning) for meaning in meanings])


def _node(meaning: Meaning) -> Node:
    assert meaning.node is not None
    return meaning.node


def _group(kind: str, nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else {"type": kind, "children": nodes}


def numbered(root: Node) -> dict[str, Any]:
    """The tree with ids, given in place so that meanings keep pointing at their nodes."""
    counter = 0
    pending = [root]
    while pending:
        node = pending.pop(0)
        counter += 1
        node["id"] = f"n{counter}"
        pending += [node["child"]] if node["type"] == "not" else node.get("children", [])
    return {"version": 1, "root": root}
