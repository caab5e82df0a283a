"""Every template is a right rule that reads aloud, and what cannot be said yet says why."""

from __future__ import annotations

import pytest

from audience_builder.rule.canonical import rule_hash
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.templates import TEMPLATES, Template
from audience_builder.rule.tree import conditions
from audience_builder.rule.words import words

ALL = [entry for group in TEMPLATES for entry in group.templates]
WHOLE = [entry for entry in ALL if entry.rule is not None]


def test_there_are_forty_in_four_groups_each_with_names_of_its_own() -> None:
    assert (len(TEMPLATES), len(ALL)) == (4, 40)
    for said in ("key", "ko", "en"):
        assert len({getattr(entry, said) for entry in ALL}) == 40


@pytest.mark.parametrize("entry", WHOLE, ids=lambda entry: entry.key)
def test_it_is_a_whole_rule_that_reads_aloud(entry: Template) -> None:
    rule = parse_rule(entry.rule or {})
    assert to_json(rule) == entry.rule
    assert entry.missing is None
    assert words(rule, "ko").text.endswith("고객")
    assert words(rule, "en").text.startswith("Customers with ")


def test_no_two_mean_the_same() -> None:
    assert len({rule_hash(parse_rule(entry.rule or {})) for entry in WHOLE}) == len(WHOLE)


def test_windows_are_written_out() -> None:
    """A default that changes must not change what a template means, but for trips to come and what is no event."""
    unsaid = {
        condition.filter
        for entry in WHOLE
        for condition in conditions(parse_rule(entry.rule or {}))
        if condition.window is None
    }
    assert unsaid <= {
        "upcoming_trip", "signup", "last_booking", "last_visit", "life_stage", "membership_tier", "payment_cycle",
        "activity_region", "preferred_stay_day", "overseas_intent", "age",
    }  # fmt: skip


def test_what_cannot_be_said_yet_says_what_is_missing() -> None:
    waiting = [entry for entry in ALL if entry.rule is None]
    assert len(waiting) == 14
    assert all(entry.missing and entry.missing.ko and entry.missing.en for entry in waiting)
