"""One computation for everybody who asks the same at the same moment: an engine in front of an engine."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from audience_builder.engine.port import Count, Engine, Facet, UserNumbers
from audience_builder.rule.tree import AtLeast, Condition, Node, Rule, children_of, walk

_MOST = 4_096
_Answer = TypeVar("_Answer")


class SharedEngine:
    """Answers of another engine (`engine.port.Engine`), each worked out once and kept until the data moves.

    Rules are the same where only their node ids differ. Of the answers the least recently asked for is forgotten first.
    """

    def __init__(self, engine: Engine, *, most: int = _MOST) -> None:
        self._engine = engine
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def forget(self) -> None:
        """The data moved: work everything out anew."""
        with self._lock:
            self._kept = OrderedDict()

    def count(self, rule: Rule, *, as_of: datetime) -> Count:
        """The rule's size and every node's, under the ids of this very rule."""
        ids = [node.id for node in walk(rule.root)]
        asked, found = self._once(("count", shape(rule), as_of), lambda: (ids, self._engine.count(rule, as_of=as_of)))
        if asked == ids:
            return found
        own = dict(zip(asked, ids, strict=True))
        return replace(
            found,
            nodes={own[key]: count for key, count in found.nodes.items()},
            thresholds={own[key]: value for key, value in found.thresholds.items()},
        )

    def members(self, rule: Rule, *, as_of: datetime) -> Iterator[UserNumbers]:
        """The rule's users as ascending numbers, in blocks: never kept."""
        return self._engine.members(rule, as_of=as_of)

    def facets(self, rule: Rule | None, *, as_of: datetime, filters: Sequence[str] | None = None) -> tuple[Facet, ...]:
        """The split over the cuts of all filters (or the named ones)."""
        asked = ("facets", rule and shape(rule), as_of, filters and tuple(filters))
        return self._once(asked, lambda: self._engine.facets(rule, as_of=as_of, filters=filters))

    def contains(self, rule: Rule, user_no: int, *, as_of: datetime) -> dict[str, bool]:
        """For one user: is each node true?"""
        return self._engine.contains(rule, user_no, as_of=as_of)

    def _once(self, key: Hashable, make: Callable[[], _Answer]) -> _Answer:
        mine: Future[_Answer] = Future()
        with self._lock:
            kept = self._kept
            found = kept.setdefault(key, mine)
            kept.move_to_end(key)
            while len(kept) > self._most:
                kept.popitem(last=False)
        if found is not mine:
            return found.result()
        try:
            mine.set_result(make())
        except BaseException as problem:
            with self._lock:
                kept.pop(key, None)  # whoever asks next tries again
            mine.set_exception(problem)
            raise
        return mine.result()


def shape(rule: Rule) -> bytes:
    """A key equal for rules that are written alike, whatever their nodes are called."""
    digest = hashlib.blake2b(digest_size=20)
    for part in _written(rule.root):
        digest.update(part)
    return digest.digest()


def _written(node: Node) -> Iterator[bytes]:
    if isinstance(node, Condition):
        yield node.model_dump_json(exclude={"id"}).encode()
        return
    yield f"{node.type} {node.k if isinstance(node, AtLeast) else 0} (".encode()
    for child in children_of(node):
        yield from _written(child)
    yield b")"
