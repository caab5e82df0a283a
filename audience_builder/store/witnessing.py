"""Has somebody else watch the trail: checkpoints go to the witness, and what it saw is compared with what is here."""

from __future__ import annotations

import logging
from threading import Lock

from audience_builder.store.port import Store
from audience_builder.store.witness import Witness

_LOG = logging.getLogger("audience_builder")


class Witnessing:
    """One store and its witness. `witnessed` is how many entries the witness vouches for, `problem` why it is not more."""

    def __init__(self, store: Store, witness: Witness) -> None:
        self._store = store
        self._witness = witness
        self._lock = Lock()
        self.witnessed = 0
        self.problem = ""

    def check(self) -> None:
        """Compare with what the witness saw. Raises TrailError where the trail was cut, set back or written anew."""
        try:
            seen = self._witness.newest(self._store.trail_id())
        except OSError:
            self._failed("the witness cannot be asked")
            return
        if seen is not None:
            self._store.require_seen(seen)
            self.witnessed = seen.size

    def publish(self) -> None:
        """Sign where the trail ends, and have the witness keep it. What cannot be kept now is kept with the next one."""
        with self._lock:
            newest = self._store.checkpoint()
            if newest is None or newest.size == self.witnessed:
                return
            try:
                self._witness.publish(newest)
            except OSError:
                self._failed("the witness cannot be written")
                return
            self.witnessed, self.problem = newest.size, ""

    def _failed(self, problem: str) -> None:
        self.problem = problem
        _LOG.warning("the audit trail is without its witness")
