"""Both ways through the trail: who saw a user, and whom somebody exported."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sqlalchemy import Connection, select

from audience_builder.errors import NotFoundError
from audience_builder.store.rows import AuditEntry
from audience_builder.store.trail import entry_of
from audience_builder.store.trail_key import TrailKey
from audience_builder.store.trail_tables import TRAIL_ENTRY, TRAIL_USERS
from audience_builder.store.user_sets import UserNumbers, unpacked


class SqlSeen:
    """The trail asked about users, inside one transaction."""

    def __init__(self, connection: Connection, key: TrailKey) -> None:
        self._connection = connection
        self._key = key

    def of_user(self, user: int) -> Iterator[AuditEntry]:
        """The entries that name a user, alone or among others, in order."""
        sets = list(self._sets_with(user))
        named = TRAIL_ENTRY.c.user == self._key.name(user)
        ids = set(self._connection.execute(select(TRAIL_ENTRY.c.id).where(named)).scalars())
        for digest in sets:
            found = self._connection.execute(select(TRAIL_ENTRY.c.id).where(TRAIL_ENTRY.c.users == digest))
            ids |= set(found.scalars())
        for number in sorted(ids):
            query = select(TRAIL_ENTRY).where(TRAIL_ENTRY.c.id == number)
            yield entry_of(self._connection.execute(query).mappings().one())

    def about(self, object_: str) -> Iterator[AuditEntry]:
        """The entries about one object (an export's id, say), in order."""
        query = select(TRAIL_ENTRY).where(TRAIL_ENTRY.c.object == object_).order_by(TRAIL_ENTRY.c.id)
        for row in self._connection.execute(query).mappings():
            yield entry_of(row)

    def users(self, digest: str) -> UserNumbers:
        """The numbers of a set of users, ascending. Raises NotFoundError."""
        found = self._connection.execute(select(TRAIL_USERS.c.users).where(TRAIL_USERS.c.digest == digest)).scalar()
        if found is None:
            raise NotFoundError("the trail has no such set of users", fix="Take a digest from an entry.")
        return np.array(unpacked(found), np.uint32)

    def _sets_with(self, user: int) -> Iterator[str]:
        """The sets that hold the user; only those whose range reaches them are opened."""
        reaches = (TRAIL_USERS.c.first <= user) & (TRAIL_USERS.c.last >= user) & (TRAIL_USERS.c.count > 0)
        for row in self._connection.execute(select(TRAIL_USERS.c.digest, TRAIL_USERS.c.users).where(reaches)):
            if user in unpacked(row.users):
                yield row.digest
