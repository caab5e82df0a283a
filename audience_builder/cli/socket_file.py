"""The socket in the data directory by which the command line reaches a server."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from audience_builder.errors import InputError

_LONGEST = 100
"""Systems allow some 104 to 108 bytes for a socket's path."""


def short(path: Path) -> str:
    """The path in the shortest way it can be written. Raises InputError where even that is too long for a socket."""
    ways = [os.path.abspath(path), os.path.relpath(path)]
    found = min(ways, key=lambda way: len(os.fsencode(way)))
    if len(os.fsencode(found)) > _LONGEST:
        raise InputError(
            f"the data directory's path is too long for a socket: {found}",
            fix=f"Use one whose path has at most {_LONGEST - len(path.name) - 1} bytes, or go into it first.",
        )
    return found


def is_alive(path: Path) -> bool:
    """Whether a server answers there. A socket left by one that was killed does not."""
    if not path.exists():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(short(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
    return True


def listening(path: Path) -> socket.socket:
    """A socket listening there, for its owner alone. A stale one is replaced: who calls this has the data open."""
    path.unlink(missing_ok=True)
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        found.bind(short(path))
    finally:
        os.umask(before)
    found.listen()
    return found
