"""Taking turns: many wait for the disk together, so that one commit is enough for all of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from audience_builder.errors import AudienceBuilderError, BusyError, TrailError

_Item = TypeVar("_Item")


class Turn:
    """One at a time. Who waits too long is told BusyError."""

    def __init__(self, wait_seconds: float) -> None:
        self._lock = Lock()
        self._wait_seconds = wait_seconds

    @contextmanager
    def taken(self) -> Generator[None]:
        """Have the turn while this is open."""
        if not self._lock.acquire(timeout=self._wait_seconds):
            raise BusyError("the store cannot be written right now", fix="Try again in a moment.")
        try:
            yield
        finally:
            self._lock.release()


class _Waiting(Generic[_Item]):
    __slots__ = ("error", "is_done", "item")

    def __init__(self, item: _Item) -> None:
        self.item = item
        self.is_done = False
        self.error: BaseException | None = None


class Group(Generic[_Item]):
    """What comes while something is being written waits, and is then written together.

    `write` is called by whoever waits longest, with everything that waits, within the turn; it returns once all is on the disk.
    """

    def __init__(self, turn: Turn, write: Callable[[Sequence[_Item]], None]) -> None:
        self._turn = turn
        self._write = write
        self._lock = Lock()
        self._waiting: list[_Waiting[_Item]] = []

    def add(self, item: _Item) -> None:
        """Return once it is on the disk. Raises what kept it from there: then it is not there, and will not be."""
        mine = _Waiting(item)
        with self._lock:
            self._waiting.append(mine)
        try:
            with self._turn.taken():
                if not mine.is_done:
                    self._write_all()
        except BusyError:
            if not self._is_withdrawn(mine):
                # Somebody has it in hand by now: how that ends is how this ends.
                with self._turn.taken():
                    pass
            else:
                raise
        if mine.error is not None:
            raise _own(mine.error) from mine.error

    def _write_all(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            self._write([each.item for each in batch])
        except BaseException as problem:
            error = problem
        for each in batch:
            each.error, each.is_done = error, True

    def _is_withdrawn(self, mine: _Waiting[_Item]) -> bool:
        """Take it out of those that wait; False where it is not among them any more."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
            return False


def _own(error: BaseException) -> AudienceBuilderError:
    """An error of one's own: the same one cannot be raised in several threads."""
    if isinstance(error, AudienceBuilderError):
        return type(error)(error.message, fix=error.fix)
    return TrailError("what was asked could not be recorded, so it was not done", fix="Look at the server's log.")
