"""What goes in and out of the questions that help to build a rule. A number that is null is too small to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.api.examples import EXAMPLES
from audience_builder.api.messages import AsOf, FacetLineAnswer, Question, RuleJson, WhyAnswer
from audience_builder.rule.window import Window

Number = Annotated[int | None, Field(description="Null where it is too small to be told.")]
_RULE = EXAMPLES[0].rule


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Counted(_Out):
    as_of: datetime
    mart_version: int
    elapsed_ms: float


# --- many at once ---------------------------------------------------------------------------------------------------------


class CountsQuestion(_In):
    """Many rules, counted of one moment and one state of the data."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"rules": [_RULE]}]})

    rules: Annotated[list[RuleJson], Field(min_length=1, max_length=100)]
    as_of: AsOf = None


class CountsAnswer(_Counted):
    """The size of each rule, in the order they were asked."""

    counts: list[Number]
    base: Number


class BaseAnswer(_Counted):
    """How many users there are at all."""

    base: Number


# --- what narrows a rule --------------------------------------------------------------------------------------------------


class NarrowsAnswer(_Out):
    """One node of the rule."""

    node: str
    alone: Annotated[int | None, Field(description="How many it means by itself.")]
    without: Annotated[int | None, Field(description="How many the rule would mean without it.")]
    remaining: Annotated[int | None, Field(description="Of a child of an `all`: how many are left after it.")]
    makes_zero: Annotated[bool, Field(description="Nobody is in the rule, and this node is a reason.")]


class NarrowingAnswer(_Counted):
    """What limits an audience. `first_zero` is where nobody is left for the first time, reading downwards."""

    count: Number
    base: Number
    first_zero: str | None
    nodes: list[NarrowsAnswer]


class RelaxationAnswer(_Out):
    """The rule changed in one place, and how many it means then. `rule` is null where nothing is left of it: everybody."""

    node: str
    kind: Annotated[str, Field(description="region, window, threshold, fewer, property or remove.")]
    ko: str
    en: str
    count: Number
    rule: RuleJson | None


class RelaxAnswer(_Counted):
    """Gentler forms that mean more users than the rule, the gentlest kind first."""

    count: Number
    base: Number
    relaxations: list[RelaxationAnswer]


# --- who can be written to ------------------------------------------------------------------------------------------------


class ReachQuestion(_In):
    """Whose reach: a rule's users, or everybody."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"rule": _RULE}]})

    rule: RuleJson | None = None
    as_of: AsOf = None


class ChannelAnswer(_Out):
    """How many consented to one channel, and how many of them may be written to at night (21:00 to 08:00)."""

    channel: str
    ko: str
    en: str
    consented: Number
    night: Number
    needs_night_consent: bool


class ReachAnswer(_Counted):
    """By consent alone; suppression, holdout and frequency are taken off by a campaign."""

    count: Number
    base: Number
    channels: list[ChannelAnswer]
    any: Annotated[int | None, Field(description="With at least one channel.")]
    none: Annotated[int | None, Field(description="With none.")]


# --- what is known --------------------------------------------------------------------------------------------------------


class KnowsAnswer(_Out):
    """One filter of everybody: how many have a known value, how many at least one event (or a known value), and the split."""

    filter: str
    known: Number
    some: Number
    lines: list[FacetLineAnswer]


class CoverageAnswer(_Counted):
    """What each filter knows, in the order of the catalog."""

    base: Number
    filters: list[KnowsAnswer]


# --- a few members --------------------------------------------------------------------------------------------------------


class SampleQuestion(Question):
    """A few members of a rule."""

    n: Annotated[int, Field(ge=1, le=20)] = 5


class SampleAnswer(_Out):
    """A few pseudonymous members, spread over all of them, each with why it is one."""

    as_of: datetime
    elapsed_ms: float
    members: list[WhyAnswer]


# --- windows --------------------------------------------------------------------------------------------------------------


class WindowsQuestion(_In):
    """Windows, and the moment they are seen from."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"windows": [{"type": "last", "n": 14}]}]}
    )

    windows: Annotated[list[Window], Field(min_length=1, max_length=200)]
    as_of: AsOf = None


class DaysAnswer(_Out):
    """Days in Korea, both in; an open end is null."""

    start: str | None
    end: str | None


class WindowsAnswer(_Out):
    """The days of each window: none where there are none that year, several where it is broken."""

    day: str
    windows: list[list[DaysAnswer]]
