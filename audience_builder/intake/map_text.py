"""The text of a map, so that whatever is wrong with it can be said with its line and a proposal."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from rapidfuzz import fuzz, process

from audience_builder.errors import InputError

Path = tuple[str, ...]
"""Keys from the top of the map down: `("columns", "user_id")`."""

_NEAR = 60
_HEADER = re.compile(r"^\s*\[[^\[].*\]\s*(#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'))*)\s*="""
)


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`Did you mean …?` with the nearest of the choices; empty where none is near."""
    found = process.extractOne(
        word.lower(), {choice: choice.lower() for choice in choices}, scorer=fuzz.ratio, score_cutoff=_NEAR
    )
    return f"Did you mean {found[2]}?" if found else ""


@dataclass(frozen=True, slots=True)
class MapText:
    """A map as it was written, and where."""

    where: str
    text: str

    def parsed(self) -> dict[str, object]:
        """The map as plain values; numbers with a point are exact. Raises InputError for what is no TOML."""
        try:
            return tomllib.loads(self.text, parse_float=Decimal)
        except (tomllib.TOMLDecodeError, ValueError, RecursionError, ArithmeticError) as problem:
            said = str(problem).splitlines()[0] if str(problem) else "it cannot be read"
            raise InputError(
                f"{self.where} is no valid TOML: {said}", fix="Mend that line; texts stand in quotation marks."
            ) from problem

    def wrong(self, path: Path, message: str, *, fix: str = "") -> InputError:
        """The error for what is wrong at a place of the map."""
        line = self.line_of(path)
        place = f"{self.where}, line {line}" if line else self.where
        return InputError(f"{place}: {_written(path)}: {message}" if path else f"{place}: {message}", fix=fix)

    def line_of(self, path: Path) -> int | None:
        """The line on which the key stands, or the nearest thing above it that is written; None where nothing is."""
        lines = self._lines()
        return next((lines[path[:depth]] for depth in range(len(path), 0, -1) if path[:depth] in lines), None)

    def _lines(self) -> dict[Path, int]:
        found: dict[Path, int] = {}
        section: Path = ()
        for number, line in enumerate(self.text.splitlines(), start=1):
            key = _KEY.match(line)
            if _HEADER.match(line):
                section = _keys(line.split("#")[0])
                found.setdefault(section, number)
            elif key:
                found.setdefault((*section, *_keys(key[1] + " = 0")), number)
        return found


def _keys(line: str) -> Path:
    """The keys that a header or an assignment of TOML names."""
    try:
        inside: object = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    found: list[str] = []
    while isinstance(inside, dict) and inside:
        key, inside = next(iter(cast("dict[str, object]", inside).items()))
        found.append(key)
    return tuple(found)


def _written(path: Path) -> str:
    *sections, key = path
    return f"[{'.'.join(sections)}] {key}" if sections else key
