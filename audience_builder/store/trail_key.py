"""The trail's own secret: it signs checkpoints, and names users in entries so that nobody without it can tell who they are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from audience_builder.errors import InputError

_SECRET_BYTES = 32
_NAME_CHARACTERS = 32
_ED25519 = b"\x01"


class TrailKey:
    """A key from a secret of 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _SECRET_BYTES:
            raise ValueError(f"a trail's secret has {_SECRET_BYTES} bytes, not {len(secret)}")
        self._signing = Ed25519PrivateKey.from_private_bytes(_derived(secret, b"checkpoints"))
        self._naming = _derived(secret, b"users")
        public = self._signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._public = public
        self.public = base64.b64encode(public).decode()

    @classmethod
    def fresh(cls) -> TrailKey:
        """A new key that is kept nowhere."""
        return cls(os.urandom(_SECRET_BYTES))

    @classmethod
    def at(cls, path: Path, *, may_make: bool) -> TrailKey:
        """The key in this file of the owner's alone; made where it is not there, if it may be. Raises InputError."""
        if not path.exists():
            if not may_make:
                raise InputError(f"the key of the audit trail {path} is missing", fix="Put the file back.")
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(handle, "wb") as file:
                file.write(os.urandom(_SECRET_BYTES))
                file.flush()
                os.fsync(file.fileno())
        try:
            return cls(path.read_bytes())
        except ValueError as problem:
            raise InputError(f"{path} is no key of an audit trail: {problem}", fix="Restore it.") from None

    def name(self, user: int) -> str:
        """What a user (by number) is called in entries."""
        named = hmac.new(self._naming, user.to_bytes(8, "big"), hashlib.sha256)
        return named.hexdigest()[:_NAME_CHARACTERS]

    def signed(self, origin: str, text: str) -> str:
        """The text as a signed note (C2SP signed-note): lines, an empty line, and a line with name and signature."""
        name = origin.encode()
        key_id = hashlib.sha256(name + b"\n" + _ED25519 + self._public).digest()[:4]
        signature = base64.b64encode(key_id + self._signing.sign(text.encode())).decode()
        return f"{text}\n— {origin} {signature}\n"


def _derived(secret: bytes, use: bytes) -> bytes:
    return hmac.new(secret, b"audience-builder trail " + use, hashlib.sha256).digest()
