"""The trait models are one definition for every place they run."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from audience_builder.mart import traits
from audience_builder.mart.tables import USER_TRAIT

RELATIONS = {"booking_rows", "behavior_rows", "calendar", "place_country"}


@pytest.mark.parametrize("dialect", traits.DIALECTS)
@pytest.mark.parametrize("name", traits.MODELS)
def test_each_model_is_written_in_each_dialect_and_read_back(name: str, dialect: str) -> None:
    sql = traits.rendered(traits.model(name), dialect)
    read = sqlglot.parse_one(sql, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(read, exp.Select)
    assert read.named_selects == traits.model(name).named_selects


@pytest.mark.parametrize("dialect", traits.DIALECTS)
def test_the_join_of_all_is_written_in_each_dialect_with_the_columns_of_the_table(dialect: str) -> None:
    sql = traits.rendered(traits.joined(), dialect)
    read = sqlglot.parse_one(sql, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(read, exp.Select)
    assert tuple(read.named_selects) == USER_TRAIT.column_names()


@pytest.mark.parametrize("name", traits.MODELS)
def test_a_model_reads_the_four_relations_and_leaves_only_the_day_open(name: str) -> None:
    tree = traits.model(name)
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    assert {table.name for table in tree.find_all(exp.Table)} - own <= RELATIONS
    assert {parameter.name for parameter in tree.find_all(exp.Placeholder)} == {"day"}
    assert traits.says(name)


@pytest.mark.parametrize(
    ("dialect", "day"),
    [
        ("duckdb", "$day"),
        ("spark", ":day"),
        ("clickhouse", "{day: Date}"),
        ("bigquery", "@day"),
        ("redshift", "%(day)s"),
    ],
)
def test_the_day_is_named_as_each_dialect_names_it(dialect: str, day: str) -> None:
    assert f"day <= {day}" in traits.rendered(traits.model("visited"), dialect)


def test_another_dialect_is_refused() -> None:
    with pytest.raises(ValueError, match="not in oracle"):
        traits.rendered(traits.model("visited"), "oracle")
