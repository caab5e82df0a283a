"""docs/mart.md says what the code declares."""

from __future__ import annotations

from pathlib import Path

import pytest

from audience_builder.mart import traits
from audience_builder.mart.tables import BOOKKEEPING, TABLES
from tools import mart_docs


def test_the_page_is_up_to_date() -> None:
    assert mart_docs.main(["--check"]) == 0


def test_a_stale_page_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mart_docs, "PAGE", tmp_path / "mart.md")
    assert mart_docs.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert mart_docs.main([]) == 0
    assert mart_docs.main(["--check"]) == 0


def test_the_page_names_every_table_column_and_model() -> None:
    page = mart_docs.page()
    for table in (*TABLES, *BOOKKEEPING):
        assert f"### `{table.name}`" in page
        assert all(f"| `{column.name}` | {column.type} |" in page for column in table.columns)
    assert all(f"`{name}.sql`" in page for name in traits.MODELS)
