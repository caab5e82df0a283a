"""A file as it lies on the disk: its hash, its format, its encoding, its delimiter and its columns, found out before anything is read."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import duckdb
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.errors import InputError
from audience_builder.intake.map_file import ImportMap
from audience_builder.intake.tree import call, text
from audience_builder.mart.schema import DIALECT

_CHUNK = 1 << 20
_HEAD = 1 << 16
_SAMPLED_LINES = 5_000
_DELIMITERS = (",", ";", "\t", "|")
_PARQUET = b"PAR1"
_NOT_TEXT: dict[bytes, str] = {
    b"PK\x03\x04": "a zip or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x1f\x8b": "a gzip file",
    b"(\xb5/\xfd": "a zstd file",
    b"SQLite format 3": "a SQLite database",
    b"%PDF": "a PDF",
}
_MARKS: dict[bytes, str] = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that can be read. `types` are DuckDB's, of Parquet only; encoding, delimiter and quote are of CSV only."""

    path: Path
    format: Literal["csv", "parquet"]
    size: int
    digest: str
    header: tuple[str, ...]
    types: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    has_header: bool = True

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.path.name


@dataclass(slots=True)
class _Look:
    """What one pass over the bytes told."""

    size: int = 0
    head: bytes = b""
    tail: bytes = b""
    digest: str = ""
    foreign: list[bytes] = field(default_factory=list[bytes])


def open_source(
    path: Path, found: ImportMap, cursor: duckdb.DuckDBPyConnection, tell: Callable[[int, int], None]
) -> Source:
    """The file, looked at. `tell(done, total)` counts bytes. Raises InputError for whatever can be no table."""
    look = _looked_at(path, tell)
    if look.size == 0:
        raise InputError(f"{path.name} is empty", fix="Give a file with a header and rows.")
    is_parquet = look.head.startswith(_PARQUET)
    if found.file.format == "parquet" or (found.file.format == "auto" and (is_parquet or path.suffix == ".parquet")):
        return _parquet(path, look, cursor)
    return _csv(path, look, found)


def _looked_at(path: Path, tell: Callable[[int, int], None]) -> _Look:
    look, digest = _Look(), hashlib.sha256()
    try:
        if path.is_dir():
            raise InputError(f"{path.name} is a folder", fix="Name the files in it.")
        if not path.is_file():
            raise InputError(f"there is no file {path}", fix="Check the path.")
        total = path.stat().st_size
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                look.head = look.head or chunk[:_HEAD]
                look.tail = chunk[-4:] if len(chunk) >= 4 else (look.tail + chunk)[-4:]
                look.size += len(chunk)
                if not chunk.isascii() and len(look.foreign) < _SAMPLED_LINES:
                    look.foreign += _foreign_lines(chunk)
                tell(look.size, total)
    except (OSError, ValueError) as problem:
        raise InputError(
            f"{path.name} cannot be read: {type(problem).__name__}", fix="Check its rights and its disk."
        ) from problem
    look.digest = digest.hexdigest()
    return look


def _foreign_lines(chunk: bytes) -> list[bytes]:
    """Some whole lines that are not plain ASCII: what tells one encoding from another."""
    lines = chunk.split(b"\n")
    whole = lines[1:-1] if len(lines) > 2 else lines
    return [line for line in whole if not line.isascii()][:_SAMPLED_LINES]


# --- Parquet --------------------------------------------------------------------------------------------------------------


def parquet_rows(path: Path) -> exp.Expr:
    """The rows of a Parquet file as a table of SQL, with `file_row_number` from 0."""
    options = {"file_row_number": exp.true(), "hive_partitioning": exp.false()}
    given = [exp.PropertyEQ(this=exp.to_identifier(key), expression=value) for key, value in options.items()]
    return call("read_parquet", text(str(path.resolve())), *given)


def _parquet(path: Path, look: _Look, cursor: duckdb.DuckDBPyConnection) -> Source:
    if not (look.head.startswith(_PARQUET) and look.tail == _PARQUET and look.size > 12):
        raise InputError(f"{path.name} is no whole Parquet file", fix="It may be cut off: copy or export it again.")
    query = select("*").from_(parquet_rows(path)).limit(0)
    try:
        described = cursor.execute(exp.Describe(this=query).sql(DIALECT)).fetchall()
        counted = cursor.execute(select("count(*)").from_(parquet_rows(path)).sql(DIALECT)).fetchone()
    except duckdb.Error as problem:
        raise InputError(f"{path.name} is a broken Parquet file", fix="Copy or export it again.") from problem
    if not counted or not counted[0]:
        raise InputError(f"{path.name} has no rows", fix="Give a file with rows.")
    columns = [(str(row[0]), str(row[1])) for row in described if row[0] != "file_row_number"]
    return Source(
        path=path, format="parquet", size=look.size, digest=look.digest,
        header=tuple(name for name, _ in columns), types=tuple(type_ for _, type_ in columns),
    )  # fmt: skip


# --- CSV ------------------------------------------------------------------------------------------------------------------


def _csv(path: Path, look: _Look, found: ImportMap) -> Source:
    for mark, what in _NOT_TEXT.items():
        if look.head.startswith(mark):
            raise InputError(f"{path.name} is {what}, not CSV or Parquet", fix="Export or unpack it as CSV in UTF-8.")
    encoding = _encoding(path, look, found.file.encoding)
    sample = look.head.decode(encoding, errors="replace")
    delimiter = found.file.delimiter
    if delimiter == "auto":
        delimiter = _delimiter(sample, found)
    header = tuple(found.file.names) or _first_row(sample, delimiter, found.file.quote)
    if not any(header):
        raise InputError(
            f"{path.name} has no header", fix="The first line must name the columns; or say [file] header = false."
        )
    source = Source(
        path=path, format="csv", size=look.size, digest=look.digest, header=header, encoding=encoding,
        delimiter=delimiter, quote=found.file.quote, has_header=found.file.header,
    )  # fmt: skip
    if source.has_header and not _has_second_row(sample, source):
        raise InputError(f"{path.name} has a header and no rows", fix="Give a file with rows.")
    return source


def _encoding(path: Path, look: _Look, said: str) -> str:
    marked = next((name for mark, name in _MARKS.items() if look.head.startswith(mark)), "")
    if not marked.startswith("utf-16") and said != "utf-16" and _is_binary(look.head):
        raise InputError(f"{path.name} is no text", fix="Give CSV or Parquet.")
    if said != "auto":
        return "utf-8-sig" if said == "utf-8" else said
    if marked or not look.foreign:
        return marked or "utf-8-sig"
    for encoding in ("utf-8", "cp949"):
        if 2 * sum(_is_in(line, encoding) for line in look.foreign) >= len(look.foreign):
            return "utf-8-sig" if encoding == "utf-8" else encoding
    raise InputError(
        f"the encoding of {path.name} cannot be told",
        fix='Save it as UTF-8, or say [file] encoding = "cp949" (or "cp1252") in the map.',
    )


def _is_in(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_binary(head: bytes) -> bool:
    odd = sum(head.count(bytes([byte])) for byte in range(32) if byte not in b"\t\r\n\x0c\x1f")
    return head.count(0) * 50 > len(head) or odd * 10 > len(head)


def _first_row(sample: str, delimiter: str, quote: str) -> tuple[str, ...]:
    lines = io.StringIO(sample.removeprefix("\ufeff"), newline="")
    try:
        row = next((row for row in csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True) if row), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in row)


def _delimiter(sample: str, found: ImportMap) -> str:
    """The sign that makes most of the mapped columns appear in the header; of equals, the one that makes most columns."""
    wanted = {name.casefold() for name in wanted_columns(found)}

    def worth(delimiter: str) -> tuple[int, int]:
        row = _first_row(sample, delimiter, found.file.quote)
        return len(wanted & {cell.casefold() for cell in row}), len(row)

    return max(_DELIMITERS, key=worth)


def wanted_columns(found: ImportMap) -> Iterable[str]:
    """Every column a map names."""
    yield from (name for spec in found.columns.values() for name in spec.column or ())
    yield from found.status.column if found.status else ()


def _has_second_row(sample: str, source: Source) -> bool:
    if source.size > _HEAD:
        return True
    lines = io.StringIO(sample.removeprefix("\ufeff"), newline="")
    rows = csv.reader(lines, delimiter=source.delimiter, quotechar=source.quote)
    try:
        return sum(1 for row in rows if row) > 1
    except csv.Error:
        return True
