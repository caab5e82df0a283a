"""What is remembered while a browser is at the provider: sealed in a cookie, so that nobody reads it and nothing piles up here."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass, field

import orjson

from audience_builder.access.cipher import Cipher, new_key, place
from audience_builder.errors import SealedError

KEPT_SECONDS = 600
"""How long somebody may take to sign in."""

_PLACE = place("sign-in flow", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One sign-in on its way. `began` is in Unix seconds."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    following: str
    is_again: bool
    began: int
    redirect_uri: str


class Flows:
    """Seals and opens flows under a key of this process alone."""

    def __init__(self) -> None:
        self._cipher = Cipher(new_key())

    def seal(self, flow: Flow) -> str:
        """The flow as a cookie's value."""
        return urlsafe_b64encode(self._cipher.seal(orjson.dumps(asdict(flow)), _PLACE)).decode()

    def open(self, value: str | None, *, now: int) -> Flow | None:
        """The flow of a cookie's value; None for anything else, and for one that took too long."""
        try:
            flow = Flow(**orjson.loads(self._cipher.open(urlsafe_b64decode(value or ""), _PLACE)))
        except (SealedError, ValueError):
            return None
        return flow if 0 <= now - flow.began < KEPT_SECONDS else None
