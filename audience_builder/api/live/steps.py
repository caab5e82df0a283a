"""What is worked out for a document, step by step: each a question to the same service that answers POST requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Any

from audience_builder.access import Principal
from audience_builder.api.app import App
from audience_builder.api.insights import narrowing_answer, reach_answer
from audience_builder.api.live.messages import ChannelsSaid, CountSaid, Eval, FacetsSaid, LineSaid, NarrowingSaid
from audience_builder.api.questions import elapsed_ms
from audience_builder.audience.reach import FILTER as CONSENT
from audience_builder.rule.tree import Rule, walk


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks what, about which moment."""

    app: App
    principal: Principal
    eval: Eval
    rule: Rule
    as_of: datetime


Step = tuple[str, Callable[[Asked], Any]]
"""The kind of message it makes, and how."""


def steps(asked: Asked) -> Iterator[Step]:
    """What the document wants, what is looked at first (and quickest) first; nothing of consents for who may not see those."""
    wanted = {entry.partition(":")[0]: entry.partition(":")[2] for entry in asked.eval.want}
    if not asked.app.rights.may(asked.principal, CONSENT):
        wanted.pop("channels", None)
    if "total" in wanted or "nodes" in wanted:
        yield "count", partial(_count, with_nodes="nodes" in wanted)
    if "facets" in wanted:
        yield "facets", partial(_facets, filters=[key for key in wanted["facets"].split(",") if key] or None)
    for kind in ("channels", "narrowing"):
        if kind in wanted:
            yield kind, _WHOLE[kind]


def _count(asked: Asked, *, with_nodes: bool) -> CountSaid:
    begun = perf_counter()
    found = asked.app.questions.count(asked.principal, asked.rule, as_of=asked.as_of)
    nodes = {node.id: found.nodes[node.id] for node in walk(asked.rule.root)} if with_nodes else {}
    return CountSaid(
        doc=asked.eval.doc,
        rev=asked.eval.rev,
        count=found.total,
        base=found.base,
        nodes=nodes,
        thresholds=found.thresholds,
        below=found.below,
        as_of=found.as_of,
        mart_version=found.mart_version,
        fresh_as_of=asked.app.watermark(),
        elapsed_ms=elapsed_ms(begun),
    )


def _facets(asked: Asked, *, filters: list[str] | None) -> FacetsSaid:
    begun = perf_counter()
    version = asked.app.version()
    moment, found = asked.app.questions.facets(asked.principal, asked.rule, as_of=asked.as_of, filters=filters)
    split = {
        facet.filter: [LineSaid(key=line.key, count=line.count, base=line.base) for line in facet.lines]
        for facet in found
    }
    return FacetsSaid(
        doc=asked.eval.doc,
        rev=asked.eval.rev,
        facets=split,
        below=max((facet.below for facet in found), default=0),
        as_of=moment,
        mart_version=version,
        fresh_as_of=asked.app.watermark(),
        elapsed_ms=elapsed_ms(begun),
    )


def _channels(asked: Asked) -> ChannelsSaid:
    begun = perf_counter()
    found = asked.app.questions.reach(asked.principal, asked.rule, as_of=asked.as_of)
    return ChannelsSaid(doc=asked.eval.doc, rev=asked.eval.rev, reach=reach_answer(found, begun))


def _narrowing(asked: Asked) -> NarrowingSaid:
    begun = perf_counter()
    found = asked.app.questions.narrowing(asked.principal, asked.rule, as_of=asked.as_of)
    return NarrowingSaid(doc=asked.eval.doc, rev=asked.eval.rev, narrowing=narrowing_answer(found, begun))


_WHOLE: dict[str, Callable[[Asked], Any]] = {"channels": _channels, "narrowing": _narrowing}
