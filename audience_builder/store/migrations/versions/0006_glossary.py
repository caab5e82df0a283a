"""The team's glossary: what vague words are taken for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "glossary_word",
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("rule", sa.JSON, nullable=False),
        sa.Column("others", sa.JSON, nullable=False),
        sa.Column("asks", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_glossary_word"),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("glossary_word")
