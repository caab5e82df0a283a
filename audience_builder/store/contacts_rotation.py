"""New keys while everything goes on: rows move to them in small transactions, and wherever it stops it goes on from there.

Every row says which versions it is sealed under and every old key stays until no row needs it, so each row can be read at any
moment of a rotation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from audience_builder.access import Permission, Principal, require
from audience_builder.access.cipher import new_key
from audience_builder.access.keys import Keyring, MasterKeys, Purpose, ServiceKey
from audience_builder.store.contacts_sealing import Sealing
from audience_builder.store.keys import wrapped
from audience_builder.store.port import Store, Unit

Tell = Callable[[int, int], None]
"""Told how many rows are done and how many there are to do."""

_AT_ONCE = 1_000
_KEYS_A_ROW = 10
"""So many keys are wrapped anew while one row is sealed anew: a transaction of either takes about as long."""

Step = Callable[[Unit, int], tuple[int, int]]
"""Moves some rows behind a place: how many, and the last one's place."""


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
        wrapping, data = self._targets()
        with self._store.unit(principal) as unit:
            waiting = unit.contacts.waiting(wrapping=wrapping, data=data)
        done, total = 0, max(waiting.wrapping, waiting.data)
        tell(done, total)
        sealing = Sealing(self._keyring)
        # First those who get a new key of their own: they have it wrapped by the newest one at once.
        for step in (_reseal(sealing, data, self._at_once), _rewrap(sealing, wrapping, self._at_once)):
            for moved in self._steps(principal, step):
                done += moved
                tell(done, total)

    def _steps(self, principal: Principal, step: Step) -> Iterator[int]:
        """How many rows each transaction moved, until none is left."""
        after = 0
        while True:
            with self._store.unit(principal) as unit:
                moved, last = step(unit, after)
                if moved:
                    unit.audit("keys.rotate.step", "keys", rows=moved)
            if not moved and not after:
                return
            # At the end once more from the beginning: who was imported as the keys were made may still have the old ones.
            after = last if moved else 0
            if moved:
                yield moved

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


def _reseal(sealing: Sealing, data: int, at_once: int) -> Step:
    """Gives users new keys of their own and new blind indexes."""

    def step(unit: Unit, after: int) -> tuple[int, int]:
        rows = unit.contacts.behind(data=data, after=after, limit=at_once)
        unit.contacts.rewrite([sealing.resealed(row) for _, row in rows])
        return len(rows), rows[-1][0] if rows else 0

    return step


def _rewrap(sealing: Sealing, wrapping: int, at_once: int) -> Step:
    """Wraps users' keys anew and leaves what they seal as it is."""

    def step(unit: Unit, after: int) -> tuple[int, int]:
        keys = unit.contacts.keys_behind(wrapping=wrapping, after=after, limit=at_once * _KEYS_A_ROW)
        unit.contacts.rewrap(sealing.rewrapped(keys))
        return len(keys), keys[-1].place if keys else 0

    return step
