"""What the mart must be told about places, nights and codes. It may not ask the catalog, so it is handed in from above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NIGHT_COLUMNS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "weekday", "weekend", "holiday_eve")
"""The columns of `nights_before`. A kind's bit in `user_trait.preferred_nights` is its place in this list."""

_MOST_COUNTRIES = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dimensions:
    """Places, nights and codes as the catalog declares them.

    `country_bits[place code]` is the bit of the country the place lies in, -1 where it lies in none (int8).
    `nights_before[i, k]` is how many nights of kind `k` lie before day `first_day + i` (int32, shape (days + 1, 10)).
    `stay_lines` are the codes of the product lines that have nights.
    """

    country_bits: npt.NDArray[np.int8]
    first_day: int
    nights_before: npt.NDArray[np.int32]
    stay_lines: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.nights_before.ndim != 2 or self.nights_before.shape[1] != len(NIGHT_COLUMNS):
            raise ValueError(f"nights_before needs {len(NIGHT_COLUMNS)} columns, not {self.nights_before.shape}")
        if self.country_bits.ndim != 1 or int(self.country_bits.max(initial=-1)) >= _MOST_COUNTRIES:
            raise ValueError(f"countries are bits 0 to {_MOST_COUNTRIES - 1}, one a place code")
        if not self.stay_lines:
            raise ValueError("at least one product line has nights")

    @property
    def last_day(self) -> int:
        """The last day number whose night is known."""
        return self.first_day + len(self.nights_before) - 2

    def calendar(self) -> dict[str, npt.NDArray[np.generic]]:
        """The relation `calendar`: a day and the nights of each kind before it."""
        days = (np.arange(len(self.nights_before)) + self.first_day).astype("datetime64[D]")
        columns: dict[str, npt.NDArray[np.generic]] = {"day": days}
        for position, name in enumerate(NIGHT_COLUMNS):
            columns[name] = np.ascontiguousarray(self.nights_before[:, position])
        return columns

    def place_country(self) -> dict[str, npt.NDArray[np.generic]]:
        """The relation `place_country`: a place code that lies in a country, and that country's bit as a mask."""
        places = np.flatnonzero(self.country_bits >= 0).astype(np.uint16)
        masks = np.uint64(1) << self.country_bits[places].astype(np.uint64)
        return {"place": places, "country_mask": masks}
