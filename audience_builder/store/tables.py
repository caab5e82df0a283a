"""The store's tables, for SQLite and PostgreSQL alike. `migrations/` makes them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC that knows its zone, also where the database forgets it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a moment without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


AUDIENCE = Table(
    "audience",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("description", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("archived_at", Moment),
    # The name in one case while it is live, empty once archived: an archived audience gives its name back.
    Column("live_name", String(200), unique=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("summary_ko", Text, nullable=False, server_default=""),
    Column("summary_en", Text, nullable=False, server_default=""),
    # What words and first consonants are looked for in (`store.searching`).
    Column("search_text", Text, nullable=False, server_default=""),
    Column("search_initials", Text, nullable=False, server_default=""),
    Column("size", BigInteger),
    Column("base", BigInteger),
    Column("sized_at", Moment),
    Column("sized_version", BigInteger),
    Index("ix_audience_updated", "updated_at", "id"),
)

AUDIENCE_SIZE = Table(
    "audience_size",
    METADATA,
    Column("audience_id", String(40), ForeignKey("audience.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("mart_version", BigInteger, nullable=False),
)

AUDIENCE_VERSION = Table(
    "audience_version",
    METADATA,
    Column("audience_id", String(40), ForeignKey("audience.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("rule", JSON, nullable=False),
    Column("rule_hash", String(64), nullable=False),
    Column("author", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
)

EXPORT_JOB = Table(
    "export_job",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("principal", String(200), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("format", String(10), nullable=False),
    Column("with_bom", Boolean, nullable=False),
    Column("rule", JSON, nullable=False),
    Column("rule_hash", String(64), nullable=False),
    Column("audience_id", String(40), ForeignKey("audience.id")),
    Column("audience_version", Integer),
    Column("requested_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    Column("as_of", Moment),
    Column("approved_by", String(200)),
    Column("approved_at", Moment),
    Column("approved_for", String(64)),
    Column("count", BigInteger),
    Column("mart_version", BigInteger),
    Column("size_bytes", BigInteger),
    Column("digest", String(64)),
    Column("finished_at", Moment),
    Column("problem", Text),
)

GLOSSARY_WORD = Table(
    "glossary_word",
    METADATA,
    Column("word", String(40), primary_key=True),
    Column("rule", JSON, nullable=False),
    Column("others", JSON, nullable=False),
    Column("asks", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

BROWSER_KEY = Table(
    "browser_key",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("label", String(100), nullable=False),
    Column("origins", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
)
WEBHOOK = Table(
    "webhook",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("audience_id", String(40), ForeignKey("audience.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("told_entered", BigInteger, nullable=False),
    Column("told_exited", BigInteger, nullable=False),
    Column("pending", JSON),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("problem", Text, nullable=False),
)
