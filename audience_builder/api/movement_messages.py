"""How audiences moved, as it is told over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.api.messages import Below
from audience_builder.audience.guard import Number
from audience_builder.audience.movements import By
from audience_builder.mart.memberships import Cause


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class CauseAnswer(_Out):
    """How many moved for one cause (docs/membership.md says how each is told)."""

    cause: Cause
    entered: Number
    exited: Number


class MovementAnswer(_Out):
    """One hour or day: when it begins, how many entered and left and why, and how many were in at its end."""

    at: datetime
    entered: Number
    exited: Number
    size: Number
    causes: list[CauseAnswer]


class MovementsAnswer(_Out):
    """How an audience moved. Before `began_at` nothing is known; `as_of`, `mart_version` and `rule_version` are what it speaks of."""

    by: By
    since: datetime
    began_at: Annotated[datetime | None, Field(description="When recording began; null = not yet.")]
    as_of: datetime | None
    mart_version: int | None
    rule_version: int | None
    size: Number
    entered: Number
    exited: Number
    causes: list[CauseAnswer]
    movements: list[MovementAnswer]
    below: Below
