"""Long work on sets shared by two cores: each counts in one half of the words."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

from audience_builder.engine.kernel import BLOCK
from audience_builder.index.arrays import Longs

BYTES_FOR_TWO = 1 << 25
"""From so many bytes of sets on work is shared; below, sharing costs more than it saves."""

_CORES = cpu_count() or 1
_HELPER = ThreadPoolExecutor(1, thread_name_prefix="sets")
"""Works on one half: whoever asks works on the other."""


def shared(count: Callable[[int, int], Longs], words: int, *, of_bytes: int) -> Longs:
    """What `count` finds among the words first … last (exclusive), summed over all of them; it reads so many bytes in all."""
    half = words // BLOCK // 2 * BLOCK
    if of_bytes < BYTES_FOR_TWO or _CORES < 2 or not half:
        return count(0, words)
    other = _HELPER.submit(count, half, words)
    mine = count(0, half)
    return mine + other.result()
