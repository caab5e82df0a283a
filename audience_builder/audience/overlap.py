"""How audiences overlap: the users in some of them and in none of the others, for every choice of some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from audience_builder.audience.guard import Number
from audience_builder.audience.many import sizes
from audience_builder.engine.port import Engine
from audience_builder.rule.edit import fits, joined
from audience_builder.rule.tree import AnyOf, Node, Not, Rule

MOST = 6
"""How many audiences can be compared: six have 63 regions."""


@dataclass(frozen=True, slots=True)
class Region:
    """The users who are in exactly these (places in the list that was asked). `rule` means them; None where it grows too large."""

    inside: tuple[int, ...]
    count: Number
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """The size of each audience, of all together, and of every region; regions add up to `union`."""

    sizes: tuple[Number, ...]
    union: Number
    base: Number
    as_of: datetime
    mart_version: int
    regions: tuple[Region, ...]


def overlap(engine: Engine, rules: Sequence[Rule], *, as_of: datetime) -> Overlap:
    """Every region of the rules' users, worked out in one pass over their sets."""
    roots = [rule.root for rule in rules]
    places = range(len(roots))
    choices = [inside for some in range(1, len(roots) + 1) for inside in combinations(places, some)]
    nodes = [_region(roots, inside) for inside in choices]
    found = sizes(engine, [*roots, *nodes], as_of=as_of)
    counts = found.counts[len(roots) :]
    regions = tuple(
        Region(inside, count, Rule(root=node) if fits(node) else None)
        for inside, count, node in zip(choices, counts, nodes, strict=True)
    )
    return Overlap(found.counts[: len(roots)], sum(counts), found.base, found.as_of, found.mart_version, regions)


def _region(roots: Sequence[Node], inside: Sequence[int]) -> Node:
    others = [root for place, root in enumerate(roots) if place not in inside]
    parts = [roots[place] for place in inside]
    if others:
        out = others[0] if len(others) == 1 else AnyOf(id="out", children=tuple(others))
        parts.append(Not(id="not", child=out))
    return joined(parts)
