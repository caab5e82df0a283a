"""Clauses understood by half: where what decides them is left over they are not understood, rather than guessed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from audience_builder.language.build import Meaning, Node
from audience_builder.language.clause import Clause
from audience_builder.language.clause_kinds import EVENTS, OF_AGE
from audience_builder.language.glue import link_of
from audience_builder.language.item import Item
from audience_builder.language.values import VALUES

_NEAR: Final = 3
_LEAST_WON: Final = 1000
_DECIDES: Final = (
    "count", "money", "number", "percent", "hours", "days", "duration", "behind", "ahead", "not", "none", "never", "window", "within",
    "season",
)  # fmt: skip


_DENIES: Final = ("not", "none", "never")
_DONE: Final = (*EVENTS, "trip", "wish_kept", "wish_removed", "check_out", "checked_in")
_OF_PEOPLE: Final = (*OF_AGE, "age")


def is_torn(node: Node, clause: Clause, left: Sequence[Item]) -> bool:
    """Whether what decides a condition is left over: a second number or time, a denial, or another ending of its verb.

    Such a clause says more than one thing or something else; half of it would be a guess, and often the opposite.
    """
    kinds = (
        _DENIES
        if clause.kind in _OF_PEOPLE
        else (*_DECIDES, *VALUES, "latest", "first")
        if clause.kind in _DONE
        else _DECIDES
    )
    said_once_more = any(item.has(*kinds) and not item.has("only", "both", "per", "top") for item in left)
    one_amount = node.get("filter") == "average_order_value" and clause.has(
        "exist"
    )  # `1회 50만원 이상 결제한 적`: one payment, not the mean
    return said_once_more or one_amount or _has_lost_its_unit(node)


def _has_lost_its_unit(node: Node) -> bool:
    """`between 1 and 2 million`: the lower amount cannot be a few won."""
    if node.get("filter") not in ("total_spend", "average_order_value") or node.get("operator") != "between":
        return False
    return 0 < node["value"][0] < _LEAST_WON <= node["value"][1] and node.get("measure") in (
        None,
        "paid",
        "per_booking",
    )


def drop_torn_words(meanings: Sequence[Meaning]) -> None:
    """`예약하려다`, `네이버로 결제한`: what is done is not known where the rest of its verb is not, or all that is said of it."""
    for before, behind in pairwise(meanings):
        if (
            _goes_on(before, behind.clause)
            or _is_denied_behind(before.clause, behind.clause)
            or _is_noun_of(before, behind.clause)
        ):
            before.node = None
        elif _is_all_unknown(before, behind):
            behind.node = None


def _goes_on(meaning: Meaning, behind: Clause) -> bool:
    clause, first = meaning.clause, behind.items[:1]
    if meaning.node is None or clause.kind not in EVENTS or clause.head is None or not first or behind.kind:
        return False
    return not first[0].readings and first[0].start == clause.head.end


def _is_noun_of(meaning: Meaning, behind: Clause) -> bool:
    """`환불 문의한`, `결제 직전에 …`, `booked a golf resort`: a bare deed right before what nobody knows is part of it."""
    clause, first = meaning.clause, behind.items[:1]
    if (
        meaning.node is None
        or clause.kind not in (*EVENTS, "trip")
        or clause.head is None
        or behind.kind
        or behind.joint
    ):
        return False
    said = [item for item in clause.items if not item.has("said")]
    link = first[0].link.strip() if first else "-"
    return said == [clause.head] and not first[0].readings and (not link or link in _ARTICLES)


_ARTICLES: Final = ("a", "an", "the", "some", "their")


def _is_denied_behind(clause: Clause, behind: Clause) -> bool:
    """`cancelled nothing`: a denial that belongs to nothing else would turn the event before it round."""
    denies = any(item.has("not", "none", "never") for item in behind.items)
    return bool(denies) and not behind.kind and not behind.joint and clause.kind in EVENTS


def _is_any_stay(item: Item) -> bool:
    """`숙소` beside a search says nothing of what was searched for."""
    return item.has("line") and item.value("line") == ("stay",) and not item.has("book", "pay")


def _is_all_unknown(before: Meaning, meaning: Meaning) -> bool:
    """A bare event right behind words nobody knows: what they said of it is lost, and everybody who did it would be meant."""
    clause, last = meaning.clause, before.clause.items[-1:]
    if meaning.node is None or clause.kind not in (*EVENTS, "trip", "signup") or before.node is not None or not last:
        return False
    said = [
        item
        for item in clause.items
        if not item.has("said", "exclude", "exist", "user", "ever") and not _is_any_stay(item)
    ]
    return len(said) == 1 and not link_of(clause.items[0].link) and 0 <= clause.items[0].start - last[0].end <= _NEAR
