"""Saved audiences keep their history, their name and their order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from audience_builder.errors import ConflictError, NotFoundError
from audience_builder.store import AudienceQuery, ExportJob, ExportState, Store
from tests.store.conftest import MARKETER, NOW, RULE, audience, version


def keep(store: Store, **words: str) -> None:
    with store.unit(MARKETER) as unit:
        unit.audiences.add(audience(**words), version(id_=words.get("id_", "a1")))
        unit.audit("audience.save", "a1")


@pytest.mark.parametrize("name", ["a1", "제주 골드", " 제주 골드 "])
def test_an_audience_is_found_by_id_and_by_name(store: Store, name: str) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        assert unit.audiences.named(name).id == "a1"


def test_names_are_compared_without_case(store: Store) -> None:
    keep(store, name="Jeju Gold")
    with store.unit(MARKETER) as unit:
        assert unit.audiences.named("JEJU GOLD").id == "a1"


def test_an_id_wins_over_a_name(store: Store) -> None:
    keep(store)
    keep(store, name="a1", id_="a2")
    with store.unit(MARKETER) as unit:
        assert unit.audiences.named("a1").id == "a1"


def test_what_is_not_there_is_not_found(store: Store) -> None:
    with store.unit(MARKETER) as unit:
        with pytest.raises(NotFoundError):
            unit.audiences.named("nobody")
        with pytest.raises(NotFoundError):
            unit.exports.named("nothing")


def test_two_live_audiences_cannot_have_one_name(store: Store) -> None:
    keep(store)
    with pytest.raises(ConflictError, match="already"):
        keep(store, id_="a2")


def test_an_archived_audience_gives_its_name_back_and_may_not_take_it_again(store: Store) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        unit.audiences.update(replace(audience(), archived_at=NOW, revision=2))
        unit.audit("audience.archive", "a1")
    keep(store, id_="a2")
    with store.unit(MARKETER) as unit:
        assert [each.id for each in unit.shelf.page(AudienceQuery()).audiences] == ["a2"]
        assert [each.id for each in unit.shelf.page(AudienceQuery(archived=True)).audiences] == ["a1"]
    with pytest.raises(ConflictError), store.unit(MARKETER) as unit:
        unit.audiences.update(replace(audience(), revision=3))


def test_audiences_are_listed_newest_first(store: Store) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        newer = replace(audience("강릉", id_="a2"), updated_at=NOW + timedelta(hours=1))
        unit.audiences.add(newer, version(id_="a2"))
        unit.audit("audience.save", "a2")
        assert [each.id for each in unit.shelf.page(AudienceQuery()).audiences] == ["a2", "a1"]


def test_versions_pile_up_newest_first(store: Store) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        unit.audiences.add_version(audience(version=2), version(2))
        unit.audit("audience.save", "a1")
        assert [each.version for each in unit.audiences.versions("a1")] == [2, 1]
        assert unit.audiences.versions("a1")[1] == version()
        assert unit.audiences.named("a1").version == 2


@pytest.mark.parametrize("number", [1, 3, 9])
def test_a_version_that_is_not_the_next_one_conflicts(store: Store, number: int) -> None:
    keep(store)
    with pytest.raises(ConflictError, match="version 1 by now") as conflict, store.unit(MARKETER) as unit:
        unit.audiences.add_version(audience(version=number), version(number))
    assert "expected_version 1" in conflict.value.fix


def test_of_many_who_save_at_once_one_wins_and_the_others_are_told(store: Store) -> None:
    keep(store)

    def save(author: int) -> bool:
        try:
            with store.unit(MARKETER) as unit:
                unit.audiences.add_version(audience(version=2), replace(version(2), author=f"author {author}"))
                unit.audit("audience.save", "a1", author=author)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(save, range(16))) == 1
    with store.unit(MARKETER) as unit:
        assert len(unit.audiences.versions("a1")) == 2
        assert sum("author" in entry.detail for entry in unit.trail.entries()) == 1


def test_an_export_keeps_its_newest_state(store: Store) -> None:
    job = ExportJob(
        id="e1", principal="mina", purpose="발송", columns=("user_id", "gender"), format="csv", rule=RULE,
        rule_hash="f" * 64, requested_at=NOW, state=ExportState.REQUESTED,
    )  # fmt: skip
    done = replace(job, state=ExportState.DONE, count=3, digest="d" * 64, finished_at=NOW, as_of=NOW)
    with store.unit(MARKETER) as unit:
        unit.exports.put(job)
        unit.exports.put(done)
        unit.audit("export.done", "e1")
    with store.unit(MARKETER) as unit:
        assert unit.exports.named("e1") == done
        assert unit.exports.all() == [done]
