"""The rejects file: every refused row with its line, the reason, and sealed what stood there in the columns the map asks for.

What stood there may be personal data: a spreadsheet shows line and reason, `audience-builder rejects` opens the rest.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, cast

import orjson
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.access.personal import personal_kind
from audience_builder.errors import NotFoundError
from audience_builder.intake.checked import Asked
from audience_builder.intake.reason import SAYS, Reason, split
from audience_builder.intake.records import column_name
from audience_builder.intake.source import Source
from audience_builder.intake.stage import Stage
from audience_builder.intake.tree import STAGE, col, is_said
from audience_builder.intake.values import BLANKS, Given
from audience_builder.intake.vocabulary import vocabulary

COLUMNS = ("file", "line", "reason", "explanation", "row")
_OWNER_ONLY = 0o600
_LONGEST_NAME = 80
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rejects_name(source: Source, key: str) -> str:
    """What the rejects file of a source is called: `rejects-<file>-<hash>.csv`."""
    plain = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in _harmless(source.path.stem))
    return "-".join(("rejects", plain[:_LONGEST_NAME] or "file", key[:12])) + ".csv"


def _harmless(name: str) -> str:
    """A file's name, unless it may say whose it is."""
    return name if name.isascii() and personal_kind(name) is None else "file"


def write_rejects(stage: Stage, asked: Asked, source: Source, target: Path, seal: Callable[[int, str], str]) -> int:
    """Write the refused rows to a new file; returns how many. Whole or not at all: it is moved into its place at the end."""
    started = stage.folder / "rejects.csv"
    handle = os.open(started, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    count = 0
    # The BOM is for Excel, which else takes Korean for something else.
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in _rows(stage, asked, source, seal):
            writer.writerow(row)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    if count:
        started.replace(target)
    return count


def read_rejects(
    path: Path, open_row: Callable[[int, str], str], *, after: int, limit: int
) -> Iterator[dict[str, Any]]:
    """The refused rows behind a line, at most so many, each opened. Raises NotFoundError where there is no such file."""
    if not path.is_file():
        raise NotFoundError("there is no such rejects file", fix="An import says the name of the file it wrote.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        behind = (row for row in csv.DictReader(file) if int(row["line"]) > after)
        for row in islice(behind, limit):
            line, told = int(row["line"]), {key: row[key] for key in ("reason", "explanation")}
            yield {"line": line, **told, "row": open_row(line, row["row"])}


def _rows(stage: Stage, asked: Asked, source: Source, seal: Callable[[int, str], str]) -> Iterator[tuple[object, ...]]:
    explain = _Explanations(asked, source)
    file = _harmless(source.name)
    file = "'" + file if file.startswith(_FORMULA) else file
    names, mapped = (
        _unique(source.header),
        sorted({given.position for given in asked.givens if given.position is not None}),
    )
    for line, mark, shown, *cells in stage.chunked(_refused(source)):
        reason, about = split(str(mark))
        said = {names[position]: cells[position] for position in mapped}
        row = seal(cast(int, line), orjson.dumps(said).decode()) if shown is None else shown
        yield file, line, str(reason), explain.of(reason, about, cells), row


def _refused(source: Source) -> exp.Select:
    cells = [col(column_name(position), "r") for position in range(len(source.header))]
    checked, raw = exp.to_table("checked", db=STAGE, alias="c"), exp.to_table("raw", db=STAGE, alias="r")
    query = select(col("line", "c"), col("problem", "c"), col("shown", "r"), *cells).from_(checked)
    same = col("line", "r").eq(col("line", "c"))
    return query.join(raw, on=same).where(is_said(col("problem", "c"))).order_by(col("line", "c"))


def _unique(header: tuple[str, ...]) -> list[str]:
    names: list[str] = []
    for name in header:
        names.append(name if name not in names else name + " #" + str(len(names) + 1))
    return names


class _Explanations:
    """The sentence of a refused row: the column it is about, why, and of an unknown option what may have been meant."""

    def __init__(self, asked: Asked, source: Source) -> None:
        self._given = asked.by_name
        self._header = source.header
        self._hints: dict[tuple[str, str], str] = {}

    def of(self, reason: Reason, about: str, cells: list[object]) -> str:
        """What is wrong with the row."""
        given = self._given.get(about)
        hint = self._hint(given, cells) if given and reason is Reason.UNKNOWN_VALUE else ""
        column = f" (column {self._header[given.position]})" if given and given.position is not None else ""
        said = f"{about}{column}: {SAYS[reason]}" if about else SAYS[reason]
        return f"{said}. {hint}" if hint else said

    def _hint(self, given: Given, cells: list[object]) -> str:
        said = str(cells[given.position]).strip(BLANKS) if given.position is not None else ""
        key = (given.target.vocabulary, said)
        if key not in self._hints and len(self._hints) < 1000:
            self._hints[key] = vocabulary(given.target.vocabulary).hint(said)
        return self._hints.get(key, "")
