"""What is asked of a rule is answered exactly, to who may ask, and leaves an audit entry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audience_builder.access import Permission, Principal, Role
from audience_builder.api import App
from audience_builder.errors import DeniedError, InputError, NotFoundError
from audience_builder.rule import meaning
from audience_builder.store import AuditEntry
from tests.audience.small import GOLD, NOW, SEEN, USERS, WOMEN, rule

ANALYST = Principal("ana", "Ana", frozenset({Role.ANALYST}))
VIEWER = Principal("vi", "Vi", frozenset({Role.VIEWER}))


def last_entry(app: App) -> AuditEntry:
    with app.store.unit(app.principal) as unit:
        return unit.trail.newest(1)[0]


def all_members(app: App, **page: int) -> list[str]:
    found: list[str] = []
    after: int | None = -1
    while after is not None:
        answer = app.questions.members(app.principal, rule(WOMEN, GOLD), after=after, **page)
        found += answer.user_ids
        after = answer.after
    return found


def test_a_count_has_every_node_and_everybody(shared: App) -> None:
    found = shared.questions.count(shared.principal, rule(WOMEN, GOLD))
    assert found.total == found.nodes["root"] <= min(found.nodes["women"], found.nodes["gold"])
    assert 0 < found.total < found.base <= USERS
    assert found.as_of == NOW


def test_a_count_is_noted_with_the_rule_and_the_answer(shared: App) -> None:
    found = shared.questions.count(ANALYST, rule(WOMEN, GOLD))
    entry = last_entry(shared)
    assert (entry.principal, entry.action, entry.object) == ("ana", "count", "rule")
    assert entry.detail["count"] == found.total
    with shared.store.unit(ANALYST) as unit:
        assert unit.trail.rule(entry.rules[0])["root"]["type"] == "all"
    assert entry.detail["as_of"] == NOW.isoformat()


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_pages_of_members_cover_the_rule_once_and_in_order(shared: App, limit: int) -> None:
    if limit == 1:
        page = shared.questions.members(shared.principal, rule(WOMEN, GOLD), limit=1)
        assert page.user_ids == (all_members(shared, limit=1000)[0],)
        return
    found = all_members(shared, limit=limit)
    assert len(found) == len(set(found)) == shared.questions.count(shared.principal, rule(WOMEN, GOLD)).total
    assert found == all_members(shared, limit=13)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_of_an_impossible_size_is_refused(shared: App, limit: int) -> None:
    with pytest.raises(InputError, match="1 to 1000"):
        shared.questions.members(shared.principal, rule(WOMEN), limit=limit)


def test_why_agrees_with_the_members(shared: App) -> None:
    asked = rule(WOMEN, GOLD, SEEN, kind="any")
    members = set(shared.questions.members(shared.principal, asked, limit=1000).user_ids)
    some = [f"U{number:010d}" for number in range(1, USERS, 50)]
    for user_id in some:
        found = shared.questions.why(shared.principal, asked, user_id)
        assert found.explanation.member is (user_id in members)
        assert found.explanation.nodes["root"] is (user_id in members)
    assert 0 < sum(user_id in members for user_id in some) < len(some)


def test_why_compares_a_share_with_everybody(shared: App) -> None:
    spend = {"type": "condition", "id": "spend", "filter": "total_spend", "operator": "top_percent", "value": 10}
    asked = rule(spend)
    (member, *_) = shared.questions.members(shared.principal, asked, limit=1).user_ids
    found = shared.questions.why(shared.principal, asked, member)
    threshold, value = found.thresholds["spend"], found.explanation.values["spend"]
    assert isinstance(threshold, int)
    assert isinstance(value, int)
    assert found.explanation.member
    assert value >= threshold > 0


def test_why_notes_the_number_and_not_the_id(shared: App) -> None:
    shared.questions.why(shared.principal, rule(WOMEN), "U0000000003")
    entry = last_entry(shared)
    assert entry.action == "why"
    assert entry.user is not None
    assert len(entry.user) == 32
    assert "U0000000003" not in str(entry)


def test_an_id_never_seen_is_not_found(shared: App) -> None:
    with pytest.raises(NotFoundError, match="no user"):
        shared.questions.why(shared.principal, rule(WOMEN), "nobody")


def test_the_split_of_everybody_adds_up(shared: App) -> None:
    moment, (gender,) = shared.questions.facets(shared.principal, None, filters=["gender"])
    assert moment == NOW
    assert sum(line.count for line in gender.lines) == shared.questions.count(shared.principal, rule(WOMEN)).base
    assert all(line.count == line.base for line in gender.lines)


def test_the_split_of_a_rule_adds_up_to_its_count(shared: App) -> None:
    _, found = shared.questions.facets(shared.principal, rule(WOMEN, GOLD), filters=["gender", "age"])
    total = shared.questions.count(shared.principal, rule(WOMEN, GOLD)).total
    assert [sum(line.count for line in facet.lines) for facet in found] == [total, total]


def test_a_filter_nobody_declared_is_refused(shared: App) -> None:
    with pytest.raises(InputError, match="no filter 'colour'"):
        shared.questions.facets(shared.principal, None, filters=["colour"])


def test_a_past_moment_before_the_index_is_answered_by_the_mart_as_exactly(shared: App) -> None:
    then = NOW - timedelta(days=100)
    asked = rule(WOMEN, GOLD)
    found = shared.questions.count(shared.principal, asked, as_of=then)
    ids = shared.questions.members(shared.principal, asked, as_of=then, limit=1000).user_ids
    whys = [shared.questions.why(shared.principal, asked, user_id, as_of=then) for user_id in ids[:5]]
    assert found.total == len(ids) > 0
    assert all(why.explanation == meaning.explain(asked, _person(shared, why.user_id), then, {}) for why in whys)


def _person(app: App, user_id: str) -> meaning.Person:
    travellers = app.questions._asking._asking._travellers
    number = travellers.number(user_id)
    assert number is not None
    return travellers.person(number)


def test_who_may_not_build_rules_counts_only_saved_ones(shared: App) -> None:
    with pytest.raises(DeniedError):
        shared.questions.count(VIEWER, rule(WOMEN))
    assert shared.questions.count_saved(VIEWER, "a1", rule(WOMEN)).total > 0
    assert last_entry(shared).action == "audience.count"


def test_who_may_not_see_members_sees_none(shared: App) -> None:
    assert not ANALYST.may(Permission.SEE_MEMBERS)
    with pytest.raises(DeniedError):
        shared.questions.members(ANALYST, rule(WOMEN))
    with pytest.raises(DeniedError):
        shared.questions.why(ANALYST, rule(WOMEN), "U0000000003")
