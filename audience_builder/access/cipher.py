"""AES-256-GCM over one value: sealed for one place, it opens only there. Whole files are `file_cipher`.

What is sealed is bound to where it stands (`place`): moved to another row or column, cut or changed by a bit, it does not open.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audience_builder.errors import SealedError

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES
"""How much longer a sealed value is than what it hides."""

_FORMAT = b"\x01"


def new_key() -> bytes:
    """A key of 256 random bits."""
    return os.urandom(KEY_BYTES)


def place(*words: str | int) -> bytes:
    """Where a value stands (table, column, row, key version) as bytes: no two different places give the same."""
    found = b""
    for word in words:
        part = str(word).encode("utf-8", "surrogatepass")
        found += len(part).to_bytes(4, "big") + part
    return found


class Cipher:
    """Seals and opens under one key. Nonces are random, so one key is for less than 2^32 values."""

    __slots__ = ("_aes",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
        self._aes = AESGCM(key)

    def seal(self, plain: bytes, at: bytes) -> bytes:
        """The value, sealed for a place: one byte of format, nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return _FORMAT + nonce + self._aes.encrypt(nonce, plain, at)

    def open(self, sealed: bytes, at: bytes) -> bytes:
        """What was sealed for this place. Raises SealedError for anything else."""
        if len(sealed) < OVERHEAD_BYTES or sealed[:1] != _FORMAT:
            raise not_ours()
        try:
            return self._aes.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], at)
        except InvalidTag:
            # The cause says nothing, and a trace of it would only carry buffers along.
            raise not_ours() from None


def not_ours() -> SealedError:
    """What is said of bytes that were not sealed here, under this key, for this place."""
    return SealedError(
        "a sealed value was changed, cut, moved, or sealed under another key",
        fix="Restore the data directory and its keys from the same moment.",
    )
