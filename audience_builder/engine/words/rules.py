"""A rule on a sheet of words: a column of users each condition and each group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlglot import exp

from audience_builder.engine.words import logic
from audience_builder.engine.words.sheet import Sheet
from audience_builder.rule.tree import All, AnyOf, AtLeast, Condition, Node, Not, Rule, children_of, walk


def put_rule(rule: Rule, sheet: Sheet, base: exp.Column, truths: Mapping[str, exp.Column]) -> dict[str, exp.Column]:
    """Each node's column, by node id. `truths` has each condition's, by its id; all lie within `base`."""
    found: dict[str, exp.Column] = {}
    for node in reversed(tuple(walk(rule.root))):
        if isinstance(node, Condition):
            found[node.id] = truths[node.id]
        else:
            children = [found[child.id] for child in children_of(node)]
            found[node.id] = NODES[type(node)](node, children, sheet, base)
    return found


def _all(_: Node, children: Sequence[exp.Column], sheet: Sheet, __: exp.Column) -> exp.Column:
    return sheet.put(("all", *_names(children)), lambda: logic.every(children))


def _any(_: Node, children: Sequence[exp.Column], sheet: Sheet, __: exp.Column) -> exp.Column:
    return sheet.put(("any", *_names(children)), lambda: logic.either(children))


def _not(_: Node, children: Sequence[exp.Column], sheet: Sheet, base: exp.Column) -> exp.Column:
    return sheet.put(("not", *_names(children)), lambda: logic.every((base, logic.others(children[0]))))


def _at_least(node: AtLeast, children: Sequence[exp.Column], sheet: Sheet, base: exp.Column) -> exp.Column:
    levels = _reached(children, node.k, sheet)
    if node.k > len(levels):
        return sheet.put("nobody", lambda: logic.every((base, logic.others(base))))
    return levels[node.k - 1]


def _reached(children: Sequence[exp.Column], most: int, sheet: Sheet) -> list[exp.Column]:
    """Of how many children (1, 2 … at most `most`) users are in: of each half, then of both together."""
    if len(children) == 1:
        return [children[0]]
    half = len(children) // 2
    left, right = (_reached(part, most, sheet) for part in (children[:half], children[half:]))
    return [_together(left, right, number, sheet) for number in range(1, 1 + min(most, len(children)))]


def _together(left: Sequence[exp.Column], right: Sequence[exp.Column], number: int, sheet: Sheet) -> exp.Column:
    """Who is in so many: so many of the left ones, or of the right ones, or some of each that make so many."""
    alone = [side[number - 1] for side in (left, right) if number <= len(side)]
    pairs = [(of_left, number - of_left) for of_left in range(1, number)]
    both = [
        logic.every((left[one - 1], right[other - 1]))
        for one, other in pairs
        if one <= len(left) and other <= len(right)
    ]
    key = ("at_least", number, *_names(left), "and", *_names(right))
    return sheet.put(key, lambda: logic.either([*alone, *both]))


def _names(columns: Sequence[exp.Column]) -> tuple[str, ...]:
    return tuple(entry.name for entry in columns)


NODES: Final[Mapping[type[Any], Callable[[Any, Sequence[exp.Column], Sheet, exp.Column], exp.Column]]] = {
    All: _all,
    AnyOf: _any,
    Not: _not,
    AtLeast: _at_least,
}
"""What each kind of group makes of its children."""
