"""Waiting for what a thread does, not longer than it may take."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(is_so: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Return as soon as it is so; fail where it never is."""
    last = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < last, "it did not become so"
        time.sleep(0.02)
