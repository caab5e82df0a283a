"""The audit trail as a chain: each entry's hash covers its words and the hash before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, insert, select

from audience_builder.access import Principal
from audience_builder.store.rows import AuditEntry, Json, Outcome
from audience_builder.store.tables import AUDIT_ENTRY

FIRST_HASH = "0" * 64
"""What the first entry follows."""


class SqlTrail:
    """The table `audit_entry`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, limit: int = 100) -> list[AuditEntry]:
        """The latest entries, newest first."""
        query = select(AUDIT_ENTRY).order_by(AUDIT_ENTRY.c.id.desc()).limit(limit)
        return [_entry(row) for row in self._connection.execute(query).mappings()]

    def entries(self) -> Iterator[AuditEntry]:
        """All entries in order."""
        for row in self._connection.execute(select(AUDIT_ENTRY).order_by(AUDIT_ENTRY.c.id)).mappings():
            yield _entry(row)

    def append(
        self, principal: Principal, at: datetime, *, action: str, subject: str, outcome: Outcome, detail: Json
    ) -> None:
        """Put an entry behind the last one."""
        query = select(AUDIT_ENTRY.c.id, AUDIT_ENTRY.c.hash).order_by(AUDIT_ENTRY.c.id.desc()).limit(1)
        last = self._connection.execute(query).first()
        entry = AuditEntry(
            id=last.id + 1 if last else 1,
            at=at,
            principal=principal.id,
            roles=tuple(sorted(principal.roles)),
            action=action,
            object=subject,
            detail=orjson.loads(orjson.dumps(detail)),  # as it will be read back
            outcome=outcome,
            previous_hash=last.hash if last else FIRST_HASH,
            hash="",
        )
        self._connection.execute(insert(AUDIT_ENTRY).values(**_words(entry), hash=hash_of(entry)))


def hash_of(entry: AuditEntry) -> str:
    """The hash an entry must have: SHA-256 over its canonical JSON, the previous hash included, its own left out."""
    return hashlib.sha256(orjson.dumps(_words(entry), option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)).hexdigest()


def _words(entry: AuditEntry) -> Json:
    """Everything an entry says but its own hash. Nothing is copied: a rule in the detail may be large."""
    return {field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "hash"}


def first_broken(entries: Iterable[AuditEntry]) -> int | None:
    """The id of the first entry that does not follow the one before it or was changed; None where all is well."""
    previous = FIRST_HASH
    for number, entry in enumerate(entries, 1):
        if entry.id != number or entry.previous_hash != previous or entry.hash != hash_of(entry):
            return entry.id
        previous = entry.hash
    return None


def _entry(row: RowMapping) -> AuditEntry:
    words: dict[str, Any] = {str(key): value for key, value in row.items()}
    words["roles"], words["outcome"] = tuple(words["roles"]), Outcome(words["outcome"])
    return AuditEntry(**words)
