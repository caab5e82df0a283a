"""A few members of an audience, spread over all of it: the same ones for the same rule and data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random

import numpy as np

from audience_builder.engine.port import UserNumbers


def spread(blocks: Iterable[UserNumbers], *, total: int, wanted: int, seed: str) -> list[int]:
    """Up to `wanted` numbers of ascending blocks that hold `total`, one of each equal stretch, drawn by the seed."""
    chance = Random(seed)  # noqa: S311  (which of them are shown is no secret)
    edges = np.linspace(0, total, min(wanted, total) + 1).astype(int).tolist()
    places = [chance.randrange(low, high) for low, high in pairwise(edges)]
    return list(_at(blocks, places))


def _at(blocks: Iterable[UserNumbers], places: Sequence[int]) -> Iterable[int]:
    """The numbers at these ascending places of all blocks together."""
    passed, following = 0, 0
    for block in blocks:
        while following < len(places) and places[following] < passed + len(block):
            yield int(block[places[following] - passed])
            following += 1
        if following == len(places):
            return
        passed += len(block)
