"""The trail as those read it who oversee: who saw a user, whom somebody exported, and what was done at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from audience_builder.access import Permission, Principal, require
from audience_builder.audience.port import Travellers
from audience_builder.clock import now
from audience_builder.errors import NotFoundError
from audience_builder.store import AuditEntry, Note, Store, Unit
from audience_builder.store.checkpoints import Proof
from audience_builder.store.rows import Json
from audience_builder.store.witness import Sighting

MOST_ENTRIES = 1_000
MOST_USERS = 1_000
_EXPORTED, _FETCHED, _ASKED = "export.done", "export.download", "export.request"


@dataclass(frozen=True, slots=True)
class Export:
    """An export of somebody: what was asked for, what came of it (None = not done), and who fetched the file."""

    request: AuditEntry
    done: AuditEntry | None
    downloads: tuple[AuditEntry, ...]


class Overseeing:
    """Answers from the trail, and leaves an entry of its own each time: one transaction."""

    def __init__(self, *, store: Store, travellers: Travellers) -> None:
        self._store = store
        self._travellers = travellers

    def entries(
        self,
        principal: Principal,
        *,
        before: int | None = None,
        by: str | None = None,
        action: str | None = None,
        limit: int = 100,
    ) -> list[AuditEntry]:
        """The latest entries, newest first: those before an entry, by a principal, or of an action."""
        require(principal, Permission.OVERSEE)
        with self._store.unit(principal) as unit:
            found = unit.trail.newest(min(limit, MOST_ENTRIES), before=before, principal=by, action=action)
            unit.audit("trail.read", "trail", shown=len(found), asked_by=by, asked_action=action)
            return found

    def rule(self, principal: Principal, key: str) -> Json:
        """The canonical rule an entry names by its hash. Raises NotFoundError."""
        require(principal, Permission.OVERSEE)
        with self._store.unit(principal) as unit:
            unit.audit("trail.rule", key[:64])
            return unit.trail.rule(key)

    def who_saw(self, principal: Principal, user_id: str) -> list[AuditEntry]:
        """Every entry that showed a user, was about them, or exported them; and the downloads of such exports, in order.

        Raises NotFoundError for an id never seen, and for an erased one: then the trail cannot tell who it was, either.
        """
        require(principal, Permission.OVERSEE)
        number = self._travellers.number(user_id)
        if number is None:
            raise NotFoundError("there is no user of that id (any more)", fix="Take an id from your own data.")
        with self._store.unit(principal) as unit:
            found = {entry.id: entry for entry in unit.seen.of_user(number)}
            for entry in tuple(found.values()):
                if entry.action == _EXPORTED:
                    found |= {each.id: each for each in unit.seen.about(entry.object) if each.action == _FETCHED}
            unit.note(Note(action="trail.who_saw", subject="user", user=number, detail={"shown": len(found)}))
            return [found[key] for key in sorted(found)]

    def exports_of(self, principal: Principal, by: str) -> list[Export]:
        """What somebody exported, oldest first."""
        require(principal, Permission.OVERSEE)
        with self._store.unit(principal) as unit:
            found = list(_exports(unit, by))
            unit.audit("trail.exports", by[:200], shown=len(found))
            return found

    def users(
        self, principal: Principal, digest: str, *, after: int = -1, limit: int = 100
    ) -> tuple[list[str], int | None]:
        """A page of the pseudonymous ids in a set an entry names (without the erased), and where the next one begins."""
        require(principal, Permission.OVERSEE)
        with self._store.unit(principal) as unit:
            numbers = unit.seen.users(digest)
            page = numbers[int(np.searchsorted(numbers, max(after, 0), side="right" if after >= 0 else "left")) :][
                : min(limit, MOST_USERS)
            ]
            records = self._travellers.records(page, (), now())
            unit.note(Note(action="trail.users", subject=digest[:64], users=page, detail={"shown": len(records)}))
        more = len(page) > 0 and int(page[-1]) < int(numbers[-1])
        return [str(record[0]) for record in records], int(page[-1]) if more else None

    def checkpoint(self, principal: Principal) -> Sighting | None:
        """The last signed head of the trail."""
        require(principal, Permission.OVERSEE)
        with self._store.unit(principal) as unit:
            unit.audit("trail.checkpoint", "trail")
            return unit.checkpoints.newest()

    def proof(self, principal: Principal, entry: int) -> Proof:
        """That an entry is under the last checkpoint. Raises NotFoundError for one that is not yet."""
        require(principal, Permission.OVERSEE)
        with self._store.unit(principal) as unit:
            unit.audit("trail.proof", str(entry))
            return unit.checkpoints.inclusion(entry)

    def consistency(self, principal: Principal, old: int) -> Proof:
        """That the tree over the first `old` entries begins the last checkpoint's. Raises NotFoundError."""
        require(principal, Permission.OVERSEE)
        with self._store.unit(principal) as unit:
            unit.audit("trail.consistency", str(old))
            return unit.checkpoints.consistency(old)


def _exports(unit: Unit, by: str) -> Iterator[Export]:
    for request in unit.trail.of(by, _ASKED):
        about = list(unit.seen.about(request.object))
        done = next((entry for entry in about if entry.action == _EXPORTED), None)
        yield Export(request, done, tuple(entry for entry in about if entry.action == _FETCHED))
