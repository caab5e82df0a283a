"""A file sealed as it is written: AES-256-GCM piece by piece, each bound to its position, the last one marked as the last.

Pieces that are changed, exchanged, repeated, left out or cut off do not open. A reader gets every piece as soon as it is proven
true, but knows only at the end that none is missing: write what is opened aside, and put it in place when it has ended.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from hmac import compare_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audience_builder.access.cipher import KEY_BYTES, NONCE_BYTES, TAG_BYTES, not_ours
from audience_builder.errors import SealedError

MAGIC = b"ABSEAL1\n"
"""What a sealed file begins with."""

PIECE_BYTES = 1 << 16
"""How much of the file a piece hides; only the last one may hide less."""

_SALT_BYTES = 32
_PROOF_BYTES = 32
_HEAD_BYTES = len(MAGIC) + _SALT_BYTES + _PROOF_BYTES
_MOST_PIECES = 1 << 32
_USE = b"audience-builder sealed file"


def seal_file(chunks: Iterable[bytes], key: bytes, *, about: bytes = b"") -> Iterator[bytes]:
    """The bytes of a sealed file, from the bytes of a plain one in chunks of any size; holds one piece in memory.

    The key (32 bytes) may be for many files: each is sealed under a key derived from it and a random salt. `about` is not kept;
    who opens the file must say the same (the job's id, say), or it does not open.
    """
    head = MAGIC + os.urandom(_SALT_BYTES)
    aes, proof = _derived(key, head, about)
    head += proof
    yield head
    for number, (piece, is_last) in enumerate(_pieces(chunks, PIECE_BYTES)):
        yield aes.encrypt(_nonce(number, is_last), piece, head)


def open_file(chunks: Iterable[bytes], key: bytes, *, about: bytes = b"") -> Iterator[bytes]:
    """The plain bytes of a sealed file, from its bytes in chunks of any size.

    Raises SealedError at the first piece that is not what was written there, and at the end of a file that was cut.
    """
    sealed = iter(_regrouped(chunks))
    head = next(sealed, b"")
    if len(head) != _HEAD_BYTES or not head.startswith(MAGIC):
        raise SealedError("this is no sealed file", fix="Give a file that this product has sealed.")
    aes, proof = _derived(key, head[:-_PROOF_BYTES], about)
    if not compare_digest(proof, head[-_PROOF_BYTES:]):
        raise SealedError("this file was sealed under another key", fix="Use the key that belongs to this very file.")
    for number, (piece, is_last) in enumerate(_pieces(sealed, PIECE_BYTES + TAG_BYTES)):
        try:
            plain = aes.decrypt(_nonce(number, is_last), piece, head)
        except InvalidTag:
            raise not_ours() from None
        yield plain


def is_sealed(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a sealed one."""
    return head.startswith(MAGIC)


def _derived(key: bytes, head: bytes, about: bytes) -> tuple[AESGCM, bytes]:
    """The file's own key, and the proof in its head that only this key makes (so no file opens under two keys)."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
    made = HKDF(SHA256(), KEY_BYTES + _PROOF_BYTES, salt=head, info=_USE + b"\0" + about).derive(key)
    return AESGCM(made[:KEY_BYTES]), made[KEY_BYTES:]


def _nonce(number: int, is_last: bool) -> bytes:
    if number >= _MOST_PIECES:
        raise SealedError("a sealed file has at most 256 TiB", fix="Split it.")
    return struct.pack(f">{NONCE_BYTES - 5}xIB", number, is_last)


def _pieces(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of exactly `size`, and the last one (which may be empty) of what remains; each with whether it is the last."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        # One byte must remain: a full piece is the last one only where nothing follows.
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True


def _regrouped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The head by itself, then the rest as it comes."""
    head, rest = bytearray(), iter(chunks)
    for chunk in rest:
        head += chunk
        if len(head) >= _HEAD_BYTES:
            break
    yield bytes(head[:_HEAD_BYTES])
    yield bytes(head[_HEAD_BYTES:])
    yield from rest
