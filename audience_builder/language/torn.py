"""Clauses understood by half: where what decides them is left over they are not understood, rather than guessed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from audience_builder.language.build import Meaning, Node
from audience_builder.language.clause import Clause
from audience_builder.language.clause_kinds import EVENTS, OF_AGE
from audience_builder.language.item import Item

_DECIDES: Final = ("count", "money", "number", "percent", "not", "none", "never", "window", "within", "season")


_DENIES: Final = ("not", "none", "never")
_OF_PEOPLE: Final = (*OF_AGE, "age")


def is_torn(node: Node, clause: Clause, left: Sequence[Item]) -> bool:
    """Whether what decides a condition is left over: a second number or time, a denial, or another ending of its verb.

    Such a clause says more than one thing or something else; half of it would be a guess, and often the opposite.
    """
    kinds = _DENIES if clause.kind in _OF_PEOPLE else _DECIDES
    said_once_more = any(item.has(*kinds) and not item.has("only", "both", "per", "top") for item in left)
    one_amount = node.get("filter") == "average_order_value" and clause.has(
        "exist"
    )  # `1회 50만원 이상 결제한 적`: one payment, not the mean
    return said_once_more or one_amount


def drop_torn_words(meanings: Sequence[Meaning]) -> None:
    """`예약하려다`: what is done is not known where the rest of its verb is not."""
    for meaning, behind in pairwise(meanings):
        clause, first = meaning.clause, behind.clause.items[:1]
        if meaning.node is None or clause.kind not in EVENTS or clause.head is None or not first:
            continue
        if not behind.clause.kind and not first[0].readings and first[0].start == clause.head.end:
            meaning.node = None
