"""One answer kept for as long as it is true: for one state of the data and one day in Korea."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

_Answer = TypeVar("_Answer")


class Kept(Generic[_Answer]):
    """The newest answer, with what it was true of. Who asks while it is worked out waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: tuple[Hashable, _Answer] | None = None

    def peek(self) -> tuple[Hashable, _Answer] | None:
        """The newest answer and what it was true of, however old."""
        return self._kept

    def get(self, key: Hashable, make: Callable[[], _Answer]) -> _Answer:
        """The answer that is true of `key`, worked out now where it is not kept."""
        found = self._kept
        if found is None or found[0] != key:
            with self._lock:
                found = self._kept
                if found is None or found[0] != key:
                    found = self._kept = (key, make())
        return found[1]
