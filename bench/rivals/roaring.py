"""pyroaring: a compressed bitmap a condition, joined by its own operations, on one thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from pyroaring import BitMap

from audience_builder.index.arrays import WORD, Words, unpacked
from audience_builder.rule.tree import All, AtLeast, Condition, Node, Not, children_of
from bench.rivals.port import Audience, Change, Task

NAME: Final = "pyroaring"


class RoaringRival:
    """A bitmap a condition (`port.Rival`)."""

    name = NAME
    threads = 1

    def __init__(self, base: Words) -> None:
        self._base = bitmap(base)
        self._task: Task | None = None
        self._leaves: dict[str, BitMap] = {}

    def prepare(self, task: Task) -> None:
        """Make each condition's bitmap."""
        self._task, self._leaves = task, {key: bitmap(words) for key, words in task.sets.items()}

    def count(self) -> list[int]:
        """How many active users each node means."""
        assert self._task is not None
        found = self._found()
        return [len(found[node.id]) for node in self._task.nodes]

    def total(self) -> int:
        """How many the rule means."""
        assert self._task is not None
        return len(self._found()[self._task.rule.root.id])

    def release(self) -> None:
        """Let go of the bitmaps."""
        self._task, self._leaves = None, {}

    def _found(self) -> dict[str, BitMap]:
        assert self._task is not None
        found: dict[str, BitMap] = {}
        for node in reversed(self._task.nodes):
            found[node.id] = self._node(node, [found[child.id] for child in children_of(node)])
        return found

    def _node(self, node: Node, children: list[BitMap]) -> BitMap:
        if isinstance(node, Condition):
            return self._leaves[node.id]
        if isinstance(node, Not):
            return self._base - children[0]
        if isinstance(node, AtLeast):
            return _at_least(children, node.k)
        return BitMap.intersection(*children) if isinstance(node, All) else BitMap.union(*children)


class RoaringSplitter:
    """A bitmap a line; how many it shares with the audience (`port.Splitter`)."""

    name = NAME
    threads = 1

    def __init__(self) -> None:
        self._members = BitMap()
        self._lines: list[BitMap] = []

    def hold(self, audience: Audience) -> None:
        """Make each line's bitmap."""
        self._members, self._lines = bitmap(audience.members), [bitmap(words) for words in audience.lines]

    def split(self) -> list[int]:
        """How many of the audience are on each line."""
        return [self._members.intersection_cardinality(line) for line in self._lines]

    def release(self) -> None:
        """Let go of the bitmaps."""
        self._members, self._lines = BitMap(), []


class RoaringUpdater:
    """A bitmap a value of each attribute, copied and changed: the others are still read (`port.Updater`)."""

    name = NAME
    threads = 1

    def __init__(self) -> None:
        self._values: dict[tuple[str, int], BitMap] = {}
        self._change: Change | None = None

    def load(self, change: Change) -> None:
        """Make the bitmaps of everybody."""
        self._change = change
        self._values = {
            (name, value): BitMap(np.flatnonzero(before == value).astype(np.uint32))
            for name, before in change.before.items()
            for value in range(1, 1 + change.most(name))
        }

    def change(self) -> None:
        """Take the users out of every bitmap of an attribute and put them into that of their value."""
        assert self._change is not None
        changed = BitMap(self._change.users)
        self._values = {
            (name, value): (kept - changed) | BitMap(self._change.users[self._change.after[name] == value])
            for (name, value), kept in self._values.items()
        }

    def recount(self) -> list[int]:
        """How many users now have each value above 0."""
        return [len(found) for found in self._values.values()]

    def release(self) -> None:
        """Let go of everything."""
        self._values, self._change = {}, None


def bitmap(words: Words) -> BitMap:
    """A set as a bitmap, in the smallest form it knows."""
    found = BitMap(np.flatnonzero(unpacked(words, words.size * WORD)).astype(np.uint32))
    found.run_optimize()
    return found


def _at_least(children: Sequence[BitMap], k: int) -> BitMap:
    """Whoever is in so many: of the children so far, who is in 1, 2 … k of them."""
    reached: list[BitMap] = []
    for child in children:
        further = [child, *(before & child for before in reached)]
        kept = [before | new for before, new in zip(reached, further, strict=False)]
        reached = [*kept, *further[len(kept) :]][:k]
    return reached[k - 1] if len(reached) >= k else BitMap()
