"""Chance, drawn the same on every machine: only uniform numbers, sums, products and comparisons of them.

Functions such as `exp` or `log` may differ in their last bit from one processor to another, so distributions are
declared as tables and read by inversion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Dice: TypeAlias = np.random.Generator
"""Where the uniform numbers of a block come from; nothing but `random` is asked of it."""


def dice(seed: int, *path: int) -> Dice:
    """The dice of one block: the same seed and path throw the same numbers, whatever else has been thrown."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy=seed, spawn_key=path)))


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Options to pick from with weights, one row of weights a kind of chooser."""

    edges: Floats
    count: int

    @classmethod
    def of(cls, weights: Sequence[Sequence[float]] | Floats) -> Choices:
        """From weights of shape (rows, options); every row needs one above zero. Raises ValueError otherwise."""
        table = np.asarray(weights, dtype=np.float64)
        sums = np.cumsum(table, axis=1)
        if table.min() < 0 or sums[:, -1].min() <= 0:
            raise ValueError("weights are not negative, and every row has one above zero")
        return cls((sums / sums[:, -1:] + np.arange(len(table))[:, None]).ravel(), table.shape[1])

    def pick(self, rows: Ints | int, chance: Floats) -> Ints:
        """The position of the option each chooser takes; `chance` is uniform in [0, 1)."""
        found = np.searchsorted(self.edges, chance + rows, side="right") - np.asarray(rows) * self.count
        # A chance a hair below 1 may round up into the next row.
        return np.minimum(found, self.count - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """Distributions of numbers, one row each, as values at equally spaced quantiles from the lowest to the highest."""

    values: Floats

    @classmethod
    def of(cls, rows: Sequence[Sequence[float]]) -> Quantiles:
        """From rows of the same length, each ascending."""
        return cls(np.asarray(rows, dtype=np.float64))

    def value(self, rows: Ints | int, chance: Floats) -> Floats:
        """The number at each chance, straight between two quantiles."""
        steps = self.values.shape[1] - 1
        place = chance * steps
        below = place.astype(np.int64)
        low = self.values[rows, below]
        return low + (self.values[rows, np.minimum(below + 1, steps)] - low) * (place - below)

    def whole(self, rows: Ints | int, chance: Floats) -> Ints:
        """The nearest whole number at each chance."""
        return (self.value(rows, chance) + 0.5).astype(np.int64)

    def means(self) -> Floats:
        """The mean of each row."""
        steps = (self.values[:, 1:] + self.values[:, :-1]) / 2
        return np.cumsum(steps, axis=1)[:, -1] / steps.shape[1]


def weights_of(chosen: Mapping[str, float], keys: Sequence[str], *, rest: float = 0.0) -> list[float]:
    """One weight a key in order, `rest` where nothing is said. Raises KeyError for a key that is none."""
    for key in chosen:
        if key not in keys:
            raise KeyError(key)
    return [chosen.get(key, rest) for key in keys]


def times(expected: Floats, chance: Floats) -> Ints:
    """Whole numbers whose mean is `expected`: rounded up as often as its fraction says."""
    return np.floor(expected + chance).astype(np.int64)


def repeated(counts: Ints) -> tuple[Ints, Ints]:
    """For counts 2, 0, 3: which entry each repetition is of (0 0 2 2 2) and its number there (0 1 0 1 2)."""
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - first[owner]
