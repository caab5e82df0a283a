"""New keys while everything goes on: rows move to them in small transactions, and wherever it stops it goes on from there.

Every row says which versions it is sealed under and every old key stays until no row needs it, so each row can be read at any
moment of a rotation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from audience_builder.access import Permission, Principal, require
from audience_builder.access.cipher import new_key
from audience_builder.access.keys import Keyring, MasterKeys, Purpose, ServiceKey
from audience_builder.store.contacts import SealedContact
from audience_builder.store.contacts_sealing import Sealing
from audience_builder.store.keys import wrapped
from audience_builder.store.port import Store, Unit

Tell = Callable[[int, int], None]
"""Told how many rows are done and how many there are to do."""

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStatus:
    """Which keys there are, and how far a rotation is. `old_masters` wrap nothing any more and may be destroyed."""

    master: int
    old_masters: tuple[int, ...]
    versions: dict[str, tuple[int, ...]]
    contacts: int
    to_rewrap: int
    to_reseal: int

    @property
    def is_rotating(self) -> bool:
        """Whether a rotation waits to be gone on with."""
        return self.to_rewrap > 0 or self.to_reseal > 0


class KeyRotation:
    """Makes new keys, moves every contact to them, and lets go of the old ones."""

    def __init__(
        self,
        *,
        store: Store,
        keyring: Keyring,
        master: MasterKeys,
        now: Callable[[], datetime],
        at_once: int = _AT_ONCE,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._master = master
        self._now = now
        self._at_once = at_once

    def status(self, principal: Principal) -> KeyStatus:
        """How far everything is."""
        require(principal, Permission.ADMINISTER)
        with self._store.unit(principal) as unit:
            unit.audit("keys.status", "keys")
            return self._status(unit)

    def rotate(
        self, principal: Principal, *, data: bool = False, destroy_old: bool = False, tell: Tell = lambda done, of: None
    ) -> KeyStatus:
        """Go on with the rotation that was interrupted, or make new keys and move every contact to them.

        `data` also gives each user a new data key and the blind indexes a new key: every field is sealed anew. `destroy_old`
        destroys the older master keys in the end: no backup made before then can be opened again, not even with its own keys.
        """
        require(principal, Permission.ADMINISTER)
        made: list[ServiceKey] = []
        with self._store.unit(principal) as unit:
            before = self._status(unit)
            if before.is_rotating:
                unit.audit("keys.rotate.resume", "keys", to_rewrap=before.to_rewrap, to_reseal=before.to_reseal)
            else:
                made = self._renewed(unit, (Purpose.WRAPPING, Purpose.FILES, *((Purpose.LOOKUP,) if data else ())))
                unit.audit("keys.rotate.begin", "keys", master=self._master.versions()[-1], data=data)
        # Only now, when they are kept: a row sealed under a key that was never written down could not be read again.
        for key in made:
            self._keyring.add(key)
        self._move_all(principal, tell)
        return self._end(principal, destroy_old=destroy_old)

    def _renewed(self, unit: Unit, purposes: tuple[Purpose, ...]) -> list[ServiceKey]:
        """New versions of these purposes, and every service key wrapped by a new master key."""
        self._master.renew()
        at = self._now()
        made = [ServiceKey(purpose, self._keyring.newest(purpose).version + 1, new_key()) for purpose in purposes]
        kept = [
            replace(
                wrapped(
                    ServiceKey(entry.purpose, entry.version, self._key(entry.purpose, entry.version)), self._master, at
                ),
                made_at=entry.made_at,
            )
            for entry in unit.service_keys.all()
        ]
        unit.service_keys.put([*kept, *(wrapped(key, self._master, at) for key in made)])
        return made

    def _key(self, purpose: Purpose, version: int) -> bytes:
        return self._keyring.key(purpose, version)

    def _move_all(self, principal: Principal, tell: Tell) -> None:
        sealing, after, done = Sealing(self._keyring), "", 0
        wrapping, data = self._targets()
        with self._store.unit(principal) as unit:
            waiting = unit.contacts.waiting(wrapping=wrapping, data=data)
        total = max(waiting.wrapping, waiting.data)
        tell(done, total)
        while True:
            with self._store.unit(principal) as unit:
                rows = unit.contacts.behind(wrapping=wrapping, data=data, after=after, limit=self._at_once)
                if not rows and not after:
                    return
                if rows:
                    unit.contacts.rewrite([_moved(sealing, row, data) for row in rows])
                    unit.audit("keys.rotate.step", "keys", rows=len(rows))
            # At the end once more from the beginning: who was imported as the keys were made may still have the old ones.
            after, done = rows[-1].user_ref if rows else "", done + len(rows)
            tell(done, total)

    def _end(self, principal: Principal, *, destroy_old: bool) -> KeyStatus:
        wrapping, data = self._targets()
        with self._store.unit(principal) as unit:
            # Somebody may have imported meanwhile, but only under the newest keys; what is behind now is a mistake of ours.
            status = self._status(unit)
            if not status.is_rotating:
                for purpose, newest in ((Purpose.WRAPPING, wrapping), (Purpose.LOOKUP, data)):
                    for version in self._keyring.versions(purpose):
                        if version < newest:
                            unit.service_keys.drop(purpose, version)
            unit.audit(
                "keys.rotate.end",
                "keys",
                contacts=status.contacts,
                destroyed=list(status.old_masters) if destroy_old else [],
            )
        self._store.scrub()
        if destroy_old and not status.is_rotating:
            for version in status.old_masters:
                self._master.destroy(version)
        with self._store.unit(principal) as unit:
            return self._status(unit)

    def _targets(self) -> tuple[int, int]:
        return self._keyring.newest(Purpose.WRAPPING).version, self._keyring.newest(Purpose.LOOKUP).version

    def _status(self, unit: Unit) -> KeyStatus:
        wrapping, data = self._targets()
        waiting = unit.contacts.waiting(wrapping=wrapping, data=data)
        kept = unit.service_keys.all()
        needed = {entry.wrapped.version for entry in kept}
        return KeyStatus(
            master=self._master.versions()[-1],
            old_masters=tuple(version for version in self._master.versions()[:-1] if version not in needed),
            versions={
                purpose.value: tuple(entry.version for entry in kept if entry.purpose is purpose) for purpose in Purpose
            },
            contacts=waiting.contacts,
            to_rewrap=waiting.wrapping,
            to_reseal=waiting.data,
        )


def _moved(sealing: Sealing, row: SealedContact, data: int) -> SealedContact:
    return sealing.resealed(row) if row.data_version < data else sealing.rewrapped(row)
