"""Files that are there whole or not at all, and readable by their owner alone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_READ_BYTES = 1 << 18

PART = ".part"
"""What a file is called that is still being written."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: bytes, and their SHA-256 (hexadecimal)."""

    size_bytes: int
    digest: str


class Tally:
    """What passes through on its way elsewhere: how many bytes, and their SHA-256."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._size = 0

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks, counted."""
        for chunk in chunks:
            self._digest.update(chunk)
            self._size += len(chunk)
            yield chunk

    @property
    def written(self) -> Written:
        """What has passed so far."""
        return Written(self._size, self._digest.hexdigest())


def read_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, some at a time."""
    with path.open("rb") as file:
        while chunk := file.read(_READ_BYTES):
            yield chunk


def write_whole(path: Path, chunks: Iterable[bytes]) -> Written:
    """Write the chunks aside, onto the disk, and put the file in place; any error leaves nothing behind."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(path.name + PART)
    tally = Tally()
    try:
        with open(os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in tally.of(chunks):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _flush_directory(path.parent)
    return tally.written


def _flush_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
