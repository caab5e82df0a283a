"""How answers look in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import orjson


def put_json(said: Any) -> None:
    """One JSON object on one line of stdout."""
    sys.stdout.write(orjson.dumps(said).decode() + "\n")


def put(*lines: str) -> None:
    """Lines on stdout."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def table(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Rows as aligned lines; the columns in `right` stand to the right. Hangul is two cells wide."""
    from rich.cells import cell_len

    cells = [list(row) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]

    def padded(place: int, cell: str) -> str:
        room = " " * (widths[place] - cell_len(cell))
        return room + cell if place in right else cell + room

    return ["  ".join(padded(place, cell) for place, cell in enumerate(row)).rstrip() for row in cells]


def number(count: int | None, below: int = 0) -> str:
    """A count with thousands apart; one that is not told is less than `below`."""
    return f"<{below}" if count is None else f"{count:,}"


def share(count: int | None, base: int | None) -> str:
    """A share of everybody; unknown where either is not told."""
    if count is None or base is None:
        return "–"
    return f"{100 * count / base:.1f}%" if base else "–"


def moment(text: str | None) -> str:
    """A moment of an answer as the clock in Korea shows it."""
    if text is None:
        return "–"
    from datetime import datetime

    from audience_builder.clock import SEOUL

    return f"{datetime.fromisoformat(text).astimezone(SEOUL):%Y-%m-%d %H:%M} KST"
