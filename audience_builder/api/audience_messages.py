"""What goes in and out of saved audiences at a glance: lists, sizes day by day, differences and overlaps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.api.insight_messages import Number
from audience_builder.api.messages import AsOf, AudienceAnswer, RuleJson, SavedAnswer, VersionAnswer
from audience_builder.audience import Saved
from audience_builder.errors import ChangedError
from audience_builder.rule.check import parse_rule
from audience_builder.rule.diff import Change, Kind, changes

Tags = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListWish(_In):
    """Which audiences, in which order."""

    q: Annotated[str, Field(max_length=200, description="Words, or first consonants (ㅈㅈ for 제주).")] = ""
    owner: Annotated[str, Field(max_length=200)] | None = None
    tag: Annotated[str, Field(max_length=60)] | None = None
    archived: bool = False
    sort: Annotated[str, Field(pattern="^-?(updated|created|name|size|owner)$")] = "-updated"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=1_000)] | None = None


class AudienceWish(_In):
    """What to call an audience and whose it is; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    description: Annotated[str, Field(max_length=2000)] | None = None
    tags: Tags | None = None
    owner: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    expected_revision: Annotated[int, Field(ge=1)] | None = None


class CopyWish(_In):
    """How the copy is called; without a name, `… 사본`."""

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class DaySize(_Out):
    """The last size of a day in Korea."""

    day: date
    size: Number


class ListedAnswer(AudienceAnswer):
    """A saved audience in a list. `sizes` are its last 30 days; `is_current` where its size speaks of the data there is now."""

    sizes: list[DaySize]
    is_current: bool


class AudiencesAnswer(_Out):
    """Some saved audiences, how many answer the question in all, and the cursor of the next page (null on the last)."""

    audiences: list[ListedAnswer]
    total: int
    next: str | None


class TagAnswer(_Out):
    """A tag, and how many live audiences have it."""

    tag: str
    count: int


class TagsAnswer(_Out):
    """All tags of live audiences."""

    tags: list[TagAnswer]


class SizeAnswer(_Out):
    """How many were in an audience of all users on a day, by which version of its rule."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    day: date
    version: int
    size: Number
    base: Number
    as_of: datetime
    mart_version: int


class SizesAnswer(_Out):
    """The size of an audience day by day, oldest first."""

    sizes: list[SizeAnswer]


class ChangeAnswer(_Out):
    """One difference of two rules. `path` is a JSON pointer into the rule after it (of what was removed, before it)."""

    kind: Kind
    node: str
    path: str
    part: str | None
    before: Any
    after: Any
    ko: str
    en: str

    @classmethod
    def of(cls, change: Change) -> ChangeAnswer:
        """The change as it is told."""
        return cls.model_validate(change, from_attributes=True)


class DiffQuestion(_In):
    """Two rules."""

    before: RuleJson
    after: RuleJson


class DiffAnswer(_Out):
    """What changed; nothing where both are the same."""

    changes: list[ChangeAnswer]


class ConflictAnswer(_Out):
    """What somebody else saved meanwhile: how it is now, what one's own change began with, and what changed between the two."""

    current: SavedAnswer
    base: VersionAnswer | None
    theirs: list[ChangeAnswer]


def saved_answer(saved: Saved) -> SavedAnswer:
    """An audience with its versions, as it is told."""
    audience = AudienceAnswer.of(saved.audience)
    return SavedAnswer(**audience.model_dump(), versions=[VersionAnswer.of(entry) for entry in saved.versions])


def conflict_answer(error: ChangedError) -> ConflictAnswer:
    """Everything somebody needs to choose."""
    saved = cast(Saved, error.current)
    base = None if error.base_version is None else saved.version(error.base_version)
    theirs = [] if base is None else changes(parse_rule(base.rule), saved.rule())
    return ConflictAnswer(
        current=saved_answer(saved),
        base=None if base is None else VersionAnswer.of(base),
        theirs=[ChangeAnswer.of(change) for change in theirs],
    )


class OverlapQuestion(_In):
    """Two to six audiences, by id or name. Without `rules` the regions are told by their numbers alone."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"audiences": ["3aba730111b945cd", "제주 골드"]}]}
    )

    audiences: Annotated[list[Annotated[str, Field(max_length=200)]], Field(min_length=2, max_length=6)]
    rules: bool = True
    as_of: AsOf = None


class ComparedAnswer(_Out):
    """One of the audiences that are compared."""

    id: str
    name: str
    version: int
    count: Number


class RegionAnswer(_Out):
    """The users who are in exactly these audiences and none of the others; `rule` means them (null where it grows too large)."""

    audiences: list[str]
    count: Number
    rule: RuleJson | None


class OverlapAnswer(_Out):
    """Every region of the audiences; regions add up to `union`."""

    audiences: list[ComparedAnswer]
    regions: list[RegionAnswer]
    union: Number
    base: Number
    as_of: datetime
    mart_version: int
    elapsed_ms: float
