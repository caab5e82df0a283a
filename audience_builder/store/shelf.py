"""Saved audiences at a glance, in SQL: pages by key, searched and sorted, and their sizes day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from audience_builder.errors import InputError
from audience_builder.store.audiences import audience_of
from audience_builder.store.rows import AudiencePage, AudienceQuery, AudienceSize, Version
from audience_builder.store.searching import are_initials, tag_mark
from audience_builder.store.tables import AUDIENCE, AUDIENCE_SIZE, AUDIENCE_VERSION

SORTS: dict[str, ColumnElement[Any]] = {
    "updated": AUDIENCE.c.updated_at,
    "created": AUDIENCE.c.created_at,
    "name": func.lower(AUDIENCE.c.name),
    "size": func.coalesce(AUDIENCE.c.size, -1),
    "owner": AUDIENCE.c.owner,
}
"""What audiences can be sorted by. One that was never counted is smaller than any."""

_MOMENTS = frozenset({"updated", "created"})


class SqlShelf:
    """The tables `audience` and `audience_size`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, query: AudienceQuery) -> AudiencePage:
        """Some of the audiences that answer the query."""
        key = SORTS.get(query.sort)
        if key is None:
            raise InputError(f"audiences cannot be sorted by {query.sort!r:.40}", fix=f"One of {', '.join(SORTS)}.")
        wanted = _wanted(query)
        total = self._connection.execute(select(func.count()).select_from(AUDIENCE).where(wanted)).scalar_one()
        place = tuple_(key, AUDIENCE.c.id)
        if query.after is not None:
            last = tuple_(
                *(
                    bindparam(None, part, column.type)
                    for part, column in zip(_read(query), (key, AUDIENCE.c.id), strict=True)
                )
            )
            wanted = and_(wanted, place < last if query.descending else place > last)
        order = [part.desc() if query.descending else part.asc() for part in (key, AUDIENCE.c.id)]
        asked = select(AUDIENCE, key.label("sort_value")).where(wanted).order_by(*order).limit(query.limit + 1)
        rows = self._connection.execute(asked).mappings().all()
        found = tuple(audience_of(row) for row in rows[: query.limit])
        after = (rows[query.limit - 1]["sort_value"], found[-1].id) if len(rows) > query.limit else None
        return AudiencePage(found, total, after)

    def tags(self) -> dict[str, int]:
        """Every tag of a live audience, and how many have it."""
        rows = self._connection.execute(select(AUDIENCE.c.tags).where(AUDIENCE.c.archived_at.is_(None)))
        return dict(sorted(Counter(tag for (tags,) in rows for tag in tags).items()))

    def newest(self, *, after: str, limit: int) -> list[Version]:
        """The newest versions of live audiences whose id comes after that one, by id."""
        is_newest = and_(
            AUDIENCE_VERSION.c.audience_id == AUDIENCE.c.id, AUDIENCE_VERSION.c.version == AUDIENCE.c.version
        )
        query = select(AUDIENCE_VERSION).join(AUDIENCE, is_newest)
        query = query.where(AUDIENCE.c.archived_at.is_(None), AUDIENCE.c.id > after).order_by(AUDIENCE.c.id)
        rows = self._connection.execute(query.limit(limit)).mappings()
        return [Version(**{str(key): value for key, value in row.items()}) for row in rows]

    def record(self, sizes: Sequence[AudienceSize]) -> None:
        """Keep how large audiences are: the last of each day, and on the audience the last of all."""
        if not sizes:
            return
        words = [{f"of_{key}": value for key, value in asdict(size).items()} for size in sizes]
        same = and_(
            AUDIENCE_SIZE.c.audience_id == bindparam("of_audience_id"), AUDIENCE_SIZE.c.day == bindparam("of_day")
        )
        self._connection.execute(delete(AUDIENCE_SIZE).where(same), words)
        self._connection.execute(insert(AUDIENCE_SIZE), [asdict(size) for size in sizes])
        newest = update(AUDIENCE).where(AUDIENCE.c.id == bindparam("of_audience_id"))
        newest = newest.values(
            size=bindparam("of_size"),
            base=bindparam("of_base"),
            sized_at=bindparam("of_as_of"),
            sized_version=bindparam("of_mart_version"),
        )
        self._connection.execute(newest, words)

    def history(self, audience_ids: Sequence[str], since: date) -> dict[str, list[AudienceSize]]:
        """The days each of these audiences was counted on, oldest first."""
        found: dict[str, list[AudienceSize]] = {audience: [] for audience in audience_ids}
        query = select(AUDIENCE_SIZE).where(AUDIENCE_SIZE.c.audience_id.in_(audience_ids), AUDIENCE_SIZE.c.day >= since)
        for row in self._connection.execute(query.order_by(AUDIENCE_SIZE.c.day)).mappings():
            size = AudienceSize(**{str(key): value for key, value in row.items()})
            found[size.audience_id].append(size)
        return found


def _wanted(query: AudienceQuery) -> ColumnElement[bool]:
    archived = AUDIENCE.c.archived_at
    conditions = [archived.is_not(None) if query.archived else archived.is_(None)]
    conditions += [_has(word) for word in query.words]
    if query.owner is not None:
        conditions.append(AUDIENCE.c.owner == query.owner)
    if query.tag is not None:
        conditions.append(AUDIENCE.c.search_text.contains(tag_mark(query.tag), autoescape=True))
    return and_(*conditions)


def _has(word: str) -> ColumnElement[bool]:
    column = AUDIENCE.c.search_initials if are_initials(word) else AUDIENCE.c.search_text
    return column.contains(word, autoescape=True)


def _read(query: AudienceQuery) -> tuple[Any, str]:
    """Where the last page ended, its moments read back."""
    assert query.after is not None
    value, last = query.after
    try:
        return (datetime.fromisoformat(value) if query.sort in _MOMENTS and isinstance(value, str) else value), last
    except ValueError:
        raise InputError("this cursor is none of ours", fix="Begin without a cursor.") from None
