"""The catalog has the 32 filters of the founding document, each complete and consistent with itself."""

from __future__ import annotations

import pytest

from audience_builder.catalog import BY_KEY, FILTERS, Filter
from audience_builder.catalog.filter import FORMS, OPERATORS, Aggregate, Category, Form, Kind
from audience_builder.catalog.filter import Test as RowTest
from audience_builder.catalog.operator import Operator
from audience_builder.engine.asks import ask, cut_conditions
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_PROFILE, USER_TRAIT
from audience_builder.rule.check_condition import condition_problems
from tests.laws.people import MOMENTS

KEYS = [
    "search_region",
    "search_stay_type",
    "search_theme",
    "viewed_category",
    "cart",
    "wishlist",
    "last_visit",
    "visit_frequency",
    "payment_cycle",
    "booking_count",
    "average_order_value",
    "total_spend",
    "last_booking",
    "preferred_stay_day",
    "lead_time",
    "cancellation",
    "activity_region",
    "membership_tier",
    "device_type",
    "life_stage",
    "age",
    "gender",
    "signup",
    "marketing_consent",
    "space_rental",
    "leisure",
    "overseas_intent",
    "overseas_booking",
    "rental_car",
    "transport",
    "product_line_count",
    "upcoming_trip",
]

every_filter = pytest.mark.parametrize("asked", FILTERS, ids=lambda entry: entry.key)


def test_the_32_filters_stand_in_their_order_under_their_keys() -> None:
    assert [entry.key for entry in FILTERS] == KEYS
    assert list(BY_KEY) == KEYS
    assert [sum(entry.category is category for entry in FILTERS) for category in Category] == [8, 8, 8, 8]


@every_filter
def test_every_word_is_said_in_korean_and_english(asked: Filter) -> None:
    for entry in (asked, *asked.measures, *asked.properties, *asked.cuts, *asked.notyet):
        assert entry.ko
        assert entry.en
    assert asked.asks_ko
    assert asked.asks_en
    assert asked.synonyms
    assert all(waits.reason for waits in asked.notyet)


@every_filter
def test_no_key_is_used_twice_and_nothing_both_works_and_waits(asked: Filter) -> None:
    for keys in ([m.key for m in asked.measures], [p.key for p in asked.properties], [c.key for c in asked.cuts]):
        assert len(keys) == len(set(keys))
    working = {entry.key for entry in (*asked.measures, *asked.properties)}
    assert not working & {waits.key for waits in asked.notyet}


@every_filter
def test_columns_it_reads_are_columns_of_the_mart(asked: Filter) -> None:
    for measure in asked.measures:
        if measure.aggregate is Aggregate.TRAIT:
            assert measure.column == "intent" or measure.column in USER_TRAIT.column_names()
        if measure.aggregate in (Aggregate.PROFILE, Aggregate.AGE, Aggregate.SINCE):
            assert measure.column in USER_PROFILE.column_names()
    for facts in filter(None, (asked.facts, asked.viewed)):
        table = {"behavior_daily": BEHAVIOR_DAILY, "booking": BOOKING}[facts.table]
        assert {facts.date, f"{facts.date}_at"} & set(table.column_names())


@every_filter
def test_every_facet_line_is_a_condition_without_a_problem(asked: Filter) -> None:
    assert len(asked.cuts) >= 2
    for cut, condition in cut_conditions(asked):
        assert not list(condition_problems(condition, "")), cut.key
        assert ask(condition, MOMENTS[0]).filter is asked


@every_filter
def test_windows_and_defaults_go_together(asked: Filter) -> None:
    assert bool(asked.windows) == (asked.default_window is not None)
    if asked.kind is Kind.EVENTS:
        assert asked.windows
    if asked.kind in (Kind.CHOICE, Kind.ORDERED, Kind.CHOICES):
        assert asked.options is not None or asked.places


def test_every_kind_can_be_asked_whether_it_is_known_and_every_test_has_a_form() -> None:
    assert set(OPERATORS) == set(Kind)
    for operators in OPERATORS.values():
        assert {Operator.KNOWN, Operator.UNKNOWN} <= set(operators)
    assert set(FORMS) == set(RowTest)
    assert set(FORMS.values()) == set(Form)


def test_what_waits_is_named_where_a_reader_meets_it() -> None:
    waiting = {(entry.key, waits.key) for entry in FILTERS for waits in entry.notyet}
    for expected in (
        ("membership_tier", "benefits"), ("marketing_consent", "reactions"), ("booking_count", "review"), ("age", "birthday"),
        ("booking_count", "brand"), ("booking_count", "payment_method"), ("device_type", "push_state"), ("signup", "account_type"),
        ("visit_frequency", "source"), ("search_region", "outcome"), ("viewed_category", "page"),
    ):  # fmt: skip
        assert expected in waiting
