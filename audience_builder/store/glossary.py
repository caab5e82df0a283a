"""The team's glossary in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from audience_builder.errors import ConflictError, NotFoundError
from audience_builder.store.rows import GlossaryWord
from audience_builder.store.tables import GLOSSARY_WORD

_OURS = GLOSSARY_WORD.c


class SqlGlossary:
    """The table `glossary_word`, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[GlossaryWord]:
        """Every word the team has given a meaning, by word."""
        rows = self._connection.execute(select(GLOSSARY_WORD).order_by(_OURS.word)).mappings()
        return [_word(row) for row in rows]

    def put(self, word: GlossaryWord) -> None:
        """Keep a meaning: a first one with revision 1, else the next. Raises ConflictError where somebody was first."""
        columns = {**asdict(word), "others": list(word.others)}
        if word.revision == 1:
            known = self._connection.execute(select(_OURS.word).where(_OURS.word == word.word)).first()
            if known is not None:
                raise _changed()
            self._connection.execute(insert(GLOSSARY_WORD).values(**columns))
            return
        before = (_OURS.word == word.word) & (_OURS.revision == word.revision - 1)
        if self._connection.execute(update(GLOSSARY_WORD).where(before).values(**columns)).rowcount == 0:
            raise _changed()

    def remove(self, word: str) -> None:
        """Forget a meaning. Raises NotFoundError where there is none."""
        if self._connection.execute(delete(GLOSSARY_WORD).where(_OURS.word == word)).rowcount == 0:
            raise NotFoundError("the team has given this word no meaning", fix="GET /api/v1/glossary lists all words.")


def _word(row: RowMapping) -> GlossaryWord:
    words: dict[str, Any] = {str(key): value for key, value in row.items()}
    words["others"] = tuple(words["others"])
    return GlossaryWord(**words)


def _changed() -> ConflictError:
    return ConflictError("somebody has changed this word meanwhile", fix="Look at it again, then change it.")
