"""The contacts vault: sealed contacts, whom to refuse for ever, how often contacts were read, and the wrapped service keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "service_key",
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("master_version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "version", name="pk_service_key"),
    )
    _make_contacts()
    op.create_table(
        "erased_contact",
        sa.Column("user_ref", sa.String(40), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pending", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("user_ref", name="pk_erased_contact"),
    )
    op.create_table(
        "contact_use",
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("principal", "kind", "day", name="pk_contact_use"),
    )


def downgrade() -> None:
    """Remove them."""
    for name in ("contact_use", "erased_contact", "contact", "service_key"):
        op.drop_table(name)


def _make_contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("user_ref", sa.String(40), nullable=False),
        sa.Column("user_id", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=True),
        sa.Column("email", sa.LargeBinary, nullable=True),
        sa.Column("phone", sa.LargeBinary, nullable=True),
        sa.Column("push_token", sa.LargeBinary, nullable=True),
        sa.Column("email_index", sa.LargeBinary(32), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(32), nullable=True),
        sa.Column("data_key", sa.LargeBinary, nullable=False),
        sa.Column("wrap_version", sa.Integer, nullable=False),
        sa.Column("data_version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_ref", name="pk_contact"),
    )
    op.create_index("ix_contact_email_index", "contact", ["email_index"])
    op.create_index("ix_contact_phone_index", "contact", ["phone_index"])
