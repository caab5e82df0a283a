"""An index made without a mart is the one the mart gives, array by array."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audience_builder import clock
from audience_builder.catalog.dimensions import dimensions
from audience_builder.index import CursorSource, build
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.sample import Density, SampleSpec, generate
from audience_builder.sample.source import joined, spooled, whole_parts
from tests.sample.conftest import END

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SPEC: dict[str, Any] = {"users": 2_000, "days": 200, "seed": 3, "end": END, "density": Density.LOYAL}


def empty() -> DuckDBMart:
    return DuckDBMart(None, dimensions=dimensions())


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def stops_at_900(done: int, of: int) -> None:
    if done == 900:
        raise RuntimeError(f"stopped at {done} of {of}")


def test_an_index_without_a_mart_is_the_one_the_mart_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", 300)
    told: list[tuple[int, int]] = []
    with closing(empty()) as mart:
        generate(mart, **SPEC)
        mart.refresh_traits(clock.day_of(NOW))
        with closing(mart.cursor()) as cursor, CursorSource(cursor, now=NOW) as source:
            build(tmp_path / "from mart", source)
    with pytest.raises(RuntimeError, match="stopped at 900"):
        spooled(SampleSpec(**SPEC), tmp_path / "spool", now=NOW, new_mart=empty, progress=stops_at_900)
    for kind in ("behavior", "profiles"):
        (half_written,) = (tmp_path / "spool").glob(f"*/{kind}-1.npz")
        half_written.with_name(f"{kind}-3.npz").write_bytes(half_written.read_bytes()[:1_000])
    source = spooled(
        SampleSpec(**SPEC), tmp_path / "spool", now=NOW, new_mart=empty, progress=lambda *step: told.append(step)
    )
    build(tmp_path / "alone", source)
    expected, found = files(tmp_path / "from mart"), files(tmp_path / "alone")
    assert len(expected) > 50
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    assert told == [(done, 2_000) for done in (1_200, 1_500, 1_800, 2_000)]


def test_a_part_of_users_is_read_at_once_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audience_builder.sample.source.USERS_A_PART", 8)
    users = np.sort(np.random.default_rng(1).integers(0, 45, 400))
    blocks = [({"user": users[users // 5 == block]}, block * 5 + 5) for block in range(9)]
    pieces = [piece["user"] for piece in whole_parts(blocks)]
    parts = [set((piece // 8).tolist()) for piece in pieces]
    assert np.array_equal(np.concatenate(pieces), users)
    assert [min(part) for part in parts] == sorted({number for part in parts for number in part})
    assert sum(len(part) for part in parts) == 6


def test_pieces_put_together_keep_what_is_empty() -> None:
    one = {"place": np.ma.MaskedArray([1, 2], mask=[True, False])}
    other = {"place": np.array([3])}
    assert joined([one, other])["place"].tolist() == [None, 2, 3]
    assert joined([]) == {}
