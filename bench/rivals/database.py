"""A database over a wide table of tuned columns: the same queries for each, and what differs said by whoever runs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, Protocol

import numpy as np
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.expressions import column, select

from audience_builder.index.arrays import Array
from bench.rivals import sql
from bench.rivals.port import Audience, Change, Task

CHANGED: Final = "changed"
USER: Final = "user_no"
CHANGED_USER: Final = "changed_user_no"


class Database(Protocol):
    """Runs statements."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def threads(self) -> int:
        """How many cores it may use."""
        ...

    @property
    def dialect(self) -> type[Dialect] | str:
        """How it writes them."""
        ...

    def put(self, table: str, columns: Mapping[str, Array]) -> None:
        """Make a table."""
        ...

    def drop(self, table: str) -> None:
        """Remove it."""
        ...

    def rows(self, text: str) -> Sequence[Sequence[int]]:
        """What a query of whole numbers finds."""
        ...

    def count_if(self, truth: exp.Expr) -> exp.Expr:
        """Counts the rows of which something is true."""
        ...

    def update(self) -> None:
        """Take `first`, `second` and `third` of `users` from `changed`, by user. Returns when everybody sees it."""
        ...


class TunedRival:
    """A row an active user, a column a value (`port.Rival`)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name, self.threads = database.name, database.threads
        self._every = self._root = ""

    def prepare(self, task: Task) -> None:
        """Make the table and write the queries."""
        self._database.put(sql.USERS, task.columns)
        self._every = sql.every_node(task, self._database.count_if).sql(self._database.dialect)
        self._root = sql.root_only(task).sql(self._database.dialect)

    def count(self) -> list[int]:
        """How many active users each node means."""
        (row,) = self._database.rows(self._every)
        return [int(value) for value in row]

    def total(self) -> int:
        """How many the rule means."""
        ((total,),) = self._database.rows(self._root)
        return int(total)

    def release(self) -> None:
        """Drop the table."""
        self._database.drop(sql.USERS)


class TunedSplitter:
    """A code a filter where its lines share nobody, masks where they do (`port.Splitter`)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name, self.threads = database.name, database.threads
        self._lines = 0
        self._codes: list[tuple[range, str]] = []
        self._bits: tuple[list[int], str] = ([], "")

    def hold(self, audience: Audience) -> None:
        """Make the table and write the queries."""
        codes = {f"code_{place}": values for place, (_, values) in enumerate(audience.codes)}
        masks = {f"mask_{place}": values for place, (_, values) in enumerate(audience.masks)}
        self._database.put(sql.USERS, {"inside": audience.inside.view(np.uint8), **codes, **masks})
        self._lines = len(audience.lines)
        self._codes = [
            (lines, self._text(_by_code(name))) for (lines, _), name in zip(audience.codes, codes, strict=True)
        ]
        bits = [
            (line, name, bit)
            for (lines, _), name in zip(audience.masks, masks, strict=True)
            for bit, line in enumerate(lines)
        ]
        counted = [self._database.count_if(_has_bit(name, bit)).as_(f"line_{line}") for line, name, bit in bits]
        self._bits = ([line for line, _, _ in bits], self._text(_inside(counted)))

    def split(self) -> list[int]:
        """How many of the audience are on each line."""
        found = [0] * self._lines
        for lines, text in self._codes:
            for code, count in self._database.rows(text):
                if code:
                    found[lines[int(code) - 1]] = int(count)
        (row,) = self._database.rows(self._bits[1])
        for line, count in zip(self._bits[0], row, strict=True):
            found[line] = int(count)
        return found

    def release(self) -> None:
        """Drop the table."""
        self._database.drop(sql.USERS)

    def _text(self, query: exp.Expr) -> str:
        return query.sql(self._database.dialect)


class TunedUpdater:
    """Three columns of a table updated from a table of changes (`port.Updater`)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name, self.threads = database.name, database.threads
        self._names: tuple[str, ...] = ()
        self._most: dict[str, int] = {}

    def load(self, change: Change) -> None:
        """Make the table of everybody and that of the changes."""
        self._names = tuple(change.before)
        everybody = np.arange(max(map(len, change.before.values())), dtype=np.uint32)
        new = {f"new_{name}": values for name, values in change.after.items()}
        self._database.put(sql.USERS, {USER: everybody, **change.before})
        self._database.put(CHANGED, {CHANGED_USER: change.users, **new})
        self._most = {name: change.most(name) for name in self._names}

    def change(self) -> None:
        """Update them."""
        self._database.update()

    def recount(self) -> list[int]:
        """How many users now have each value above 0."""
        return [*chain.from_iterable(self._counts(name) for name in self._names)]

    def release(self) -> None:
        """Drop both."""
        for table in (sql.USERS, CHANGED):
            self._database.drop(table)

    def _counts(self, name: str) -> Iterator[int]:
        query = select(name, exp.Count(this=exp.Star())).from_(sql.USERS).group_by(name).sql(self._database.dialect)
        found = {int(value): int(count) for value, count in self._database.rows(query)}
        return (found.get(value, 0) for value in range(1, self._most[name] + 1))


def _inside(columns: Sequence[exp.Expr]) -> exp.Select:
    found = exp.Select(expressions=list(columns)).from_(sql.USERS)
    return found.where(exp.NEQ(this=column("inside"), expression=exp.Literal.number(0)))


def _by_code(name: str) -> exp.Select:
    return _inside([column(name), exp.Count(this=exp.Star())]).group_by(column(name))


def _has_bit(name: str, bit: int) -> exp.Expr:
    masked = exp.BitwiseAnd(this=column(name), expression=exp.Literal.number(1 << bit))
    return exp.NEQ(this=exp.Paren(this=masked), expression=exp.Literal.number(0))
