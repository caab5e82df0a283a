"""The operational database followed into the stream."""

from __future__ import annotations

import os
import signal
import sys
import time
from threading import Event
from types import FrameType
from typing import Annotated, NoReturn

import typer

from audience_builder.cli.connect import settings_of
from audience_builder.cli.options import Data
from audience_builder.cli.problem import ProblemError, tell
from audience_builder.cli.show import number, put
from audience_builder.cli.verb import verb
from audience_builder.errors import StreamError

EXAMPLE = (
    """Example:  AUDIENCE_BUILDER_DATABASE=postgresql://reader@db:5432/shop audience-builder capture --data ./my-data"""
)

_FIX = "Mend it, and start again: it goes on where it was."
_TOLD_SECONDS = 10.0
_LOOK_SECONDS = 0.2

Database = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="The database; best left to $AUDIENCE_BUILDER_DATABASE, which no list of processes shows."
    ),
]


@verb
def capture(database: Database = None, data: Data = None) -> None:
    """Follow an operational PostgreSQL: a snapshot first, then every change; runs beside `serve` (운영 DB 변경 수집)."""
    from audience_builder.wiring import open_capture

    following, close = open_capture(settings_of(data, database=database))
    stop = Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, ask_to_stop)
    try:
        following.start()
        put("follows the database; stop with Ctrl+C")
        told, told_at = 0, time.monotonic()
        while not (stop.wait(_LOOK_SECONDS) or following.has_ended()):
            if following.changes > told and time.monotonic() - told_at > _TOLD_SECONDS:
                told, told_at = following.changes, time.monotonic()
                put(f"{number(told)} changes so far")
        problem = "" if stop.is_set() else following.problem or "Debezium has ended"
    finally:
        following.close()
        close()
    put(f"{number(following.changes)} changes put into the stream")
    _leave(problem)


def _leave(problem: str) -> NoReturn:
    """End this process at once: Java's threads within it would wait for each other. Everything is written and closed by now."""
    code = 0
    if problem:
        error = ProblemError.of(StreamError(f"the database is followed no more: {problem}", fix=_FIX))
        tell(error, as_json=False)
        code = error.exit_code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
