"""The master key in a file of the owner's alone, made at the first start (embedded profile).

Whoever reads that file reads everything: keep it on another disk than the data and its backups (`AUDIENCE_BUILDER_KEYS`).
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audience_builder.access.cipher import Cipher, new_key, place
from audience_builder.access.keys import Wrapped
from audience_builder.errors import ConflictError, InputError, SealedError

_OWNER_ONLY = 0o600
_OTHERS = 0o077


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = Field(default=1, ge=1, le=1)
    keys: dict[Annotated[int, Field(ge=1)], Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]] = Field(
        min_length=1
    )


class FileMasterKeys:
    """Master keys in one file (`access.keys.MasterKeys`). Every change is on the disk before it is used."""

    def __init__(self, path: Path, *, may_make: bool) -> None:
        """Read the file; where there is none make it, if that may be. Raises InputError for what cannot be trusted."""
        self._path = path
        if not path.exists():
            if not may_make:
                raise InputError(
                    f"the master key {path} is missing, and this data was sealed under it",
                    fix="Put the file back, or say with AUDIENCE_BUILDER_KEYS where it is.",
                )
            self._keys = {1: new_key()}
            self._write()
        self._keys = self._read()

    def versions(self) -> tuple[int, ...]:
        """The versions there are, ascending; the last one wraps."""
        return tuple(sorted(self._keys))

    def wrap(self, key: bytes, about: bytes) -> Wrapped:
        """A key sealed under the newest version, for what it is about."""
        version = max(self._keys)
        return Wrapped(version, Cipher(self._keys[version]).seal(key, _about(version, about)))

    def unwrap(self, wrapped: Wrapped, about: bytes) -> bytes:
        """The key. Raises SealedError where it was wrapped about something else, or its version is gone."""
        key = self._keys.get(wrapped.version)
        if key is None:
            raise SealedError(
                f"version {wrapped.version} of the master key is gone", fix="Restore the key file of that time."
            )
        return Cipher(key).open(wrapped.sealed, _about(wrapped.version, about))

    def renew(self) -> int:
        """Make a new version and return it: it wraps from now on."""
        version = max(self._keys) + 1
        self._keys = {**self._keys, version: new_key()}
        self._write()
        return version

    def destroy(self, version: int) -> None:
        """Destroy a version for ever. Raises ConflictError for the newest one."""
        if version == max(self._keys):
            raise ConflictError("the newest master key cannot be destroyed", fix="Rotate the keys first.")
        self._keys = {known: key for known, key in self._keys.items() if known != version}
        self._write()

    def _read(self) -> dict[int, bytes]:
        if self._path.stat().st_mode & _OTHERS:
            raise InputError(f"others can read the master key {self._path}", fix=f"chmod 600 {self._path}")
        try:
            content = _Content.model_validate_json(self._path.read_bytes())
        except ValidationError:
            # Its own words would repeat the key.
            raise InputError(f"{self._path} is no master key of this product", fix="Restore it.") from None
        return {version: base64.b64decode(key) for version, key in content.keys.items()}

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        said = _Content(keys={version: base64.b64encode(key).decode() for version, key in self._keys.items()})
        aside = self._path.with_name(self._path.name + ".part")
        with open(os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _OWNER_ONLY), "wb") as file:
            file.write(said.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        aside.rename(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _about(version: int, about: bytes) -> bytes:
    return place("master", version) + about
