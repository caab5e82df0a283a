"""A mart, a folder for files, and one word to bring a file in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audience_builder.catalog.dimensions import dimensions
from audience_builder.intake import ImportReport, import_files
from audience_builder.mart.duckdb import DuckDBMart

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def readable(file: str, line: int, row: str) -> str:
    """What a test wants to see of a refused row."""
    return row


class Desk:
    """A mart, a folder for files, and imports between them."""

    def __init__(self, mart: DuckDBMart, folder: Path) -> None:
        self.mart = mart
        self.folder = folder
        self.rejects = folder / "rejects"

    def file(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """A file with that content."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def bring(self, map_: str, *contents: str | bytes | Path, now: datetime = NOW) -> ImportReport:
        """Import: `map_` is a shipped map's name or the text of a map, contents are files or their texts."""
        name: str | Path = self.file("map.toml", map_) if "\n" in map_ else map_
        files = [c if isinstance(c, Path) else self.file(f"data{i}.csv", c) for i, c in enumerate(contents)]
        return import_files(self.mart, name, files, rejects_dir=self.rejects, seal_row=readable, now=now)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query of the mart finds."""
        with self.mart.cursor() as cursor:
            return cursor.execute(sql).fetchall()

    def is_untouched(self) -> bool:
        """Whether nothing was written anywhere: no row, no number, no rejects, no private tables left."""
        left = list(self.rejects.iterdir()) if self.rejects.exists() else []
        databases = self.rows("SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'intake%'")
        tables = ("booking", "user_profile", "behavior_daily", "user_number", "applied_batch", "dead_letter")
        return (
            not left and databases == [(0,)] and all(self.rows(f"SELECT count(*) FROM {t}") == [(0,)] for t in tables)
        )


DIMENSIONS = dimensions()
