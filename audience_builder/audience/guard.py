"""Who sees which numbers: exact ones from ten up for those who work with them, and from fifty up for those who look on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from audience_builder.access import Permission, Principal
from audience_builder.engine.port import Count, Facet

Number = int | None
"""How many users, as far as it may be told; None where they are too few. Every field that counts users is declared as one."""

_Answer = TypeVar("_Answer")
_IS_NUMBER = re.compile(r"\bNumber\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is too small to be told, and how much may be asked by those who are guarded.

    `exact` holds for whoever sees exact numbers, `guarded` for everybody else. Within the `window` a guarded principal has at most
    `most_counts` different answers and `most_refused` refusals.
    """

    exact: int = 10
    guarded: int = 50
    window: timedelta = timedelta(days=1)
    most_counts: int = 500
    most_refused: int = 20

    def below(self, principal: Principal) -> int:
        """The smallest number this principal is told."""
        return self.exact if principal.may(Permission.SEE_EXACT) else self.guarded


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCount:
    """A count as one principal may see it: numbers that are None are less than `below`."""

    total: Number
    base: Number
    nodes: dict[str, Number]
    as_of: datetime
    mart_version: int
    thresholds: dict[str, int | None]
    below: int


@dataclass(frozen=True, slots=True)
class ShownSizes:
    """The sizes of many rules as one principal may see them."""

    counts: tuple[Number, ...]
    base: Number
    as_of: datetime
    mart_version: int


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a facet as one principal may see it."""

    key: str
    ko: str
    en: str
    count: Number
    base: Number


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """One filter's split as one principal may see it."""

    filter: str
    lines: tuple[ShownLine, ...]
    below: int


def shown(number: Number, below: int) -> Number:
    """The number for whoever sees exact ones: none is told as 0, some but too few are not told."""
    return number if number is None or number == 0 or number >= below else None


def told(found: _Answer, below: int) -> _Answer:
    """The same answer without the numbers that are too small, however deep: whatever is declared as a `Number`."""
    if not is_dataclass(found) or isinstance(found, type):
        return found
    changes = {
        entry.name: _numbers(getattr(found, entry.name), below)
        if _IS_NUMBER.search(str(entry.type))
        else _within(getattr(found, entry.name), below)
        for entry in fields(found)
    }
    return cast(_Answer, replace(cast(Any, found), **changes))


def _numbers(value: Any, below: int) -> Any:
    if isinstance(value, dict):
        return {key: shown(number, below) for key, number in cast("dict[str, Number]", value).items()}
    if isinstance(value, tuple):
        return tuple(shown(number, below) for number in cast("tuple[Number, ...]", value))
    return shown(value, below)


def _within(value: Any, below: int) -> Any:
    if isinstance(value, tuple):
        return tuple(told(part, below) for part in cast("tuple[object, ...]", value))
    return told(value, below)


def shown_count(found: Count, below: int) -> ShownCount:
    """A count for whoever sees exact numbers, node by node."""
    every = ShownCount(
        total=found.total,
        base=found.base,
        nodes={**found.nodes},
        as_of=found.as_of,
        mart_version=found.mart_version,
        thresholds=found.thresholds,
        below=below,
    )
    return told(every, below)


def shown_size(principal: Principal, limits: Limits, *, size: Number, base: Number) -> tuple[Number, Number]:
    """A saved audience's size and how many everybody is, as one principal may see them.

    Who is guarded is told neither: sizes side by side, and day after day, would tell of few. They count it (`count_saved`).
    """
    if not principal.may(Permission.SEE_EXACT):
        return None, None
    below = limits.below(principal)
    return shown(size, below), shown(base, below)


def shown_facets(found: Iterable[Facet], below: int) -> tuple[ShownFacet, ...]:
    """A split for whoever sees exact numbers, line by line."""
    return tuple(shown_facet(facet, below) for facet in found)


def shown_facet(facet: Facet, below: int) -> ShownFacet:
    """One filter's split."""
    lines = tuple(ShownLine(line.key, line.ko, line.en, line.count, line.base) for line in facet.lines)
    return told(ShownFacet(facet.filter, lines, below), below)
