"""Whom each version of the mart changed: what the index lays over itself."""

from __future__ import annotations

from threading import Lock

import numpy as np
import numpy.typing as npt

from audience_builder.index.patch import all_users

UserNumbers = npt.NDArray[np.uint32]


class NotYetError(Exception):
    """Somebody has changed the mart just now, and is about to tell of it."""


class Changes:
    """Who changed in which version of the mart."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._told: dict[int, UserNumbers | None] = {}
        self._since = 0

    def begin(self, since: int, version: int, users: UserNumbers) -> None:
        """These users changed after `since` up to `version`; who did before is not told."""
        nobody = np.zeros(0, np.uint32)
        with self._lock:
            self._since = since
            self._told = {each: users if each == version else nobody for each in range(since + 1, version + 1)}

    def note(self, version: int, users: UserNumbers | None) -> None:
        """The users a version changed; None = everyone, or too many to name."""
        with self._lock:
            self._told[version] = users

    def between(self, since: int, version: int) -> UserNumbers | None:
        """Whoever changed after `since` up to `version`; None where that is everyone, or is never told.

        Raises NotYetError where it is about to be told.
        """
        with self._lock:
            wanted = range(since + 1, version + 1)
            if since < self._since:
                return None
            if not all(each in self._told for each in wanted):
                raise NotYetError
            told = [self._told[each] for each in wanted]
        known = [users for users in told if users is not None]
        return all_users(known) if len(known) == len(told) else None

    def forget(self, version: int) -> None:
        """Forget what an index built anew holds."""
        with self._lock:
            self._told = {each: users for each, users in self._told.items() if each > version}
