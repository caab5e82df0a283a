"""Finds whom to ask: the server that has the data open, else the product opened right here."""

from __future__ import annotations

import logging
import os
import time
from contextlib import AbstractContextManager
from pathlib import Path

from audience_builder.cli.backend import Backend
from audience_builder.cli.socket_file import is_alive
from audience_builder.errors import BusyError, NotFoundError
from audience_builder.settings import Settings, read

_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.1


def settings_of(data: Path | None, **given: object) -> Settings:
    """The settings for this command. Raises InputError for what cannot be."""
    return read(os.environ, data=data, **given)


def connected(data: Path | None, *, may_be_new: bool = False) -> AbstractContextManager[Backend]:
    """Whom to ask about this data directory. Raises NotFoundError where there is none, unless it `may_be_new`.

    Another command that has the data open is soon done: it is waited for a while. Then BusyError is raised.
    """
    settings = settings_of(data)
    patience = time.monotonic() + _PATIENCE_SECONDS
    while True:
        if is_alive(settings.socket):
            from audience_builder.cli.remote import Remote

            return Remote(settings.socket)
        if not may_be_new and not settings.mart.exists():
            raise NotFoundError(
                f"there is no data in {settings.data}",
                fix=f"Make some first: audience-builder sample --data {settings.data}, or import your own; or say --data.",
            )
        try:
            return opened(settings)
        except BusyError:
            if time.monotonic() > patience:
                raise
            time.sleep(_LOOK_SECONDS)


def opened(settings: Settings) -> AbstractContextManager[Backend]:
    """The product opened in this process. Raises BusyError where another one has the data open."""
    # Slow to load, and not needed where a server answers.
    from audience_builder.api.http import create_api
    from audience_builder.cli.inprocess import InProcess
    from audience_builder.wiring import open_app

    # A server writes down what went wrong in full; a command tells it in a sentence.
    logging.getLogger("audience_builder").addHandler(logging.NullHandler())
    app = open_app(settings)
    # The data is ours alone now: a socket still lying there was left by a server that was killed.
    settings.socket.unlink(missing_ok=True)
    return InProcess(create_api(app), closing=app.close)
