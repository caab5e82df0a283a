"""Files that are there whole or not at all, and readable by their owner alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PART = ".part"
"""What a file is called that is still being written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: bytes, and their SHA-256 (hexadecimal)."""

    size_bytes: int
    digest: str


def write_whole(path: Path, chunks: Iterable[bytes]) -> Written:
    """Write the chunks aside, onto the disk, and put the file in place; any error leaves nothing behind."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(path.name + PART)
    digest, size = hashlib.sha256(), 0
    try:
        with open(os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _flush_directory(path.parent)
    return Written(size, digest.hexdigest())


def _flush_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
