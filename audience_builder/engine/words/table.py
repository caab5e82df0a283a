"""One index as tables of words: what is stored from the start, and sets over facts put beside it when they are first asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from sqlglot import exp

from audience_builder.engine.words.logic import named
from audience_builder.engine.words.port import WordsStore
from audience_builder.engine.words.sheet import WORD, selected
from audience_builder.engine.words.stored import Stored, padded
from audience_builder.index.arrays import Words

WORDS: Final = "words"
"""The table of what is stored from the start."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sets that were put beside the table together: column by key."""

    table: str
    columns: Mapping[Hashable, str]
    nbytes: int


class WordsTable:
    """The tables of one index in a store. One caller at a time.

    `counts` are how many of everybody a condition means, once that was asked. Sets put beside the stored ones are kept within
    `limit` bytes; the batch least recently asked for goes first.
    """

    def __init__(self, store: WordsStore, stored: Stored, *, name: str, limit: int) -> None:
        self.stored = stored
        self.counts: dict[Hashable, int] = {}
        self._store = store
        self._name = name
        self._limit = limit
        self._serial = count(1)
        self._homes = dict.fromkeys((WORD, *stored.columns), f"{name}_{WORDS}")
        self._batches: OrderedDict[str, _Batch] = OrderedDict()
        self._places: dict[Hashable, tuple[str, str]] = {}
        store.put(self._homes[WORD], stored.columns)

    def missing(self, keys: Iterable[Hashable]) -> list[Hashable]:
        """The keys no set is kept under; the others will be asked for now."""
        absent: dict[Hashable, None] = {}
        for key in keys:
            if key in self._places:
                self._batches.move_to_end(self._places[key][0])
            else:
                absent[key] = None
        return list(absent)

    def add(self, sets: Mapping[Hashable, Words]) -> None:
        """Put sets beside the stored ones, a column each."""
        if not sets:
            return
        number = next(self._serial)
        table = f"{self._name}_sets_{number}"
        names = {key: f"{table}_{place}" for place, key in enumerate(sets)}
        columns = {names[key]: padded(words) for key, words in sets.items()}
        self._store.put(table, columns)
        self._batches[table] = _Batch(table, names, sum(words.nbytes for words in columns.values()))
        self._places |= {key: (table, name) for key, name in names.items()}
        self._homes |= dict.fromkeys(names.values(), table)

    def column(self, key: Hashable) -> exp.Column:
        """The column of a set that is kept."""
        return named(self._places[key][1])

    def relation(self, columns: Iterable[str]) -> exp.Select:
        """Selects these columns, all tables they are in laid beside each other."""
        by_table: dict[str, list[str]] = {}
        for name in columns:
            by_table.setdefault(self._homes[name], []).append(name)
        first, *others = (self._part(table, names) for table, names in by_table.items())
        found = selected([named(name) for names in by_table.values() for name in names], first)
        for other in others:
            found.append("joins", self._store.spelling.beside(other))
        return found

    def rows(self, query: exp.Select) -> Words:
        """What a query over `relation` finds."""
        return self._store.rows(query)

    def shrink(self) -> None:
        """Let go of sets beyond the limit."""
        while len(self._batches) > 1 and sum(batch.nbytes for batch in self._batches.values()) > self._limit:
            table, batch = self._batches.popitem(last=False)
            self._forget(table, batch)

    def drop(self) -> None:
        """Remove the tables."""
        for table in (self._homes[WORD], *self._batches):
            self._store.drop(table)

    def _forget(self, table: str, batch: _Batch) -> None:
        self._store.drop(table)
        for key, name in batch.columns.items():
            del self._places[key], self._homes[name]

    def _part(self, table: str, columns: Sequence[str]) -> exp.Subquery:
        found = selected([named(name) for name in columns], exp.to_table(table))
        if self._store.spelling.in_order:
            found = found.order_by(exp.Ordered(this=named(WORD), nulls_first=False), copy=False)
        return found.subquery(f"of_{table}", copy=False)
