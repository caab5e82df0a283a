"""A saved index is mapped back as it was, and one that is not whole, not of this make or not the newest is never used."""

from __future__ import annotations

import mmap
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import orjson
import pytest

from audience_builder.index import CursorSource, Index, load, opened
from audience_builder.index.saved import Writer, is_whole
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.person import Person
from tests.index.facts import NOW, TODAY, booked, built, index_of, numbered, someone
from tests.laws.people import people
from tests.laws.world import mart_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def saved(root: Path) -> Path:
    """The directory of the one index saved under `root`."""
    index_of(people(Random(9), 40, NOW), root)
    (place,) = root.iterdir()
    return place


def arrays_of(index: Index) -> dict[str, np.ndarray]:
    found = {f"{log.name}.{name}": values for log in index.logs.values() for name, values in log.columns.items()}
    found |= {f"profile.{name}": values for name, values in index.users.profile.items()}
    assert index.traits is not None
    return {**found, "consents": index.users.consents, **index.traits.columns}


def test_it_comes_back_as_it_was_mapped_and_sealed(root: Path) -> None:
    first = index_of(people(Random(9), 40, NOW), root)
    again = load(root)
    assert again is not None
    assert (again.mart_version, again.since, again.until) == (first.mart_version, first.since, first.until)
    before, after = arrays_of(first), arrays_of(again)
    assert before.keys() == after.keys()
    for name, values in after.items():
        assert values.dtype == before[name].dtype
        assert (values == before[name]).all(), name
        assert not values.flags.writeable
    day = again.log("search")["day"]
    assert isinstance(_owner(day), mmap.mmap), "mapped, not copied"


def _owner(array: object) -> object:
    while getattr(array, "base", None) is not None:
        array = array.base  # type: ignore[attr-defined]
    return array.obj if isinstance(array, memoryview) else array


def flip_a_bit(saved: Path) -> None:
    file = saved / "search.user.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def cut_off(saved: Path) -> None:
    file = saved / "booking.paid_krw.npy"
    file.write_bytes(file.read_bytes()[:-8])


def lose_a_file(saved: Path) -> None:
    (saved / "profile.status.npy").unlink()


def lose_the_manifest(saved: Path) -> None:
    (saved / "manifest.json").unlink()


def half_write_the_manifest(saved: Path) -> None:
    file = saved / "manifest.json"
    file.write_bytes(file.read_bytes()[:50])


def put_another_text(saved: Path) -> None:
    (saved / "manifest.json").write_bytes(b"[]")


def of_another(**facts: object) -> Callable[[Path], None]:
    def change(saved: Path) -> None:
        file = saved / "manifest.json"
        file.write_bytes(orjson.dumps({**orjson.loads(file.read_bytes()), **facts}))

    change.__name__ = f"of_another_{'_'.join(facts)}"
    return change


@pytest.mark.parametrize(
    "harm",
    [cut_off, lose_a_file, lose_the_manifest, half_write_the_manifest, put_another_text,
     of_another(format=0), of_another(calendar="holidays of another release"), of_another(mart_version=77)],
    ids=lambda harm: harm.__name__,
)  # fmt: skip
def test_what_is_not_whole_or_not_of_this_make_is_never_read(
    root: Path, saved: Path, harm: Callable[[Path], None]
) -> None:
    assert load(root) is not None
    harm(saved)
    assert load(root) is None


def test_a_bit_that_fell_over_is_found_by_looking_at_every_byte(root: Path, saved: Path) -> None:
    version = int(saved.name.removeprefix("index-"))
    assert is_whole(root, version)
    flip_a_bit(saved)
    assert not is_whole(root, version)
    assert not is_whole(root, version + 1)


def test_money_takes_more_room_only_where_an_amount_needs_it(root: Path) -> None:
    small, large = booked(TODAY, paid_krw=70_000), booked(TODAY, booking_id="c", paid_krw=3_000_000_000)
    assert index_of([someone(small)], root).log("booking")["paid_krw"].dtype == np.int32
    both = index_of([someone(small, large)], root).log("booking")["paid_krw"]
    assert (both.dtype, both.tolist()) == (np.dtype(np.int64), [70_000, 3_000_000_000])


def test_a_whole_older_index_is_not_taken_for_a_newer_one(root: Path, saved: Path) -> None:
    version = int(saved.name.removeprefix("index-"))
    assert load(root, mart_version=version) is not None
    assert load(root, mart_version=version + 1) is None
    assert load(root / "nowhere") is None


def test_opening_builds_only_where_there_is_nothing_right(root: Path) -> None:
    with closing(mart_of(numbered([someone()]))) as mart:
        first = _opened(root, mart)
        stamp = _manifest_of(root).stat().st_mtime_ns
        assert _opened(root, mart).mart_version == first.mart_version
        assert _manifest_of(root).stat().st_mtime_ns == stamp, "the saved one was taken"
        lose_a_file(next(root.iterdir()))
        assert _opened(root, mart).users.size == 1, "a harmed one is built anew"
        with mart.transaction("people", "more") as tx:
            assert tx.numbers(np.array(["u1"], dtype=object)).tolist() == [1]
            tx.profiles(
                {
                    "user_no": np.array([1]),
                    "status": np.array([1]),
                    "valid_from": np.array(["2024-01-01"], "datetime64[us]"),
                }
            )
        newer = _opened(root, mart)
        assert (newer.users.size, newer.mart_version) == (2, first.mart_version + 1)
        assert [place.name for place in root.iterdir()] == [f"index-{newer.mart_version}"], "the older one is gone"


def test_an_index_whose_profiles_no_longer_hold_is_built_anew(root: Path) -> None:
    later = NOW + timedelta(hours=2)
    who = someone()
    versions = (who.profiles[0], someone(valid_from=later, tier=4).profiles[0])
    with closing(mart_of(numbered([Person(user_no=0, profiles=versions)]))) as mart:
        before, after = _opened(root, mart), _opened(root, mart, hours=3)
    assert before.until == after.since
    assert after.users.profile["tier"].tolist() == [4]


def _opened(root: Path, mart: DuckDBMart, *, hours: int = 0) -> Index:
    with mart.cursor() as cursor, CursorSource(cursor, now=NOW + timedelta(hours=hours)) as source:
        return opened(root, source)


def _manifest_of(root: Path) -> Path:
    (place,) = root.iterdir()
    return place / "manifest.json"


def test_an_index_still_mapped_lives_on_when_a_newer_one_takes_its_place(root: Path) -> None:
    old = index_of([someone(), someone()], root)
    index_of([someone()], root)
    assert old.users.status.tolist() == [1, 1]


def test_what_a_process_that_died_left_behind_is_ignored_and_cleared_away(root: Path) -> None:
    (root / ".building-dead").mkdir(parents=True)
    assert load(root) is None
    index_of([someone()], root)
    assert [place.name.split("-")[0] for place in root.iterdir()] == ["index"]


def test_a_writer_left_by_an_error_leaves_nothing(root: Path) -> None:
    def fail() -> None:
        with Writer(root) as writer:
            writer.append("some.column", np.arange(5))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(root.iterdir()) == []


def test_reading_the_mart_changes_nothing_in_it(root: Path) -> None:
    with closing(mart_of(numbered([someone()]))) as mart:
        content = mart.content_hash()
        built(mart, root)
        assert mart.content_hash() == content
