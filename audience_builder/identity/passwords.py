"""Passwords: kept as argon2id hashes, and only where they are worth something."""

from __future__ import annotations

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from audience_builder.errors import InputError

LEAST, MOST = 12, 128
"""How many characters a password has."""

_LEAST_DIFFERENT = 6
# 64 MiB and three passes each; two at once, so that guesses cannot fill the memory.
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)


def check_password(password: str, account_id: str) -> None:
    """Raise InputError for a password that is too short, too long, too simple, or says the account's name."""
    if not LEAST <= len(password) <= MOST:
        raise InputError(f"a password has {LEAST} to {MOST} characters", fix="Take a sentence you can remember.")
    if len(set(password.casefold())) < _LEAST_DIFFERENT or account_id.casefold() in password.casefold():
        raise InputError("this password is easy to guess", fix="Take a sentence that does not say your name.")


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its salt and costs."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password of that hash. Takes as long where there is none: a name that exists is not told by the clock."""
    with _AT_ONCE:
        try:
            matches = _HASHER.verify(kept or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return matches and kept is not None


_NOBODY: list[str] = []


def _nobodys() -> str:
    """A hash no password has, made once."""
    if not _NOBODY:
        _NOBODY.append(_HASHER.hash(secrets.token_urlsafe(32)))
    return _NOBODY[0]
