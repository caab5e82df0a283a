"""What the bitmap engine computes with: sets of users and what each user's value is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from audience_builder.engine import kernel, kernel_slices
from audience_builder.engine.plan import Ask
from audience_builder.index.arrays import Array, Words, sealed, unpacked, words_for


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """A set of users as bits, how many they are, and where the words lie: asked for with every count, and slow to ask for."""

    words: Words
    count: int
    address: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", kernel.address(self.words))

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.words.nbytes

    def has(self, user_no: int) -> bool:
        """Whether that user is in it."""
        return user_no >> 6 < self.words.size and bool(int(self.words[user_no >> 6]) >> (user_no & 63) & 1)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """One number (or day number, or code) a user, written as `number - low + 1` in the smallest unsigned type; 0 is "unknown"."""

    values: Array
    low: int
    are_days: bool = False

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.values.nbytes

    def between(self, low: int | None, high: int | None) -> Words:
        """The users whose number is known and lies in [low, high]; None is an open end."""
        kind = self.values.dtype.type
        first, last = _written(self.low, int(np.iinfo(kind).max), low, high)
        out = np.zeros(words_for(self.values.size), np.uint64)
        if first <= last:
            kernel_slices.put_within(self.values, kind(first), kind(last - first), out)
        return out

    def nth(self, among: Words, nth: int, *, largest: bool) -> int:
        """The n-th largest (or smallest) number of those in `among`, of whom there are at least n."""
        values = self.values[unpacked(among, self.values.size)]
        place = values.size - nth if largest else nth - 1
        return int(np.partition(values, place)[place]) + self.low - 1


def _written(lowest: int, most: int, low: int | None, high: int | None) -> tuple[int, int]:
    """A range of numbers as they are written where `lowest` is 1 and `most` the largest that can be."""
    first = 1 if low is None else max(1, low - lowest + 1)
    last = most if high is None else min(most, high - lowest + 1)
    return first, last


def numbers_of(values: Array, *, empty: int | None, are_days: bool = False) -> Numbers:
    """Numbers from one a user; `empty` stands for "unknown" (None: every number is known)."""
    if empty is None:
        low, high = int(values.min(initial=0)), int(values.max(initial=0))
    else:
        low, high = kernel_slices.span(values, empty)
    if low > high:
        low, high = 0, 0
    written = np.empty(values.size, np.min_scalar_type(high - low + 1))
    if empty is None:
        kernel_slices.put_all_written(values, low, written)
    else:
        kernel_slices.put_written(values, low, empty, written)
    return Numbers(sealed(written), low, are_days)


@dataclass(frozen=True, slots=True, eq=False)
class Slices:
    """The same numbers as planes of bits: plane p (of shape (planes, words)) has bit p of `number - low + 1`.

    Small numbers take less room so, and comparing them is a pass over fewer bytes; making the planes takes many times as long.
    """

    planes: Words
    low: int
    are_days: bool = False

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.planes.nbytes

    def between(self, low: int | None, high: int | None) -> Words:
        """The users whose number is known and lies in [low, high]; None is an open end."""
        out = np.zeros(self.planes.shape[1], np.uint64)
        most = (1 << self.planes.shape[0]) - 1
        first, last = _written(self.low, most, low, high)
        if first <= last == most:
            kernel_slices.put_at_least(self.planes, np.uint64(first), out)
        elif first <= last:
            kernel_slices.put_between(self.planes, np.uint64(first), np.uint64(last), out)
        return out

    def nth(self, among: Words, nth: int, *, largest: bool) -> int:
        """The n-th largest (or smallest) number of those in `among`, of whom there are at least n."""
        number = 0
        for p in reversed(range(len(self.planes))):
            wanted = among & self.planes[p] if largest else among & ~self.planes[p]
            count = int(np.bitwise_count(wanted).sum())
            takes = count >= nth
            nth -= 0 if takes else count
            among = wanted if takes else among & ~wanted
            number |= (1 << p) if takes == largest else 0
        return number + self.low - 1


def sliced(numbers: Numbers) -> Slices:
    """Numbers as planes of bits."""
    return Slices(sealed(_planes(numbers.values)), numbers.low, numbers.are_days)


def _planes(values: Array) -> Words:
    """Bit p of each value as plane p."""
    planes = np.zeros((int(values.max(initial=0)).bit_length(), words_for(values.size)), np.uint64)
    for first in range(0, len(planes), 8):
        kernel_slices.slice_bytes((values >> values.dtype.type(first)).astype(np.uint8), planes[first : first + 8])
    return planes


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Several options a user: the set of those who have each code (shape (codes, words)); `known` are the users whose options are known
    (None: everybody's)."""

    sets: Words
    known: Words | None

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.sets.nbytes + (0 if self.known is None else self.known.nbytes)


def options_of(masks: Array, known: Words | None) -> Options:
    """Options from one mask a user."""
    return Options(sealed(_planes(masks)), known)


Values = Numbers | Slices | Options


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a share of everybody begins; None where nobody has a value above zero."""

    value: int | None
    nbytes: int = 64


@dataclass(frozen=True, slots=True)
class Tally:
    """How many users a group means."""

    count: int
    nbytes: int = 256


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions put ready once."""

    asks: tuple[Ask, ...]

    @property
    def nbytes(self) -> int:
        """About how much memory they take."""
        return 4096 * len(self.asks)
