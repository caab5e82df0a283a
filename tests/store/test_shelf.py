"""All audiences at a glance: found, sorted, paged by key, and their sizes day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from audience_builder.errors import InputError
from audience_builder.store import AudienceQuery, AudienceSize, Store
from audience_builder.store.searching import are_initials, folded, initials, words_of
from tests.store.conftest import MARKETER, NOW, audience, version

NAMES = ("제주 골드", "강릉 가족", "부산 커플 50%", "Weekend VIP", "여수_밤바다")


def keep(store: Store, names: tuple[str, ...] = NAMES) -> None:
    with store.unit(MARKETER) as unit:
        for number, name in enumerate(names):
            kept = replace(
                audience(name, id_=f"a{number}"),
                updated_at=NOW + timedelta(hours=number % 3),
                tags=("여름", "Push") if number % 2 else ("겨울",),
                owner=f"owner {number % 2}",
                summary_ko="최근 14일 검색",
            )
            unit.audiences.add(kept, version(id_=kept.id))
        unit.audit("audience.save", "all")


def found(store: Store, **words: Any) -> list[str]:
    with store.unit(MARKETER) as unit:
        return [each.name for each in unit.shelf.page(AudienceQuery(**words)).audiences]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("제주", {"제주 골드"}),
        ("골드 제주", {"제주 골드"}),
        ("ㅈㅈ", {"제주 골드"}),
        ("ㅈㅈ ㄱㄷ", {"제주 골드"}),
        ("ㅂㅂㄷ", {"여수_밤바다"}),
        ("weekend", {"Weekend VIP"}),
        ("ＶＩＰ", {"Weekend VIP"}),
        ("push", {"강릉 가족", "Weekend VIP"}),
        ("ㄱㅇ", {"제주 골드", "부산 커플 50%", "여수_밤바다"}),
        ("최근 검색", set(NAMES)),
        ("50%", {"부산 커플 50%"}),
        ("%", {"부산 커플 50%"}),
        ("_", {"여수_밤바다"}),
        ("없는 말", set()),
    ],
)
def test_every_word_or_first_consonant_must_be_found(store: Store, text: str, names: set[str]) -> None:
    keep(store)
    assert set(found(store, words=tuple(words_of(text)))) == names


def test_words_are_compared_in_one_case_and_one_way_of_writing() -> None:
    decomposed = "제주"
    assert folded(f"  {decomposed}  GOLD ") == "제주 gold"
    assert initials("제주 Gold") == "ㅈㅈ gold"
    assert are_initials("ㅈㅈ")
    assert not are_initials("제ㅈ")
    assert not are_initials("")


def test_owner_and_tag_are_compared_whole(store: Store) -> None:
    keep(store)
    assert set(found(store, owner="owner 1")) == {"강릉 가족", "Weekend VIP"}
    assert set(found(store, tag="겨울")) == {"제주 골드", "부산 커플 50%", "여수_밤바다"}
    assert set(found(store, tag="push")) == {"강릉 가족", "Weekend VIP"}
    assert found(store, tag="pus") == []


@pytest.mark.parametrize("sort", ["updated", "created", "name", "size", "owner"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_cover_everything_once_in_order(store: Store, sort: str, *, descending: bool, limit: int) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        unit.shelf.record([size("a1", 0, 10), size("a3", 0, 5)])
        unit.audit("audience.sizes", "all")
        whole = unit.shelf.page(AudienceQuery(sort=sort, descending=descending))
        pages, after = [], None
        while True:
            page = unit.shelf.page(AudienceQuery(sort=sort, descending=descending, limit=limit, after=after))
            assert page.total == 5
            pages += page.audiences
            after = page.after
            if after is None:
                break
    assert whole.after is None
    assert [each.id for each in pages] == [each.id for each in whole.audiences]
    assert {each.id for each in pages} == {f"a{number}" for number in range(5)}


def test_what_cannot_be_sorted_by_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="sorted by"), store.unit(MARKETER) as unit:
        unit.shelf.page(AudienceQuery(sort="colour"))


def size(key: str, days_ago: int, count: int, *, mart_version: int = 1) -> AudienceSize:
    at = NOW - timedelta(days=days_ago)
    return AudienceSize(
        audience_id=key, day=at.date(), version=1, size=count, base=100, as_of=at, mart_version=mart_version
    )


def test_the_last_size_of_each_day_is_kept_and_the_last_of_all_stands_on_the_audience(store: Store) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        unit.shelf.record([size("a0", 1, 10), size("a1", 1, 99)])
        unit.shelf.record([size("a0", 0, 20)])
        unit.shelf.record([size("a0", 0, 30, mart_version=2)])
        unit.shelf.record([])
        unit.audit("audience.sizes", "all")
    with store.unit(MARKETER) as unit:
        history = unit.shelf.history(["a0", "a2"], date(2000, 1, 1))
        kept = unit.audiences.named("a0")
        recent = unit.shelf.history(["a0"], NOW.date())["a0"]
    assert [entry.size for entry in history["a0"]] == [10, 30]
    assert history["a2"] == []
    assert [entry.size for entry in recent] == [30]
    assert (kept.size, kept.base, kept.sized_version, kept.sized_at, kept.revision) == (30, 100, 2, NOW, 1)


def test_a_new_version_has_no_size_until_it_is_counted(store: Store) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        unit.shelf.record([size("a0", 0, 20)])
        unit.audiences.add_version(replace(unit.audiences.named("a0"), version=2, revision=2), version(2, id_="a0"))
        unit.audit("audience.save", "a0")
        assert unit.audiences.named("a0").size is None
        unit.shelf.record([size("a0", 0, 21)])
        unit.audiences.update(replace(unit.audiences.named("a0"), name="다른 이름", revision=3, size=None))
        assert unit.audiences.named("다른 이름").size == 21


def test_the_newest_versions_of_live_audiences_come_by_id(store: Store) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        unit.audiences.add_version(replace(unit.audiences.named("a1"), version=2, revision=2), version(2, id_="a1"))
        unit.audiences.update(replace(unit.audiences.named("a2"), archived_at=NOW, revision=2))
        unit.audit("audience.save", "a1")
        first = unit.shelf.newest(after="", limit=3)
        assert [(each.audience_id, each.version) for each in first] == [("a0", 1), ("a1", 2), ("a3", 1)]
        assert [each.audience_id for each in unit.shelf.newest(after="a3", limit=3)] == ["a4"]


def test_tags_are_counted_over_live_audiences(store: Store) -> None:
    keep(store)
    with store.unit(MARKETER) as unit:
        assert unit.shelf.tags() == {"Push": 2, "겨울": 3, "여름": 2}
