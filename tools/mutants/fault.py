"""One seeded fault: a file of the product, a text in it, and the wrong text put in its place."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import parse
from sqlglot.errors import SqlglotError


class BadFaultError(ValueError):
    """The fault cannot be seeded: its text is not found once, or the code is the same with it, or no code at all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A small mistake somebody might make. `file` is relative to the package; `first` is a law (or a filter) to ask first."""

    name: str
    file: str
    before: str
    after: str
    first: str = ""

    def seeded(self, text: str) -> str:
        """The file's text with the mistake in it. Raises BadFaultError."""
        times = text.count(self.before)
        if times != 1:
            raise BadFaultError(f"{self.name}: its text is found {times} times in {self.file}")
        wrong = text.replace(self.before, self.after)
        try:
            is_same = _meant(self.file, wrong) == _meant(self.file, text)
        except (SyntaxError, SqlglotError) as problem:
            raise BadFaultError(f"{self.name}: {self.file} could not be read: {problem}") from problem
        if is_same:
            raise BadFaultError(f"{self.name}: it changes nothing in {self.file}")
        return wrong


def _meant(file: str, text: str) -> str:
    """What the text says, whatever its layout and comments."""
    if file.endswith(".py"):
        return ast.dump(ast.parse(text))
    return ";".join(repr(tree) for tree in parse(text, dialect="duckdb"))


def faults(file: str, texts: Mapping[str, tuple[str, str]], *, first: str = "") -> tuple[Fault, ...]:
    """The faults of one file: name to the right text and the wrong one."""
    return tuple(Fault(name, file, before, after, first) for name, (before, after) in texts.items())
