"""A task as one query over a wide table of tuned columns, for databases that speak SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlglot import exp
from sqlglot.expressions import column

from audience_builder.engine.words.sheet import Sheet, selected
from audience_builder.rule.tree import All, AtLeast, Condition, Node, Not, children_of
from bench.columns import Leaf, Test
from bench.rivals.port import Task

USERS = "users"
Counting = Callable[[exp.Expr], exp.Expr]
"""How a database counts the rows of which something is true."""


def every_node(task: Task, counting: Counting) -> exp.Select:
    """One row: how many each node means. What several nodes share is worked out once."""
    sheet = Sheet()
    found: dict[str, exp.Column] = {}
    for node in reversed(task.nodes):
        children = [found[child.id] for child in children_of(node)]
        found[node.id] = sheet.put(node.id, lambda node=node, children=children: _truth(node, children, task))
    outputs = {f"n{place}": counting(found[node.id].copy()) for place, node in enumerate(task.nodes)}
    return sheet.select(outputs, _from_users)


def root_only(task: Task) -> exp.Select:
    """One number: how many the rule means."""

    def truth(node: Node) -> exp.Expr:
        return exp.Paren(this=_truth(node, [truth(child) for child in children_of(node)], task))

    counted = selected([exp.Count(this=exp.Star())], exp.to_table(USERS))
    return counted.where(truth(task.rule.root), copy=False)


def _from_users(names: Iterable[str]) -> exp.Select:
    return selected([column(name) for name in names], exp.to_table(USERS))


def _truth(node: Node, children: Sequence[exp.Expr], task: Task) -> exp.Expr:
    if isinstance(node, Condition):
        return _leaf(task.leaves[node.id])
    if isinstance(node, Not):
        return exp.not_(children[0].copy())
    if isinstance(node, AtLeast):
        return exp.GTE(this=exp.Paren(this=_sum(children)), expression=_number(node.k))
    parts = [child.copy() for child in children]
    return exp.and_(*parts) if isinstance(node, All) else exp.or_(*parts)


def _sum(children: Sequence[exp.Expr]) -> exp.Expr:
    first, *others = (exp.Cast(this=child.copy(), to=_whole()) for child in children)
    total: exp.Expr = first
    for other in others:
        total = exp.Add(this=total, expression=other)
    return total


def _whole() -> exp.DataType:
    return exp.DataType(this=exp.DType.SMALLINT, nullable=False)


def _leaf(leaf: Leaf) -> exp.Expr:
    found = exp.and_(*(_test(test) for test in leaf.tests))
    return exp.not_(exp.Paren(this=found)) if leaf.negated else found


def _test(test: Test) -> exp.Expr:
    value = column(test.column)
    if test.shares:
        shared = [exp.NEQ(this=_bits(value, mask), expression=_number(0)) for mask in test.shares if mask]
        lacking = [exp.EQ(this=_bits(value, test.lacks), expression=_number(0))] if test.lacks else []
        return exp.Paren(this=exp.and_(*shared, *lacking)) if len(shared) == len(test.shares) else _never(test)
    singles = [low for low, high in test.ranges if low == high]
    if len(singles) > 2 and len(singles) == len(test.ranges):
        return exp.In(this=value, expressions=[_number(low) for low in singles])
    return (
        exp.Paren(this=exp.or_(*(_range(value, low, high) for low, high in test.ranges)))
        if test.ranges
        else _never(test)
    )


def _never(test: Test) -> exp.Expr:
    """Of nobody, but of a column, so that every database takes it for a truth."""
    return exp.LT(this=column(test.column), expression=_number(0))


def _range(value: exp.Expr, low: int, high: int) -> exp.Expr:
    if low == high:
        return exp.EQ(this=value.copy(), expression=_number(low))
    return exp.Between(this=value.copy(), low=_number(low), high=_number(high))


def _bits(value: exp.Expr, mask: int) -> exp.Expr:
    return exp.Paren(this=exp.BitwiseAnd(this=value.copy(), expression=_number(mask)))


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)
