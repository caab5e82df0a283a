"""The product's own engine: bitsets in memory, one thread a question."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import partial
from typing import Final

import numpy as np

from audience_builder.catalog import FILTERS
from audience_builder.catalog.options import GENDERS, LIFE_STAGES, TIERS
from audience_builder.engine import bitmap_facets, bitmap_program
from audience_builder.engine.asks import ask
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.engine.bitmap_cache import Cache, Kept, Sized
from audience_builder.engine.bitmap_reading import At
from audience_builder.engine.plan import Ask
from audience_builder.index.contents import Index
from audience_builder.index.patch import profile_patch
from audience_builder.rule.tree import Condition, Rule
from bench.rivals.port import Audience, Change, Task

NAME: Final = "this product: bitsets"


class Conditions(Cache):
    """Keeps sets of conditions, and nothing of groups: a rule asked twice is worked out twice."""

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """The value of that key; a group's is made anew."""
        return make() if _is_of_group(key) else super().get(key, make)

    def put(self, key: Hashable, value: Sized) -> None:
        """Keep a value that is no group's."""
        if not _is_of_group(key):
            super().put(key, value)


def _is_of_group(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] in {"group", "tally"}


class BitmapRival:
    """A rule counted the way the engine does: conditions looked up, groups worked out in one pass (`port.Rival`).

    Like the others' queries, conditions are made ready beforehand; with `reads` within the clock, as when a rule comes in.
    """

    threads = 1

    def __init__(self, at: At, as_of: datetime, *, reads: bool = False) -> None:
        self.name = f"{NAME}, the rule read too" if reads else NAME
        self._at, self._as_of, self._reads = at, as_of, reads
        self._task: Task | None = None

    def prepare(self, task: Task) -> None:
        """The conditions' sets are those the task was made of."""
        self._task = task

    def count(self) -> list[int]:
        """How many active users each node means."""
        assert self._task is not None
        found = bitmap_program.counts(self._task.rule, self._at, self._read if self._reads else self._ready)
        return [found[node.id] for node in self._task.nodes]

    def total(self) -> int:
        """How many the rule means: groups are counted as they are worked out."""
        return self.count()[0]

    def release(self) -> None:
        """Let go of the task."""
        self._task = None

    def _ready(self, condition: Condition) -> Ask:
        assert self._task is not None
        return self._task.asks[condition.id]

    def _read(self, condition: Condition) -> Ask:
        return ask(condition, self._as_of)


class BitmapSplitter:
    """All lines counted within the audience in one pass (`port.Splitter`)."""

    name = NAME
    threads = 1

    def __init__(self, at: At, as_of: datetime) -> None:
        self._at, self._as_of = at, as_of
        self._rule: Rule | None = None

    def hold(self, audience: Audience) -> None:
        """The lines' sets are those the audience was made of."""
        self._rule = audience.rule

    def split(self) -> list[int]:
        """How many of the audience are on each line; the audience is worked out on the way."""
        assert self._rule is not None
        asks = [
            question
            for entry in FILTERS
            if entry.cuts
            for _, question in bitmap_facets.facet_lines(entry.key, self._at, self._as_of)
        ]
        people = bitmap_facets.lines(asks, self._at)
        audience = bitmap_program.people(self._rule, self._at, partial(ask, as_of=self._as_of))
        return bitmap_facets.counts_within(people, audience.words)

    def release(self) -> None:
        """Let go of the audience."""
        self._rule = None


ATTRIBUTES: Final = {
    "first": ("gender", "gender"),
    "second": ("tier", "membership_tier"),
    "third": ("life_stage", "life_stage"),
}
"""The attributes a change is made to: the profile's column, and the filter that asks for it."""

OPTIONS: Final = {"first": GENDERS, "second": TIERS, "third": LIFE_STAGES}


class BitmapUpdater:
    """A patch of the changed users laid over the index (`port.Updater`)."""

    name = NAME
    threads = 1

    def __init__(self, index: Index, as_of: datetime) -> None:
        self._index, self._as_of = index, as_of
        self._engine = BitmapEngine(index)
        self._change: Change | None = None

    def load(self, change: Change) -> None:
        """The index is there; what is asked of the attributes has been asked before."""
        self._change = change
        self._engine.publish(self._index)
        self.recount()

    def change(self) -> None:
        """Lay the patch over the index."""
        assert self._change is not None
        said = {
            ATTRIBUTES[name][0]: np.ma.MaskedArray(values.astype(np.int64) - 1, mask=values == 0)
            for name, values in self._change.after.items()
        }
        version = self._index.mart_version + 1
        self._engine.patch(profile_patch(self._index, self._change.numbers, said, mart_version=version))

    def recount(self) -> list[int]:
        """How many active users now have each value above 0."""
        assert self._change is not None
        keys = {name: key for name, (_, key) in ATTRIBUTES.items()}
        split = {
            facet.filter: facet.lines
            for facet in self._engine.facets(None, as_of=self._as_of, filters=[*keys.values()])
        }
        found: list[int] = []
        for name in self._change.before:
            codes = {option.key: option.code for option in OPTIONS[name].options}
            having = {codes[line.key]: line.count for line in split[keys[name]] if line.key in codes}
            found += [having.get(value - 1, 0) for value in range(1, 1 + self._change.most(name))]
        return found

    def release(self) -> None:
        """Let go of the patch."""
        self._engine.publish(self._index)
        self._change = None
