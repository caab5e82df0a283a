"""Sets of users as the trail keeps them: Roaring bitmaps of user numbers, a few bytes a user or fewer."""

from __future__ import annotations

import hashlib
from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

UserNumbers = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Packed:
    """A set of users: the bytes of the bitmap (portable Roaring format), their SHA-256, and the smallest and largest number."""

    content: bytes
    digest: str
    count: int
    first: int
    last: int


def packed(users: UserNumbers | BitMap) -> Packed:
    """The set as it is kept; of nobody, `first` and `last` are 0."""
    bitmap = users if isinstance(users, BitMap) else bitmap_of(users)
    bitmap.run_optimize()
    content = bitmap.serialize()
    first, last = (bitmap.min(), bitmap.max()) if bitmap else (0, 0)
    return Packed(content, hashlib.sha256(content).hexdigest(), len(bitmap), first, last)


def bitmap_of(users: UserNumbers) -> BitMap:
    """The numbers as a bitmap."""
    return BitMap(array("I", np.ascontiguousarray(users, np.uint32).tobytes()))


def unpacked(content: bytes) -> BitMap:
    """The set of these bytes."""
    return BitMap.deserialize(content)
