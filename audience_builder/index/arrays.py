"""Sets of users as bits: user n is bit n % 64 of word n // 64."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Halves = npt.NDArray[np.uint16]
Masks = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

WORD = 64


def words_for(users: int) -> int:
    """How many words a set of so many users takes."""
    return (users + WORD - 1) // WORD


def packed(flags: Flags) -> Words:
    """One flag a user as a set. The bits behind the last user are 0."""
    words = np.zeros(words_for(flags.size), np.uint64)
    bits = np.packbits(flags, bitorder="little")
    words.view(np.uint8)[: bits.size] = bits
    return words


def unpacked(words: Words, users: int) -> Flags:
    """A set as one flag a user."""
    return np.unpackbits(words.view(np.uint8), count=users, bitorder="little").view(np.bool_)


def sealed(array: Array) -> Array:
    """The same array, refusing every write from now on. Compiled loops are made for arrays of one sort only."""
    plain = np.asarray(array)
    plain.setflags(write=False)
    return plain
