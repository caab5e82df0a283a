"""Saved audiences: a name, a history, and nobody overwrites anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.audience import Draft
from audience_builder.errors import ConflictError, DeniedError, InputError, NotFoundError
from audience_builder.store import Audience, AudienceQuery
from tests.audience.small import GOLD, WOMEN, rule

VIEWER = Principal("vi", "Vi", frozenset({Role.VIEWER}))
FIRST, SECOND = Draft(rule=rule(WOMEN), description="여성", tags=("a",)), Draft(rule=rule(WOMEN, GOLD), note="골드만")


def listed(app: App, *, archived: bool = False) -> list[Audience]:
    return list(app.audiences.page(VIEWER, AudienceQuery(archived=archived)).audiences)


def actions(app: App) -> list[str]:
    with app.store.unit(app.principal) as unit:
        return [entry.action for entry in unit.trail.entries()][3:]  # after the sample's two


def test_a_saved_audience_can_be_shown_and_counted_again(app: App) -> None:
    saved = app.audiences.save_new(app.principal, "  여성   고객 ", FIRST)
    shown = app.audiences.show(VIEWER, "여성 고객")
    assert (shown.versions, shown.audience.id) == (saved.versions, saved.audience.id)
    assert (shown.audience.name, shown.audience.owner, shown.audience.version) == ("여성 고객", "local", 1)
    assert shown.rule() == FIRST.rule
    assert actions(app) == ["audience.save", "audience.show"]
    assert (saved.audience.base, shown.audience.base) == (app.questions.count(app.principal, FIRST.rule).base, None)


def test_a_new_version_keeps_the_old_one_and_what_is_not_said_anew(app: App) -> None:
    first = app.audiences.save_new(app.principal, "여성", FIRST)
    second = app.audiences.save_version(app.principal, first.audience.id, SECOND, expected_version=1)
    assert [version.version for version in second.versions] == [2, 1]
    assert (second.rule(), second.rule(1)) == (SECOND.rule, FIRST.rule)
    assert (second.audience.description, second.audience.tags) == ("여성", ("a",))
    assert second.version(2).note == "골드만"
    with pytest.raises(InputError, match="no version 3"):
        second.version(3)


def test_saving_over_somebody_else_is_a_conflict_and_keeps_nothing(app: App) -> None:
    app.audiences.save_new(app.principal, "여성", FIRST)
    app.audiences.save_version(app.principal, "여성", SECOND, expected_version=1)
    with pytest.raises(ConflictError, match="version 2 by now"):
        app.audiences.save_version(app.principal, "여성", replace(SECOND, note="late"), expected_version=1)
    assert [version.note for version in app.audiences.show(app.principal, "여성").versions] == ["골드만", ""]


def test_an_archived_audience_takes_no_new_version_until_it_is_restored(app: App) -> None:
    saved = app.audiences.save_new(app.principal, "여성", FIRST)
    app.audiences.archive(app.principal, "여성")
    assert listed(app) == []
    assert [each.id for each in listed(app, archived=True)] == [saved.audience.id]
    with pytest.raises(NotFoundError):
        app.audiences.show(VIEWER, "여성")
    with pytest.raises(ConflictError, match="archived"):
        app.audiences.save_version(app.principal, saved.audience.id, SECOND, expected_version=1)
    assert app.audiences.restore(app.principal, saved.audience.id).audience.archived_at is None
    assert [each.name for each in listed(app)] == ["여성"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "line\x00break", "bell\x07"])
def test_a_name_nobody_could_read_is_refused(app: App, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        app.audiences.save_new(app.principal, name, FIRST)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ANALYST, Role.MARKETER}))
def test_only_who_builds_rules_saves_them(app: App, role: Role) -> None:
    other = Principal("other", "Other", frozenset({role}))
    with pytest.raises(DeniedError):
        app.audiences.save_new(other, "여성", FIRST)
    assert listed(app) == []
