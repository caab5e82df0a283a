"""What waits to be sent to one client: of each kind only the newest, so that a slow client costs no memory."""

from __future__ import annotations

import asyncio

Kind = tuple[str, str]
"""A document and what is said of it; of the whole connection where the document is empty."""


class Outbox:
    """Messages in the order their kinds came up; a newer one takes the place of the one that still waits."""

    def __init__(self) -> None:
        self._waiting: dict[Kind, bytes] = {}
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def nbytes(self) -> int:
        """How much waits."""
        return sum(map(len, self._waiting.values()))

    def put(self, kind: Kind, message: bytes) -> None:
        """Have it sent."""
        self._waiting[kind] = message
        self._filled.set()

    def drop(self, doc: str) -> None:
        """Nobody wants to hear of this document any more."""
        for kind in [kind for kind in self._waiting if kind[0] == doc]:
            del self._waiting[kind]

    async def take(self) -> bytes:
        """The message that has waited longest."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        return self._waiting.pop(next(iter(self._waiting)))
