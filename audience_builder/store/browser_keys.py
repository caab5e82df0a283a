"""Keys with which browsers send events, in SQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from audience_builder.errors import NotFoundError
from audience_builder.store.tables import BROWSER_KEY

_OURS = BROWSER_KEY.c


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserKey:
    """A key that stands in the pages of these origins. It is no secret, so its id is the key itself."""

    id: str
    label: str
    origins: tuple[str, ...]
    created_at: datetime
    created_by: str


class SqlBrowserKeys:
    """The table `browser_key`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[BrowserKey]:
        """Every one, the newest first."""
        rows = self._connection.execute(select(BROWSER_KEY).order_by(_OURS.created_at.desc(), _OURS.id)).mappings()
        return [
            BrowserKey(
                id=row["id"], label=row["label"], origins=tuple(row["origins"]), created_at=row["created_at"],
                created_by=row["created_by"],
            )
            for row in rows
        ]  # fmt: skip

    def add(self, key: BrowserKey) -> None:
        """Keep a new one."""
        self._connection.execute(insert(BROWSER_KEY).values(**asdict(key) | {"origins": list(key.origins)}))

    def remove(self, key_id: str) -> None:
        """Forget it. Raises NotFoundError."""
        if self._connection.execute(delete(BROWSER_KEY).where(_OURS.id == key_id)).rowcount == 0:
            raise NotFoundError("there is no such browser key", fix="`audience-builder key list` lists all.")
