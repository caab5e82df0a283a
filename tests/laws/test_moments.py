"""The law of moments: what was worked out for one moment is no answer for another, though the same engine is asked."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from audience_builder.catalog import FILTERS
from audience_builder.catalog.filter import Aggregate
from audience_builder.clock import day_of
from audience_builder.mart.person import BookingRow, Person
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from tests.laws import rules
from tests.laws.people import MOMENTS, people
from tests.laws.test_edges import DOMESTIC_STAY, all_agree, asked, everyone
from tests.laws.test_laws import World, agree
from tests.laws.world import engines_of, mart_of

_OF_ONE_DAY = frozenset(
    entry.key for entry in FILTERS if any(measure.aggregate is Aggregate.TRAIT for measure in entry.measures)
)
"""What an index knows of the day its traits were worked out for, and refuses for others."""

_LATER = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=20), timedelta(0))


@pytest.mark.parametrize("seed", range(2))
def test_the_same_engine_asked_as_of_another_moment_answers_for_that_moment(seed: int) -> None:
    random = Random(seed)
    began = MOMENTS[seed]
    population = [_of_one_profile(who) for who in people(random, 60, began)]
    questions = [_alone(random, entry.key) for entry in FILTERS if entry.key not in _OF_ONE_DAY]
    with closing(mart_of(population)) as mart:
        engines = engines_of(mart, began, population)
        for later in _LATER:
            where = World(population, began + later, engines)
            for rule in questions:
                agree(rule, where)


def test_consent_by_night_and_by_day_are_two_questions() -> None:
    """Asked one after the other of one engine, both ways round."""
    random = Random(0)
    population = [_of_one_profile(who) for who in people(random, 60, MOMENTS[0])]
    with closing(mart_of(population)) as mart:
        where = World(population, MOMENTS[0], engines_of(mart, MOMENTS[0], population))
        for channels in (["push"], ["sms"], ["kakao"], ["push", "kakao"]):
            both = [
                asked("marketing_consent", "in", channels, **more) for more in ({}, {"properties": {"night": True}})
            ]
            for rule in random.sample(both, 2):
                agree(rule, where)


@pytest.mark.parametrize("first", range(0, 7, 3))
def test_a_stay_has_the_kinds_of_night_it_has(first: int) -> None:
    (kinds,) = (
        prop.options
        for entry in FILTERS
        if entry.key == "booking_count"
        for prop in entry.properties
        if prop.key == "weekday"
    )
    assert kinds is not None
    noon = MOMENTS[0]
    stays: list[BookingRow] = [
        BookingRow(
            booking_id=f"w{start}-{length}", product_line=DOMESTIC_STAY, booked_at=noon - timedelta(days=400),
            check_in=day_of(noon) + timedelta(days=start), check_out=day_of(noon) + timedelta(days=start + length),
        )
        for start in range(first - 40, first - 33) for length in (0, 1, 2, 3, 5)
    ]  # fmt: skip
    rules_asked = [
        asked("booking_count", ">=", 1, window={"type": "ever"}, properties={"weekday": [kind.key]})
        for kind in kinds.options
    ]
    all_agree(everyone([([], [stay]) for stay in stays]), noon, rules_asked)


def _alone(random: Random, key: str) -> Rule:
    (entry,) = (entry for entry in FILTERS if entry.key == key)
    return parse_rule({"version": 1, "root": rules.condition(random, entry)})


def _of_one_profile(who: Person) -> Person:
    """The last of somebody's profiles, from the first one's beginning on: an index of it holds for later moments too."""
    if not who.profiles:
        return who
    first, last = min(each.valid_from for each in who.profiles), who.profiles[-1]
    return replace(who, profiles=(replace(last, valid_from=first, valid_to=None),))
