"""The engine that answers from the index in memory: every condition a set of users, every rule a few passes over bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from time import monotonic

import numpy as np

from audience_builder.catalog import FILTERS
from audience_builder.catalog.operator import Operator
from audience_builder.engine import bitmap_facets, bitmap_program
from audience_builder.engine.asks import ask
from audience_builder.engine.bitmap_patched import PatchedAt, PatchedReading
from audience_builder.engine.bitmap_reading import At, Reading
from audience_builder.engine.bitmap_recent import Recent
from audience_builder.engine.bitmap_sets import People
from audience_builder.engine.bitmap_snapshot import Snapshot
from audience_builder.engine.bitmap_warm import warm
from audience_builder.engine.port import Count, Facet, FacetLine, UserNumbers
from audience_builder.errors import EngineError
from audience_builder.index.arrays import WORD, Words, unpacked
from audience_builder.index.contents import Index, TraitsFor
from audience_builder.index.patch import Patch
from audience_builder.rule.tree import Rule, conditions

MEMBERS_AT_ONCE = 65_536


class BitmapEngine:
    """Answers from one index at a time (`engine.port.Engine`). Threads may ask while another publishes a newer index.

    `traits_for` computes the traits of a day the index has none for; without it such questions are refused. Sets and values
    once computed are kept, `cache_bytes` of them (by default what facets take a few times over). What was asked of the engine
    `before` this one is known as asked lately (`prepare`).
    """

    def __init__(
        self,
        index: Index,
        *,
        traits_for: TraitsFor | None = None,
        cache_bytes: int | None = None,
        before: BitmapEngine | None = None,
    ) -> None:
        self._recent = before._recent if before is not None else Recent()
        self._traits_for = traits_for
        self._cache_bytes = cache_bytes
        self._base = self._read(index)
        self._reading: Reading | PatchedReading = self._base

    @property
    def mart_version(self) -> int:
        """The mart version that is answered from."""
        return self._reading.mart_version

    def publish(self, index: Index) -> None:
        """Answer from this index from now on. Questions under way are answered from the one they began with."""
        self._reading = self._base = self._read(index)

    def patch(self, patch: Patch) -> None:
        """Answer from the index last published with this laid over it (and no longer with what was laid over it before)."""
        self._reading = PatchedReading(self._base, patch, cache_bytes=self._base.cache.limit)

    def prepare(self, *, as_of: datetime, seconds: float) -> int:
        """Put again what was asked lately, newest first, for so long at most. Returns how many questions that were.

        Done before anybody is told of new data, nobody waits for what everybody looks at.
        """
        until, done = monotonic() + seconds, 0
        with suppress(EngineError):  # a moment out of reach: then there is nothing to prepare
            at = self._reading.at(as_of)
            for question in self._recent.newest_first():
                if monotonic() >= until:
                    break
                with suppress(EngineError):  # what cannot be answered is said to whoever asks for it
                    at.prepared(question)
                    done += 1
        return done

    def warm(self, *, as_of: datetime, progress: Callable[[int, int], None] | None = None) -> None:
        """Make what is asked all the time before anybody waits for it (`bitmap_warm`)."""
        warm(self._base.at(as_of), as_of, progress)

    def snapshot(self, as_of: datetime) -> Snapshot:
        """What is answered from now, held still. Raises EngineError for a moment the index knows no profiles of."""
        reading = self._reading
        return Snapshot(reading.mart_version, as_of, reading.at(as_of))

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        """The rule's size and every node's. Raises EngineError for a moment the index knows no profiles of."""
        reading = self._reading
        at = reading.at(as_of)
        nodes = bitmap_program.counts(rule, at, partial(ask, as_of=as_of))
        return Count(
            total=nodes[rule.root.id],
            base=at.everybody().count,
            nodes=nodes,
            as_of=as_of,
            mart_version=reading.mart_version,
            thresholds=_thresholds(rule, at, as_of),
        )

    def members(self, rule: Rule, *, as_of: datetime) -> Iterator[UserNumbers]:
        """The rule's users as ascending numbers, in blocks of at most 65,536."""
        people = bitmap_program.people(rule, self._reading.at(as_of), partial(ask, as_of=as_of))
        return _blocks(people.words)

    def facets(self, rule: Rule | None, *, as_of: datetime, filters: Sequence[str] | None = None) -> tuple[Facet, ...]:
        """The split over the cuts of all filters (or the named ones); without a rule, of everybody."""
        at = self._reading.at(as_of)
        keys = [entry.key for entry in FILTERS if entry.cuts] if filters is None else list(filters)
        cuts = [(key, *line) for key in keys for line in bitmap_facets.facet_lines(key, at, as_of)]
        people = bitmap_facets.lines([question for _, _, question in cuts], at)
        counts = [each.count for each in people] if rule is None else _within(people, rule, at, as_of)
        split: dict[str, list[FacetLine]] = {key: [] for key in keys}
        for (key, cut, _), each, count in zip(cuts, people, counts, strict=True):
            split[key].append(FacetLine(cut.key, cut.ko, cut.en, count=count, base=each.count))
        return tuple(Facet(key, tuple(found)) for key, found in split.items())

    def contains(self, rule: Rule, user_no: int, *, as_of: datetime) -> dict[str, bool]:
        """For one user: is each node true? All false for a user who is not active."""
        return bitmap_program.truths(rule, self._reading.at(as_of), partial(ask, as_of=as_of), user_no)

    def _read(self, index: Index) -> Reading:
        return Reading(index, traits_for=self._traits_for, cache_bytes=self._cache_bytes, recent=self._recent)


def _within(people: Sequence[People], rule: Rule, at: At | PatchedAt, as_of: datetime) -> list[int]:
    audience = bitmap_program.people(rule, at, partial(ask, as_of=as_of))
    return bitmap_facets.counts_within(people, audience.words)


def _thresholds(rule: Rule, at: At | PatchedAt, as_of: datetime) -> dict[str, int | None]:
    shares = (condition for condition in conditions(rule) if condition.operator in _SHARES)
    return {condition.id: at.threshold(ask(condition, as_of)) for condition in shares}


_SHARES = frozenset({Operator.TOP_PERCENT, Operator.BOTTOM_PERCENT})


def _blocks(words: Words) -> Iterator[UserNumbers]:
    at_once = MEMBERS_AT_ONCE // WORD
    for first in range(0, words.size, at_once):
        block = words[first : first + at_once]
        numbers = np.flatnonzero(unpacked(block, block.size * WORD)) + first * WORD
        if numbers.size:
            yield numbers.astype(np.uint32)
