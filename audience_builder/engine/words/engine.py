"""The engine that answers from words tables in a database: every rule one query of and, or and bit counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from threading import Lock
from typing import Final

import numpy as np

from audience_builder.catalog import BY_KEY, FILTERS, Filter
from audience_builder.engine import plan
from audience_builder.engine.asks import ask, cut_conditions
from audience_builder.engine.bitmap_reading import Reading
from audience_builder.engine.port import Count, Facet, FacetLine, UserNumbers
from audience_builder.engine.words.asking import Asking, how_many, word_of
from audience_builder.engine.words.port import WordsStore
from audience_builder.engine.words.stored import stored
from audience_builder.engine.words.table import WordsTable
from audience_builder.errors import NotFoundError
from audience_builder.index.arrays import WORD as BITS
from audience_builder.index.arrays import Words, unpacked
from audience_builder.index.contents import Index, TraitsFor
from audience_builder.rule.tree import Rule, conditions

_MEMBERS_AT_ONCE: Final = 65_536
_SETS_BYTES: Final = 1 << 30


class WordsEngine:
    """Answers from one index at a time (`engine.port.Engine`), one question after the other.

    Profiles, consents and today's traits are compared by the database; sets over facts come from the index and are kept beside
    them, `sets_bytes` of them. `traits_for` computes the traits of another day; without it such questions are refused.
    """

    def __init__(
        self, index: Index, store: WordsStore, *, traits_for: TraitsFor | None = None, sets_bytes: int = _SETS_BYTES
    ) -> None:
        self._store = store
        self._traits_for = traits_for
        self._sets_bytes = sets_bytes
        self._serial = count(1)
        self._asking = Lock()
        self._reading, self._table = self._opened(index)

    def publish(self, index: Index) -> None:
        """Answer from this index from now on."""
        reading, table = self._opened(index)
        with self._asking:
            before, self._reading, self._table = self._table, reading, table
            before.drop()

    def close(self) -> None:
        """Let go of everything. The engine answers no more."""
        with self._asking:
            self._store.close()

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        """The rule's size and every node's. Raises EngineError for a moment the index knows no profiles of."""
        asks = _asks(rule, as_of)
        with self._asking:
            asked = self._asked(as_of)
            nodes = asked.rule(rule, asks)
            base, *found = asked.numbers(how_many(bits) for bits in (asked.base, *nodes.values()))
            shares = {key: ask for key, ask in asks.items() if isinstance(ask.test, plan.Share)}
            thresholds = {key: asked.threshold(ask) for key, ask in shares.items()}
            version = self._reading.index.mart_version
        counts = dict(zip(nodes, found, strict=True))
        return Count(counts[rule.root.id], base, counts, as_of, version, thresholds)

    def members(self, rule: Rule, *, as_of: datetime) -> Iterator[UserNumbers]:
        """The rule's users as ascending numbers, in blocks of at most 65,536."""
        with self._asking:
            asked = self._asked(as_of)
            words = asked.words(asked.rule(rule, _asks(rule, as_of))[rule.root.id])
        return _blocks(words)

    def facets(self, rule: Rule | None, *, as_of: datetime, filters: Sequence[str] | None = None) -> tuple[Facet, ...]:
        """The split over the cuts of all filters (or the named ones), at most one query; without a rule, of everybody."""
        chosen = FILTERS if filters is None else tuple(_filter(key) for key in filters)
        cuts = [(entry.key, cut, ask(made, as_of)) for entry in chosen for cut, made in cut_conditions(entry)]
        with self._asking:
            asked = self._asked(as_of)
            whose = None if rule is None else asked.rule(rule, _asks(rule, as_of))[rule.root.id]
            found = asked.split([question for _, _, question in cuts], whose)
        split: dict[str, list[FacetLine]] = {entry.key: [] for entry in chosen}
        for (key, cut, _), (count_in, base) in zip(cuts, found, strict=True):
            split[key].append(FacetLine(cut.key, cut.ko, cut.en, count=count_in, base=base))
        return tuple(Facet(key, tuple(entries)) for key, entries in split.items())

    def contains(self, rule: Rule, user_no: int, *, as_of: datetime) -> dict[str, bool]:
        """For one user: is each node true? All false for a user who is not active."""
        word, bit = divmod(user_no, BITS)
        with self._asking:
            asked = self._asked(as_of)
            nodes = asked.rule(rule, _asks(rule, as_of))
            found = asked.numbers(map(word_of(word), nodes.values()))
        return {node_id: bool(value >> bit & 1) for node_id, value in zip(nodes, found, strict=True)}

    def _opened(self, index: Index) -> tuple[Reading, WordsTable]:
        name = f"index_{next(self._serial)}"
        table = WordsTable(self._store, stored(index), name=name, limit=self._sets_bytes)
        return Reading(index, traits_for=self._traits_for), table

    def _asked(self, as_of: datetime) -> Asking:
        self._table.shrink()
        return Asking(self._reading.at(as_of), self._table)


def _asks(rule: Rule, as_of: datetime) -> dict[str, plan.Ask]:
    return {condition.id: ask(condition, as_of) for condition in conditions(rule)}


def _filter(key: str) -> Filter:
    found = BY_KEY.get(key)
    if found is None:
        raise NotFoundError(f"there is no filter {key}", fix="Ask the catalog for its keys.")
    return found


def _blocks(words: Words) -> Iterator[UserNumbers]:
    at_once = _MEMBERS_AT_ONCE // BITS
    for first in range(0, words.size, at_once):
        block = words[first : first + at_once]
        numbers = np.flatnonzero(unpacked(block, block.size * BITS)) + first * BITS
        if numbers.size:
            yield numbers.astype(np.uint32)
