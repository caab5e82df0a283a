"""The master key in a key service: it never enters this process, which only sends it keys to wrap and unwrap.

Written against what AWS KMS, Google Cloud KMS and Vault's transit engine have in common; the few lines that speak to one of them
are a `KeyService`. notyet: none of them ships here, because no such service could be reached to test one against.
"""

from __future__ import annotations

from typing import Protocol

from audience_builder.access.keys import Wrapped
from audience_builder.errors import ConflictError, SealedError


class KeyService(Protocol):
    """A key service. Keys are named by the service; `context` is authenticated, not kept."""

    def create(self) -> str:
        """Make a key and return its name. Names are told apart by `keys`, in the order they were made."""
        ...

    def keys(self) -> tuple[str, ...]:
        """The names of this installation's keys that are not destroyed, with `""` in the place of one that is."""
        ...

    def encrypt(self, name: str, plain: bytes, context: dict[str, str]) -> bytes:
        """Encrypt at most 4 KiB under a key."""
        ...

    def decrypt(self, name: str, sealed: bytes, context: dict[str, str]) -> bytes | None:
        """What was encrypted; None where the service refuses."""
        ...

    def destroy(self, name: str) -> None:
        """Destroy a key, or have it destroyed after the time the service keeps."""
        ...


class KmsMasterKeys:
    """Master keys in a key service (`access.keys.MasterKeys`): version n is the n-th key that was made."""

    def __init__(self, service: KeyService) -> None:
        self._service = service
        if not service.keys():
            service.create()

    def versions(self) -> tuple[int, ...]:
        """The versions there are, ascending; the last one wraps."""
        return tuple(number for number, name in enumerate(self._service.keys(), 1) if name)

    def wrap(self, key: bytes, about: bytes) -> Wrapped:
        """A key sealed under the newest version, for what it is about."""
        version = self.versions()[-1]
        return Wrapped(version, self._service.encrypt(self._name(version), key, _context(about)))

    def unwrap(self, wrapped: Wrapped, about: bytes) -> bytes:
        """The key. Raises SealedError where it was wrapped about something else, or its version is gone."""
        name = self._name(wrapped.version)
        found = self._service.decrypt(name, wrapped.sealed, _context(about)) if name else None
        if found is None:
            raise SealedError(
                f"the key service does not unwrap version {wrapped.version}", fix="Look at the service's own log."
            )
        return found

    def renew(self) -> int:
        """Make a new version and return it: it wraps from now on."""
        self._service.create()
        return self.versions()[-1]

    def destroy(self, version: int) -> None:
        """Destroy a version for ever. Raises ConflictError for the newest one."""
        if version == self.versions()[-1]:
            raise ConflictError("the newest master key cannot be destroyed", fix="Rotate the keys first.")
        if name := self._name(version):
            self._service.destroy(name)

    def _name(self, version: int) -> str:
        names = self._service.keys()
        return names[version - 1] if 1 <= version <= len(names) else ""


def _context(about: bytes) -> dict[str, str]:
    return {"about": about.hex()}
