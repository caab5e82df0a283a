"""An export as bytes, block by block: CSV that no spreadsheet takes for formulas, or a JSON array."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

import orjson

Cells = tuple[str | None, ...]
Blocks = Iterable[Sequence[Cells]]

BOM = b"\xef\xbb\xbf"
"""What makes Excel read a file as UTF-8."""

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def csv_bytes(names: Sequence[str], blocks: Blocks, *, with_bom: bool = False) -> Iterator[bytes]:
    """RFC 4180 with a header. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    yield (BOM if with_bom else b"") + _csv_rows([tuple(names)])
    for rows in blocks:
        yield _csv_rows(rows)


def json_bytes(names: Sequence[str], blocks: Blocks, *, with_bom: bool = False) -> Iterator[bytes]:
    """One array of objects, a line each; cells as they are, what is not known is null."""
    opening = b"[\n"
    for rows in blocks:
        lines = [orjson.dumps(dict(zip(names, row, strict=True))) for row in rows]
        if lines:
            yield opening + b",\n".join(lines)
            opening = b",\n"
    yield b"[]\n" if opening == b"[\n" else b"\n]\n"


def _csv_rows(rows: Iterable[Cells]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _harmless(cell: str | None) -> str:
    if not cell:
        return ""
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell


FORMATS: dict[str, tuple[Callable[..., Iterator[bytes]], str]] = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "json": (json_bytes, "application/json"),
}
"""How each format is written, and its media type."""
