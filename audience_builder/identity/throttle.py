"""Guessing made slow: who fails often waits longer and longer, per account and per network, and nobody is locked out for good."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from audience_builder.errors import BusyError

_FREE = 5
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(hours=1)
_MOST = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last: datetime


class Throttle:
    """Counts failures by a word (an account's id, a network); the first few cost nothing."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = Lock()

    def check(self, *words: str) -> None:
        """Raise BusyError while one of these has to wait."""
        with self._lock:
            waits = [self._wait(word) for word in words]
        longest = max(waits)
        if longest > timedelta(0):
            seconds = int(longest.total_seconds()) + 1
            raise BusyError("too many sign-ins have failed", fix=f"Wait {seconds} seconds, then try again.")

    def failed(self, *words: str) -> None:
        """Somebody was not let in."""
        with self._lock:
            for word in words:
                before = self._failures.pop(word, None)
                count = before.count + 1 if before and self._now() - before.last < _FORGOTTEN_AFTER else 1
                self._failures[word] = _Failures(count, self._now())
            while len(self._failures) > _MOST:
                self._failures.popitem(last=False)

    def succeeded(self, word: str) -> None:
        """That account was let in: what failed before is forgotten."""
        with self._lock:
            self._failures.pop(word, None)

    def _wait(self, word: str) -> timedelta:
        found = self._failures.get(word)
        if found is None or found.count < _FREE:
            return timedelta(0)
        wait = min(_FIRST_WAIT * 2 ** min(found.count - _FREE, 12), _LONGEST_WAIT)
        return found.last + wait - self._now()
