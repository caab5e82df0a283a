"""A rule as a program of sets: each condition's set is read once, and what groups come to never leaves a core's caches."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from audience_builder.engine import kernel, plan
from audience_builder.engine.bitmap_patched import PatchedAt
from audience_builder.engine.bitmap_reading import At
from audience_builder.engine.bitmap_sets import People, Tally
from audience_builder.engine.bitmap_shared import shared
from audience_builder.index.arrays import Longs, Words, sealed
from audience_builder.rule.tree import All, AnyOf, AtLeast, Condition, Node, Not, Rule, children_of, walk

_WORD_BYTES = 8
Asking = Callable[[Condition], plan.Ask]
"""What a condition asks."""


def counts(rule: Rule, at: At | PatchedAt, ask: Asking) -> dict[str, int]:
    """How many active users each node of the rule means, by node id."""
    program, places = _placed(rule, at, ask)
    found = program.counts()
    return {node_id: found[place] for node_id, place in places.items()}


def people(rule: Rule, at: At | PatchedAt, ask: Asking) -> People:
    """The active users the rule means."""
    program, places = _placed(rule, at, ask)
    return program.people(places[rule.root.id])


def truths(rule: Rule, at: At | PatchedAt, ask: Asking, user_no: int) -> dict[str, bool]:
    """Of one user: whether each node of the rule is true, by node id. All false of one who is not active."""
    program, places = _placed(rule, at, ask)
    found = program.of_word(user_no >> 6)
    return {node_id: bool(found[place] >> (user_no & 63) & 1) for node_id, place in places.items()}


def _placed(rule: Rule, at: At | PatchedAt, ask: Asking) -> tuple[_Program, dict[str, int]]:
    program = _Program(at)
    return program, {node.id: program.place_of(node, ask) for node in reversed(tuple(walk(rule.root)))}


@dataclass(slots=True)
class _Step:
    """A group to be worked out: how, of which sets, and the key it is known by."""

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

    def place_of(self, node: Node, ask: Asking) -> int:
        """Where the node's set is or will be. Its children have been placed before."""
        if isinstance(node, Condition):
            place = self._condition(ask(node))
        else:
            place = self._group(node, tuple(self._by_node[child.id] for child in children_of(node)))
        self._by_node[node.id] = place
        return place

    def counts(self) -> dict[int, int]:
        """How many are in each set, by its place. What was counted before is not counted again."""
        found = dict(enumerate(entry.count for entry in self.known))
        tallies = self._tallies()
        if tallies is None:
            tallies = self._run(())
            for step, count in zip(self.steps, tallies, strict=True):
                self.at.reading.cache.put(("tally", step.key), Tally(count))
        return found | {-1 - number: count for number, count in enumerate(tallies)}

    def people(self, place: int) -> People:
        """The set of that place."""
        if place >= 0:
            return self.known[place]
        step = self.steps[-1 - place]
        return self.at.reading.cache.get(step.key, lambda: self._made(-1 - place))

    def of_word(self, word: int) -> dict[int, int]:
        """One word of every set, by its place."""
        if word >= self.known[kernel.UNIVERSE].words.size:
            return dict.fromkeys(range(-len(self.steps), len(self.known)), 0)
        known = {number: int(entry.words[word]) for number, entry in enumerate(self.known)}
        made = np.empty((len(self.steps), 1), np.uint64)
        self._work([entry.address + word * _WORD_BYTES for entry in self.known], _rows_of(made), 0, 1)
        return known | {-1 - number: int(row[0]) for number, row in enumerate(made)}

    def _condition(self, question: plan.Ask) -> int:
        key = self.at.key(question)
        if key in self._places:
            return self._places[key]
        self.known.append(self.at.people(question))
        return self._put(key, len(self.known) - 1)

    def _group(self, node: All | AnyOf | Not | AtLeast, children: tuple[int, ...]) -> int:
        kind, least = KINDS[type(node)], node.k if isinstance(node, AtLeast) else 0
        keys = tuple(self._keys[place] for place in children)
        # The order of children never matters, how often one is named only where they are counted.
        key = ("group", self.at.day, kind, least, keys if kind == kernel.AT_LEAST else frozenset(keys))
        if key in self._places:
            return self._places[key]
        self.steps.append(_Step(kind, least, children, key))
        return self._put(key, -len(self.steps))

    def _put(self, key: Hashable, place: int) -> int:
        self._places[key], self._keys[place] = place, key
        return place

    def _tallies(self) -> list[int] | None:
        """How many each step's set has, where all of them were counted before."""
        kept = [self.at.reading.cache.peek(("tally", step.key)) for step in self.steps]
        found = [entry.count for entry in kept if isinstance(entry, Tally)]
        return found if len(found) == len(self.steps) else None

    def _made(self, number: int) -> People:
        """A step's set, written whole."""
        words = np.empty(self.known[kernel.UNIVERSE].words.size, np.uint64)
        count = self._run(((number, words),))[number]
        return People(sealed(words), count)

    def _run(self, kept: Iterable[tuple[int, Words]]) -> list[int]:
        """Work out all steps, those `kept` into an array. Returns how many are in each."""
        universe = self.known[kernel.UNIVERSE].words
        work = partial(self._run_words, dict(kept))
        return shared(work, universe.size, of_bytes=universe.nbytes * len(self.known)).tolist()

    def _run_words(self, kept: dict[int, Words], first: int, last: int) -> Longs:
        room = np.empty((len(self.steps), kernel.BLOCK), np.uint64)
        made = _rows_of(room) | {number: (kernel.address(words), True) for number, words in kept.items()}
        return self._work([entry.address for entry in self.known], made, first, last)

    def _work(self, known: list[int], made: dict[int, tuple[int, bool]], first: int, last: int) -> Longs:
        """Run all steps over some words. Of each set the address, and of what a step makes whether there is room for all of it."""
        row = partial(_row, known=len(known))
        children = [[row(place) for place in step.children] for step in self.steps]
        found = np.zeros(len(self.steps), np.int64)
        kernel.run_program(
            np.array([*known, *(made[number][0] for number in range(len(made)))], np.uint64),
            np.array([True] * len(known) + [made[number][1] for number in range(len(made))], np.uint8),
            np.array([step.kind for step in self.steps], np.int32),
            np.array([step.least for step in self.steps], np.int32),
            np.cumsum([0, *map(len, children)], dtype=np.int32),
            np.array([row for rows in children for row in rows], np.int32),
            first,
            last,
            found,
        )
        return found


def _rows_of(room: Words) -> dict[int, tuple[int, bool]]:
    """The address of each row, by its number; none has room for more than a block."""
    first, each = kernel.address(room), room.strides[0]
    return {number: (first + number * each, False) for number in range(len(room))}


def _row(place: int, *, known: int) -> int:
    """A place as a row of the program: steps stand behind the known sets."""
    return place if place >= 0 else known - 1 - place


KINDS = {All: kernel.ALL, AnyOf: kernel.ANY, Not: kernel.NOT, AtLeast: kernel.AT_LEAST}
"""What a step does for each kind of group."""
