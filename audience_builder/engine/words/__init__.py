"""The index as tables of words in a database, a row for 64 users: every rule is one query of and, or and bit counts."""

from audience_builder.engine.words.engine import WordsEngine
from audience_builder.engine.words.port import WordsStore

__all__ = ["WordsEngine", "WordsStore"]
