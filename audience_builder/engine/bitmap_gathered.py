"""One number a user from the rows of a log: added up part by part, and stored in as little room as they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import local

import numpy as np

from audience_builder.engine.bitmap_scan import Block, Scan
from audience_builder.index.arrays import Array
from audience_builder.index.columns import USERS_A_PART

Pieces = list[Array | None]
"""One number a user, part by part, each in the smallest type that holds it; None where all of a part's are 0."""


def pieces(found: Scan, dtype: type[np.generic], add: Callable[[Array, Iterator[Block]], None]) -> Pieces:
    """What `add` makes of each user's rows. A part's numbers stay in the cache until they are small."""
    users = found.asked.reader.index.users.size
    of_parts: Pieces = [None] * len(found.asked.log.starts)

    def gather(part: int, blocks: Iterator[Block]) -> None:
        numbers = _ROOM.of(dtype)[: min(USERS_A_PART, users - part * USERS_A_PART)]
        numbers.fill(0)
        add(numbers, blocks)
        of_parts[part] = shrunk(numbers)

    found.each_part(gather)
    return of_parts


def gathered(found: Scan, dtype: type[np.generic], add: Callable[[Array, Iterator[Block]], None]) -> Array:
    """The same of all users at once."""
    of_parts = pieces(found, dtype, add)
    types = (each.dtype for each in of_parts if each is not None)
    numbers = np.zeros(found.asked.reader.index.users.size, np.result_type(np.uint8, *types))
    for part, each in enumerate(of_parts):
        if each is not None:
            numbers[users_of(part)] = each
    return numbers


def span(of_parts: Pieces) -> tuple[int, int]:
    """The smallest and the largest number, or 0 if that lies further out."""
    said = [each for each in of_parts if each is not None]
    return min((0, *(int(each.min()) for each in said))), max((0, *(int(each.max()) for each in said)))


def users_of(part: int) -> slice:
    """The users of a part."""
    return slice(part * USERS_A_PART, (part + 1) * USERS_A_PART)


class _Room(local):
    """One part's numbers, by type, for each thread: new memory each time would cost more than the sums."""

    def __init__(self) -> None:
        self._rooms: dict[type[np.generic], Array] = {}

    def of(self, dtype: type[np.generic]) -> Array:
        """A number a user of a part, whatever was left there."""
        return self._rooms.setdefault(dtype, np.empty(USERS_A_PART, dtype))


_ROOM = _Room()


def shrunk(numbers: Array) -> Array:
    """Numbers in the smallest type that holds each and one more."""
    most = int(np.iinfo(numbers.dtype).max)
    low, high = int(numbers.min(initial=0)), min(int(numbers.max(initial=0)) + 1, most)
    return numbers.astype(np.result_type(np.min_scalar_type(low), np.min_scalar_type(high)))
