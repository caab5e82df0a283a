"""The provider's keys: fetched from its own address alone, kept for a while, and fetched anew when an unknown one signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from time import monotonic
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from audience_builder.identity.provider_errors import ProviderDownError, UntrueTokenError

Key = RSAKey | ECKey
Fetch = Callable[[], Mapping[str, Any]]

_KEPT_SECONDS = 600.0
_COOLING_SECONDS = 30.0
_LEAST_RSA_LETTERS = 341  # 2,048 bits in base64
_MOST_KEYS = 50
_CURVES = frozenset({"P-256"})


class ProviderKeys:
    """Finds the key a token names. An unknown name has the keys fetched anew, but no more often than twice a minute.

    Where the provider cannot be reached, the keys that are known go on being used.
    """

    def __init__(self, fetch: Fetch, *, clock: Callable[[], float] = monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str | None, tuple[Key, str | None]] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = Lock()

    def find(self, kid: object, algorithm: str) -> Key:
        """The key of that name for that algorithm. Raises UntrueTokenError where there is none."""
        if kid is not None and not isinstance(kid, str):
            raise UntrueTokenError("kid", "the key's name is no text")
        with self._lock:
            self._freshen(kid)
            if kid is None and len(self._keys) != 1:
                raise UntrueTokenError("kid", "it names no key, and there are several")
            found = next(iter(self._keys.values())) if kid is None else self._keys.get(kid)
        if found is None:
            raise UntrueTokenError("kid", "its key is none of the provider's")
        key, meant_for = found
        if meant_for not in (None, algorithm):
            raise UntrueTokenError("alg", "its key is for another algorithm")
        return key

    def _freshen(self, kid: str | None) -> None:
        now = self._clock()
        is_known = (kid in self._keys if kid is not None else bool(self._keys)) and now - self._fetched < _KEPT_SECONDS
        if is_known or now - self._tried < _COOLING_SECONDS:
            return
        self._tried = now
        try:
            self._keys = usable(self._fetch())
            self._fetched = now
        except ProviderDownError:
            if not self._keys:
                self._tried = float("-inf")  # without any key there is nothing to go on with: the next one asks again
                raise


def usable(said: Mapping[str, Any]) -> dict[str | None, tuple[Key, str | None]]:
    """The public keys of a key set that may sign tokens, by name, each with the algorithm it is for (None = not said)."""
    listed = said.get("keys")
    found: dict[str | None, tuple[Key, str | None]] = {}
    for entry in listed[:_MOST_KEYS] if isinstance(listed, list) else []:
        key = _key(entry) if isinstance(entry, dict) else None
        if key is not None:
            found[entry.get("kid")] = (key, entry.get("alg"))
    return found


def _key(entry: dict[str, Any]) -> Key | None:
    """A key that is public, for signatures, and strong enough; anything else is left out before it is even read."""
    if entry.get("use", "sig") != "sig" or "verify" not in entry.get("key_ops", ["verify"]) or "d" in entry:
        return None
    kind, modulus = entry.get("kty"), entry.get("n", "")
    is_rsa = kind == "RSA" and isinstance(modulus, str) and len(modulus) >= _LEAST_RSA_LETTERS
    is_ec = kind == "EC" and entry.get("crv") in _CURVES
    if not is_rsa and not is_ec:
        return None
    try:
        return RSAKey.import_key(entry) if is_rsa else ECKey.import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
