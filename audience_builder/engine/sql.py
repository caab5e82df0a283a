"""A rule as one statement of SQL over the mart: plain, exact, and written the way the rule is meant.

The oracle the faster engines are held to, and how a warehouse answers. Reads `user_profile`, `behavior_daily`, `booking_now`,
`calendar` and, where a statement says so, `user_trait_at` (`sql_sheet.TRAIT_RELATION`). Trees only: nothing a marketer typed
reaches SQL, for keys have become codes and ids have become places before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlglot import exp
from sqlglot.expressions import column

from audience_builder.catalog.filter import Filter
from audience_builder.engine.asks import ask, cut_conditions
from audience_builder.engine.plan import Ask
from audience_builder.engine.sql_sheet import ANSWER, Sheet, sheet
from audience_builder.engine.sql_terms import either, every, known, number, total, when
from audience_builder.rule.tree import All, AnyOf, AtLeast, Condition, Node, Not, Rule, children_of, conditions, walk

MEMBER_RELATION: Final = "rule_member"
"""The members of the rule a facet splits, in a column `user_no`: whoever runs a statement of members provides it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A query, what its columns say in order, and whether it reads the traits of its day."""

    query: exp.Select
    columns: tuple[str, ...]
    reads_traits: bool


@dataclass(frozen=True, slots=True)
class CountStatement(Statement):
    """One row: how many everybody is, how many each node means (`columns`: its id), each share's threshold (`shares`: its id)."""

    shares: tuple[str, ...]


def count_statement(rule: Rule, as_of: datetime) -> CountStatement:
    """How many everybody is, how many each node means, and where each share begins."""
    asked = _sheet(rule, as_of)
    nodes = tuple(walk(rule.root))
    counts = [_how_many(_truth(node, asked)).as_(f"node_{place}") for place, node in enumerate(nodes, start=1)]
    shares = [found.as_(f"threshold_{place}") for place, found in enumerate(asked.thresholds.values(), start=1)]
    query = asked.select(exp.Count(this=exp.Star()).as_("base"), *counts, *shares)
    return CountStatement(query, tuple(node.id for node in nodes), asked.reads_traits, tuple(asked.thresholds))


def members_statement(rule: Rule, as_of: datetime) -> Statement:
    """The numbers of the rule's users, ascending."""
    asked = _sheet(rule, as_of)
    query = asked.select(column("user_no")).where(_truth(rule.root, asked)).order_by("user_no")
    return Statement(query, ("user_no",), asked.reads_traits)


def contains_statement(rule: Rule, user_no: int, as_of: datetime) -> Statement:
    """Whether each node is true of one user; no row where the user is not active."""
    asked = _sheet(rule, as_of)
    nodes = tuple(walk(rule.root))
    truths = (_truth(node, asked).as_(f"node_{place}") for place, node in enumerate(nodes, start=1))
    query = asked.select(*truths).where(exp.EQ(this=column("user_no"), expression=number(user_no)))
    return Statement(query, tuple(node.id for node in nodes), asked.reads_traits)


def facet_statement(asked: Filter, as_of: datetime, *, of_members: bool) -> Statement:
    """One row: for each cut of the filter how many of the members, then how many of everybody, fall on that line.

    Reads the members from `MEMBER_RELATION`; without them everybody is a member. `columns` are the keys of the cuts.
    """
    found = sheet({cut.key: ask(made, as_of) for cut, made in cut_conditions(asked)}, as_of)
    member = column("user_no", table=MEMBER_RELATION)
    counts: list[exp.Expr] = []
    for place, line in enumerate(found.truths.values(), start=1):
        of_whom = (line, known(member)) if of_members else (line,)
        counts += [_how_many(every(of_whom)).as_(f"count_{place}"), _how_many(line).as_(f"base_{place}")]
    query = found.select(*counts)
    if of_members:
        same_user = exp.EQ(this=column("user_no", table=MEMBER_RELATION), expression=column("user_no", table=ANSWER))
        query = query.join(exp.to_table(MEMBER_RELATION), on=same_user, join_type="left", copy=False)
    return Statement(query, tuple(found.truths), found.reads_traits)


def _asks(rule: Rule, as_of: datetime) -> dict[str, Ask]:
    return {condition.id: ask(condition, as_of) for condition in conditions(rule)}


def _sheet(rule: Rule, as_of: datetime) -> Sheet:
    return sheet(_asks(rule, as_of), as_of)


def _how_many(truth: exp.Expr) -> exp.Expr:
    return exp.Count(this=when(truth, number(1)))


def _truth(node: Node, asked: Sheet) -> exp.Expr:
    """A node as an expression over the sheet's columns, which are never NULL."""
    if isinstance(node, Condition):
        return asked.truths[node.id].copy()
    return NODES[type(node)](node, [_truth(child, asked) for child in children_of(node)])


def _at_least(node: AtLeast, children: Sequence[exp.Expr]) -> exp.Expr:
    return exp.GTE(this=total(when(child, number(1), number(0)) for child in children), expression=number(node.k))


NODES: Final[Mapping[type[Any], Callable[[Any, Sequence[exp.Expr]], exp.Expr]]] = {
    All: lambda _, children: every(children),
    AnyOf: lambda _, children: either(children),
    Not: lambda _, children: exp.not_(children[0]),
    AtLeast: _at_least,
}
"""What each kind of group makes of its children."""
