"""Saved audiences in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from audience_builder.errors import ConflictError, NotFoundError
from audience_builder.store.rows import Audience, Version
from audience_builder.store.tables import AUDIENCE, AUDIENCE_VERSION


class SqlAudiences:
    """The tables `audience` and `audience_version`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, audience: Audience, version: Version) -> None:
        """Keep a new audience with its first version."""
        with _name_taken(audience.name):
            self._connection.execute(insert(AUDIENCE).values(**_columns(audience)))
        self._connection.execute(insert(AUDIENCE_VERSION).values(**asdict(version)))

    def add_version(self, audience: Audience, version: Version) -> None:
        """Keep the next version, if the newest is the one before it."""
        is_next = (AUDIENCE.c.id == audience.id) & (AUDIENCE.c.version == version.version - 1)
        with _name_taken(audience.name):
            changed = self._connection.execute(update(AUDIENCE).where(is_next).values(**_columns(audience)))
        if changed.rowcount != 1:
            newest = self.named(audience.id).version
            raise ConflictError(
                f"{audience.name} has version {newest} by now, not {version.version - 1}",
                fix=f"Look at version {newest}, then save with expected_version {newest}.",
            )
        self._connection.execute(insert(AUDIENCE_VERSION).values(**asdict(version)))

    def update(self, audience: Audience) -> None:
        """Keep name, description, tags and whether it is archived."""
        with _name_taken(audience.name):
            self._connection.execute(update(AUDIENCE).where(AUDIENCE.c.id == audience.id).values(**_columns(audience)))

    def named(self, name_or_id: str) -> Audience:
        """The audience of that id, or the live one of that name."""
        query = select(AUDIENCE).where(or_(AUDIENCE.c.id == name_or_id, AUDIENCE.c.live_name == _folded(name_or_id)))
        row = self._connection.execute(query.order_by(AUDIENCE.c.id != name_or_id)).mappings().first()
        if row is None:
            raise NotFoundError(
                f"there is no audience {name_or_id!r:.80}", fix="List the audiences to see their names."
            )
        return _audience(row)

    def all(self, *, archived: bool = False) -> list[Audience]:
        """The live audiences (or the archived ones), newest first."""
        wanted = AUDIENCE.c.archived_at.is_not(None) if archived else AUDIENCE.c.archived_at.is_(None)
        query = select(AUDIENCE).where(wanted).order_by(AUDIENCE.c.updated_at.desc(), AUDIENCE.c.id)
        return [_audience(row) for row in self._connection.execute(query).mappings()]

    def versions(self, audience_id: str) -> list[Version]:
        """All versions of an audience, newest first."""
        query = select(AUDIENCE_VERSION).where(AUDIENCE_VERSION.c.audience_id == audience_id)
        found = self._connection.execute(query.order_by(AUDIENCE_VERSION.c.version.desc()))
        return [Version(**_words(row)) for row in found.mappings()]


class _name_taken:  # noqa: N801  (reads as a phrase where it is used)
    """Says in our words that a live audience has the name already."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, IntegrityError):
            raise ConflictError(
                f"there is an audience {self._name!r:.80} already",
                fix="Choose another name, or save a new version of that audience.",
            ) from error


def _folded(name: str) -> str:
    return name.strip().casefold()


def _columns(audience: Audience) -> dict[str, Any]:
    live_name = None if audience.archived_at else _folded(audience.name)
    return {**asdict(audience), "tags": list(audience.tags), "live_name": live_name}


def _words(row: RowMapping) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}


def _audience(row: RowMapping) -> Audience:
    words = _words(row)
    del words["live_name"]
    words["tags"] = tuple(words["tags"])
    return Audience(**words)
