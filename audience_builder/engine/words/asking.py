"""One question under way: conditions become columns of a sheet, from the table's own columns or from sets the index computes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from sqlglot import exp

from audience_builder.catalog.filter import Aggregate
from audience_builder.engine import bitmap_facets, plan
from audience_builder.engine.bitmap_reading import At
from audience_builder.engine.plan import Ask
from audience_builder.engine.words import values
from audience_builder.engine.words.logic import named
from audience_builder.engine.words.rules import put_rule
from audience_builder.engine.words.sheet import WORD, Sheet
from audience_builder.engine.words.table import WordsTable
from audience_builder.index.arrays import Words
from audience_builder.rule.tree import Rule


class Asking:
    """A sheet over the tables of one index as of one moment. `base` is everybody active."""

    def __init__(self, at: At, table: WordsTable) -> None:
        self._at = at
        self._table = table
        self._sheet = Sheet()
        everybody = ("everybody", at.day)
        if table.missing([everybody]):
            table.add({everybody: at.everybody().words})
        self.base = table.column(everybody)

    def truths(self, asks: Sequence[Ask]) -> list[exp.Column]:
        """A column each: the active users of whom the condition is true."""
        aside = {self._at.key(ask): ask for ask in asks if not self._is_stored(ask)}
        self._bring(aside)
        return [self._table.column(key) if (key := self._at.key(ask)) in aside else self._logic(ask) for ask in asks]

    def rule(self, rule: Rule, asks: Mapping[str, Ask]) -> dict[str, exp.Column]:
        """Each node's column, by node id. `asks` has every condition's question, by its id."""
        truths = dict(zip(asks, self.truths(list(asks.values())), strict=True))
        return put_rule(rule, self._sheet, self.base, truths)

    def split(self, asks: Sequence[Ask], whose: exp.Column | None) -> list[tuple[int, int]]:
        """Of each condition how many it means of those users (None: of everybody), and how many of everybody."""
        lines = {self._at.key(ask): line for ask, line in zip(asks, self.truths(asks), strict=True)}
        counts, new = self._table.counts, [key for key in lines if key not in self._table.counts]
        inside = [] if whose is None else [how_many(_both(line, whose)) for line in lines.values()]
        found = self.numbers([*inside, *(how_many(lines[key]) for key in new)])
        counts |= dict(zip(new, found[len(inside) :], strict=True))
        among = counts if whose is None else dict(zip(lines, found[: len(inside)], strict=True))
        return [(among[key], counts[key]) for key in map(self._at.key, asks)]

    def numbers(self, outputs: Iterable[exp.Expr]) -> list[int]:
        """One number each, over all words."""
        named = {f"number_{place}": output for place, output in enumerate(outputs, start=1)}
        if not named:
            return []
        (row,) = self._table.rows(self._sheet.select(named, self._table.relation)).tolist()
        return row

    def words(self, bits: exp.Column) -> Words:
        """A set, word by word."""
        query = self._sheet.select({WORD: named(WORD), "bits": bits}, self._table.relation)
        found = self._table.rows(query.order_by(exp.Ordered(this=named(WORD), nulls_first=False), copy=False))
        return found[:, 1].copy()

    def threshold(self, ask: Ask) -> int | None:
        """Where the share a question asks for begins (or ends)."""
        return self._at.threshold(ask)

    def _is_stored(self, ask: Ask) -> bool:
        # Consents given after the index was begun are not in the table.
        is_late = ask.aggregate is Aggregate.CONSENTS and self._at.late > 0
        return not is_late and values.value_of(ask, self._table.stored) is not None

    def _bring(self, aside: Mapping[Hashable, Ask]) -> None:
        missing = self._table.missing(aside)
        people = bitmap_facets.lines([aside[key] for key in missing], self._at)
        self._table.add({key: found.words for key, found in zip(missing, people, strict=True)})

    def _logic(self, ask: Ask) -> exp.Column:
        limit = self._at.threshold(ask) if isinstance(ask.test, plan.Share) else None
        return self._sheet.put(
            ("ask", self._at.key(ask)), lambda: values.truth(ask, self._table.stored, self.base, limit)
        )


def _both(one: exp.Column, other: exp.Column) -> exp.Expr:
    return exp.BitwiseAnd(this=one.copy(), expression=other.copy())


def how_many(bits: exp.Expr) -> exp.Expr:
    """How many users are in a set, over all words."""
    return _whole(exp.Sum(this=exp.BitwiseCount(this=bits.copy())))


def word_of(number: int) -> Callable[[exp.Column], exp.Expr]:
    """Of a set, the word of that number; 0 where there is none."""
    is_it = exp.EQ(this=named(WORD), expression=exp.Literal.number(number))

    def only(bits: exp.Column) -> exp.Expr:
        return _whole(exp.Sum(this=exp.Case().when(is_it, bits).else_(exp.Literal.number(0))))

    return only


def _whole(total: exp.Expr) -> exp.Expr:
    return exp.Cast(this=total, to=exp.DataType(this=exp.DType.BIGINT, nullable=False))
