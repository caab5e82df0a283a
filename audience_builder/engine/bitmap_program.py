"""A rule as a program of sets: conditions and groups already known are read, the rest is worked out in one pass."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np

from audience_builder.engine import kernel, plan
from audience_builder.engine.bitmap_patched import PatchedAt
from audience_builder.engine.bitmap_reading import At
from audience_builder.engine.bitmap_sets import People
from audience_builder.index.arrays import Words, sealed
from audience_builder.rule.tree import All, AnyOf, AtLeast, Condition, Node, Not, Rule, children_of, walk


def answers(rule: Rule, at: At | PatchedAt, ask: Callable[[Condition], plan.Ask]) -> dict[str, People]:
    """The active users each node of the rule means, by node id."""
    program = _Program(at)
    places = {node.id: program.place_of(node, ask) for node in reversed(tuple(walk(rule.root)))}
    found = program.run()
    return {node_id: found[place] for node_id, place in places.items()}


@dataclass(slots=True)
class _Step:
    """A group to be worked out: how, of which sets, and the key it is kept by."""

    kind: int
    least: int
    children: tuple[int, ...]
    key: Hashable


@dataclass(slots=True)
class _Program:
    """Sets known (the universe first) and, behind them, the steps that make more.

    A place is a set's number; places of steps are counted from -1 down until all known sets have been gathered.
    """

    at: At | PatchedAt
    known: list[People] = field(default_factory=list[People])
    steps: list[_Step] = field(default_factory=list[_Step])
    _places: dict[Hashable, int] = field(default_factory=dict[Hashable, int])
    _keys: dict[int, Hashable] = field(default_factory=dict[int, Hashable])
    _by_node: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        self.known.append(self.at.everybody())

    def place_of(self, node: Node, ask: Callable[[Condition], plan.Ask]) -> int:
        """Where the node's set is or will be. Its children have been placed before."""
        if isinstance(node, Condition):
            question = ask(node)
            place = self._known_place(self.at.key(question), lambda: self.at.people(question))
        else:
            place = self._group(node, tuple(self._by_node[child.id] for child in children_of(node)))
        self._by_node[node.id] = place
        return place

    def run(self) -> dict[int, People]:
        """Work out all steps, and give every set by its place."""
        found = dict(enumerate(self.known))
        if self.steps:
            rows = self._run_steps([people.words for people in self.known])
            for number, (step, people) in enumerate(zip(self.steps, rows, strict=True)):
                found[-1 - number] = people
                self.at.reading.cache.put(step.key, people)
        return found

    def _group(self, node: All | AnyOf | Not | AtLeast, children: tuple[int, ...]) -> int:
        kind, least = KINDS[type(node)], node.k if isinstance(node, AtLeast) else 0
        keys = tuple(self._keys[place] for place in children)
        # The order of children never matters, how often one is named only where they are counted.
        key = ("group", self.at.day, kind, least, keys if kind == kernel.AT_LEAST else frozenset(keys))
        if key in self._places:
            return self._places[key]
        kept = self.at.reading.cache.peek(key)
        if isinstance(kept, People):
            return self._known_place(key, lambda: kept)
        self.steps.append(_Step(kind, least, children, key))
        return self._placed(key, -len(self.steps))

    def _known_place(self, key: Hashable, people: Callable[[], People]) -> int:
        if key in self._places:
            return self._places[key]
        self.known.append(people())
        return self._placed(key, len(self.known) - 1)

    def _placed(self, key: Hashable, place: int) -> int:
        self._places[key], self._keys[place] = place, key
        return place

    def _run_steps(self, known: list[Words]) -> list[People]:
        words = known[kernel.UNIVERSE].size
        made = [np.empty(words, np.uint64) for _ in self.steps]
        children = [[_row(place, len(known)) for place in step.children] for step in self.steps]
        starts = np.cumsum([0, *map(len, children)], dtype=np.int32)
        counts = np.zeros(len(self.steps), np.int64)
        kernel.run_program(
            kernel.addresses([*known, *made]),
            np.array([step.kind for step in self.steps], np.int32),
            np.array([step.least for step in self.steps], np.int32),
            starts,
            np.array([row for rows in children for row in rows], np.int32),
            words,
            counts,
        )
        return [People(sealed(row), int(count)) for row, count in zip(made, counts, strict=True)]


def _row(place: int, known: int) -> int:
    """A place as a row of the program: steps stand behind the known sets."""
    return place if place >= 0 else known - 1 - place


KINDS = {All: kernel.ALL, AnyOf: kernel.ANY, Not: kernel.NOT, AtLeast: kernel.AT_LEAST}
"""What a step does for each kind of group."""
