"""What the catalog tells the mart, and what the mart refuses to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from audience_builder.catalog.dimensions import dimensions
from audience_builder.catalog.holidays import night_bits
from audience_builder.catalog.options import NIGHT_KINDS
from audience_builder.catalog.places import COUNTRY_BITS, PLACES, country_of, place
from audience_builder.clock import day_number
from audience_builder.mart.dimensions import NIGHT_COLUMNS
from audience_builder.mart.duckdb import DuckDBMart

GIVEN = dimensions()


def test_a_city_is_of_its_country_and_a_group_of_countries_of_none() -> None:
    bits = GIVEN.country_bits
    assert bits[place("osaka").code] == bits[place("japan").code] == COUNTRY_BITS["japan"]
    assert [bits[place(key).code] for key in ("southeast_asia", "overseas", "jeju")] == [-1, -1, -1]
    relation = GIVEN.place_country()
    masks = dict(zip(relation["place"].tolist(), relation["country_mask"].tolist(), strict=True))
    for entry in PLACES:
        country = country_of(entry.key)
        assert masks.get(entry.code) == (None if country is None else 1 << COUNTRY_BITS[country])


def test_the_night_of_a_day_is_the_difference_of_two_rows_of_the_calendar() -> None:
    calendar = GIVEN.calendar()
    for day in (date(1990, 1, 1), date(2025, 10, 2), date(2025, 10, 5), date(2026, 11, 20), date(2100, 12, 31)):
        row = day_number(day) - GIVEN.first_day
        assert calendar["day"][row] == np.datetime64(day)
        bits = sum(int(calendar[name][row + 1] - calendar[name][row]) << bit for bit, name in enumerate(NIGHT_COLUMNS))
        assert bits == night_bits(day)
    assert GIVEN.last_day == day_number(date(2100, 12, 31))


def test_the_bits_of_preferred_nights_are_the_codes_of_the_options() -> None:
    assert {option.key: option.code for option in NIGHT_KINDS.options} == {
        name: bit for bit, name in enumerate(NIGHT_COLUMNS)
    }


def test_a_mart_opens_with_them() -> None:
    mart = DuckDBMart(None, dimensions=GIVEN)
    with mart.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM dimension.calendar").fetchone() == (len(GIVEN.nights_before),)
    mart.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"nights_before": np.zeros((3, 7), dtype=np.int32)},
        {"country_bits": np.array([64], dtype=np.int8)},
        {"stay_lines": ()},
    ],
)
def test_dimensions_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(GIVEN, **wrong)
