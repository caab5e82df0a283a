"""What the mart is told of places, nights and codes: the catalog's side of `mart/dimensions.py`."""

from __future__ import annotations

import numpy as np

from audience_builder.catalog.holidays import FIRST_DAY, KOREA, LAST_DAY, NIGHT_CLASSES, Holidays
from audience_builder.catalog.options import PRODUCT_LINES
from audience_builder.catalog.places import COUNTRY_BITS, PLACES, country_of
from audience_builder.clock import day_number
from audience_builder.mart.dimensions import NIGHT_COLUMNS, Dimensions

_STAY_LINES = ("stay",)


def dimensions(holidays: Holidays = KOREA) -> Dimensions:
    """The dimensions every mart is opened with; another table of holidays gives other nights."""
    if NIGHT_CLASSES != NIGHT_COLUMNS:
        raise ValueError("mart and catalog name the kinds of night differently")
    country_bits = np.full(max(entry.code for entry in PLACES) + 1, -1, dtype=np.int8)
    for entry in PLACES:
        country = country_of(entry.key)
        if country is not None:
            country_bits[entry.code] = COUNTRY_BITS[country]
    return Dimensions(
        country_bits=country_bits,
        first_day=day_number(FIRST_DAY),
        nights_before=holidays.cumulative_nights(FIRST_DAY, LAST_DAY),
        stay_lines=tuple(sorted(PRODUCT_LINES.codes(_STAY_LINES))),
    )
