"""The messages of the live connection, in and out. They stand in the OpenAPI document as `LiveIn` and `LiveOut`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from audience_builder.api.insight_messages import NarrowingAnswer, ReachAnswer
from audience_builder.api.messages import AsOf, Below, ProblemAnswer, RuleJson

MOST_DOCS = 8
"""How many rules one connection may keep counted at once."""

MOST_FOLLOWED = 50
"""How many saved audiences one connection may follow at once."""

DocId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Want = Annotated[str, Field(max_length=2_000, pattern=r"^(total|nodes|channels|narrowing|facets(:[a-z_,]+)?)$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Eval(_In):
    """Keep this rule counted: now, and again whenever the data moves.

    `rev` grows with every edit; what was asked with a smaller one is cancelled. `want` names what is told: `total`, `nodes`,
    `channels` (consented reach), `narrowing` (each node left out), `facets` (all filters) or `facets:age,gender`.
    """

    t: Literal["eval"]
    doc: DocId
    rev: Annotated[int, Field(ge=0, le=2**53)]
    rule: RuleJson
    want: Annotated[tuple[Want, ...], Field(min_length=1, max_length=8)] = ("total", "nodes")
    as_of: AsOf = None


class Close(_In):
    """Stop counting this document."""

    t: Literal["close"]
    doc: DocId


class Follow(_In):
    """Tell whenever who is in a saved audience (by id or name) has moved. Answered with `followed`."""

    t: Literal["follow"]
    audience: Annotated[str, Field(min_length=1, max_length=200)]


class Unfollow(_In):
    """Tell no more of that audience (by id)."""

    t: Literal["unfollow"]
    audience: Annotated[str, Field(min_length=1, max_length=200)]


class Ping(_In):
    """Are you there? Answered with `pong`; a server's own `ping` needs no answer."""

    t: Literal["ping"]


LiveIn = Annotated[Eval | Close | Follow | Unfollow | Ping, Field(discriminator="t")]
READER: TypeAdapter[Eval | Close | Follow | Unfollow | Ping] = TypeAdapter(LiveIn)


class HelloSaid(_Out):
    """The first message of every connection."""

    t: Literal["hello"] = "hello"
    protocol: Literal[1] = 1
    mart_version: int
    most_docs: int = MOST_DOCS
    ping_seconds: float


class _OfDoc(_Out):
    doc: str
    rev: int


class _Counted(_OfDoc):
    as_of: datetime
    mart_version: int
    fresh_as_of: Annotated[datetime | None, Field(description="The latest event the data knows.")]


class CountSaid(_Counted):
    """Exact, as POST /count answers it. `nodes` is empty where it was not wanted."""

    t: Literal["count"] = "count"
    count: int | None
    base: int | None
    nodes: dict[str, int | None]
    thresholds: dict[str, int | None]
    below: Below
    elapsed_ms: float


class LineSaid(_Out):
    """One line of a facet; the catalog's `cuts` have its labels."""

    key: str
    count: int | None
    base: int | None


class FacetsSaid(_Counted):
    """The exact split over the filters that were wanted."""

    t: Literal["facets"] = "facets"
    facets: dict[str, list[LineSaid]]
    below: Below
    elapsed_ms: float


class ChannelsSaid(_OfDoc):
    """Whom each channel reaches, as POST /reach answers it."""

    t: Literal["channels"] = "channels"
    reach: ReachAnswer


class NarrowingSaid(_OfDoc):
    """What limits the audience, as POST /narrowing answers it."""

    t: Literal["narrowing"] = "narrowing"
    narrowing: NarrowingAnswer


class LiveProblem(_Out):
    """A problem of RFC 9457, as an HTTP answer would carry it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    fix: str
    problems: list[ProblemAnswer] | None = None


class ProblemSaid(_OfDoc):
    """Why a document cannot be counted; without a document, why a message could not be read."""

    t: Literal["problem"] = "problem"
    problem: LiveProblem


class MovedSaid(_Out):
    """The data moved; every open document is counted again and told by itself."""

    t: Literal["moved"] = "moved"
    mart_version: int


class FollowedSaid(_Out):
    """The audience is followed; `audience` is its id."""

    t: Literal["followed"] = "followed"
    audience: str
    name: str


class MembershipSaid(_Out):
    """Who is in an audience moved, and that is recorded. What a slow client missed in between stands under `…/movements`."""

    t: Literal["membership"] = "membership"
    audience: str
    version: int
    mart_version: int
    at: datetime
    entered: int | None
    exited: int | None
    size: int | None
    below: Below


class PingSaid(_Out):
    """The connection is alive; needs no answer."""

    t: Literal["ping", "pong"] = "ping"


LiveOut = Annotated[
    HelloSaid
    | CountSaid
    | FacetsSaid
    | ChannelsSaid
    | NarrowingSaid
    | ProblemSaid
    | MovedSaid
    | FollowedSaid
    | MembershipSaid
    | PingSaid,
    Field(discriminator="t"),
]
WRITER: TypeAdapter[Any] = TypeAdapter(LiveOut)
