"""What was computed once, kept as long as there is room: the least recently asked goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, Protocol, TypeVar, cast


class Sized(Protocol):
    """Anything that says how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes."""
        ...


Kept = TypeVar("Kept", bound=Sized)


class Cache:
    """Values by key within `limit` bytes. A value asked for by several threads at once is computed by one of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Sized] = OrderedDict()
        self._making: dict[Hashable, Future[Any]] = {}
        self._bytes = 0

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._kept

    @property
    def nbytes(self) -> int:
        """How much is kept."""
        return self._bytes

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """The value of that key, made now where it is not kept. What `make` raises is raised to everyone who waits for it."""
        found = self.peek(key)
        if found is not None:
            return cast(Kept, found)
        mine: Future[Any] = Future()
        with self._lock:
            if key in self._kept:  # made by another thread just now
                return cast(Kept, self._kept[key])
            making = self._making.setdefault(key, mine)
        return self._made(key, make, mine) if making is mine else cast(Kept, making.result())

    def peek(self, key: Hashable) -> Sized | None:
        """The value of that key if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, value: Sized) -> None:
        """Keep a value that was computed along with others."""
        with self._lock:
            self._keep(key, value)

    def _made(self, key: Hashable, make: Callable[[], Kept], mine: Future[Any]) -> Kept:
        try:
            value = make()
        except BaseException as problem:
            with self._lock:
                del self._making[key]
            mine.set_exception(problem)
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, value)
        mine.set_result(value)
        return value

    def _keep(self, key: Hashable, value: Sized) -> None:
        before = self._kept.pop(key, None)
        self._bytes += value.nbytes - (before.nbytes if before is not None else 0)
        self._kept[key] = value
        while self._bytes > self.limit:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.nbytes
