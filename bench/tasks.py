"""What is measured, made ready for everyone: rules, audiences and changes, from an index as of a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import numpy as np

from audience_builder.catalog import FILTERS
from audience_builder.engine import bitmap_facets, bitmap_program
from audience_builder.engine.asks import ask
from audience_builder.engine.bitmap_reading import At
from audience_builder.index.arrays import Array, Flags, Words, unpacked
from audience_builder.rule.tree import Condition, Rule, walk
from bench.columns import Columns
from bench.rivals.bitmap import ATTRIBUTES
from bench.rivals.port import Audience, Change, Task

_MASK_LINES = 63  # a mask is compared with signed numbers by some


def active(at: At) -> Flags:
    """Who of all user numbers is active."""
    return unpacked(at.everybody().words, at.index.users.size)


def task_of(rule: Rule, at: At, as_of: datetime) -> Task:
    """A rule with each condition's set, and each value it compares in a column."""
    nodes = tuple(walk(rule.root))
    asks = {node.id: ask(node, as_of) for node in nodes if isinstance(node, Condition)}
    columns = Columns(at, active(at))
    leaves = {key: columns.leaf(question) for key, question in asks.items()}
    sets = {key: at.people(question).words for key, question in asks.items()}
    return Task(rule, nodes, asks, sets, leaves, columns.arrays)


def audience_of(rule: Rule, at: At, as_of: datetime) -> Audience:
    """A rule's users, and the lines of all facets as sets and as columns."""
    members = bitmap_program.people(rule, at, partial(ask, as_of=as_of)).words
    among = active(at)
    lines: list[Words] = []
    codes: list[tuple[range, Array]] = []
    masks: list[tuple[range, Array]] = []
    for found in _facets(at, as_of):
        places = range(len(lines), len(lines) + len(found))
        lines += found
        if _are_apart(found):
            codes.append((places, _codes(found, among)))
        else:
            masks += [
                (places[first : first + _MASK_LINES], _mask(found[first : first + _MASK_LINES], among))
                for first in range(0, len(found), _MASK_LINES)
            ]
    inside = unpacked(members, among.size)[among]
    return Audience(rule, members, inside, lines, codes, masks)


def change_of(at: At, users: int, seed: int) -> Change:
    """New values of three attributes for so many active users, chosen by chance."""
    random = np.random.default_rng(seed)
    numbers = np.flatnonzero(active(at)).astype(np.uint32)
    places = np.sort(random.choice(numbers.size, min(users, numbers.size), replace=False)).astype(np.uint32)
    before = {name: _written(at.index.users.profile[column])[numbers] for name, (column, _) in ATTRIBUTES.items()}
    after = {name: random.choice(np.unique(values), places.size) for name, values in before.items()}
    return Change(places, numbers[places], before, after)


def _written(values: Array) -> Array:
    """Codes from 1 up; 255 ("not said") becomes 0."""
    return (values + np.uint8(1)).astype(np.uint8)


def _facets(at: At, as_of: datetime) -> Iterator[list[Words]]:
    for entry in FILTERS:
        if entry.cuts:
            asks = [question for _, question in bitmap_facets.facet_lines(entry.key, at, as_of)]
            yield [people.words for people in bitmap_facets.lines(asks, at)]


def _are_apart(lines: Sequence[Words]) -> bool:
    """Whether no user is on two of the lines."""
    together = np.zeros_like(lines[0])
    for words in lines:
        if bool((together & words).any()):
            return False
        together |= words
    return True


def _codes(lines: Sequence[Words], among: Flags) -> Array:
    found = np.zeros(int(among.sum()), np.uint8)
    for number, words in enumerate(lines, start=1):
        found[unpacked(words, among.size)[among]] = number
    return found


def _mask(lines: Sequence[Words], among: Flags) -> Array:
    found = np.zeros(int(among.sum()), np.min_scalar_type((1 << len(lines)) - 1))
    for bit, words in enumerate(lines):
        found |= unpacked(words, among.size)[among].astype(found.dtype) << found.dtype.type(bit)
    return found
