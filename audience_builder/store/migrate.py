"""Bringing a store up to date: the steps are in `migrations/versions`, oldest first."""

from __future__ import annotations

from importlib import resources

from sqlalchemy import Engine, column, inspect, select, table

HEAD = "0008"
"""The newest step. A store at it is ready without a look at the steps."""


def upgrade(engine: Engine) -> None:
    """Take every step the store has not taken, in one transaction."""
    with engine.begin() as connection:
        if inspect(connection).has_table("alembic_version"):
            version = connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar()
            if version == HEAD:
                return
        from alembic import command  # slow to load, and rarely needed
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(resources.files("audience_builder.store").joinpath("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
