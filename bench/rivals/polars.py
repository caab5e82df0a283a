"""Polars over a frame of tuned columns, on one thread."""

from __future__ import annotations

import os
from functools import reduce
from operator import and_, or_
from typing import Any, Final

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # it is read when Polars is first imported

import polars as pl

from audience_builder.rule.tree import All, AtLeast, Condition, Node, Not, children_of
from bench.columns import Leaf, Test
from bench.rivals.port import Audience, Change, Task

NAME: Final = "Polars, tuned columns"


class PolarsRival:
    """A row an active user, a column a value; one lazy query, common parts worked out once (`port.Rival`)."""

    name = NAME

    def __init__(self) -> None:
        self.threads = pl.thread_pool_size()
        self._every = self._root = pl.LazyFrame()

    def prepare(self, task: Task) -> None:
        """Make the frame and write the queries."""
        frame = pl.DataFrame(dict(task.columns)).lazy()
        found: dict[str, pl.Expr] = {}
        for node in reversed(task.nodes):
            found[node.id] = _truth(node, [found[child.id] for child in children_of(node)], task)
        self._every = frame.select(found[node.id].sum().alias(str(place)) for place, node in enumerate(task.nodes))
        self._root = frame.select(found[task.rule.root.id].sum())

    def count(self) -> list[int]:
        """How many active users each node means."""
        return [int(value) for value in self._every.collect().row(0)]

    def total(self) -> int:
        """How many the rule means."""
        return int(self._root.collect().item())

    def release(self) -> None:
        """Let go of the frame."""
        self._every = self._root = pl.LazyFrame()


class PolarsSplitter:
    """A code a filter where its lines share nobody, masks where they do (`port.Splitter`)."""

    name = NAME

    def __init__(self) -> None:
        self.threads = pl.thread_pool_size()
        self._lines = 0
        self._inside = pl.LazyFrame()
        self._codes: list[range] = []
        self._masks: list[range] = []

    def hold(self, audience: Audience) -> None:
        """Make the frame."""
        self._lines = len(audience.lines)
        self._codes = [lines for lines, _ in audience.codes]
        self._masks = [lines for lines, _ in audience.masks]
        columns = {f"code_{place}": values for place, (_, values) in enumerate(audience.codes)}
        columns |= {f"mask_{place}": values for place, (_, values) in enumerate(audience.masks)}
        self._inside = pl.DataFrame({"inside": audience.inside, **columns}).lazy().filter(pl.col("inside"))

    def split(self) -> list[int]:
        """How many of the audience are on each line."""
        found = [0] * self._lines
        inside = self._inside.collect()
        for place, lines in enumerate(self._codes):
            for code, count in inside[f"code_{place}"].value_counts().iter_rows():
                if code:
                    found[lines[code - 1]] = count
        bits = [
            (line, f"mask_{place}", bit) for place, lines in enumerate(self._masks) for bit, line in enumerate(lines)
        ]
        counted = inside.select(((pl.col(name) & (1 << bit)) != 0).sum().alias(str(line)) for line, name, bit in bits)
        for (line, _, _), count in zip(bits, counted.row(0), strict=True):
            found[line] = count
        return found

    def release(self) -> None:
        """Let go of the frame."""
        self._inside = pl.LazyFrame()


class PolarsUpdater:
    """Values scattered into a copy of the three columns (`port.Updater`)."""

    name = NAME

    def __init__(self) -> None:
        self.threads = pl.thread_pool_size()
        self._users = pl.DataFrame()
        self._change: Change | None = None

    def load(self, change: Change) -> None:
        """Make the frame of everybody."""
        self._users, self._change = pl.DataFrame(dict(change.before)), change

    def change(self) -> None:
        """A new frame: who holds the old one still reads it."""
        assert self._change is not None
        rows = self._change.users
        columns = [
            self._users[name].clone().scatter(rows, pl.Series(values)) for name, values in self._change.after.items()
        ]
        self._users = self._users.with_columns(columns)

    def recount(self) -> list[int]:
        """How many users now have each value above 0."""
        assert self._change is not None
        return [
            int((self._users[name] == value).sum())
            for name in self._change.before
            for value in range(1, 1 + self._change.most(name))
        ]

    def release(self) -> None:
        """Let go of everything."""
        self._users, self._change = pl.DataFrame(), None


def _truth(node: Node, children: list[pl.Expr], task: Task) -> pl.Expr:
    if isinstance(node, Condition):
        return _leaf(task.leaves[node.id])
    if isinstance(node, Not):
        return ~children[0]
    if isinstance(node, AtLeast):
        return pl.sum_horizontal(child.cast(pl.UInt8) for child in children) >= node.k
    return reduce(and_ if isinstance(node, All) else or_, children)


def _leaf(leaf: Leaf) -> pl.Expr:
    found = reduce(and_, [_test(test) for test in leaf.tests])
    return ~found if leaf.negated else found


def _test(test: Test) -> pl.Expr:
    value = pl.col(test.column)
    if test.shares:
        shared: list[Any] = [(value & mask) != 0 for mask in test.shares]
        return reduce(and_, [*shared, *([(value & test.lacks) == 0] if test.lacks else [])])
    ranges = [value == low if low == high else value.is_between(low, high) for low, high in test.ranges]
    return reduce(or_, ranges) if ranges else value < 0
