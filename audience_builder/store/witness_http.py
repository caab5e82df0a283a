"""A witness reached over HTTP: a service of somebody else that keeps what it is sent."""

from __future__ import annotations

from dataclasses import asdict

import httpx

from audience_builder.store.witness import Sighting, sighting_of

_SECONDS = 5.0
_NOTHING = 404


class HttpWitness:
    """`POST` of a checkpoint as JSON to an address keeps it; `GET …?trail=ID` gives the newest, 404 where there is none."""

    def __init__(self, address: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._address = address
        self._client = httpx.Client(timeout=_SECONDS, transport=transport, follow_redirects=False)

    def publish(self, sighting: Sighting) -> None:
        """Send it. Raises OSError where it was not taken."""
        try:
            self._client.post(self._address, json=asdict(sighting)).raise_for_status()
        except httpx.HTTPError as problem:
            raise OSError(f"the witness did not take it: {type(problem).__name__}") from problem

    def newest(self, trail: str) -> Sighting | None:
        """Ask for it. Raises OSError where the witness does not answer."""
        try:
            answer = self._client.get(self._address, params={"trail": trail})
            if answer.status_code == _NOTHING:
                return None
            answer.raise_for_status()
        except httpx.HTTPError as problem:
            raise OSError(f"the witness does not answer: {type(problem).__name__}") from problem
        return sighting_of(answer.content, self._address)
