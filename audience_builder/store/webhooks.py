"""Addresses that are told when an audience moves, in SQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from audience_builder.errors import NotFoundError
from audience_builder.store.rows import Json
from audience_builder.store.tables import WEBHOOK

_OURS = WEBHOOK.c
LIVE, DEAD = "live", "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address, the audience it is told of, and how far it has heard.

    `told_entered` and `told_exited` are all movements up to `told_at` that it took, or that were before it. `pending` is what is on
    its way, with how many movements that makes it; it stays as it is until it is taken. `state` is `live` or `dead`.
    """

    id: str
    audience_id: str
    url: str
    created_at: datetime
    created_by: str
    told_at: datetime
    next_at: datetime
    told_entered: int = 0
    told_exited: int = 0
    pending: Json | None = None
    attempts: int = 0
    state: str = LIVE
    problem: str = ""


class SqlWebhooks:
    """The table `webhook`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Webhook]:
        """Every one, the oldest first."""
        rows = self._connection.execute(select(WEBHOOK).order_by(_OURS.created_at, _OURS.id)).mappings()
        return [Webhook(**{str(key): value for key, value in row.items()}) for row in rows]

    def named(self, webhook_id: str) -> Webhook:
        """The one of that id. Raises NotFoundError."""
        row = self._connection.execute(select(WEBHOOK).where(_OURS.id == webhook_id)).mappings().first()
        if row is None:
            raise NotFoundError("there is no webhook of that id", fix="GET /api/v1/webhooks lists all.")
        return Webhook(**{str(key): value for key, value in row.items()})

    def add(self, webhook: Webhook) -> None:
        """Keep a new one."""
        self._connection.execute(insert(WEBHOOK).values(**asdict(webhook)))

    def put(self, webhook: Webhook) -> None:
        """Keep its new state. Of one that was removed meanwhile nothing is kept."""
        self._connection.execute(update(WEBHOOK).where(_OURS.id == webhook.id).values(**asdict(webhook)))

    def remove(self, webhook_id: str) -> None:
        """Forget it. Raises NotFoundError."""
        if self._connection.execute(delete(WEBHOOK).where(_OURS.id == webhook_id)).rowcount == 0:
            raise NotFoundError("there is no webhook of that id", fix="GET /api/v1/webhooks lists all.")
