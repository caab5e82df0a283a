"""Templates as they are told."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class MissingAnswer(BaseModel):
    """What a template waits for."""

    ko: str
    en: str


class RemarkAnswer(BaseModel):
    """In what a rule is not quite what its name promises."""

    ko: str
    en: str


class TemplateAnswer(BaseModel):
    """A rule with a name; without a rule, what is missing for it."""

    key: str
    ko: str
    en: str
    rule: dict[str, Any] | None
    reason: MissingAnswer | None
    remark: RemarkAnswer | None = None


class TemplateGroupAnswer(BaseModel):
    """Templates that are for one thing."""

    key: str
    ko: str
    en: str
    templates: list[TemplateAnswer]
