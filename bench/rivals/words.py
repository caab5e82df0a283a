"""The product's words tables in SQL: the whole engine, from the rule to its counts."""

from __future__ import annotations

from datetime import datetime

from audience_builder.engine.words import WordsEngine
from bench.rivals.port import Audience, Task


class WordsRival:
    """A rule as one query over words, written anew each time (`port.Rival` and `port.Splitter`)."""

    threads = 1

    def __init__(self, name: str, engine: WordsEngine, as_of: datetime) -> None:
        self.name = name
        self._engine, self._as_of = engine, as_of
        self._task: Task | None = None
        self._audience: Audience | None = None

    def prepare(self, task: Task) -> None:
        """Have the conditions' sets put beside the table."""
        self._task = task
        self.count()

    def count(self) -> list[int]:
        """How many active users each node means."""
        assert self._task is not None
        found = self._engine.count(self._task.rule, as_of=self._as_of)
        return [found.nodes[node.id] for node in self._task.nodes]

    def total(self) -> int:
        """How many the rule means: one query counts all nodes."""
        return self.count()[0]

    def hold(self, audience: Audience) -> None:
        """Have the lines' sets put beside the table."""
        self._audience = audience
        self.split()

    def split(self) -> list[int]:
        """How many of the audience are on each line; the audience is worked out on the way."""
        assert self._audience is not None
        facets = self._engine.facets(self._audience.rule, as_of=self._as_of)
        return [line.count for facet in facets for line in facet.lines]

    def release(self) -> None:
        """Let go of the task."""
        self._task = self._audience = None
