"""Logic over words: every comparison of every small number, and what the table stores of an index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from sqlglot import exp

from audience_builder.catalog.filter import Aggregate
from audience_builder.clock import day_number
from audience_builder.engine import plan
from audience_builder.engine.words import logic, values
from audience_builder.engine.words.stored import Sliced

PLACES = (1, 2, 3, 4)


def holds(bits: exp.Expr | None, number: int) -> bool:
    """Whether a written number is in a set, its slices being `s0`, `s1` …"""
    return bits is not None and bool(_worked_out(bits, number) & 1)


def _worked_out(bits: exp.Expr, number: int) -> int:
    if isinstance(bits, exp.Column):
        return number >> int(bits.name[1:]) & 1
    if isinstance(bits, exp.Paren | exp.BitwiseNot):
        inner = _worked_out(bits.this, number)
        return inner if isinstance(bits, exp.Paren) else ~inner
    one, other = _worked_out(bits.this, number), _worked_out(bits.expression, number)
    return one & other if isinstance(bits, exp.BitwiseAnd) else one | other


def slices(places: int) -> list[str]:
    return [f"s{place}" for place in range(places)]


@pytest.mark.parametrize("places", PLACES)
def test_a_number_reaches_a_bound_as_numbers_do(places: int) -> None:
    for bound in range(1, (1 << places) + 2):
        found = logic.at_least(slices(places), bound)
        assert [holds(found, number) for number in range(1 << places)] == [n >= bound for n in range(1 << places)]


@pytest.mark.parametrize("places", PLACES)
def test_a_number_lies_between_two_as_numbers_do_and_the_unknown_never(places: int) -> None:
    numbers = range(1 << places)
    for low in range(-2, (1 << places) + 2):
        for high in [None, *range(-2, (1 << places) + 2)]:
            found = logic.between(slices(places), low, high)
            expected = [n > 0 and n >= low and (high is None or n <= high) for n in numbers]
            assert [holds(found, number) for number in numbers] == expected


@pytest.mark.parametrize("most", range(1, 8))
def test_a_number_is_one_of_some_whichever_they_are(most: int) -> None:
    places = most.bit_length()
    for size in range(1 + most):
        for wanted in combinations(range(1, most + 1), size):
            found = logic.one_of(slices(places), (*wanted, 0, most + 5), most)
            assert [holds(found, number) for number in range(most + 1)] == [n in wanted for n in range(most + 1)]


def test_a_whole_branch_of_numbers_is_told_by_its_top_bits() -> None:
    found = logic.one_of(slices(10), range(512, 1000), 999)
    assert found is not None
    assert {column.name for column in found.find_all(exp.Column)} == {"s9"}


def test_expressions_of_many_sets_stay_shallow() -> None:
    joined = logic.either([exp.column(f"s{n}") for n in range(1000)])
    assert max(entry.depth for entry in joined.find_all(exp.Column)) <= 2 * 10


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2027, 2, 28), date(2027, 3, 1), date(2026, 11, 22)])
def test_ages_are_told_by_birth_days(today: date) -> None:
    def age(born: date) -> int:
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    births = [date(1996, 2, 26) + timedelta(days=n) for n in range(6)] + [date(2000, 2, 29), date(2024, 2, 29), today]
    for low, high in ((0, None), (28, 30), (None, 3), (31, 32), (4, 4), (-1, 0), (3000, None), (None, 3000)):
        test = values.born(plan.Between(low, high), today)
        assert isinstance(test, plan.Between)
        for birth in births:
            meant = (low is None or age(birth) >= low) and (high is None or age(birth) <= high)
            number = day_number(birth)
            given = (test.low is None or number >= test.low) and (test.high is None or number <= test.high)
            assert given == meant, (birth, low, high)


def test_every_comparison_is_translated_for_every_shape_it_can_meet() -> None:
    ranges = set(get_args(plan.ValueTest)) - {plan.Share}
    of_options = {plan.InCodes, plan.HasAll, plan.Only, plan.Known}
    tables: Mapping[type, set[type]] = {shape: set(tests) for shape, tests in values.TESTS.items()}
    assert tables == {Sliced: ranges - {plan.HasAll, plan.Only}, values.Options: of_options}


def test_what_is_not_added_up_from_facts_stands_in_the_table() -> None:
    facts = {
        Aggregate.COUNT, Aggregate.DISTINCT_DAYS, Aggregate.LATEST, Aggregate.SPEND, Aggregate.AVERAGE_SPEND,
        Aggregate.CANCEL_RATE, Aggregate.DISTINCT_LINES, Aggregate.OPTIONS_SEEN,
    }  # fmt: skip
    assert set(values.VALUES) == set(Aggregate) - facts


def test_written_numbers_begin_at_one() -> None:
    value = Sliced(("s0", "s1"), low=-5, most=3)
    assert [value.written(number) for number in (-5, -4, -3)] == [1, 2, 3]
    assert np.int64(value.written(-6)) == 0
