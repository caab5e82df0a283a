"""An index as of one moment, held still: whatever is published meanwhile, all its answers are of one state of the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from audience_builder.engine import bitmap_program
from audience_builder.engine.asks import ask
from audience_builder.engine.bitmap_patched import PatchedAt
from audience_builder.engine.bitmap_reading import At
from audience_builder.index.arrays import Words
from audience_builder.rule.tree import Rule


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Sets of users of one mart version at one moment. They refuse writes, and share memory with what counts are answered from."""

    mart_version: int
    as_of: datetime
    at: At | PatchedAt

    def words(self, rule: Rule) -> Words:
        """The active users a rule means, one bit a user (`index.arrays`)."""
        return bitmap_program.people(rule, self.at, partial(ask, as_of=self.as_of)).words

    def everybody(self) -> Words:
        """The active users."""
        return self.at.everybody().words
