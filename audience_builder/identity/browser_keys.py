"""Keys for browsers: public by nature, so each is bound to its origins, and only ever puts events in.

A key lies in the store as it is: whoever opens the page reads it, so a digest would hide nothing. What keeps it harmless is that
nothing but one address takes it, that this address answers with nothing it knows, and that no more comes through than a bucket holds.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from urllib.parse import urlsplit

from audience_builder.access import Permission, Principal, require
from audience_builder.errors import FullError, InputError, NotFoundError
from audience_builder.identity.accounts import SYSTEM
from audience_builder.store import BrowserKey, Store

PER_SECOND, BURST = 1_000_000, 5_000_000
"""How many bytes a second a key takes in the long run (an event has about 200), and how many at once."""

BELIEVED_SECONDS = 5.0
"""How long what the store said of the keys is believed; a revoked key ends within it on every server."""

_MOST_LABEL, _MOST_ORIGINS = 100, 20
_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:]+\]")


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class BrowserKeys:
    """Makes, lists and revokes keys, and lets in what pages send with them."""

    def __init__(
        self, *, store: Store, now: Callable[[], datetime], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._now, self._seconds = store, now, seconds
        self._lock = Lock()
        self._known: dict[str, frozenset[str]] = {}
        self._known_until = seconds()
        self._buckets: dict[str, _Bucket] = {}

    def create(self, principal: Principal, label: str, origins: Iterable[str]) -> BrowserKey:
        """A new key for pages of exactly these origins. Raises InputError for what is no origin, and DeniedError."""
        require(principal, Permission.ADMINISTER)
        wanted = tuple(dict.fromkeys(_origin(each) for each in origins))
        if not label.strip() or len(label) > _MOST_LABEL:
            raise InputError("a key has a label", fix="Say in a few words which site it is for.")
        if not 1 <= len(wanted) <= _MOST_ORIGINS:
            raise InputError(f"a key has 1 to {_MOST_ORIGINS} origins", fix="Say --origin https://www.example.com.")
        key = BrowserKey(
            id=f"abw_{secrets.token_hex(12)}", label=label.strip(), origins=wanted, created_at=self._now(), created_by=principal.id
        )  # fmt: skip
        with self._store.unit(principal) as unit:
            unit.browser_keys.add(key)
            unit.audit("browser_key.create", key.id, origins=list(wanted))
        self._forget()
        return key

    def list(self, principal: Principal) -> list[BrowserKey]:
        """All of them, the newest first. Raises DeniedError."""
        require(principal, Permission.ADMINISTER)
        with self._store.unit(principal) as unit:
            unit.audit("browser_key.list", "browser_keys")
            return unit.browser_keys.all()

    def revoke(self, principal: Principal, key_id: str) -> None:
        """End a key. Raises NotFoundError, and DeniedError."""
        require(principal, Permission.ADMINISTER)
        with self._store.unit(principal) as unit:
            unit.browser_keys.remove(key_id)
            unit.audit("browser_key.revoke", key_id)
        self._forget()

    def check(self, key_id: str, origin: str) -> None:
        """Raise NotFoundError unless pages of this origin have this key: the same for a wrong key and a wrong origin."""
        if origin not in self._origins().get(key_id, frozenset()):
            raise NotFoundError(
                "this key does not hold for this origin", fix="Ask for a key with `audience-builder key create`."
            )

    def spend(self, key_id: str, size: int) -> None:
        """Take so many bytes out of a known key's bucket. Raises FullError where it has run dry."""
        with self._lock:
            now = self._seconds()
            bucket = self._buckets.setdefault(key_id, _Bucket(BURST, now))
            bucket.left, bucket.at = min(BURST, bucket.left + (now - bucket.at) * PER_SECOND), now
            if bucket.left < size:
                seconds = int((size - bucket.left) / PER_SECOND) + 1
                raise FullError("this key has sent too much", fix="Send it again in a while.", retry_seconds=seconds)
            bucket.left -= size

    def _origins(self) -> dict[str, frozenset[str]]:
        with self._lock:
            if self._seconds() >= self._known_until:
                with self._store.unit(SYSTEM) as unit:
                    self._known = {each.id: frozenset(each.origins) for each in unit.browser_keys.all()}
                self._buckets = {key: bucket for key, bucket in self._buckets.items() if key in self._known}
                self._known_until = self._seconds() + BELIEVED_SECONDS
            return self._known

    def _forget(self) -> None:
        with self._lock:
            self._known_until = self._seconds()


def _origin(said: str) -> str:
    """An origin as browsers write it. Raises InputError for anything else: a path, a wildcard, http away from this machine."""
    try:
        parts = urlsplit(said.strip().lower())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in ("localhost", "127.0.0.1"))
    if (
        not is_safe
        or not _HOST.fullmatch(host)
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise InputError(
            "an origin is https:// and a host, and nothing behind it", fix="For example https://www.example.com."
        )
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")
