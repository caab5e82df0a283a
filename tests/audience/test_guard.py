"""Who sees which numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.audience.guard import Limits, shown, shown_count
from audience_builder.engine.port import Count
from audience_builder.errors import DeniedError
from tests.audience.small import WOMEN, copied, opened, rule

AT = datetime(2026, 11, 22, tzinfo=UTC)


def who(*roles: Role) -> Principal:
    return Principal("-".join(roles), "Somebody", frozenset(roles))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = opened(copied(tmp_path_factory.mktemp("guarded") / "data"), exact_from=10)
    yield app
    app.close()


@pytest.mark.parametrize(("number", "told"), [(0, 0), (1, None), (9, None), (10, 10), (11, 11), (5_000_000, 5_000_000)])
def test_a_number_is_exact_from_ten_up_and_zero_is_zero(number: int, told: int | None) -> None:
    assert shown(number, 10) == told


def test_every_number_of_a_count_is_looked_at() -> None:
    found = shown_count(Count(total=3, base=9, nodes={"a": 3, "b": 10}, as_of=AT, mart_version=1), 10)
    assert (found.total, found.base, found.nodes, found.below) == (None, None, {"a": None, "b": 10}, 10)


@pytest.mark.parametrize(
    ("roles", "below"),
    [
        ({Role.VIEWER}, 50), ({Role.ANALYST}, 50), ({Role.ADMIN}, 50), ({Role.SERVICE}, 50),
        ({Role.MARKETER}, 10), ({Role.APPROVER}, 10), ({Role.DPO}, 10), ({Role.VIEWER, Role.MARKETER}, 10),
    ],
)  # fmt: skip
def test_the_roles_say_from_where_numbers_are_told(roles: set[Role], below: int) -> None:
    assert Limits().below(who(*roles)) == below


def test_an_analyst_sees_the_size_of_the_rule_and_of_no_node(guarded: App) -> None:
    analyst = who(Role.ANALYST)
    seen = {"type": "condition", "id": "seen", "filter": "visit_frequency", "operator": ">=", "value": 1}
    exact = guarded.questions.count(who(Role.MARKETER), rule(WOMEN, seen))
    found = guarded.questions.count(analyst, rule(WOMEN, seen))
    assert found.total == exact.total
    assert {node for node, size in found.nodes.items() if size is not None} == {"root"}
    assert (found.base, found.thresholds, found.below) == (None, {}, 50)


def test_live_facets_are_for_marketers(guarded: App) -> None:
    for role in (Role.ANALYST, Role.VIEWER, Role.APPROVER):
        with pytest.raises(DeniedError):
            guarded.questions.facets(who(role), rule(WOMEN))
    _, facets = guarded.questions.facets(who(Role.MARKETER), rule(WOMEN), filters=["activity_region"])
    told = [line.count for facet in facets for line in facet.lines]
    assert None in told
    assert all(count is None or count == 0 or count >= 10 for count in told)
