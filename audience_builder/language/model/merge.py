"""A late answer joined to a rule that people went on changing: what they did stays, and what collides is left to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audience_builder.errors import RuleError
from audience_builder.rule.canonical import node_key
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Node as RuleNode
from audience_builder.rule.tree import Rule

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """The rule of three: `added` and `removed` are the late answer's changes that fit, `conflicts` nodes it would have touched."""

    rule: Rule | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def merged(shown: Rule | None, now: Rule | None, late: Rule | None) -> Merged:
    """What `late` changed of the rule `shown` when it was asked, done to the rule there is `now`. Whoever changed it meanwhile wins.

    Top conditions are compared by what they mean: one removed by hand does not come back, one changed by hand stays as it is.
    """
    before, here, there = _tops(shown), _tops(now), _tops(late)
    added = {key: node for key, node in there.items() if key not in before}
    gone = {key: node for key, node in before.items() if key not in there}
    ids_here = {str(node["id"]): key for key, node in here.items()}
    touched = {str(node["id"]) for key, node in before.items() if key not in here}
    conflicts: list[str] = []
    kept = dict(here)
    for key, node in gone.items():
        if key in here:
            del kept[key]
        elif str(node["id"]) in ids_here:  # changed by hand: it is no longer what was to be removed
            conflicts.append(str(node["id"]))
    fresh: dict[str, Node] = {}
    for key, node in added.items():
        if str(node["id"]) in touched:  # the answer changes what was changed or removed by hand
            conflicts.append(str(node["id"]))
        elif key not in here:
            fresh[key] = node
    return _made(now, kept, fresh, here, conflicts)


def _made(
    now: Rule | None,
    kept: Mapping[str, Node],
    fresh: Mapping[str, Node],
    here: Mapping[str, Node],
    conflicts: list[str],
) -> Merged:
    taken = _ids(now)
    nodes = [*kept.values(), *(_own(node, taken) for node in fresh.values())]
    removed = tuple(str(node["id"]) for key, node in here.items() if key not in kept)
    if not nodes:  # the last condition is not taken away by a late answer: nobody would be meant any more
        return Merged(now, conflicts=(*conflicts, *removed))
    if not fresh and not removed:
        return Merged(now, conflicts=tuple(conflicts))
    try:
        rule = parse_rule({"version": 1, "root": _root(now, nodes)})
    except RuleError:
        return Merged(now, conflicts=(*conflicts, *(str(node["id"]) for node in fresh.values())))
    return Merged(rule, tuple(str(node["id"]) for node in nodes[len(kept) :]), removed, tuple(conflicts))


def _tops(rule: Rule | None) -> dict[str, Node]:
    """The conditions at the top of a rule by what they mean."""
    if rule is None:
        return {}
    root = to_json(rule)["root"]
    nodes: list[Node] = root["children"] if root["type"] == "all" else [root]
    return {_key(node): node for node in nodes}


def _key(node: Node) -> str:
    root: RuleNode = parse_rule({"version": 1, "root": node}).root
    return node_key(root)


def _root(now: Rule | None, nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    root = {} if now is None else to_json(now)["root"]
    named = {"id": root["id"]} if root.get("type") == "all" else {}
    return {"type": "all", **named, "children": nodes}


def _ids(rule: Rule | None) -> set[str]:
    if rule is None:
        return set()
    pending, found = [to_json(rule)["root"]], set[str]()
    while pending:
        node = pending.pop()
        found.add(str(node["id"]))
        pending += [node["child"]] if node["type"] == "not" else node.get("children", [])
    return found


def _own(node: Node, taken: set[str]) -> Node:
    """A node under ids nobody has yet."""
    number, name = 0, str(node["id"])
    while name in taken:
        number += 1
        name = f"late{number}"
    taken.add(name)
    made = {**node, "id": name}
    if "child" in node:
        made["child"] = _own(node["child"], taken)
    if "children" in node:
        made["children"] = [_own(child, taken) for child in node["children"]]
    return made
