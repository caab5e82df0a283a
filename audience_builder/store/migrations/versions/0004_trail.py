"""The audit trail anew: entries byte for byte as they were hashed, rules and sets of users once each, signed checkpoints.

The trail of before is dropped where it is empty. Where it is not, its table stays as it is, to be read by hand.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BEFORE = sa.table("audit_entry")


def upgrade() -> None:
    """Make the four tables."""
    if op.get_bind().execute(sa.select(sa.literal(1)).select_from(_BEFORE).limit(1)).first() is None:
        op.drop_table("audit_entry")
    _make_entries()
    op.create_table(
        "trail_rule",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_trail_rule"),
    )
    op.create_table(
        "trail_users",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("users", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_trail_users"),
    )
    op.create_index("ix_trail_users_first", "trail_users", ["first", "last"])
    op.create_table(
        "trail_checkpoint",
        sa.Column("size", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("peaks", sa.Text, nullable=False),
        sa.Column("key", sa.String(44), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_trail_checkpoint"),
    )


def downgrade() -> None:
    """The trail is never removed."""
    raise NotImplementedError("an audit trail is never taken back")


def _make_entries() -> None:
    op.create_table(
        "trail_entry",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("object", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("user", sa.String(32), nullable=True),
        sa.Column("users", sa.String(64), nullable=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trail_entry"),
    )
    for name in ("principal", "action", "object"):
        op.create_index(f"ix_trail_entry_{name}", "trail_entry", [name, "id"])
    for name in ("user", "users"):
        column = sa.column(name)
        op.create_index(f"ix_trail_entry_{name}", "trail_entry", [name], sqlite_where=column.is_not(None))
