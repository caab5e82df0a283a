"""Runs the steps on the connection it is given, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from audience_builder.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
