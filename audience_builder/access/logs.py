"""A log that cannot hold personal data: it writes what is on a list, and nothing else of what it is given.

Our own messages are constants in the code; what they are filled with, what an exception says, and whatever other libraries write
is left out unless it is a number, a code, or a place in the code.
"""

from __future__ import annotations

import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

OURS = "audience_builder"
FIELDS = frozenset(
    ("code", "status", "method", "route", "elapsed_ms", "count", "rows", "mart_version", "attempt", "step", "job")
)
"""The words an entry may carry in `extra`; a text among them must look like a word of ours."""

_WORD = re.compile(r"[A-Za-z/][A-Za-z0-9_.{}/-]{0,80}")
_ROOT = Path(__file__).resolve().parents[2]


class PrivateFormatter(logging.Formatter):
    """Entries as lines of JSON: when, how grave, who wrote it, the constant message, listed fields, and where in the code."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "at_line": f"{record.module}:{record.lineno}",
        }
        # Only our own messages are known to be constants: a lint rule keeps values out of them.
        if record.name.split(".")[0] == OURS and isinstance(record.msg, str):
            said["event"] = record.msg
        said |= {key: _safe(record.__dict__[key]) for key in sorted(FIELDS & record.__dict__.keys())}
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            said["error"] = kind.__name__
            said["code"] = _safe(getattr(error, "code", said.get("code")))
            said["trace"] = _frames(trace)
        return orjson.dumps(said).decode()


def _safe(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "(left out)"


def _frames(trace: TracebackType | None) -> list[str]:
    """Where it went wrong: file, line and function; no line of code and no value."""
    return [f"{_inner(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-12:]]


def _inner(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name


def keep_private(*, level: int = logging.WARNING) -> None:
    """Have every logger of the process write through the private formatter, to stderr and nowhere else."""
    handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # What was given handlers of its own before would write past ours.
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
