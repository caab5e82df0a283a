"""How many users wait for their profile, asked of a mart that may be large."""

from __future__ import annotations

from threading import Lock
from time import monotonic

from audience_builder.mart.duckdb import DuckDBMart

_SHARE = 30
"""At most one part in so many of the time goes into asking."""

_QUICK_SECONDS = 0.05
"""What takes no longer is asked whenever the mart has changed."""


class Waiting:
    """The number as of the mart's version, or, where asking takes long, as of one a little before. Threads may share it."""

    def __init__(self, mart: DuckDBMart) -> None:
        self._mart = mart
        self._lock = Lock()
        self._known: tuple[int, int] | None = None
        self._not_before = 0.0

    def count(self) -> int:
        """Users with facts but no profile yet. Who asks while another does waits for that answer."""
        with self._lock:
            version, begun = self._mart.version, monotonic()
            if self._known is None or (self._known[0] != version and begun >= self._not_before):
                self._known = version, self._mart.waiting()
                took = monotonic() - begun
                self._not_before = monotonic() + (_SHARE * took if took > _QUICK_SECONDS else 0.0)
            return self._known[1]
