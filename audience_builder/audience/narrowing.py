"""What limits an audience: each condition and group left out, and what remains of a group step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audience_builder.audience.guard import Number
from audience_builder.audience.many import Sizes, sizes
from audience_builder.engine.port import Engine
from audience_builder.rule.edit import without
from audience_builder.rule.tree import All, Condition, Node, Rule, children_of, walk


@dataclass(frozen=True, slots=True)
class Narrows:
    """One node: its own size, the rule's size without it, and (of a child of an `all`) what remains of those before it and it.

    `makes_zero` where nobody is in the rule, and its removal alone brings somebody in (or the node alone means nobody).
    """

    node: str
    alone: Number
    without: Number
    remaining: Number
    makes_zero: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Every node but the root (all of a rule that is one condition), in reading order."""

    total: Number
    base: Number
    as_of: datetime
    mart_version: int
    nodes: tuple[Narrows, ...]


def narrowing(engine: Engine, rule: Rule, *, as_of: datetime) -> Narrowing:
    """What each node of the rule costs it."""
    nodes = [node for node in walk(rule.root) if node is not rule.root or isinstance(node, Condition)]
    steps = _steps(rule.root)
    left_out = [without(rule, node.id) for node in nodes]
    asked: list[Node] = [rule.root, *nodes, *steps.values(), *(other.root for other in left_out if other)]
    found = sizes(engine, asked, as_of=as_of)
    total, counts = found.counts[0], list(found.counts[1:])
    alone = dict(zip((node.id for node in nodes), counts, strict=False))
    remaining = dict(zip(steps, counts[len(nodes) :], strict=False))
    rest = iter(counts[len(nodes) + len(steps) :])
    others = {node.id: found.base if other is None else next(rest) for node, other in zip(nodes, left_out, strict=True)}
    return _told(found, total, alone, others, remaining)


def _told(
    found: Sizes, total: int, alone: dict[str, int], others: dict[str, int], remaining: dict[str, int]
) -> Narrowing:
    nodes = tuple(
        Narrows(
            node=key,
            alone=size,
            without=others[key],
            remaining=remaining.get(key),
            makes_zero=total == 0 and (others[key] > 0 or size == 0),
        )
        for key, size in alone.items()
    )
    return Narrowing(total, found.base, found.as_of, found.mart_version, nodes)


def _steps(root: Node) -> dict[str, Node]:
    """For each child of an `all`, that group with the children up to it."""
    found: dict[str, Node] = {}
    for group in walk(root):
        if isinstance(group, All):
            for number, child in enumerate(children_of(group), 1):
                found[child.id] = group.model_copy(update={"children": group.children[:number]})
    return found
