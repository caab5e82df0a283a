"""Every word of the plan and the catalog has its translation: nothing is left to fall through."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from audience_builder.catalog import FILTERS
from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.options import BOOKING_BASES, BOOKING_STATUSES, CART_STAGES, CHANNELS, WISH_STATES
from audience_builder.engine import bitmap_program, bitmap_rows, bitmap_scan, bitmap_tests, bitmap_values, plan
from audience_builder.engine.bitmap_sets import Options, Values
from audience_builder.index.columns import BEHAVIOR_LOGS, CONSENTS, PROFILE
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_PROFILE, USER_TRAIT, EventKind
from audience_builder.rule.tree import All, AnyOf, AtLeast, Not


def test_every_aggregate_is_translated() -> None:
    assert set(bitmap_values.VALUES) == set(Aggregate)


def test_every_trait_the_catalog_compares_is_translated() -> None:
    compared = {
        measure.column for asked in FILTERS for measure in asked.measures if measure.aggregate is Aggregate.TRAIT
    }
    assert set(bitmap_values.TRAITS) == compared


def test_every_test_of_a_row_is_translated() -> None:
    assert set(bitmap_rows.ROW_TESTS) == set(get_args(plan.RowTest))


def test_every_test_of_a_value_is_translated_for_every_shape_it_can_compare() -> None:
    assert set(bitmap_tests.VALUE_TESTS) == set(get_args(Values))
    of_options = {plan.InCodes, plan.HasAll, plan.Only, plan.Known}
    for shape, tests in bitmap_tests.VALUE_TESTS.items():
        assert set(tests) == (of_options if shape is Options else set(get_args(plan.ValueTest)))


def test_every_kind_of_group_is_translated() -> None:
    assert set(bitmap_program.KINDS) == {All, AnyOf, Not, AtLeast}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (bitmap_rows.STATUS_BITS, BOOKING_STATUSES),
        (bitmap_rows.STAGE_BITS, CART_STAGES),
        (bitmap_rows.WISH_ROWS, WISH_STATES),
        (bitmap_values.SIGN_OF_WISHES, WISH_STATES),
    ],
)
def test_every_word_about_rows_is_translated(table: dict[str, Any], words: Any) -> None:
    assert set(table) == set(words.keys())


def test_every_date_a_booking_is_counted_by_has_a_column() -> None:
    facts = {source.date for asked in FILTERS for source in (asked.facts, asked.viewed) if source is not None}
    assert set(bitmap_scan.DATE_COLUMNS) == facts | set(BOOKING_BASES.keys())


def test_every_event_kind_is_in_one_log() -> None:
    assert sorted(kind for kinds in BEHAVIOR_LOGS.values() for kind in kinds) == sorted(EventKind)


def test_the_index_has_every_column_the_mart_tells_of_a_profile() -> None:
    stored = {entry.name for entry in PROFILE} | {f"{name}_at" for name in CONSENTS}
    told = set(USER_PROFILE.column_names()) - {"user_no", "valid_from", "valid_to", "signed_up_at"}
    assert stored - {"signed_up_day"} == told
    assert {channel.key for channel in CHANNELS.options} <= set(CONSENTS)


@pytest.mark.parametrize("table", [BEHAVIOR_DAILY, BOOKING, USER_TRAIT], ids=lambda table: table.name)
def test_what_the_index_reads_is_there(table: Any) -> None:
    from audience_builder.index import columns

    stored = {
        "behavior_daily": {entry.name for entry in columns.BEHAVIOR},
        "booking": {entry.name.removesuffix("_day").removesuffix("_minute") for entry in columns.BOOKING},
        "user_trait": {entry.name for entry in columns.TRAIT},
    }[table.name]
    told = {name.removesuffix("_at") for name in table.column_names()}
    made_here = {"user", "nights", "night_mask"} if table is BOOKING else {"user"}
    assert stored - made_here <= told
