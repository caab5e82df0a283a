"""A key service in memory, which like a real one never gives a key away."""

from __future__ import annotations

from audience_builder.access.cipher import Cipher, new_key, place
from audience_builder.errors import SealedError


class MemoryKeyService:
    """Keys by name; counts how often it was asked (`access.keys_kms.KeyService`)."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes | None] = {}
        self.calls = 0

    def create(self) -> str:
        name = f"key/{len(self._keys) + 1}"
        self._keys[name] = new_key()
        return name

    def keys(self) -> tuple[str, ...]:
        return tuple(name if key is not None else "" for name, key in self._keys.items())

    def encrypt(self, name: str, plain: bytes, context: dict[str, str]) -> bytes:
        self.calls += 1
        key = self._keys[name]
        assert key is not None
        assert len(plain) <= 4096
        return Cipher(key).seal(plain, place(*sorted(context.items())[0]))

    def decrypt(self, name: str, sealed: bytes, context: dict[str, str]) -> bytes | None:
        self.calls += 1
        key = self._keys[name]
        try:
            return None if key is None else Cipher(key).open(sealed, place(*sorted(context.items())[0]))
        except SealedError:
            return None

    def destroy(self, name: str) -> None:
        self._keys[name] = None
