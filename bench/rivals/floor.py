"""The floor: reading the bytes a rule touches once, and doing next to nothing with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba.np.numpy_support import carray

from audience_builder.engine.kernel import addresses, pointer
from audience_builder.index.arrays import Words
from audience_builder.index.kernel import compiled
from bench.rivals.port import Audience, Task


@compiled
def streamed(rows: Words, words: int) -> np.uint64:
    """Every word of the sets at these addresses, read once in order and folded into one."""
    folded = np.uint64(0)
    for r in range(rows.size):
        row = carray(pointer(rows[r]), words, np.uint64)
        for i in range(words):
            folded ^= row[i]
    return folded


class Floor:
    """Everybody's set and each condition's, read once on one thread. It counts nothing."""

    name = "streaming the same bytes"
    threads = 1

    def __init__(self, base: Words) -> None:
        self._base = base
        self._rows: list[Words] = []
        self._addresses = addresses([])

    def prepare(self, task: Task) -> None:
        """Note where the sets lie; one that two conditions share is read once."""
        self._hold([self._base, *task.sets.values()])

    def hold(self, audience: Audience) -> None:
        """The same for the lines of facets and the audience they split."""
        self._hold([audience.members, *audience.lines])

    def stream(self) -> int:
        """Read them."""
        return int(streamed(self._addresses, self._base.size))

    @property
    def nbytes(self) -> int:
        """How many bytes are read."""
        return sum(words.nbytes for words in self._rows)

    def release(self) -> None:
        """Let go of them."""
        self._hold([])

    def _hold(self, sets: Sequence[Words]) -> None:
        self._rows = list({words.ctypes.data: words for words in sets}.values())
        self._addresses = addresses(self._rows)
