"""What the guarded are told never tells of fewer than fifty, however they ask: attacks, and a law over everything told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.errors import DeniedError, LimitError, TooCloseError
from audience_builder.rule.tree import Rule, walk
from audience_builder.store import Outcome
from tests.audience.small import GOLD, NOW, SEEN, WOMEN, copied, opened, rule
from tests.laws.rules import rule as generated

ANALYST = Principal("ana", "Ana", frozenset({Role.ANALYST}))
MARKETER = Principal("mina", "Mina", frozenset({Role.MARKETER}))
FEW = 50

SPENT = {"type": "condition", "id": "spent", "filter": "total_spend", "operator": ">=", "value": 1}


def visits(days: int) -> dict[str, Any]:
    return {"type": "condition", "id": f"v{days}", "filter": "visit_frequency", "operator": ">=", "value": 1,
            "window": {"type": "last", "n": days}}  # fmt: skip


def aged(low: int, high: int) -> dict[str, Any]:
    return {"type": "condition", "id": f"a{low}", "filter": "age", "operator": "between", "value": [low, high]}


def negated(child: dict[str, Any]) -> dict[str, Any]:
    return {"type": "not", "id": f"not-{child['id']}", "child": child}


def both(*children: dict[str, Any], kind: str = "all", **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "id": "-".join([kind, *(child["id"] for child in children)]),
        "children": list(children),
        **more,
    }


class Asker:
    """Somebody guarded who asks, and everything they were told, with who it really was."""

    def __init__(self, app: App, principal: Principal = ANALYST) -> None:
        self.app = app
        self.principal = principal
        self.told: list[tuple[int, frozenset[int], int]] = []
        self.refused = 0

    def asks(self, asked: Rule, as_of: datetime = NOW) -> int | None:
        try:
            found = self.app.questions.count(self.principal, asked, as_of=as_of)
        except TooCloseError:
            self.refused += 1
            return None
        inner = {node.id for node in walk(asked.root)} - {asked.root.id}
        assert all(found.nodes[node] is None for node in inner)
        assert (found.base, found.thresholds) == (None, {})
        if found.total is not None:
            members, base = really(self.app, asked, found.as_of)
            assert found.total == len(members) >= FEW
            self.told.append((found.total, members, base))
        return found.total

    def requires_law(self) -> None:
        """Any two counts told split everybody into groups that are empty or large, and no two mean the very same users unless equal."""
        for (_, one, base), (_, other, others) in combinations(self.told, 2):
            if one == other:
                continue
            outside = (base - len(one | other), others - len(one | other))
            groups = (len(one & other), len(one - other), len(other - one), *outside)
            assert not any(0 < group < FEW for group in groups), groups


def really(app: App, asked: Rule, as_of: datetime) -> tuple[frozenset[int], int]:
    engine = app.questions._asking._asking._engine  # type: ignore[attr-defined]
    numbers = list(engine.members(asked, as_of=as_of))
    return frozenset(np.concatenate(numbers).tolist() if numbers else []), engine.count(asked, as_of=as_of).base


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("sight") / "data")


@pytest.fixture
def app(folder: Path, tmp_path: Path) -> Iterator[App]:
    import shutil

    shutil.copytree(folder, tmp_path / "data")
    found = opened(tmp_path / "data", exact_from=10, guard_refusals=1_000)
    yield found
    found.close()


@pytest.fixture
def asker(app: App) -> Asker:
    return Asker(app)


def small(app: App) -> dict[str, Any]:
    """A condition of a few women: what an attacker would like to know about."""
    for year in range(18, 80):
        found = aged(year, year)
        if 0 < len(really(app, rule(WOMEN, found), NOW)[0]) < 20:
            return found
    raise AssertionError


def test_fewer_than_fifty_and_nearly_everybody_are_not_told(asker: Asker) -> None:
    few = small(asker.app)
    assert asker.asks(rule(few)) is None
    assert asker.asks(rule(negated(few))) is None
    assert asker.asks(rule(both(WOMEN, few))) is None
    nobody = {**SEEN, "id": "nobody", "value": 900}
    assert asker.asks(rule(nobody)) is None
    assert asker.asks(rule(negated(nobody))) is None
    assert asker.told == []


def test_two_counts_do_not_tell_of_few(asker: Asker) -> None:
    few = small(asker.app)
    assert asker.asks(rule(WOMEN)) is not None
    assert asker.asks(rule(WOMEN, negated(few))) is None
    assert asker.asks(rule(WOMEN, few, kind="any")) is None or not really(asker.app, rule(few), NOW)[0]
    assert asker.refused >= 1
    asker.requires_law()


def test_whether_one_is_in_is_not_told_by_a_refusal_either(asker: Asker) -> None:
    """A rule that means the same users is refused just like one that leaves a few out."""
    nobody = {**SEEN, "id": "nobody", "value": 900}
    assert asker.asks(rule(WOMEN)) is not None
    with pytest.raises(TooCloseError) as same:
        asker.app.questions.count(ANALYST, rule(WOMEN, negated(nobody)))
    with pytest.raises(TooCloseError) as fewer:
        asker.app.questions.count(ANALYST, rule(WOMEN, negated(small(asker.app))))
    assert same.value.message == fewer.value.message


def test_the_same_rule_written_differently_is_told_the_same(asker: Asker) -> None:
    young = aged(18, 45)
    first = asker.asks(rule(WOMEN, young))
    assert first is not None
    assert asker.asks(rule(young, WOMEN)) == first
    assert asker.asks(rule(negated({**negated(both(WOMEN, young)), "id": "inner"}))) == first


def test_union_and_intersection_do_not_tell_of_few(asker: Asker) -> None:
    """|A| + |B| - |A or B| is how many are in both."""
    one, other = both(WOMEN, aged(18, 40)), both({**WOMEN, "id": "again"}, aged(40, 80))
    few = len(really(asker.app, rule(one, other), NOW)[0])
    assert 0 < few < FEW
    asker.asks(rule(one))
    asker.asks(rule(other))
    asker.asks(rule(one, other, kind="any"))
    asker.requires_law()
    assert len(asker.told) < 3


def test_nodes_and_at_least_do_not_tell_of_few(asker: Asker) -> None:
    few = small(asker.app)
    parts = (WOMEN, GOLD, few)
    for k in (1, 2, 3):
        asker.asks(rule(both(*parts, kind="at_least", k=k)))
    asker.asks(rule(both(WOMEN, GOLD, kind="at_least", k=1)))
    asker.asks(rule(both(WOMEN, GOLD, kind="at_least", k=2)))
    asker.requires_law()


def test_a_moment_moved_does_not_tell_who_came_and_went(asker: Asker) -> None:
    told = [asker.asks(rule(visits(30)), NOW - timedelta(hours=6 * step)) for step in range(40)]
    asker.requires_law()
    assert any(number is not None for number in told)


def test_a_window_moved_does_not_tell_who_came_on_a_day(asker: Asker) -> None:
    for days in range(20, 45):
        asker.asks(rule(visits(days)))
    asker.requires_law()
    assert asker.refused > 0


def test_a_threshold_moved_does_not_tell_who_lies_between(asker: Asker) -> None:
    for value in range(0, 600_000, 15_000):
        asker.asks(rule({**SPENT, "value": value}))
    asker.requires_law()
    assert asker.refused > 0


def test_counting_every_option_tells_no_more_than_facets_that_are_not_theirs(asker: Asker) -> None:
    with pytest.raises(DeniedError):
        asker.app.questions.facets(ANALYST, rule(WOMEN))
    _, facets = asker.app.questions.facets(
        MARKETER, rule(WOMEN), filters=["activity_region", "life_stage", "membership_tier"]
    )
    for facet in facets:
        for line in (each for each in facet.lines if each.key != "unknown"):
            option = {
                "type": "condition",
                "id": line.key,
                "filter": facet.filter,
                "operator": "in",
                "value": [line.key],
            }
            asker.asks(rule(WOMEN, option))
    asker.requires_law()
    assert asker.told


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_asked_the_law_holds(asker: Asker, seed: int) -> None:
    chance = Random(seed)
    for _ in range(40):
        asker.asks(generated(chance, most=4), NOW - timedelta(days=chance.choice([0, 0, 0, 1, 20])))
    asker.requires_law()


def test_a_restart_forgets_nothing(app: App, tmp_path: Path) -> None:
    few = small(app)
    Asker(app).asks(rule(WOMEN))
    app.close()
    again = opened(tmp_path / "data", exact_from=10)
    with pytest.raises(TooCloseError):
        again.questions.count(ANALYST, rule(WOMEN, negated(few)))
    again.close()


def test_a_saved_audience_is_guarded_by_what_was_told_of_others(asker: Asker) -> None:
    viewer = Principal("ana", "Ana", frozenset({Role.VIEWER}))
    assert asker.asks(rule(WOMEN)) is not None
    with pytest.raises(TooCloseError):
        asker.app.questions.count_saved(viewer, "a1", rule(WOMEN, negated(small(asker.app))))


def test_what_is_told_one_person_does_not_bind_another(asker: Asker) -> None:
    asker.asks(rule(WOMEN))
    assert Asker(asker.app, Principal("bob", "Bob", frozenset({Role.ANALYST}))).asks(rule(WOMEN)) is not None


def test_a_day_later_the_window_is_over(folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(folder, tmp_path / "later")
    clock = [NOW]
    app = opened(tmp_path / "later", exact_from=10, now=lambda: clock[0])
    few = small(app)
    Asker(app).asks(rule(WOMEN))
    clock[0] = NOW + timedelta(hours=25)
    assert app.questions.count(ANALYST, rule(WOMEN, negated(few)), as_of=NOW).total is not None
    app.close()


def test_after_too_many_counts_or_refusals_no_more_is_told(folder: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(folder, tmp_path / "few")
    app = opened(tmp_path / "few", exact_from=10, guard_counts=2, guard_refusals=3)
    few = negated(small(app))
    assert Asker(app).asks(rule(WOMEN)) is not None
    for _ in range(3):
        with pytest.raises(TooCloseError):
            app.questions.count(ANALYST, rule(WOMEN, few))
    with pytest.raises(LimitError, match="3 counts were refused"):
        app.questions.count(ANALYST, rule(GOLD))
    other = Principal("bob", "Bob", frozenset({Role.ANALYST}))
    assert Asker(app, other).asks(rule(WOMEN)) is not None
    assert app.questions.count(other, rule(small(app))).total is None
    with pytest.raises(LimitError, match="2 different counts"):
        app.questions.count(other, rule(aged(19, 19)))
    app.close()


def test_refusals_are_in_the_trail_and_no_small_number_is(asker: Asker) -> None:
    few = small(asker.app)
    asker.asks(rule(WOMEN))
    asker.asks(rule(few))
    asker.asks(rule(WOMEN, negated(few)))
    with asker.app.store.unit(MARKETER) as unit:
        entries = unit.trail.newest(3)
    assert [entry.outcome for entry in entries] == [Outcome.DENIED, Outcome.DONE, Outcome.DONE]
    assert entries[0].detail == {"problem": "too_close"}
    assert entries[1].detail["count"] is None
