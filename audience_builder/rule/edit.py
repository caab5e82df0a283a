"""Rules made from rules: a node left out, replaced or put together with others. Nothing here changes what it is given."""

from __future__ import annotations

from collections.abc import Iterable

from audience_builder.rule.tree import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    All,
    AtLeast,
    Condition,
    Node,
    Not,
    Rule,
    children_of,
    walk,
)


def without(rule: Rule, node_id: str) -> Rule | None:
    """The rule without a node, and without the groups that were empty then; None where nothing is left (everybody)."""
    root = _edited(rule.root, node_id, None)
    return None if root is None else Rule(root=root)


def replaced(rule: Rule, node_id: str, node: Node) -> Rule:
    """The rule with another node in that one's place."""
    root = _edited(rule.root, node_id, node)
    return rule if root is None else Rule(root=root)


def _edited(node: Node, node_id: str, new: Node | None) -> Node | None:
    if node.id == node_id:
        return new
    if isinstance(node, Condition):
        return node
    if isinstance(node, Not):
        child = _edited(node.child, node_id, new)
        return None if child is None else node.model_copy(update={"child": child})
    edited = [_edited(child, node_id, new) for child in node.children]
    children = tuple(child for child in edited if child is not None)
    if not children:
        return None
    changed: dict[str, object] = {"children": children}
    if isinstance(node, AtLeast):
        changed["k"] = min(node.k, len(children))
    return node.model_copy(update=changed)


def renamed(node: Node, prefix: str) -> Node:
    """The same node with ids that begin with `prefix`, unlike those of any other prefix; its own id is the prefix."""
    if isinstance(node, Condition):
        return node.model_copy(update={"id": prefix})
    children = tuple(renamed(child, f"{prefix}_{number}") for number, child in enumerate(children_of(node)))
    parts: dict[str, object] = {"child": children[0]} if isinstance(node, Not) else {"children": children}
    return node.model_copy(update={"id": prefix, **parts})


def joined(nodes: Iterable[Node]) -> Node:
    """Everyone of whom all of the nodes are true, with fresh ids."""
    parts = tuple(renamed(node, f"a{number}") for number, node in enumerate(nodes))
    return parts[0] if len(parts) == 1 else All(id="a", children=parts)


def fits(node: Node) -> bool:
    """Whether a rule of this node is small enough to be one."""
    counted = sum(isinstance(part, Condition) for part in walk(node))
    return counted <= MAX_CONDITIONS and _depth(node) <= MAX_DEPTH


def _depth(node: Node) -> int:
    return 1 + max((_depth(child) for child in children_of(node)), default=0)
