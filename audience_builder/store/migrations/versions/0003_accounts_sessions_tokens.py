"""Accounts, their sessions, and tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    _make_accounts()
    _make_sessions()
    _make_tokens()


def downgrade() -> None:
    """Remove them."""
    for name in ("api_token", "session", "account"):
        op.drop_table(name)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=True),
        sa.Column("issuer", sa.String(400), nullable=True),
        sa.Column("subject", sa.String(255), nullable=True),
        _moment("created_at"),
        _moment("signed_in_at", nullable=True),
        _moment("disabled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("issuer", "subject", name="uq_account_issuer"),
    )


def _make_sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(80), nullable=False),
        _moment("began_at"),
        _moment("proven_at"),
        _moment("seen_at"),
        _moment("ends_at"),
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("provider_session", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("digest", name="uq_session_digest"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_session_account_id"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_index("ix_session_provider_session", "session", ["provider_session"])


def _make_tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("permissions", sa.JSON, nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )
    op.create_index("ix_api_token_owner", "api_token", ["owner"])
