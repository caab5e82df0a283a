"""Audiences at a glance: their revision, what they are found by, and their size day by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from audience_builder.store.searching import initials, search_text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXTS = ("summary_ko", "summary_en", "search_text", "search_initials")
_NUMBERS = ("size", "base", "sized_version")


def upgrade() -> None:
    """Add the columns and the table, and make what is there findable."""
    op.add_column("audience", sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    for name in _TEXTS:
        op.add_column("audience", sa.Column(name, sa.Text, nullable=False, server_default=""))
    for name in _NUMBERS:
        op.add_column("audience", sa.Column(name, sa.BigInteger, nullable=True))
    op.add_column("audience", sa.Column("sized_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_audience_updated", "audience", ["updated_at", "id"])
    op.create_table(
        "audience_size",
        sa.Column("audience_id", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("base", sa.BigInteger, nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mart_version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("audience_id", "day", name="pk_audience_size"),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name="fk_audience_size_audience_id"),
    )
    _make_findable()


def downgrade() -> None:
    """Remove them."""
    op.drop_table("audience_size")
    op.drop_index("ix_audience_updated", "audience")
    for name in ("revision", "sized_at", *_TEXTS, *_NUMBERS):
        op.drop_column("audience", name)


def _make_findable() -> None:
    names = ("id", "name", "description", "owner", "tags", "search_text", "search_initials")
    types = {"tags": sa.JSON}
    audience = sa.table("audience", *(sa.column(name, types.get(name, sa.Text)) for name in names))
    connection = op.get_bind()
    for row in connection.execute(sa.select(audience)).mappings().all():
        found = search_text((row["name"], row["description"], row["owner"]), row["tags"])
        firsts = initials("\n".join((row["name"], *row["tags"])))
        change = sa.update(audience).where(audience.c.id == row["id"])
        connection.execute(change.values(search_text=found, search_initials=firsts))
