"""The rows of a CSV file, a batch at a time: every row with its line, and those that are none with the reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from typing import TextIO

import numpy as np
import numpy.typing as npt
import orjson

from audience_builder.errors import InputError
from audience_builder.intake.reason import Reason
from audience_builder.intake.source import Source

BATCH = 20_000
_SHOWN = 20_000

Arrays = dict[str, npt.NDArray[np.generic]]


@dataclass(slots=True)
class Batch:
    """Rows that have all columns, with their lines; and broken ones as (line, reason, what stands there as JSON)."""

    lines: list[int] = field(default_factory=list[int])
    rows: list[list[str]] = field(default_factory=list[list[str]])
    broken: list[tuple[int, Reason, str]] = field(default_factory=list[tuple[int, Reason, str]])
    bytes_read: int = 0

    def whole(self, wanted: frozenset[int]) -> Arrays:
        """The wanted columns of the whole rows as `line`, `c0`, `c1` …"""
        columns: Arrays = {"line": np.array(self.lines, dtype=np.int64)}
        for position, values in enumerate(zip(*self.rows, strict=True)):
            if position in wanted:
                columns[column_name(position)] = np.array(values, dtype=object)
        return columns

    def refused(self, seal: Callable[[int, str], str]) -> Arrays:
        """The broken rows as columns `line`, `problem`, `shown`: what stands there, sealed for its line."""
        return {
            "line": np.array([entry[0] for entry in self.broken], dtype=np.int64),
            "problem": np.array([str(entry[1]) for entry in self.broken], dtype=object),
            "shown": np.array([seal(entry[0], entry[2]) for entry in self.broken], dtype=object),
        }


def column_name(position: int) -> str:
    """What the column at a position is called while it is read, whatever the file calls it."""
    return "c" + str(position)


class _Lines:
    """The lines of a file, remembering those of the row being read."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.of_row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.of_row.append(line)
            yield line


def batches(source: Source) -> Iterator[Batch]:
    """The file's rows in batches of at most `BATCH`. Blank lines are no rows. Raises InputError for a quote never closed."""
    # A byte that is no text becomes a lone surrogate, so that only its own row is refused.
    errors = "replace" if source.encoding == "utf-16" else "surrogateescape"
    try:
        with source.path.open("rb") as raw, TextIOWrapper(raw, source.encoding, errors, newline="") as file:
            lines = _Lines(file)
            rows = _rows(source, lines)
            if source.has_header:
                next(rows, None)
            batch = Batch()
            for line, row in rows:
                _put(batch, source, line, row)
                if len(batch.rows) + len(batch.broken) >= BATCH:
                    batch.bytes_read = raw.tell()
                    yield _without_bad_bytes(batch, source)
                    batch = Batch()
            batch.bytes_read = source.size
            yield _without_bad_bytes(batch, source)
    except (OSError, UnicodeError) as problem:
        raise InputError(
            f"{source.name} cannot be read to its end", fix="Check the file and the map's encoding."
        ) from problem


def _rows(source: Source, lines: _Lines) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with the line it starts on; the text itself where its quotes do not pair up."""
    reader = csv.reader(iter(lines), delimiter=source.delimiter, quotechar=source.quote, strict=True)
    while True:
        start = reader.line_num + 1
        lines.of_row.clear()
        try:
            row: list[str] | str = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            if "field larger" in str(problem) or "unexpected end" in str(problem):
                raise InputError(
                    f"{source.name}, line {start}: a quotation mark is opened and never closed",
                    fix="The file may be cut off there; or say another [file] quote in the map.",
                ) from problem
            row = "".join(lines.of_row)
        if row:
            yield start, row


def _put(batch: Batch, source: Source, line: int, row: list[str] | str) -> None:
    if isinstance(row, str):
        batch.broken.append((line, Reason.BAD_QUOTES, _shown(row.rstrip("\r\n"))))
    elif len(row) != len(source.header):
        batch.broken.append((line, Reason.COLUMN_COUNT, _shown(row)))
    else:
        batch.lines.append(line)
        batch.rows.append(row)


def _without_bad_bytes(batch: Batch, source: Source) -> Batch:
    """The batch with those rows refused that hold bytes of another encoding."""
    bad = "\x00\ufffd" if source.encoding == "utf-16" else "\x00"
    if all(_is_clean("".join(values), bad) for values in zip(*batch.rows, strict=True)):
        return batch
    found = Batch(broken=batch.broken, bytes_read=batch.bytes_read)
    for line, row in zip(batch.lines, batch.rows, strict=True):
        if _is_clean("".join(row), bad):
            found.lines.append(line)
            found.rows.append(row)
        else:
            found.broken.append((line, Reason.BAD_BYTES, _shown(row)))
    return found


def _is_clean(joined: str, bad: str) -> bool:
    if any(sign in joined for sign in bad):
        return False
    if joined.isascii():
        return True
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(row: list[str] | str) -> str:
    cells = [row] if isinstance(row, str) else row
    plain = [cell[:_SHOWN].encode(errors="backslashreplace").decode() for cell in cells[:1000]]
    return orjson.dumps(plain[0] if isinstance(row, str) else plain).decode()
