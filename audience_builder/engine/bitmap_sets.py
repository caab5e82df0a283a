"""What the bitmap engine computes with: sets of users and what each user's value is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audience_builder.engine.plan import Ask
from audience_builder.index.arrays import Array, Words


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """A set of users as bits, and how many they are."""

    words: Words
    count: int

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.words.nbytes

    def has(self, user_no: int) -> bool:
        """Whether that user is in it."""
        return user_no >> 6 < self.words.size and bool(int(self.words[user_no >> 6]) >> (user_no & 63) & 1)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """One number (or day number, or code) a user. `empty` is what stands for "unknown"; None where no value ever is.

    `empty` is the smallest or the largest number of the type, so that one range leaves it out. `are_days` where they are dates.
    """

    values: Array
    empty: int | None
    are_days: bool = False

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.values.nbytes

    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest number that can be known."""
        kinds = np.iinfo(self.values.dtype)
        low, high = int(kinds.min), int(kinds.max)
        if self.empty is None:
            return low, high
        return (low + 1, high) if self.empty == low else (low, high - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Several options a user, a bit a code; `known` are the users whose options are known (None: everybody's)."""

    masks: Array
    known: Words | None

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.masks.nbytes + (0 if self.known is None else self.known.nbytes)


Values = Numbers | Options


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a share of everybody begins; None where nobody has a value above zero."""

    value: int | None
    nbytes: int = 64


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions put ready once."""

    asks: tuple[Ask, ...]

    @property
    def nbytes(self) -> int:
        """About how much memory they take."""
        return 4096 * len(self.asks)
