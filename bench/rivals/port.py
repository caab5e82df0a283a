"""What is asked of everyone who is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from audience_builder.engine.plan import Ask
from audience_builder.index.arrays import Array, Flags, Masks, Words
from audience_builder.rule.tree import Condition, Node, Rule
from bench.columns import Leaf


@dataclass(frozen=True, slots=True)
class Task:
    """A rule to be counted, ready for everyone: its conditions as sets, and as tests of columns.

    `sets` has each condition's users by its id; `columns` one value an active user; `nodes` every node from the root down.
    """

    rule: Rule
    nodes: tuple[Node, ...]
    asks: Mapping[str, Ask]
    sets: Mapping[str, Words]
    leaves: Mapping[str, Leaf]
    columns: Mapping[str, Array]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The nodes that are conditions."""
        return tuple(node for node in self.nodes if isinstance(node, Condition))


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience to be split: its users, and the lines of all facets as sets, in order.

    `codes` and `masks` say the same in columns, a value an active user: a number from 1 (0 = on no line) where a filter's lines share
    nobody, a bit a line (at most 63) where they do. Each names the lines it speaks of by their places. `inside` says who of the
    active is in the audience.
    """

    rule: Rule
    members: Words
    inside: Flags
    lines: Sequence[Words]
    codes: Sequence[tuple[range, Array]]
    masks: Sequence[tuple[range, Array]]


@dataclass(frozen=True, slots=True)
class Change:
    """New values of three attributes of some users: `first`, `second` and `third`, each written from 1 up (0 = unknown).

    `before` has the values of all active users, by their place among them; `users` are the places of those who change, ascending,
    `numbers` their numbers, and `after` has their new values.
    """

    users: Array
    numbers: Masks
    before: Mapping[str, Array]
    after: Mapping[str, Array]

    def most(self, name: str) -> int:
        """The largest value of an attribute, before or after."""
        return int(max(self.before[name].max(), self.after[name].max()))


class Rival(Protocol):
    """Someone who counts: `prepare`, then `count` and `total` any number of times, then `release`."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def threads(self) -> int:
        """How many cores it may use."""
        ...

    def prepare(self, task: Task) -> None:
        """Have everything of the task at hand; no clock runs."""
        ...

    def count(self) -> list[int]:
        """How many active users each node of the task means, in order."""
        ...

    def total(self) -> int:
        """How many the rule means, its groups uncounted."""
        ...

    def release(self) -> None:
        """Let go of the task."""
        ...


class Splitter(Protocol):
    """Someone who splits an audience over the lines of every facet."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def threads(self) -> int:
        """How many cores it may use."""
        ...

    def hold(self, audience: Audience) -> None:
        """Have the lines and the audience at hand; no clock runs."""
        ...

    def split(self) -> list[int]:
        """How many of the audience are on each line, filter by filter."""
        ...

    def release(self) -> None:
        """Let go of them."""
        ...


class Updater(Protocol):
    """Someone who is told of changed users."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def threads(self) -> int:
        """How many cores it may use."""
        ...

    def load(self, change: Change) -> None:
        """Hold everybody as they were, and the change ready to be made; no clock runs."""
        ...

    def change(self) -> None:
        """Make the change; whoever asks from now on sees it."""
        ...

    def recount(self) -> list[int]:
        """How many users now have each value above 0, column by column."""
        ...

    def release(self) -> None:
        """Let go of everything."""
        ...
