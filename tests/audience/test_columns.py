"""What an export may say of a user: pseudonymous profile columns, and nothing of where or how anybody stayed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from audience_builder.audience import COLUMNS
from audience_builder.audience.columns import chosen
from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Category
from audience_builder.catalog.options import STAY_MODES, STAY_TYPES
from audience_builder.errors import InputError
from audience_builder.mart.tables import USER_PROFILE

AS_OF = datetime(2026, 2, 28, 15, 0, tzinfo=UTC)  # 1 March in Korea
EARLIER = datetime(2026, 2, 28, 14, 59, tzinfo=UTC)  # still 28 February


def says(key: str, *cells: object, as_of: datetime = AS_OF) -> str | None:
    return COLUMNS[key].says(cells, as_of)


def test_every_column_reads_the_profile_and_only_that() -> None:
    allowed = set(USER_PROFILE.column_names()) - {"user_no", "status", "valid_from", "valid_to"}
    assert all(set(column.reads) <= allowed for column in COLUMNS.values())
    named = [BY_KEY[key] for key in COLUMNS if key in BY_KEY]
    assert {asked.category for asked in named} == {Category.PROFILE}


def test_no_column_can_ever_say_motel_or_day_use() -> None:
    sensitive = {option.key for options in (STAY_TYPES, STAY_MODES) for option in options.options if option.sensitive}
    assert sensitive == {"motel", "day_use"}
    for column in COLUMNS.values():
        if column.key in BY_KEY and BY_KEY[column.key].options is not None:
            said = {column.says((code,), AS_OF) for code in range(256)}
            assert not said & sensitive


@pytest.mark.parametrize(
    ("key", "cells", "said"),
    [
        ("membership_tier", (3,), "gold"),
        ("membership_tier", (None,), None),
        ("membership_tier", (99,), None),
        ("gender", (1,), "female"),
        ("activity_region", (None,), None),
        ("age_band", (date(1990, 1, 1),), "35_39"),
        ("age_band", (date(1950, 1, 1),), "65_up"),
        ("age_band", (None,), None),
        ("signup_band", (datetime(2026, 2, 27),), "0_7"),
        ("signup_band", (datetime(2010, 1, 1),), "1826_up"),
        ("signup_band", (None,), None),
    ],
)
def test_a_cell_is_said_in_the_words_of_the_catalog(key: str, cells: tuple[object, ...], said: str | None) -> None:
    assert says(key, *cells) == said


def test_who_was_born_on_29_february_turns_a_year_older_on_1_march() -> None:
    born = date(2008, 2, 29)
    bands = {cut.key: cut.value for cut in BY_KEY["age"].cuts}
    assert bands["14_18"] == (14, 18)
    assert says("age_band", date(2007, 2, 28), as_of=EARLIER) == "19_24"
    assert says("age_band", date(2007, 3, 1), as_of=EARLIER) == "14_18"
    assert says("age_band", born.replace(year=2004), as_of=AS_OF) == "19_24"


def test_a_channel_counts_only_with_marketing_use_and_only_once_it_was_given() -> None:
    before, after = datetime(2026, 1, 1), datetime(2026, 6, 1)
    assert says("consented_channels", before, before, None, after, before) == "push|kakao"
    assert says("consented_channels", None, before, before, before, before) == ""
    assert says("consented_channels", after, before, before, before, before) == ""


@pytest.mark.parametrize("keys", [["colour"], ["push_token"], ["user_no"], ["stay_type"], ["gender", "gender"]])
def test_any_other_column_is_refused(keys: list[str]) -> None:
    with pytest.raises(InputError):
        chosen(keys)
