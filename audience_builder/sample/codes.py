"""The codes of the catalog's options, as the sample's tables need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from audience_builder.catalog.option import OptionList
from audience_builder.catalog.options import (
    LEISURE_TYPES,
    NIGHT_EDGES,
    PRODUCT_LINES,
    SPACE_TYPES,
    STAY_MODES,
    STAY_TYPES,
    TRANSPORT_LINE,
    TRANSPORT_TYPES,
    USE_EDGES,
    VEHICLE_CLASSES,
    night_band,
    use_band,
)
from audience_builder.sample.chance import Bools, Ints


def keys_of(options: OptionList) -> tuple[str, ...]:
    """The keys of its options in order."""
    return tuple(option.key for option in options.options)


def codes_of(options: OptionList) -> Ints:
    """The codes of its options in order."""
    return np.array([option.code for option in options.options], dtype=np.int64)


def code_of(options: OptionList, key: str) -> int:
    """The code of one option. Raises KeyError where there is none."""
    (code,) = options.codes([key])
    return code


def mask_of(options: OptionList, keys: str) -> int:
    """The bits of options joined by `+`."""
    return sum(1 << code_of(options, key) for key in keys.split("+"))


TYPE_LISTS: Final = (STAY_TYPES, SPACE_TYPES, LEISURE_TYPES, TRANSPORT_TYPES, VEHICLE_CLASSES)
TYPE_KEYS: Final = {option.code: option.key for options in TYPE_LISTS for option in options.options}
"""The key of every product type; types of all lines share one range of codes."""

LINES: Final = {key: code_of(PRODUCT_LINES, key) for key in keys_of(PRODUCT_LINES)}
MODES: Final = {key: code_of(STAY_MODES, key) for key in keys_of(STAY_MODES)}

NO_MODE: Final = 0
NO_NIGHTS: Final = -1
"""Written where a product has no stay mode and no nights: stored as empty."""


def by_type(values: Mapping[str, int], rest: int) -> Ints:
    """A number for every product type code, given by key."""
    found = np.full(max(TYPE_KEYS) + 1, rest, dtype=np.int64)
    for code, key in TYPE_KEYS.items():
        found[code] = values.get(key, rest)
    return found


def _line_of_type() -> Mapping[str, int]:
    sold_as = {
        "domestic_stay": keys_of(STAY_TYPES),
        "space": keys_of(SPACE_TYPES),
        "leisure_ticket": keys_of(LEISURE_TYPES),
        "rental_car": keys_of(VEHICLE_CLASSES),
    }
    found = {key: LINES[line] for line, keys in sold_as.items() for key in keys}
    return found | {key: LINES[line] for key, line in TRANSPORT_LINE.items()}


LINE_OF_TYPE: Final = by_type(_line_of_type(), 0)
"""The product line a type is sold under, by code; stays abroad are a line of their own."""


def modes(nights: Ints) -> Ints:
    """The stay mode of so many nights."""
    edges = np.array([1, 7, 28])
    order = np.array([MODES[key] for key in ("day_use", "overnight", "long_stay", "monthly")])
    return np.where(nights == NO_NIGHTS, NO_MODE, order[np.searchsorted(edges, nights, side="right")])


_NIGHT_BANDS: Final = np.array([night_band(edge) for edge in (0, *NIGHT_EDGES)])
_USE_BANDS: Final = np.array([use_band(edge) for edge in (0, *USE_EDGES)])


def bands(price: Ints, is_day_use: Bools) -> Ints:
    """The band of each price a night, or a day use, in KRW."""
    night = _NIGHT_BANDS[np.searchsorted(NIGHT_EDGES, price, side="right")]
    use = _USE_BANDS[np.searchsorted(USE_EDGES, price, side="right")]
    return np.where(is_day_use, use, night)
