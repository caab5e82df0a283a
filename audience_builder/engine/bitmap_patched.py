"""A large index with a small one of changed users laid over it: the large one's sets, the few users' own bits in their place."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from audience_builder.catalog.filter import Aggregate
from audience_builder.engine import plan
from audience_builder.engine.bitmap_cache import Cache
from audience_builder.engine.bitmap_reading import At, Reading
from audience_builder.engine.bitmap_sets import Numbers, People, Threshold, Values, numbers_of
from audience_builder.engine.bitmap_tests import matching, threshold
from audience_builder.engine.bitmap_values import value_of
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Longs, Words, sealed, unpacked, words_for
from audience_builder.index.columns import TRAIT
from audience_builder.index.contents import Traits, TraitsFor
from audience_builder.index.patch import Patch, has, put_bits

UNKNOWN = -(2**63)
"""What stands for "unknown" among plain numbers."""

_MAKES_ACTIVE = frozenset({"status", "signed_up_day"})
_COLUMNS_OF = {Aggregate.AGE: "born_on", Aggregate.SINCE: "signed_up_day"}


class PatchedReading:
    """An index, and a patch of it. What the index was asked before stays known; only sets the patch touches are made anew."""

    def __init__(self, base: Reading, patch: Patch, *, cache_bytes: int) -> None:
        self.base = base
        self.patch = patch
        self.small = Reading(patch.index, traits_for=_traits_of(patch, base.traits_for), cache_bytes=cache_bytes)
        self.cache = Cache(cache_bytes)
        self.recent = base.recent
        last = int(patch.users[-1]) if patch.users.size else -1
        self.users = max(base.index.users.size, last + 1)

    @property
    def mart_version(self) -> int:
        """The mart version that is answered from."""
        return self.patch.index.mart_version

    def at(self, as_of: datetime) -> PatchedAt:
        """The index as of a moment. Raises EngineError where either does not say how things stood then."""
        return PatchedAt(self, self.base.at(as_of), self.small.at(as_of))


def _traits_of(patch: Patch, traits_for: TraitsFor | None) -> TraitsFor | None:
    """The traits of the patch's users alone, as of a day the patch has none for."""
    if traits_for is None:
        return None

    def of_few(day: int, _: int, /) -> Traits:
        users = patch.users
        found = traits_for(day, int(users[-1]) + 1 if users.size else 0)
        return Traits(day, {entry.name: sealed(found[entry.name][users]) for entry in TRAIT})

    return of_few


@dataclass(frozen=True, slots=True, eq=False)
class PatchedAt:
    """Both indexes as of one moment, asked as one (`bitmap_reading.At`)."""

    reading: PatchedReading
    base: At
    small: At

    @property
    def day(self) -> int:
        """The day number of the moment."""
        return self.base.day

    def everybody(self) -> People:
        """The active users."""
        return self.reading.cache.get(("everybody", self.day), self._new_everybody)

    def people(self, ask: plan.Ask) -> People:
        """The active users of whom the condition is true."""
        self.reading.recent.note(self.base.key(ask), ask)
        return self.prepared(ask)

    def prepared(self, ask: plan.Ask) -> People:
        """The same, asked by nobody."""
        if not self.touches(ask):
            return self.base.prepared(ask)
        return self.reading.cache.get(self.key(ask), lambda: self._new_people(ask))

    def key(self, ask: plan.Ask) -> Hashable:
        """Equal for questions with one answer."""
        return (self.base.key(ask), self.small.key(ask))

    def threshold(self, ask: plan.Ask) -> int | None:
        """Where the share a question asks for begins (or ends); None where nobody has a value above zero."""
        if not isinstance(ask.test, plan.Share):
            raise EngineError(f"{ask.filter.key} is not compared by shares")
        share = ask.test
        found = self.reading.cache.get(
            ("threshold", self.key(ask)),
            lambda: Threshold(threshold(share, self._numbers(ask), self.everybody().words)),
        )
        return found.value

    def asks(self, key: str, make: Callable[[], tuple[plan.Ask, ...]]) -> tuple[plan.Ask, ...]:
        """Questions put once a day under a key."""
        return self.base.asks(key, make)

    def touches(self, ask: plan.Ask) -> bool:
        """Whether the patch may change the answer."""
        names, is_larger = self.reading.patch.names, self.reading.users > self.base.index.users.size
        if names is None or is_larger or names & _MAKES_ACTIVE or isinstance(ask.test, plan.Share):
            return True
        if ask.aggregate is Aggregate.CONSENTS:
            return bool(names)
        return _COLUMNS_OF.get(ask.aggregate, ask.column if ask.aggregate is Aggregate.PROFILE else "") in names

    # --- made once --------------------------------------------------------------------------------------------------------

    def _new_everybody(self) -> People:
        return self._laid(self.base.everybody(), self.small.everybody())

    def _new_people(self, ask: plan.Ask) -> People:
        if isinstance(ask.test, plan.Share):
            return self._of_share(ask)
        return self._laid(self.base.prepared(ask), self.small.prepared(ask))

    def _laid(self, large: People, few: People) -> People:
        """The large set with the few users' bits in their place."""
        users = self.reading.patch.users
        words = np.zeros(words_for(self.reading.users), np.uint64)
        words[: large.words.size] = large.words
        before, now = has(words, users), unpacked(few.words, users.size)
        put_bits(words, users, now)
        return People(sealed(words), large.count - int(before.sum()) + int(now.sum()))

    def _of_share(self, ask: plan.Ask) -> People:
        """A share is one of everybody: where it begins moves with the few."""
        everybody = self.everybody().words
        found = matching(ask.test, self._numbers(ask), everybody) & everybody
        words: Words = everybody & ~found if ask.negated else found
        return People(sealed(words), int(np.bitwise_count(words).sum()))

    def _numbers(self, ask: plan.Ask) -> Values:
        values = np.full(self.reading.users, UNKNOWN, np.int64)
        large = _plain(value_of(self.base, ask))
        values[: large.size] = large
        values[self.reading.patch.users] = _plain(value_of(self.small, ask))
        return numbers_of(values, empty=UNKNOWN)


def _plain(values: Values) -> Longs:
    """Numbers as they are, UNKNOWN where nothing is known."""
    if not isinstance(values, Numbers):
        raise EngineError("only numbers have a highest and a lowest share")
    plain = values.values.astype(np.int64) + (values.low - 1)
    plain[values.values == 0] = UNKNOWN
    return plain
