"""What goes in and out over HTTP. Rules are read by `rule.check`, which says more clearly what is wrong with them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from audience_builder.api.examples import EXAMPLES
from audience_builder.api.spell_messages import HistoryAnswer
from audience_builder.audience.runner import Progress
from audience_builder.store import Audience, ExportJob, Version

RuleJson = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "title": "Rule"})]
"""A rule as JSON; its schema is at /api/v1/rule/schema."""

AsOf = Annotated[
    str | None,
    Field(
        max_length=40,
        description="The moment asked about: a time with its zone, or a day in Korea (its end). Default: now.",
        examples=["2026-10-01", "2026-10-01T09:00:00+09:00"],
    ),
]

Below = Annotated[int, Field(description="A number that is null is too small to be told: less than this.")]

_RULE = EXAMPLES[0].rule


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Question(_In):
    """A rule, and the moment it is asked about. A rule by itself will do."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"rule": _RULE}]})

    rule: RuleJson
    as_of: AsOf = None

    @model_validator(mode="before")
    @classmethod
    def _rule_by_itself(cls, data: object) -> object:
        return {"rule": data} if isinstance(data, dict) and "root" in data and "rule" not in data else data


class FacetsQuestion(_In):
    """Whose split: a rule's users, or everybody; over all filters, or those named."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"rule": _RULE, "filters": ["age", "gender"]}]}
    )

    rule: RuleJson | None = None
    as_of: AsOf = None
    filters: Annotated[list[str], Field(max_length=100)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _rule_by_itself(cls, data: object) -> object:
        return {"rule": data} if isinstance(data, dict) and "root" in data and "rule" not in data else data


class MembersQuestion(Question):
    """A page of members: pass the cursor of the page before."""

    cursor: Annotated[str, Field(max_length=300)] | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class WhyQuestion(Question):
    """One user of a rule."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"rule": _RULE, "user_id": "U0000000302"}]}
    )

    user_id: Annotated[str, Field(min_length=1, max_length=200)]
    audience: Annotated[
        str | None,
        Field(max_length=200, description="A saved audience: then also since when, and what became of them."),
    ] = None


class NewAudience(_In):
    """An audience to be saved."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"name": "제주를 찾는 골드 이상", "rule": _RULE}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=200)]
    rule: RuleJson
    description: Annotated[str, Field(max_length=2000)] | None = None
    tags: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)] | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class NewVersion(_In):
    """The next version of an audience, made from the expected version or revision (which If-Match may say instead)."""

    rule: RuleJson
    expected_version: Annotated[int, Field(ge=1)] | None = None
    expected_revision: Annotated[int, Field(ge=1)] | None = None
    description: Annotated[str, Field(max_length=2000)] | None = None
    tags: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)] | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class ExportForm(_In):
    """How an export should look and what it is for. `user_id` is always its first column."""

    purpose: Annotated[str, Field(min_length=1, max_length=500, examples=["제주 가을 프로모션 발송"])]
    columns: Annotated[list[str], Field(max_length=50, examples=[["membership_tier", "age_band"]])] = []
    format: Annotated[str, Field(max_length=10, examples=["csv", "json"])] = "csv"
    bom: Annotated[bool, Field(description="Begin a CSV with the mark that makes Excel read it as UTF-8.")] = False
    as_of: AsOf = None


class RuleExport(ExportForm):
    """An export of a rule that is not saved."""

    rule: RuleJson


class SampleForm(_In):
    """Which make-believe travellers to generate."""

    users: Annotated[int, Field(ge=1, le=50_000_000)]
    days: Annotated[int, Field(ge=1, le=1_100)] = 365
    seed: Annotated[int, Field(ge=0)] = 1
    end: date | None = None
    density: Literal["usual", "loyal"] = "usual"


class ImportForm(_In):
    """Files of the machine the server runs on, and the map that says what is in them."""

    map: Annotated[str, Field(min_length=1, max_length=4096)]
    files: Annotated[list[str], Field(min_length=1, max_length=1000)]


class RejectsForm(_In):
    """Which rows of a rejects file; `after` is the line of the last one seen."""

    file: Annotated[str, Field(min_length=1, max_length=255)]
    after: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


# --- answers --------------------------------------------------------------------------------------------------------------


class CountAnswer(_Out):
    """How many active users a rule means, and how many each node does on its own."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "count": 2431,
                    "base": 97104,
                    "as_of": "2026-11-22T09:00:00Z",
                    "nodes": {"all": 2431, "jeju": 11532, "gold": 20388},
                    "thresholds": {},
                    "elapsed_ms": 0.42,
                    "mart_version": 1,
                    "fresh_as_of": "2026-11-22T08:59:58Z",
                    "below": 10,
                }
            ]
        },
    )

    count: int | None
    base: Annotated[int | None, Field(description="Everybody active.")]
    as_of: datetime
    nodes: Annotated[dict[str, int | None], Field(description="The size of every node, by its id.")]
    thresholds: Annotated[dict[str, int | None], Field(description="The edge of each top or bottom percent, by node.")]
    elapsed_ms: float
    mart_version: int
    fresh_as_of: Annotated[datetime | None, Field(description="The latest event the data knows.")]
    below: Below


class FacetLineAnswer(_Out):
    """One line: how many of the rule's users fall on it, and how many of everybody."""

    key: str
    ko: str
    en: str
    count: int | None
    base: int | None


class FacetAnswer(_Out):
    """The exact split over one filter's options; lines of a filter with several values a user may overlap."""

    filter: str
    lines: list[FacetLineAnswer]
    below: Below


class FacetsAnswer(_Out):
    """The split over the filters."""

    as_of: datetime
    elapsed_ms: float
    facets: list[FacetAnswer]


class MembersAnswer(_Out):
    """A page of pseudonymous user ids. `next` is the cursor of the next page, null on the last."""

    user_ids: list[str]
    next: str | None
    as_of: datetime


class WhyNode(_Out):
    """One node: is it true of the user? A condition also says the value it compared (null = unknown)."""

    verdict: bool
    value: int | str | list[str] | None = None
    known: bool | None = None
    unit: str | None = None


class WhyAnswer(_Out):
    """Why one user is in or out."""

    user_id: str
    as_of: datetime
    active: bool
    member: bool
    nodes: dict[str, WhyNode]
    thresholds: dict[str, int | None]
    history: Annotated[HistoryAnswer | None, Field(description="Only where a saved audience was named.")] = None


class ProblemAnswer(_Out):
    """One thing wrong with a rule."""

    pointer: str
    code: str
    detail: str
    fix: str


class ValidateAnswer(_Out):
    """Whether a rule can be asked: then with ids, canonical form and hash, else with every problem."""

    valid: bool
    rule: RuleJson | None = None
    canonical: RuleJson | None = None
    hash: str | None = None
    problems: list[ProblemAnswer] = []


class VersionAnswer(_Out):
    """One version of an audience's rule."""

    version: int
    rule: RuleJson
    rule_hash: str
    author: str
    at: datetime
    note: str

    @classmethod
    def of(cls, version: Version) -> VersionAnswer:
        """The version as it is told."""
        return cls.model_validate(version, from_attributes=True)


class AudienceAnswer(_Out):
    """A saved audience; `version` is the newest one's number."""

    id: str
    name: str
    description: str
    tags: list[str]
    owner: str
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    revision: Annotated[int, Field(description="Grows with every change of any kind; also the ETag.")]
    summary_ko: Annotated[str, Field(description="The rule on one line.")]
    summary_en: str
    size: Annotated[int | None, Field(description="How many are in it; null until it was counted.")]
    base: int | None
    sized_at: datetime | None
    sized_version: Annotated[int | None, Field(description="The mart version it was counted from.")]

    @classmethod
    def of(cls, audience: Audience) -> AudienceAnswer:
        """The audience as it is told."""
        return cls.model_validate(audience, from_attributes=True)


class SavedAnswer(AudienceAnswer):
    """A saved audience with all its versions, newest first."""

    versions: list[VersionAnswer]


class ExportAnswer(_Out):
    """An export on its way; `file` is where to fetch it once it is `done`."""

    id: str
    state: str
    principal: str
    purpose: str
    columns: list[str]
    format: str
    rule_hash: str
    audience_id: str | None
    audience_version: int | None
    requested_at: datetime
    as_of: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    count: int | None
    mart_version: int | None
    size_bytes: int | None
    digest: str | None
    finished_at: datetime | None
    problem: str | None
    file: str | None = None
    written: Annotated[int | None, Field(description="While it is being written: rows so far …")] = None
    rows: Annotated[int | None, Field(description="… of so many.")] = None

    @classmethod
    def of(cls, job: ExportJob, progress: Progress | None = None) -> ExportAnswer:
        """The job as it is told."""
        said = cast(ExportAnswer, cls.model_validate(job, from_attributes=True))
        if job.state == "done":
            return said.model_copy(update={"file": f"/api/v1/exports/{job.id}/file"})
        return said if progress is None else said.model_copy(update=asdict(progress))


class ColumnAnswer(_Out):
    """A column an export may have. One of `contact`s takes the approval of somebody with a right of their own (dpo)."""

    key: str
    ko: str
    en: str
    contact: bool


class ExportsAnswer(_Out):
    """Exports, newest first."""

    exports: list[ExportAnswer]


class FreshnessAnswer(_Out):
    """How old the newest answer is. `index`: ready, building, failed (the mart answers, more slowly) or empty."""

    mart_version: int
    index_version: int | None
    index: str
    changed_at: datetime | None
    watermark: datetime | None
    traits_day: date | None
    waiting: Annotated[int, Field(description="Users with facts but no profile yet: they are in no count.")]
    problem: str


class HealthAnswer(_Out):
    """Whether the process answers at all, and whether it can count."""

    status: str


class RejectAnswer(_Out):
    """A refused row: its line, why, and what stood there (of a whole row the columns the map asks for, as JSON)."""

    line: int
    reason: str
    explanation: str
    row: str


class RejectsAnswer(_Out):
    """Refused rows in the order of their lines."""

    rows: list[RejectAnswer]
