"""What each filter knows of everybody: of how many it has an answer, and how they split."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audience_builder.audience.guard import Number, ShownFacet, shown_facet, told
from audience_builder.audience.many import sizes
from audience_builder.catalog import FILTERS
from audience_builder.catalog.filter import Filter, Kind
from audience_builder.catalog.operator import Operator
from audience_builder.engine.port import Engine, Facet
from audience_builder.rule.tree import Condition


@dataclass(frozen=True, slots=True)
class Knows:
    """One filter by its default measure and window.

    `known` are those whose value is known (a count always is), `some` those with at least one event, or a known value.
    """

    filter: str
    known: Number
    some: Number
    facet: ShownFacet


@dataclass(frozen=True, slots=True)
class Coverage:
    """All filters, in the order of the catalog."""

    base: Number
    as_of: datetime
    mart_version: int
    filters: tuple[Knows, ...]


def coverage(engine: Engine, *, as_of: datetime, below: int) -> Coverage:
    """What is known of everybody; numbers smaller than `below` are not told."""
    known = [Condition(id="known", filter=asked.key, operator=Operator.KNOWN) for asked in FILTERS]
    found = sizes(engine, [*known, *(_some(asked) for asked in FILTERS)], as_of=as_of)
    split = {facet.filter: facet for facet in engine.facets(None, as_of=as_of)}
    filters = tuple(
        Knows(asked.key, count, some, shown_facet(split.get(asked.key, Facet(asked.key, ())), below))
        for asked, count, some in zip(FILTERS, found.counts, found.counts[len(FILTERS) :], strict=False)
    )
    return told(Coverage(found.base, as_of, found.mart_version, filters), below)


def _some(asked: Filter) -> Condition:
    if asked.kind is Kind.EVENTS:
        return Condition(id="some", filter=asked.key, operator=Operator.GE, value=1)
    return Condition(id="some", filter=asked.key, operator=Operator.KNOWN)
