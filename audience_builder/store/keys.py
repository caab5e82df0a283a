"""The service keys of an installation: made at the first start, unwrapped into memory at every other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from audience_builder.access import Principal, Role
from audience_builder.access.cipher import new_key
from audience_builder.access.keys import Keyring, MasterKeys, Purpose, ServiceKey, about_service_key
from audience_builder.store.contacts import SealedServiceKey
from audience_builder.store.port import Store

KEEPER = Principal("service:keys", "the keeper of the keys", frozenset({Role.SERVICE}))
"""Who makes the first keys."""

OpenMaster = Callable[[bool], MasterKeys]
"""Opens the master keys; told whether first ones may be made, which nothing was sealed under yet."""


def open_keyring(store: Store, open_master: OpenMaster, *, now: Callable[[], datetime]) -> tuple[Keyring, MasterKeys]:
    """The service keys in clear, and the master keys they are wrapped by; a purpose without a key gets its first one.

    Raises SealedError where they do not belong together, InputError where the master key is missing.
    """
    with store.unit(KEEPER) as unit:
        kept = unit.service_keys.all()
        master = open_master(not kept)
        found = {
            (entry.purpose, entry.version): master.unwrap(
                entry.wrapped, about_service_key(entry.purpose, entry.version)
            )
            for entry in kept
        }
        missing = [purpose for purpose in Purpose if not any(known is purpose for known, _ in found)]
        made = [ServiceKey(purpose, 1, new_key()) for purpose in missing]
        unit.service_keys.put([wrapped(key, master, now()) for key in made])
        if made:
            unit.audit("keys.make", "keys", purposes=sorted(missing))
    return Keyring({**found, **{(key.purpose, key.version): key.key for key in made}}), master


def wrapped(key: ServiceKey, master: MasterKeys, at: datetime) -> SealedServiceKey:
    """A service key as it is kept, under the newest master key."""
    about = about_service_key(key.purpose, key.version)
    return SealedServiceKey(key.purpose, key.version, master.wrap(key.key, about), at)
