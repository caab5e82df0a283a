"""The tables of the audit trail. `docs/audit.md` says what each holds, for whoever reads them without this code."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from audience_builder.store.tables import METADATA, Moment

TRAIL_ENTRY = Table(
    "trail_entry",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("principal", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object", String(200), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("user", String(32)),
    Column("users", String(64)),
    Column("hash", String(64), nullable=False),
    # The entry itself, byte for byte what was hashed. The columns before it only repeat it, to be searched.
    Column("body", Text, nullable=False),
    Index("ix_trail_entry_principal", "principal", "id"),
    Index("ix_trail_entry_action", "action", "id"),
    Index("ix_trail_entry_object", "object", "id"),
)
Index("ix_trail_entry_user", TRAIL_ENTRY.c.user, sqlite_where=TRAIL_ENTRY.c.user.is_not(None))
Index("ix_trail_entry_users", TRAIL_ENTRY.c.users, sqlite_where=TRAIL_ENTRY.c.users.is_not(None))

TRAIL_RULE = Table(
    "trail_rule",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("rule", Text, nullable=False),
)
"""Each rule that was ever asked about, once: its canonical JSON under its SHA-256."""

TRAIL_USERS = Table(
    "trail_users",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("users", LargeBinary, nullable=False),
    Index("ix_trail_users_first", "first", "last"),
)
"""Each set of users that was shown or exported, once: a Roaring bitmap of user numbers under its SHA-256."""

TRAIL_CHECKPOINT = Table(
    "trail_checkpoint",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("root", String(64), nullable=False),
    Column("peaks", Text, nullable=False),
    Column("key", String(44), nullable=False),
    Column("note", Text, nullable=False),
)
"""Signed heads of the Merkle tree over the first `size` entries. `peaks` are its complete subtrees, largest first."""
