"""Saved audiences in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from audience_builder.errors import ConflictError, NotFoundError
from audience_builder.store.rows import Audience, Version
from audience_builder.store.searching import initials, search_text
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
        """Keep the next version, if nothing changed since the revision before it."""
        newest = self.named(audience.id).version
        if newest != version.version - 1:
            raise ConflictError(
                f"{audience.name} has version {newest} by now, not {version.version - 1}",
                fix=f"Look at version {newest}, then save with expected_version {newest}.",
            )
        self._change(audience, {**_columns(audience), **dict.fromkeys(_SIZED)})
        self._connection.execute(insert(AUDIENCE_VERSION).values(**asdict(version)))

    def update(self, audience: Audience) -> None:
        """Keep everything but rule and size, if nothing changed since the revision before it."""
        self._change(audience, {key: value for key, value in _columns(audience).items() if key not in _SIZED})

    def _change(self, audience: Audience, columns: dict[str, Any]) -> None:
        is_next = (AUDIENCE.c.id == audience.id) & (AUDIENCE.c.revision == audience.revision - 1)
        with _name_taken(audience.name):
            changed = self._connection.execute(update(AUDIENCE).where(is_next).values(**columns))
        if changed.rowcount != 1:
            raise ConflictError(f"{audience.name} was changed meanwhile", fix="Look at it again, then save.")

    def named(self, name_or_id: str) -> Audience:
        """The audience of that id, or the live one of that name."""
        query = select(AUDIENCE).where(or_(AUDIENCE.c.id == name_or_id, AUDIENCE.c.live_name == _folded(name_or_id)))
        row = self._connection.execute(query.order_by(AUDIENCE.c.id != name_or_id)).mappings().first()
        if row is None:
            raise NotFoundError(
                f"there is no audience {name_or_id!r:.80}", fix="List the audiences to see their names."
            )
        return audience_of(row)

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


def audience_of(row: RowMapping) -> Audience:
    """The audience of a row of its table."""
    words = {key: value for key, value in _words(row).items() if key not in _ONLY_COLUMNS}
    words["tags"] = tuple(words["tags"])
    return Audience(**words)


_SIZED = ("size", "base", "sized_at", "sized_version")
_ONLY_COLUMNS = frozenset({"live_name", "search_text", "search_initials", "sort_value"})


def _folded(name: str) -> str:
    return name.strip().casefold()


def _columns(audience: Audience) -> dict[str, Any]:
    found = (audience.name, audience.description, audience.owner, audience.summary_ko, audience.summary_en)
    return {
        **asdict(audience),
        "tags": list(audience.tags),
        "live_name": None if audience.archived_at else _folded(audience.name),
        "search_text": search_text(found, audience.tags),
        "search_initials": initials("\n".join((audience.name, *audience.tags))),
    }


def _words(row: RowMapping) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}
