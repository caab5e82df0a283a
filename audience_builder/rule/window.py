"""Spans of time as a rule writes them. What days they mean is said in `rule/calendar.py`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Unit = Literal["day", "week", "month", "quarter", "half", "year"]
Year = Literal["last", "this", "next", "recent", "upcoming"] | Annotated[int, Field(ge=2000, le=2100)]
"""Which occurrence of a named window: 작년 · 올해 · 내년 · 지난 (last finished) · 다가오는 (not yet over) · a year."""

_LONGEST = 3660


class _Window(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Last(_Window):
    """The last n days, weeks, months or years, today included: `last 30 days` = T-29 … T."""

    type: Literal["last"] = "last"
    n: int = Field(ge=1, le=_LONGEST)
    unit: Literal["day", "week", "month", "year"] = "day"


class Next(_Window):
    """Today and the n days (weeks, months, years) after: `next 3 days` = T … T+3."""

    type: Literal["next"] = "next"
    n: int = Field(ge=0, le=_LONGEST)
    unit: Literal["day", "week", "month", "year"] = "day"


class Days(_Window):
    """Days counted from today, both ends in: `-365 … -91` is 91 to 365 days ago, `3 … 3` is exactly D-3."""

    type: Literal["days"] = "days"
    start: int = Field(ge=-_LONGEST, le=_LONGEST)
    end: int = Field(ge=-_LONGEST, le=_LONGEST)

    @model_validator(mode="after")
    def _in_order(self) -> Days:
        if self.start > self.end:
            raise ValueError("start is after end")
        return self


class Calendar(_Window):
    """A whole calendar unit: this month (0), last week (-1), next quarter (1). Weeks start on Monday.

    `part` narrows a month to its first ten days, the next ten or the rest (월초 · 월중 · 월말).
    """

    type: Literal["calendar"] = "calendar"
    unit: Unit
    offset: int = Field(default=0, ge=-120, le=120)
    part: Literal["early", "middle", "late"] | None = None

    @model_validator(mode="after")
    def _parts_are_of_months(self) -> Calendar:
        if self.part is not None and self.unit != "month":
            raise ValueError("part belongs to a month")
        return self


class Named(_Window):
    """A named stretch of the Korean calendar (설 연휴, summer_high …), or days around it.

    With `start`/`end`, both are counted from the first day of the stretch: 30 to 14 days before 추석 = `start=-30, end=-14`.
    """

    type: Literal["named"] = "named"
    name: str = Field(max_length=40)
    year: Year = "this"
    start: int | None = Field(default=None, ge=-366, le=366)
    end: int | None = Field(default=None, ge=-366, le=366)

    @model_validator(mode="after")
    def _both_or_neither(self) -> Named:
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end come together")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError("start is after end")
        return self


class Between(_Window):
    """From one date to another, both in; an open end is left out."""

    type: Literal["between"] = "between"
    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Between:
        if self.start is None and self.end is None:
            raise ValueError("a between window needs a start or an end")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError("start is after end")
        return self


class Ever(_Window):
    """All time up to today."""

    type: Literal["ever"] = "ever"


class Future(_Window):
    """Today and everything after it."""

    type: Literal["future"] = "future"


Window = Annotated[Last | Next | Days | Calendar | Named | Between | Ever | Future, Field(discriminator="type")]
