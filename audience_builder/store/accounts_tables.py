"""The tables of who may sign in, for SQLite and PostgreSQL alike. No password, session or token lies there readable."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text, UniqueConstraint

from audience_builder.store.tables import METADATA, Moment

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", String(80), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("name", String(200), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("password_hash", Text),
    # Who somebody is to a provider is issuer and subject together; an address of mail may pass to somebody else.
    Column("issuer", String(400)),
    Column("subject", String(255)),
    Column("created_at", Moment, nullable=False),
    Column("signed_in_at", Moment),
    Column("disabled_at", Moment),
    UniqueConstraint("issuer", "subject"),
)

SESSION = Table(
    "session",
    METADATA,
    Column("id", String(40), primary_key=True),
    # SHA-256 of what the browser holds: a copy of this table lets nobody in.
    Column("digest", String(64), nullable=False, unique=True),
    Column("account_id", String(80), ForeignKey("account.id"), nullable=False, index=True),
    Column("began_at", Moment, nullable=False),
    Column("proven_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("network", String(60), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("provider_session", String(255), index=True),
)

API_TOKEN = Table(
    "api_token",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("label", String(100), nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)
