"""A patch laid over an index answers as an index built anew would, and only what it touches is made again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from audience_builder.catalog import FILTERS
from audience_builder.clock import day_of
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.errors import EngineError
from audience_builder.index import CursorSource
from audience_builder.index.patch import patch_of, profile_patch
from audience_builder.mart.person import Person
from tests.engine.asking import one, who
from tests.index.facts import LONG_AGO, NOW, TODAY, booked, built, index_of, numbered, someone
from tests.laws.world import mart_of

SILVER = one("membership_tier", "=", "silver")
VISITED = one("visit_frequency", ">=", 1)
DAY = timedelta(days=1)


def crowd(tiers: list[int]) -> list[Person]:
    return numbered([someone(tier=tier) for tier in tiers])


def patched(engine: BitmapEngine, people: list[Person], users: list[int]) -> None:
    """Lay over the engine what a mart of these people says of these users."""
    numbers = np.array(users, np.uint32)
    with closing(mart_of(people)) as mart:
        mart.refresh_traits(day_of(NOW))
        with mart.cursor() as cursor, CursorSource(cursor, now=NOW, users=numbers) as source:
            engine.patch(patch_of(numbers, source))


def test_changed_users_count_by_their_new_rows_and_all_others_as_before(tmp_path: Path) -> None:
    engine = BitmapEngine(index_of(crowd([1, 2, 2, 3]), tmp_path))
    assert who(engine, SILVER) == {1, 2}
    patched(engine, crowd([2, 2, 1, 3]), [0, 2])
    assert who(engine, SILVER) == {0, 1}
    assert engine.count(SILVER, as_of=NOW).nodes == {"c": 2}
    patched(engine, crowd([1, 2, 1, 3]), [2])
    assert who(engine, SILVER) == {1}, "a newer patch takes the place of the older one"


def test_users_the_index_never_saw_are_in_and_count_in_negations_too(tmp_path: Path) -> None:
    engine = BitmapEngine(index_of(crowd([2] * 60), tmp_path))
    people = crowd([2] * 60 + [1, 2, 2, 2, 2, 2])
    patched(engine, people, [60, 61, 62, 63, 64, 65])
    assert who(engine, SILVER) == set(range(66)) - {60}
    assert who(engine, one("visit_frequency", "=", 0)) == set(range(66))
    assert engine.count(SILVER, as_of=NOW).base == 66
    assert engine.contains(SILVER, 65, as_of=NOW) == {"c": True}


def test_who_left_is_in_nothing_any_more(tmp_path: Path) -> None:
    engine = BitmapEngine(index_of(crowd([2, 2, 2]), tmp_path))
    gone = numbered([someone(tier=2), someone(tier=2, status=12), someone(tier=2)])
    patched(engine, gone, [1])
    assert who(engine, SILVER) == who(engine, one("gender", "unknown", None)) == {0, 2}
    assert engine.count(SILVER, as_of=NOW).base == 2


def test_a_share_moves_with_the_few_who_changed(tmp_path: Path) -> None:
    spent = [numbered([someone(booked(TODAY - DAY, paid_krw=krw)) for krw in amounts]) for amounts in
             ([10, 20, 30, 40, 50], [90, 20, 30, 40, 50])]  # fmt: skip
    engine = BitmapEngine(index_of(spent[0], tmp_path))
    top = one("total_spend", "top_percent", 20)
    assert who(engine, top) == {4}
    patched(engine, spent[1], [0])
    assert who(engine, top) == {0}
    assert engine.count(top, as_of=NOW).thresholds == {"c": 90}


def test_every_facet_of_a_patched_index_is_that_of_one_built_anew(tmp_path: Path) -> None:
    before = numbered([someone(booked(TODAY - n * DAY), tier=n % 4, gender=1 + n % 2) for n in range(40)])
    after = [replace(each, bookings=each.bookings * (each.user_no % 2)) for each in before]
    engine, anew = BitmapEngine(index_of(before, tmp_path / "a")), BitmapEngine(index_of(after, tmp_path / "b"))
    engine.facets(None, as_of=NOW)
    patched(engine, after, list(range(0, 40, 2)))
    rule = one("gender", "in", ["male"])
    assert engine.facets(rule, as_of=NOW) == anew.facets(rule, as_of=NOW)
    assert len(engine.facets(None, as_of=NOW)) == len([entry for entry in FILTERS if entry.cuts])


def test_new_attributes_touch_only_the_questions_about_them(tmp_path: Path) -> None:
    index = index_of([*crowd([1] * 70)], tmp_path)
    engine = BitmapEngine(index)
    visited = engine._reading.at(NOW)
    users = np.arange(0, 70, 7, dtype=np.uint32)
    said = {
        "tier": np.full(10, 2),
        "gender": np.ma.MaskedArray(np.ones(10, int), mask=np.arange(10) < 3),
        "push": np.ones(10),
    }
    engine.patch(profile_patch(index, users, {**said, "marketing_use": np.ones(10)}, mart_version=9))
    assert who(engine, SILVER) == set(users.tolist())
    assert who(engine, one("gender", "known", None)) == set(users.tolist()[3:])
    assert who(engine, one("marketing_consent", "in", ["push"])) == set(users.tolist())
    assert engine.count(VISITED, as_of=NOW).mart_version == 9
    assert engine._base.at(NOW).everybody() is visited.everybody(), "the large index's sets are not made again"


def test_a_patch_of_users_nobody_knows_or_in_disorder_is_refused(tmp_path: Path) -> None:
    index = index_of(crowd([1, 1]), tmp_path)
    for users in ([1, 0], [0, 0], [2]):
        with pytest.raises(EngineError, match="must ascend"):
            profile_patch(index, np.array(users, np.uint32), {"tier": np.ones(len(users))}, mart_version=2)
    with pytest.raises(EngineError, match="tier holds"):
        profile_patch(index, np.array([0], np.uint32), {"tier": np.array([300])}, mart_version=2)


def test_a_patch_lives_no_longer_than_the_index_it_was_made_for(tmp_path: Path) -> None:
    engine = BitmapEngine(index_of(crowd([1, 2]), tmp_path))
    patched(engine, crowd([2, 2]), [0])
    with closing(mart_of(crowd([1, 2]))) as mart:
        engine.publish(built(mart, tmp_path))
    assert who(engine, SILVER) == {1}
    assert LONG_AGO < NOW


def test_what_was_asked_lately_is_worked_out_before_new_data_answers(tmp_path: Path) -> None:
    engine = BitmapEngine(index_of(crowd([1, 2, 2, 3]), tmp_path))
    assert engine.prepare(as_of=NOW, seconds=1) == 0, "nobody has asked anything yet"
    assert who(engine, SILVER) == {1, 2}
    assert who(engine, VISITED) == set()
    patched(engine, crowd([2, 2, 1, 3]), [0, 2])
    assert engine.prepare(as_of=NOW, seconds=60) == 2
    assert who(engine, SILVER) == {0, 1}, "of the new data, not of what was known before"
    heir = BitmapEngine(index_of(crowd([1, 1, 1, 2]), tmp_path / "heir"), before=engine)
    assert heir.prepare(as_of=NOW, seconds=60) == 2
    assert who(heir, SILVER) == {3}
    assert heir.prepare(as_of=NOW, seconds=0) == 0
    assert heir.prepare(as_of=LONG_AGO - DAY, seconds=60) == 0, "of a moment nobody knows nothing is prepared"


def test_preparing_asks_nothing_anew_and_old_questions_are_let_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine, clock = BitmapEngine(index_of(crowd([1, 2]), tmp_path)), [1_000.0]
    monkeypatch.setattr("audience_builder.engine.bitmap_recent.monotonic", lambda: clock[0])
    assert who(engine, SILVER) == {1}
    clock[0] += 59
    assert engine.prepare(as_of=NOW, seconds=60) == 1
    clock[0] += 2
    assert engine.prepare(as_of=NOW, seconds=60) == 0
