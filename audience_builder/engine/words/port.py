"""What the words engine needs of a database: keep tables of words, answer one query at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sqlglot import exp

from audience_builder.engine.words.spelling import Spelling
from audience_builder.index.arrays import Words


class WordsStore(Protocol):
    """Tables of words: a row a word, in order, with its number (`word`) and one 64-bit column a set of users.

    Every table of a store has the same number of rows, at least one. Raises EngineError where the database cannot answer.
    """

    @property
    def spelling(self) -> Spelling:
        """How this database writes a query."""
        ...

    def put(self, table: str, columns: Mapping[str, Words]) -> None:
        """Make a table of these sets."""
        ...

    def rows(self, query: exp.Select) -> Words:
        """What a query of whole numbers below 2^64 finds, of shape (rows, columns)."""
        ...

    def drop(self, table: str) -> None:
        """Remove a table."""
        ...

    def close(self) -> None:
        """Remove everything. The store answers no more."""
        ...
