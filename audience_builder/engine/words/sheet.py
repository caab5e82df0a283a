"""Columns of words, each worked out once, and the one query that reads them: selects within selects, a layer a step."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from audience_builder.engine.words.logic import Bits, named

WORD: Final = "word"
"""The column that numbers the words: word w has users 64 w … 64 w + 63."""

Relation = Callable[[Iterable[str]], exp.Select]
"""Selects these stored columns from where they are kept."""


@dataclass(slots=True)
class Sheet:
    """Expressions over stored columns and over each other, by name.

    An expression may only name columns that are stored or were put on the sheet before it.
    """

    _expressions: dict[str, Bits] = field(default_factory=dict[str, Bits])
    _names: dict[Hashable, exp.Column] = field(default_factory=dict[Hashable, exp.Column])
    _layers: dict[str, int] = field(default_factory=dict[str, int])

    def put(self, key: Hashable, make: Callable[[], Bits]) -> exp.Column:
        """The column of that key, worked out from `make` where the sheet has none."""
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = self._new(make())
        return found

    def select(self, outputs: Mapping[str, exp.Expr], relation: Relation) -> exp.Select:
        """These columns (by alias) over the sheet; what none of them needs is not worked out."""
        needed = self._needed(outputs.values())
        stored = [name for name in needed if name not in self._expressions]
        found = relation(stored)
        for layer in range(1, 1 + max((self._layer(name) for name in needed), default=0)):
            found = selected(
                self._columns(layer, outputs.values(), needed), found.subquery(f"layer_{layer}", copy=False)
            )
        last = found.subquery("sheet", copy=False)
        return selected([output.as_(alias, copy=False) for alias, output in outputs.items()], last)

    def _new(self, bits: Bits) -> exp.Column:
        if isinstance(bits, exp.Column):
            return bits
        name = f"set_{len(self._expressions) + 1}"
        self._layers[name] = 1 + max(self._layer(read) for read in _reads(bits))
        self._expressions[name] = bits
        return named(name)

    def _layer(self, name: str) -> int:
        return self._layers.get(name, 0)

    def _needed(self, outputs: Iterable[exp.Expr]) -> list[str]:
        """Every column the outputs need, themselves and through others."""
        needed: dict[str, None] = {}
        waiting = [name for output in outputs for name in _reads(output)]
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed[name] = None
                waiting += _reads(self._expressions[name]) if name in self._expressions else ()
        return list(needed)

    def _columns(self, layer: int, outputs: Iterable[exp.Expr], needed: Sequence[str]) -> list[exp.Expr]:
        """What a layer selects: what is new in it, and of the layers below what is still read above it."""
        above = [self._expressions[name] for name in needed if self._layer(name) > layer]
        still = {name for bits in (*outputs, *above) for name in _reads(bits)}
        passed = [named(name) for name in needed if name in still and self._layer(name) < layer]
        new = [self._expressions[name].as_(name, copy=False) for name in needed if self._layer(name) == layer]
        return [*passed, *new]


def selected(columns: Sequence[exp.Expr], relation: exp.Expr) -> exp.Select:
    """These columns of a relation. Nothing is copied: with a layer a step, all before it would be each time."""
    return exp.Select(expressions=list(columns)).from_(relation, copy=False)


def _reads(bits: exp.Expr) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.name for found in bits.find_all(exp.Column)))
