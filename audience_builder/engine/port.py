"""What an engine promises: a rule in, exact numbers and members out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from audience_builder.rule.tree import Rule

UserNumbers = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Count:
    """How many active users a rule means, and how many each of its nodes does on its own.

    `base` is everybody active; `thresholds` has, for each condition that compares shares (`top_percent`), the smallest (for
    `bottom_percent` the largest) value that is in, or None where nobody has a value above zero.
    """

    total: int
    base: int
    nodes: dict[str, int]
    as_of: datetime
    mart_version: int
    thresholds: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetLine:
    """One line of a facet: how many of the rule's users, and of everybody, fall on it."""

    key: str
    ko: str
    en: str
    count: int
    base: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The exact split of a rule's users over one filter's options. Lines of a many-valued filter may overlap."""

    filter: str
    lines: tuple[FacetLine, ...]


class Engine(Protocol):
    """Answers rules over the active users of one mart. Every answer equals `rule.meaning` over the same rows.

    `rule` has passed `rule.check`. `as_of` knows its zone. Raises `errors.EngineError` where it cannot answer exactly; it never
    answers approximately.
    """

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        """The rule's size and every node's."""
        ...

    def members(self, rule: Rule, *, as_of: datetime) -> Iterator[UserNumbers]:
        """The rule's users as ascending numbers, in blocks of at most 65,536."""
        ...

    def facets(self, rule: Rule | None, *, as_of: datetime, filters: Sequence[str] | None = None) -> tuple[Facet, ...]:
        """The split over the cuts of all filters (or the named ones); without a rule, of everybody."""
        ...

    def contains(self, rule: Rule, user_no: int, *, as_of: datetime) -> dict[str, bool]:
        """For one user: is each node true? All false for a user who is not active."""
        ...
