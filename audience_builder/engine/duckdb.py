"""The engine that asks the mart's own DuckDB: exact for any moment, past ones too, and the oracle of the faster engine."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

import duckdb
import numpy as np
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.catalog import BY_KEY, FILTERS, Filter
from audience_builder.clock import day_from, day_of
from audience_builder.engine.port import Count, Facet, FacetLine, UserNumbers
from audience_builder.engine.sql import (
    MEMBER_RELATION,
    Statement,
    contains_statement,
    count_statement,
    facet_statement,
    members_statement,
)
from audience_builder.engine.sql_properties import CALENDAR
from audience_builder.engine.sql_rows import BOOKING_NOW
from audience_builder.engine.sql_sheet import TRAIT_RELATION
from audience_builder.errors import EngineError, NotFoundError
from audience_builder.mart import traits
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.schema import DIALECT, DIMENSIONS
from audience_builder.mart.tables import BEHAVIOR_DAILY
from audience_builder.rule.tree import Rule

_BLOCK = 65_536
_MOST_IDLE = 2
_NIGHTS_BACK = 364
"""How far before the day the trait models look up nights in the calendar."""


@dataclass(slots=True)
class _Reader:
    """A cursor of its own with, once asked for, the traits of one day at one version of the mart."""

    cursor: duckdb.DuckDBPyConnection
    version: int = -1
    traits_day: date | None = None


class DuckDBEngine:
    """Answers rules by SQL over the mart, each from one whole version of it.

    Any number of threads may ask at once. Traits are computed for the very day asked about by the models of the mart, and kept
    while neither the day nor the mart changes.
    """

    def __init__(self, mart: DuckDBMart) -> None:
        self._mart = mart
        self._idle: list[_Reader] = []
        self._lock = Lock()
        # Traits kept aside must not outlive a change: it may have been an erasure.
        mart.on_change(lambda version, users: self._forget())

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        """The rule's size and every node's."""
        asked = count_statement(rule, as_of)
        with self._reading(as_of, reads_traits=asked.reads_traits) as reader:
            base, *found = _one(reader, asked)
            version = reader.version
        sizes, thresholds = found[: len(asked.columns)], found[len(asked.columns) :]
        nodes = dict(zip(asked.columns, map(int, sizes), strict=True))
        return Count(
            total=nodes[rule.root.id],
            base=int(base),
            nodes=nodes,
            as_of=as_of,
            mart_version=version,
            thresholds={
                key: None if value is None else int(value) for key, value in zip(asked.shares, thresholds, strict=True)
            },
        )

    def members(self, rule: Rule, *, as_of: datetime) -> Iterator[UserNumbers]:
        """The rule's users as ascending numbers, in blocks of at most 65,536, all of one version of the mart."""
        asked = members_statement(rule, as_of)
        with self._reading(as_of, reads_traits=asked.reads_traits) as reader:
            found = _run(reader, asked).fetchnumpy()["user_no"]
        numbers = np.asarray(found, dtype=np.uint32)
        return (numbers[start : start + _BLOCK] for start in range(0, len(numbers), _BLOCK))

    def facets(self, rule: Rule | None, *, as_of: datetime, filters: Sequence[str] | None = None) -> tuple[Facet, ...]:
        """The split over the cuts of all filters (or the named ones); without a rule, of everybody. One query a filter."""
        chosen = FILTERS if filters is None else tuple(_filter(key) for key in filters)
        whose = None if rule is None else members_statement(rule, as_of)
        asked = [facet_statement(entry, as_of, of_members=rule is not None) for entry in chosen]
        reads_traits = any(statement.reads_traits for statement in (*asked, *([whose] if whose else [])))
        with self._reading(as_of, reads_traits=reads_traits) as reader:
            if whose is not None:
                reader.cursor.execute(_temporary(MEMBER_RELATION, whose.query).sql(DIALECT))
            found = [_one(reader, statement) for statement in asked]
            if whose is not None:
                reader.cursor.execute(exp.Drop(tables=[exp.to_table(MEMBER_RELATION)], kind="TABLE").sql(DIALECT))
        return tuple(Facet(entry.key, _lines(entry, row)) for entry, row in zip(chosen, found, strict=True))

    def contains(self, rule: Rule, user_no: int, *, as_of: datetime) -> dict[str, bool]:
        """For one user: is each node true? All false for a user who is not active."""
        asked = contains_statement(rule, user_no, as_of)
        with self._reading(as_of, reads_traits=asked.reads_traits) as reader:
            found = _run(reader, asked).fetchone()
        truths = (False,) * len(asked.columns) if found is None else map(bool, found)
        return dict(zip(asked.columns, truths, strict=True))

    # --- reading ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self, as_of: datetime, *, reads_traits: bool) -> Generator[_Reader]:
        """A reader within one transaction: it sees one version of the mart, with the traits of the day if they are asked for."""
        reader = self._reader()
        try:
            reader.cursor.execute("BEGIN TRANSACTION")
            self._prepare(reader, day_of(as_of) if reads_traits else None)
            yield reader
            reader.cursor.execute("COMMIT")
        except duckdb.Error as problem:
            _discard(reader)
            raise EngineError(
                f"the mart could not answer: {problem}", fix="Try again; if it persists, ask for less at once."
            ) from problem
        except BaseException:
            _discard(reader)
            raise
        self._return(reader)

    def _reader(self) -> _Reader:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            cursor = self._mart.cursor()
            cursor.execute(_calendar().sql(DIALECT))
        except duckdb.Error as problem:
            raise EngineError(f"the mart is not open: {problem}", fix="Open the mart first.") from problem
        return _Reader(cursor)

    def _return(self, reader: _Reader) -> None:
        with self._lock:
            if reader.version == self._mart.version and len(self._idle) < _MOST_IDLE:
                self._idle.append(reader)
                return
        _discard(reader)

    def _forget(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for reader in idle:
            _discard(reader)

    def _prepare(self, reader: _Reader, traits_day: date | None) -> None:
        row = reader.cursor.execute("SELECT version FROM mart_state").fetchone()
        assert row is not None
        version = int(row[0])
        if version != reader.version:
            reader.version, reader.traits_day = version, None
        if traits_day is not None and traits_day != reader.traits_day:
            self._refuse_unknown_nights(traits_day)
            reader.cursor.execute(_traits().sql(DIALECT), {"day": traits_day})
            reader.traits_day = traits_day

    def _refuse_unknown_nights(self, day: date) -> None:
        dimensions = self._mart.dimensions
        first, last = day_from(dimensions.first_day + _NIGHTS_BACK), day_from(dimensions.last_day)
        if not first <= day <= last:
            raise EngineError(f"traits are known for {first} to {last}, not {day}", fix="Ask about another day.")


def _filter(key: str) -> Filter:
    found = BY_KEY.get(key)
    if found is None:
        raise NotFoundError(f"there is no filter {key}", fix="Ask the catalog for the keys of the filters.")
    return found


def _lines(asked: Filter, row: Sequence[int]) -> tuple[FacetLine, ...]:
    pairs = zip(asked.cuts, row[::2], row[1::2], strict=True)
    return tuple(FacetLine(cut.key, cut.ko, cut.en, int(count), int(base)) for cut, count, base in pairs)


def _run(reader: _Reader, asked: Statement) -> duckdb.DuckDBPyConnection:
    return reader.cursor.execute(asked.query.sql(DIALECT))


def _one(reader: _Reader, asked: Statement) -> tuple[Any, ...]:
    row = _run(reader, asked).fetchone()
    assert row is not None
    return row


def _discard(reader: _Reader) -> None:
    with suppress(duckdb.Error):
        reader.cursor.close()


def _calendar() -> exp.Create:
    """The nights before each day, under the name the statements know."""
    days = select("*").from_(exp.to_table(CALENDAR, db="main", catalog=DIMENSIONS))
    return exp.Create(this=exp.to_table(CALENDAR), kind="TEMPORARY VIEW", expression=days)


def _traits() -> exp.Create:
    """The traits of `$day`, computed by the mart's own models over the facts as they stand."""
    rows = traits.relations(exp.to_table(BOOKING_NOW), exp.to_table(BEHAVIOR_DAILY.name))
    return _temporary(TRAIT_RELATION, traits.joined(rows))


def _temporary(name: str, rows: exp.Query) -> exp.Create:
    return exp.Create(this=exp.to_table(name), kind="TEMPORARY TABLE", replace=True, expression=rows)
