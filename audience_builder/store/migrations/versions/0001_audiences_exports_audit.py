"""Audiences with their versions, export jobs, and the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first four tables."""
    _make_audiences()
    _make_exports()
    _make_trail()


def downgrade() -> None:
    """Remove them."""
    for name in ("audit_entry", "export_job", "audience_version", "audience"):
        op.drop_table(name)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _make_audiences() -> None:
    op.create_table(
        "audience",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _moment("archived_at", nullable=True),
        sa.Column("live_name", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audience"),
        sa.UniqueConstraint("live_name", name="uq_audience_live_name"),
    )
    op.create_table(
        "audience_version",
        sa.Column("audience_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rule", sa.JSON, nullable=False),
        sa.Column("rule_hash", sa.String(64), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        _moment("at"),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("audience_id", "version", name="pk_audience_version"),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name="fk_audience_version_audience_id"),
    )


def _make_exports() -> None:
    op.create_table(
        "export_job",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("with_bom", sa.Boolean, nullable=False),
        sa.Column("rule", sa.JSON, nullable=False),
        sa.Column("rule_hash", sa.String(64), nullable=False),
        sa.Column("audience_id", sa.String(40), nullable=True),
        sa.Column("audience_version", sa.Integer, nullable=True),
        _moment("requested_at"),
        sa.Column("state", sa.String(20), nullable=False),
        _moment("as_of", nullable=True),
        sa.Column("approved_by", sa.String(200), nullable=True),
        _moment("approved_at", nullable=True),
        sa.Column("approved_for", sa.String(64), nullable=True),
        sa.Column("count", sa.BigInteger, nullable=True),
        sa.Column("mart_version", sa.BigInteger, nullable=True),
        sa.Column("size_bytes", sa.BigInteger, nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        _moment("finished_at", nullable=True),
        sa.Column("problem", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_export_job"),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name="fk_export_job_audience_id"),
    )


def _make_trail() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        _moment("at"),
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("object", sa.String(200), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_entry_previous_hash"),
    )
    op.create_index("ix_audit_entry_action", "audit_entry", ["action"])
