"""Clauses: a verb or noun with what belongs to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from audience_builder.language.clause_kinds import EVENTS, HEADS, OF_AGE, VERBAL
from audience_builder.language.item import Item
from audience_builder.language.values import VALUES


@dataclass(slots=True)
class Clause:
    """One thing said: its head (`""` where there is none), what belongs to it, and how it hangs on the clause before.

    `joint` is `and`, `or`, `list` or `""`; `excluded` where the sentence takes it away; `group` counts brackets around it.
    """

    head: Item | None = None
    kind: str = ""
    args: list[Item] = field(default_factory=list[Item])
    joint: str = ""
    excluded: bool = False
    closed: bool = False
    unit: int = 0
    depth: int = 0
    is_relative: bool = False

    @property
    def items(self) -> list[Item]:
        """Everything in it, in reading order."""
        return sorted([*([self.head] if self.head else []), *self.args], key=lambda item: item.start)

    def all(self, kind: str) -> list[Item]:
        """What belongs to it that can be of a kind."""
        return [item for item in self.args if item.has(kind)]

    def has(self, *kinds: str) -> bool:
        """Whether something of one of these kinds belongs to it."""
        return any(item.has(*kinds) for item in self.args)


def is_part_of_name(last: Clause, item: Item) -> bool:
    """`재구매 확률`, `예약 쿠폰`: a noun right before one that cannot be asked belongs to its name; a verb does not."""
    if last.head is None or last.kind not in (*HEADS, "vague") or last.head.text.endswith(VERBAL):
        return False
    return not item.link.strip() or (item.text.endswith(VERBAL) and item.link.strip() in ("이", "가", "도"))


def is_denied_too(last: Clause, held: list[Item]) -> bool:
    """`booked a hotel but never a pension`: the verb is not said again."""
    return (
        last.kind in EVENTS
        and len(held) > 1
        and held[0].has("never", "not")
        and all(item.has(*VALUES) for item in held[1:])
    )


def is_home_of(last: Clause, item: Item, text: str) -> bool:
    """`women in their 30s in Seoul`: a place said of people is where they live."""
    said_of_people = last.kind in (*OF_AGE, "age") and item.has("place")
    return said_of_people and text[: item.start].rstrip().endswith((" in", " from"))


def governs(verb: Item) -> bool:
    """Whether an unknown word is said of the value before it: by a particle, or as a verb right behind (`온천 좋아하는`)."""
    by_particle = re.match(r"(?:을|를|에|에서|로|으로|이|가|은|는)\s", verb.link)
    return bool(by_particle) or (
        not verb.link.strip() and bool(re.search("[하되있없는던은]$|[가-힣]{2}[는은던한]", verb.text))
    )
