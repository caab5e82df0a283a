"""Witnesses: somewhere else where checkpoints of the trail are kept, so that nobody can change both."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson

from audience_builder.errors import InputError


@dataclass(frozen=True, slots=True)
class Sighting:
    """A checkpoint as a witness keeps it: of which trail, by which public key, how many entries, the tree's head, and the note."""

    trail: str
    key: str
    size: int
    root: str
    note: str


class Witness(Protocol):
    """Keeps checkpoints and never forgets one."""

    def publish(self, sighting: Sighting) -> None:
        """Keep it; it is there for good once this returns. Raises OSError where it cannot be kept now."""
        ...

    def newest(self, trail: str) -> Sighting | None:
        """The last one of a trail; None for a trail never seen. Raises OSError."""
        ...


class FileWitness:
    """A file that is only ever appended to: on another disk, another machine's share, or one that can be written but not changed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def publish(self, sighting: Sighting) -> None:
        """A line of JSON more, on the disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = orjson.dumps(sighting, option=orjson.OPT_APPEND_NEWLINE)
        with open(os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o644), "ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def newest(self, trail: str) -> Sighting | None:
        """The last line of that trail."""
        if not self._path.exists():
            return None
        found: Sighting | None = None
        with self._path.open("rb") as file:
            for line in file:
                if trail.encode() in line and line.endswith(b"\n"):
                    found = sighting_of(line, f"{self._path}")
        return found


def sighting_of(line: bytes, source: str) -> Sighting:
    """A sighting as it was written. Raises InputError for what is none."""
    try:
        said: dict[str, Any] = orjson.loads(line)
        return Sighting(**said)
    except (ValueError, TypeError):
        raise InputError(f"{source} is no witness of an audit trail", fix="Name another file.") from None
