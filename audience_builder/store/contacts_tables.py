"""The tables of the contacts vault: everything that says anything is sealed, and whose it is stands under a keyed name."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, LargeBinary, String, Table

from audience_builder.store.tables import METADATA, Moment

SERVICE_KEY = Table(
    "service_key",
    METADATA,
    Column("purpose", String(20), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("master_version", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
)

CONTACT = Table(
    "contact",
    METADATA,
    # The user's id under the reference key: without it nobody can tell whose row this is.
    Column("user_ref", String(40), primary_key=True),
    Column("user_id", LargeBinary, nullable=False),
    Column("name", LargeBinary),
    Column("email", LargeBinary),
    Column("phone", LargeBinary),
    Column("push_token", LargeBinary),
    Column("email_index", LargeBinary(32), index=True),
    Column("phone_index", LargeBinary(32), index=True),
    Column("data_key", LargeBinary, nullable=False),
    # The service key that wraps `data_key`, and the round of data keys and blind indexes the row is of.
    Column("wrap_version", Integer, nullable=False),
    Column("data_version", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

ERASED_CONTACT = Table(
    "erased_contact",
    METADATA,
    Column("user_ref", String(40), primary_key=True),
    Column("erased_at", Moment, nullable=False),
    # The sealed id while the mart has not forgotten the user yet; empty as soon as it has.
    Column("pending", LargeBinary),
)

CONTACT_USE = Table(
    "contact_use",
    METADATA,
    Column("principal", String(200), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)
