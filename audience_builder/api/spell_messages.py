"""When somebody was in an audience, as it is told over HTTP."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from audience_builder.mart.memberships import Cause


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class SpellAnswer(_Out):
    """Once in an audience. Of a `baseline` `entered_at` is when recording began: they entered before."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    entered_at: datetime
    exited_at: datetime | None
    cause: Cause
    exited_cause: Cause | None
    rule_version: int


class HistoryAnswer(_Out):
    """When somebody was in an audience as it was recorded, the latest first, and how that stands in words."""

    spells: list[SpellAnswer]
    ko: str
    en: str
