"""The same seed writes the same content, block by block, seen when it is whole."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from audience_builder import clock
from audience_builder.catalog.dimensions import dimensions
from audience_builder.errors import InputError
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.sample import Density, Generated, SampleSpec, generate
from audience_builder.sample.blocks import Block, block, blocks
from audience_builder.sample.season import season
from tests.sample.conftest import END

SMALL: dict[str, Any] = {"users": 800, "days": 60, "seed": 3, "end": END}


def content(**spec: Any) -> str:
    mart = DuckDBMart(None, dimensions=dimensions())
    try:
        generate(mart, **spec)
        return mart.content_hash()
    finally:
        mart.close()


def same(one: Block, other: Block) -> bool:
    tables = zip(
        (one.profiles, *one.behavior, one.booking), (other.profiles, *other.behavior, other.booking), strict=True
    )
    return np.array_equal(one.user_ids, other.user_ids) and all(
        left.keys() == right.keys()
        and all(
            np.array_equal(np.ma.getmaskarray(left[name]), np.ma.getmaskarray(right[name]))
            and np.array_equal(np.ma.getdata(left[name]), np.ma.getdata(right[name]))
            for name in left
        )
        for left, right in tables
    )


def test_the_same_seed_writes_the_same_content() -> None:
    assert content(**SMALL) == content(**SMALL)


@pytest.mark.parametrize(
    "other", [{"seed": 4}, {"users": 801}, {"days": 61}, {"end": END - timedelta(days=1)}, {"density": Density.LOYAL}]
)
def test_anything_else_writes_other_content(other: dict[str, Any]) -> None:
    assert content(**SMALL) != content(**{**SMALL, **other})


def test_the_same_sample_again_writes_nothing(mart: DuckDBMart) -> None:
    first = generate(mart, **SMALL)
    before, version = mart.content_hash(), mart.version
    again = generate(mart, **SMALL)
    assert first.rows > 0
    assert again == Generated(SampleSpec(**SMALL), 0)
    assert (mart.content_hash(), mart.version) == (before, version)


def test_another_sample_is_refused_where_there_is_one(mart: DuckDBMart) -> None:
    generate(mart, **SMALL)
    before = mart.content_hash()
    with pytest.raises(InputError, match="holds other data than the sample") as refused:
        generate(mart, **{**SMALL, "seed": 9})
    assert "empty data directory" in refused.value.fix
    assert mart.content_hash() == before


def test_a_sample_that_was_stopped_is_not_seen_and_goes_on_where_it_was(
    mart: DuckDBMart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", 100)
    made: list[int] = []

    def stops(done: int, of: int) -> None:
        made.append(done)
        if len(made) in (1, 3, 4):
            raise RuntimeError(f"stopped at {done} of {of}")

    for done in (100, 300, 400):
        with pytest.raises(RuntimeError, match=f"stopped at {done} of 800"):
            generate(mart, **SMALL, progress=stops)
        assert (mart.version, mart.watermark) == (0, None)
    last = generate(mart, **SMALL, progress=stops)
    assert made == [100, 200, 300, 400, 500, 600, 700, 800]
    assert (mart.version, mart.content_hash()) == (1, content(**SMALL))
    with mart.cursor() as cursor:
        tables = ("user_profile", "behavior_daily", "booking")
        rows = [len(cursor.table(table).fetchnumpy()["user_no"]) for table in tables]
    assert last.rows == sum(rows)


def test_another_sample_is_refused_where_a_part_of_one_is(mart: DuckDBMart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", 300)

    def stops(done: int, of: int) -> None:
        raise RuntimeError(f"stopped at {done} of {of}")

    with pytest.raises(RuntimeError, match="stopped at 300"):
        generate(mart, **SMALL, progress=stops)
    before = mart.content_hash()
    with pytest.raises(InputError, match="holds a part of another sample"):
        generate(mart, **{**SMALL, "density": Density.LOYAL})
    assert (mart.version, mart.content_hash()) == (0, before)


def test_it_ends_with_the_last_whole_day_in_korea_unless_said(mart: DuckDBMart) -> None:
    before = clock.day_of(clock.now())
    made = generate(mart, users=20, days=5, seed=1)
    assert before - made.spec.end in (timedelta(days=1), timedelta(days=0))
    assert made.spec.end < clock.day_of(clock.now())


def test_progress_tells_how_many_users_are_written(mart: DuckDBMart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", 300)
    told: list[tuple[int, int]] = []
    generate(mart, **SMALL, progress=lambda done, of: told.append((done, of)))
    assert told == [(300, 800), (600, 800), (800, 800)]


def test_no_block_depends_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", 300)
    spec = SampleSpec(**SMALL)
    when = season(spec.end - timedelta(days=spec.days - 1), spec.end)
    backwards = [block(spec, number, when) for number in (2, 1, 0)][::-1]
    assert all(same(one, other) for one, other in zip(blocks(spec), backwards, strict=True))


def test_more_users_leave_the_blocks_before_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", 300)
    few, many = blocks(SampleSpec(**{**SMALL, "users": 600})), blocks(SampleSpec(**{**SMALL, "users": 900}))
    assert [same(one, other) for one, other in zip(few, many, strict=False)] == [True, True]


def peak(made: Iterator[Block]) -> int:
    tracemalloc.start()
    try:
        for _ in made:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_is_that_of_one_block_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", 4_000)
    list(blocks(SampleSpec(users=10, days=365, seed=1, end=END)))  # tables that are made once
    one = peak(blocks(SampleSpec(users=4_000, days=365, seed=1, end=END)))
    five = peak(blocks(SampleSpec(users=20_000, days=365, seed=1, end=END)))
    assert five < 2.2 * one, "a block is let go before the next but one is made"
    assert one < 4_000 * 8_000, "8 kB a user"


@pytest.mark.parametrize(("users", "days"), [(1, 1), (3, 1), (50, 30), (200, 800)])
def test_samples_of_any_size_can_be_made(mart: DuckDBMart, users: int, days: int) -> None:
    generate(mart, users=users, days=days, seed=5, end=END)
    with mart.cursor() as cursor:
        assert cursor.execute("SELECT COUNT(*) FROM user_number").fetchone() == (users,)


@pytest.mark.parametrize(
    "wrong",
    [{"users": 0}, {"days": 0}, {"days": 5_000}, {"seed": -1}, {"end": date(1980, 1, 1)}, {"end": date(2099, 6, 1)}],
)
def test_a_sample_nobody_can_make_is_refused(mart: DuckDBMart, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no sample"):
        generate(mart, **{**SMALL, **wrong})
    assert mart.version == 0


def test_the_watermark_is_the_end_of_the_last_day(mart: DuckDBMart) -> None:
    generate(mart, **SMALL)
    assert mart.watermark is not None
    assert clock.day_of(mart.watermark) == END
