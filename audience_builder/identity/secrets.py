"""Secrets handed out once and kept only as digests."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "ab_"  # noqa: S105  (what every token begins with, so that scanners find one that leaked)
_BYTES = 32


def new_secret() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(_BYTES)


def new_token() -> str:
    """A new token."""
    return TOKEN_PREFIX + new_secret()


def new_id() -> str:
    """A name for a row; no secret."""
    return secrets.token_hex(8)


def digest_of(secret: str) -> str:
    """What is kept of a secret: its SHA-256. Secrets are random, so there is nothing to try out."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_of(secret: str) -> str:
    """What a page of ours says to change anything: it follows from the session's secret, and says nothing of it."""
    return hashlib.sha256(b"csrf\0" + secret.encode("utf-8", "surrogatepass")).hexdigest()
