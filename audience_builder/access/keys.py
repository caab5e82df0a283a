"""Three layers of keys: a master key wraps the service keys, a service key wraps one data key a user, that seals their fields.

Master keys never leave where they live (a file of the owner's, or a key service). Service keys live in the store, wrapped. So a
new master key re-wraps a handful of keys, and destroying one data key makes one user unreadable for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from audience_builder.access.cipher import new_key, place
from audience_builder.errors import SealedError


class Purpose(StrEnum):
    """What a service key is for; each purpose has keys of its own, in versions."""

    WRAPPING = "wrapping"  # wraps the data key of every user
    LOOKUP = "lookup"  # the blind indexes by which an e-mail address or phone number is found
    REFERENCE = "reference"  # what users are called in the vault, its tombstones and the audit trail
    ERASED = "erased"  # what erased users are called in the mart
    FILES = "files"  # files that may hold personal data


LASTING = frozenset({Purpose.REFERENCE, Purpose.ERASED})
"""Keys that have one version for ever: a new one could not recognise whom the old one knew."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key sealed by a master key of that version."""

    version: int
    sealed: bytes


class MasterKeys(Protocol):
    """Versions of one master key. What is wrapped can be unwrapped as long as its version was not destroyed."""

    def versions(self) -> tuple[int, ...]:
        """The versions there are, ascending; the last one wraps."""
        ...

    def wrap(self, key: bytes, about: bytes) -> Wrapped:
        """A key sealed under the newest version, for what it is about."""
        ...

    def unwrap(self, wrapped: Wrapped, about: bytes) -> bytes:
        """The key. Raises SealedError where it was wrapped about something else, or its version is gone."""
        ...

    def renew(self) -> int:
        """Make a new version and return it: it wraps from now on."""
        ...

    def destroy(self, version: int) -> None:
        """Destroy a version for ever. Raises ConflictError for the newest one."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A key of a purpose, in clear: it stands in memory only."""

    purpose: Purpose
    version: int
    key: bytes


class Keyring:
    """The service keys of this installation, in clear, in memory. It only grows while the process lives."""

    def __init__(self, keys: Mapping[tuple[Purpose, int], bytes]) -> None:
        self._keys = dict(keys)

    @classmethod
    def fresh(cls) -> Keyring:
        """First versions of all purposes."""
        return cls({(purpose, 1): new_key() for purpose in Purpose})

    def newest(self, purpose: Purpose) -> ServiceKey:
        """The key that is used for what is new."""
        version = max((version for known, version in self._keys if known is purpose), default=0)
        return ServiceKey(purpose, version, self.key(purpose, version))

    def key(self, purpose: Purpose, version: int) -> bytes:
        """The key of that version. Raises SealedError where there is none (any more)."""
        found = self._keys.get((purpose, version))
        if found is None:
            raise SealedError(
                f"there is no {purpose} key of version {version}", fix="Restore the store and its keys together."
            )
        return found

    def versions(self, purpose: Purpose) -> tuple[int, ...]:
        """The versions of a purpose, ascending."""
        return tuple(sorted(version for known, version in self._keys if known is purpose))

    def add(self, key: ServiceKey) -> None:
        """Use this one too."""
        self._keys[key.purpose, key.version] = key.key


def about_service_key(purpose: Purpose, version: int) -> bytes:
    """What a service key is wrapped about: it opens as no other."""
    return place("service_key", purpose, version)
