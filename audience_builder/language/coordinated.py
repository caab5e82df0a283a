"""Clauses seen as a whole: verbs side by side that share what stands behind the last (`viewed but did not book a resort`), habits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from audience_builder.language.clause import Clause
from audience_builder.language.clause_kinds import EVENTS, TIMES
from audience_builder.language.item import Item
from audience_builder.language.quantity import QUANTITIES
from audience_builder.language.values import VALUES

_SIDE_BY_SIDE: Final = re.compile(
    r"(?:[\s,/&]|\b(?:and|or|but|nor|then|also|for|have|has|had|did|do|does|not|never|been|didn't|don't|haven't|hasn't)\b)+"
)


def share(found: Sequence[Clause], text: str) -> None:
    """Let each verb that has nothing of its own take what the next one has, and deny both where an `or` is denied."""
    for first, second in reversed(list(pairwise(found))):
        if not _are_side_by_side(first, second, text):
            continue
        if not first.has(*VALUES, *TIMES, *QUANTITIES, "first", "latest", "exist"):
            first.args += [_unsaid(item, first) for item in second.args if item.has(*VALUES, *TIMES)]
    for first, second in pairwise(found):
        if second.joint == "or" and _are_side_by_side(first, second, text) and not second.has("not", "never", "none"):
            denials = [_unsaid(item, second) for item in first.args if item.has("not", "never")]
            if denials:
                second.args += denials
                second.joint = "and"  # neither the one nor the other


_DEEDS: Final = ("search", "view", "wish", "cart", "book", "cancel")
_BOTH_DONE: Final = re.compile(r"(?:했|하|한|해|을|를)?(?:고|거나|며|면서)\s*(?:또는\s*|혹은\s*)?")


def share_before(found: Sequence[Clause], text: str) -> None:
    """`부산 호텔을 검색했거나 찜한`: what was named once for two deeds, said one right after the other."""
    for first, second in pairwise(found):
        if first.head is None or second.head is None or not {first.kind, second.kind} <= set(_DEEDS) or second.args:
            continue
        if second.excluded == first.excluded and _BOTH_DONE.fullmatch(text[first.head.end : second.head.start]):
            second.args += [_unsaid(item, second) for item in first.args if item.has(*VALUES)]


def as_usual(found: Sequence[Clause]) -> None:
    """What people do mostly, not that they did it once (`주로 금요일에 예약하는`, `usually book two weeks in advance`).

    `크리스마스에 묵는` is no habit but a trip.
    """
    for clause in found:
        if clause.kind == "prefer" and clause.has("season", "window") and not clause.has("night_kind"):
            clause.kind = "trip"
        said = next((item for item in clause.args if item.has("usually")), None)
        if said is None or clause.kind not in ("book", "stayed", "pay", "trip", "prefer", "lead"):
            continue
        if clause.has("night_kind"):
            clause.kind = "prefer"
        elif clause.has("duration", "within", "behind") and not clause.has(*VALUES):
            clause.kind = "lead"
        else:
            continue
        clause.args.remove(said)


def _are_side_by_side(first: Clause, second: Clause, text: str) -> bool:
    if first.head is None or second.head is None or not {first.kind, second.kind} <= set(EVENTS):
        return False
    return bool(_SIDE_BY_SIDE.fullmatch(text[first.head.end : second.head.start]))


def _unsaid(item: Item, clause: Clause) -> Item:
    """The same, which stands nowhere in the words of that clause."""
    assert clause.head is not None
    return replace(item, start=clause.head.end, end=clause.head.end)
