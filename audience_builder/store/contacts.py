"""Contacts in SQL, as they lie there: sealed. Opening and sealing is `contacts_sealing`, who may is `contacts_vault`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnClause,
    Connection,
    Integer,
    RowMapping,
    Update,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from audience_builder.access.keys import Purpose, Wrapped
from audience_builder.store.contacts_tables import CONTACT, CONTACT_USE, ERASED_CONTACT, SERVICE_KEY

_MOST_NAMED = 5_000
"""So many rows are asked for by name in one statement; databases allow some 32,000 values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedContact:
    """One user's contacts, sealed. `user_ref` is the keyed name of the user; an empty field is not known."""

    user_ref: str
    user_id: bytes
    name: bytes | None
    email: bytes | None
    phone: bytes | None
    push_token: bytes | None
    email_index: bytes | None
    phone_index: bytes | None
    data_key: bytes
    wrap_version: int
    data_version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One user's data key as it lies there, and in which row (`place`)."""

    place: int
    user_ref: str
    data_key: bytes
    wrap_version: int


@dataclass(frozen=True, slots=True)
class SealedServiceKey:
    """A service key as it is kept."""

    purpose: Purpose
    version: int
    wrapped: Wrapped
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many contacts there are, and how many of them a rotation has not reached: their key's wrapping, or the key itself."""

    contacts: int
    wrapping: int
    data: int


# Rows in the order they lie in: neighbours are read and written together, where names would scatter them over the whole file.
_PLACE: ColumnClause[int] = literal_column("rowid", Integer)
_COLUMNS = tuple(entry.name for entry in fields(SealedContact))


class SqlContacts:
    """The tables `contact`, `erased_contact` and `contact_use`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, user_refs: Sequence[str]) -> dict[str, SealedContact]:
        """The contacts of these users that there are."""
        found: dict[str, SealedContact] = {}
        for some in _in_parts(user_refs):
            rows = self._connection.execute(select(CONTACT).where(CONTACT.c.user_ref.in_(some)))
            found |= {row["user_ref"]: _contact(row) for row in rows.mappings()}
        return found

    def put(self, contacts: Sequence[SealedContact]) -> None:
        """Keep these, each in the place of what was known of its user."""
        for some in _in_parts([contact.user_ref for contact in contacts]):
            self._connection.execute(delete(CONTACT).where(CONTACT.c.user_ref.in_(some)))
        if contacts:
            self._connection.execute(insert(CONTACT), [_values(contact) for contact in contacts])

    def rewrite(self, contacts: Sequence[SealedContact]) -> None:
        """Keep these contacts sealed anew."""
        if not contacts:
            return
        to_set = {name: bindparam(f"new_{name}") for name in _COLUMNS if name != "user_ref"}
        change = update(CONTACT).where(CONTACT.c.user_ref == bindparam("of_ref")).values(**to_set)
        values = [_values(contact) for contact in contacts]
        self._connection.execute(
            change, [{"of_ref": row["user_ref"], **{f"new_{name}": row[name] for name in to_set}} for row in values]
        )

    def matching(self, column: str, indexes: Sequence[bytes], limit: int) -> list[SealedContact]:
        """The contacts whose blind index of `column` (email, phone) is one of these."""
        query = select(CONTACT).where(CONTACT.c[f"{column}_index"].in_(indexes)).limit(limit)
        return [_contact(row) for row in self._connection.execute(query).mappings()]

    def behind(self, *, data: int, after: int, limit: int) -> list[tuple[int, SealedContact]]:
        """Contacts whose own key is older than this, each with its place, after a place."""
        query = select(_PLACE.label("place"), CONTACT).where(after < _PLACE, CONTACT.c.data_version < data)
        rows = self._connection.execute(query.order_by(_PLACE).limit(limit)).mappings()
        return [(row["place"], _contact(row)) for row in rows]

    def keys_behind(self, *, wrapping: int, after: int, limit: int) -> list[WrappedKey]:
        """Data keys wrapped by an older key than this, after a place."""
        columns = (_PLACE, CONTACT.c.user_ref, CONTACT.c.data_key, CONTACT.c.wrap_version)
        query = select(*columns).where(after < _PLACE, CONTACT.c.wrap_version < wrapping)
        rows = self._connection.execute(query.order_by(_PLACE).limit(limit))
        return [WrappedKey(*row) for row in rows]

    def rewrap(self, keys: Sequence[WrappedKey]) -> None:
        """Keep these data keys, wrapped anew."""
        change = update(CONTACT).where(bindparam("of_place") == _PLACE)
        change = change.values(data_key=bindparam("new_key"), wrap_version=bindparam("new_version"))
        values = [{"of_place": key.place, "new_key": key.data_key, "new_version": key.wrap_version} for key in keys]
        if values:
            _run_many(self._connection, change, values)

    def waiting(self, *, wrapping: int, data: int) -> Waiting:
        """How many are sealed under older versions than these."""
        cells = (
            func.count(),
            func.count().filter(CONTACT.c.wrap_version < wrapping),
            func.count().filter(CONTACT.c.data_version < data),
        )
        return Waiting(*self._connection.execute(select(*cells).select_from(CONTACT)).one())

    # --- erasure ----------------------------------------------------------------------------------------------------------

    def bury(self, user_ref: str, at: datetime, pending: bytes) -> bool:
        """Destroy the user's data key, index and fields, and refuse the user for ever; False where that was done before."""
        self._connection.execute(delete(CONTACT).where(CONTACT.c.user_ref == user_ref))
        if self.erased([user_ref]):
            return False
        self._connection.execute(insert(ERASED_CONTACT).values(user_ref=user_ref, erased_at=at, pending=pending))
        return True

    def erased(self, user_refs: Sequence[str]) -> set[str]:
        """Those of these users that were erased."""
        found: set[str] = set()
        for some in _in_parts(user_refs):
            query = select(ERASED_CONTACT.c.user_ref).where(ERASED_CONTACT.c.user_ref.in_(some))
            found |= set(self._connection.execute(query).scalars())
        return found

    def pending(self) -> list[tuple[str, bytes]]:
        """The erased users whom the mart has not forgotten yet, each with the sealed id."""
        query = select(ERASED_CONTACT.c.user_ref, ERASED_CONTACT.c.pending).where(ERASED_CONTACT.c.pending.is_not(None))
        return [(row.user_ref, row.pending) for row in self._connection.execute(query)]

    def settle(self, user_ref: str) -> None:
        """The mart has forgotten this user: nothing stays but the keyed name."""
        buried = ERASED_CONTACT.c.user_ref == user_ref
        self._connection.execute(update(ERASED_CONTACT).where(buried).values(pending=None))

    # --- how often ----------------------------------------------------------------------------------------------------------

    def used(self, principal: str, kind: str, day: date) -> int:
        """How often somebody did that on a day."""
        query = select(CONTACT_USE.c.count).where(_on(principal, kind, day))
        return self._connection.execute(query).scalar() or 0

    def use(self, principal: str, kind: str, day: date) -> None:
        """Count once more."""
        more = update(CONTACT_USE).where(_on(principal, kind, day)).values(count=CONTACT_USE.c.count + 1)
        if self._connection.execute(more).rowcount == 0:
            self._connection.execute(insert(CONTACT_USE).values(principal=principal, kind=kind, day=day, count=1))


class SqlServiceKeys:
    """The table `service_key`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[SealedServiceKey]:
        """Every key, by purpose and version."""
        query = select(SERVICE_KEY).order_by(SERVICE_KEY.c.purpose, SERVICE_KEY.c.version)
        return [
            SealedServiceKey(
                Purpose(row.purpose), row.version, Wrapped(row.master_version, bytes(row.wrapped)), row.made_at
            )
            for row in self._connection.execute(query)
        ]

    def put(self, keys: Iterable[SealedServiceKey]) -> None:
        """Keep these, each in the place of what was kept of its purpose and version."""
        for key in keys:
            self.drop(key.purpose, key.version)
            self._connection.execute(
                insert(SERVICE_KEY).values(
                    purpose=key.purpose, version=key.version, wrapped=key.wrapped.sealed,
                    master_version=key.wrapped.version, made_at=key.made_at,
                )
            )  # fmt: skip

    def drop(self, purpose: Purpose, version: int) -> None:
        """Destroy a key."""
        which = (SERVICE_KEY.c.purpose == purpose) & (SERVICE_KEY.c.version == version)
        self._connection.execute(delete(SERVICE_KEY).where(which))


def _in_parts(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[at : at + _MOST_NAMED] for at in range(0, len(names), _MOST_NAMED))


def _on(principal: str, kind: str, day: date) -> Any:
    return (CONTACT_USE.c.principal == principal) & (CONTACT_USE.c.kind == kind) & (CONTACT_USE.c.day == day)


def _values(contact: SealedContact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in _COLUMNS}


def _run_many(connection: Connection, statement: Update, rows: Sequence[dict[str, Any]]) -> None:
    """A statement for each of many rows of plain bytes and numbers, by the driver itself: nothing of them is to be converted."""
    compiled = statement.compile(dialect=connection.dialect)
    order = compiled.positiontup
    given = rows if order is None else [tuple(row[name] for name in order) for row in rows]
    connection.exec_driver_sql(str(compiled), given)  # pyright: ignore[reportArgumentType]


def _contact(row: RowMapping) -> SealedContact:
    return SealedContact(**{name: row[name] for name in _COLUMNS})
