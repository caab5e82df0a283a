"""What is done every so often, whether anybody asks or not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

_LOG = logging.getLogger("audience_builder")


class Upkeep:
    """Does its tasks in a thread of its own until it is closed, and once more then. A task that fails is tried again."""

    def __init__(self, seconds: float) -> None:
        self._tasks: list[Callable[[], None]] = []
        self._seconds = seconds
        self._closed = Event()
        self._thread = Thread(target=self._run, name="upkeep", daemon=True)

    def add(self, task: Callable[[], None]) -> None:
        """Do this too."""
        self._tasks.append(task)

    def start(self) -> None:
        """Begin; the first time is after one interval."""
        self._thread.start()

    def close(self) -> None:
        """Do everything a last time, and stop."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()
        self._do()

    def _run(self) -> None:
        while not self._closed.wait(self._seconds):
            self._do()

    def _do(self) -> None:
        for task in self._tasks:
            try:
                task()
            except Exception:  # it is tried again
                _LOG.exception("upkeep failed")
