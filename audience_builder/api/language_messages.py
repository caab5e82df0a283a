"""What goes in and out where sentences become rules and rules become sentences."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.api.examples import EXAMPLES
from audience_builder.api.messages import AsOf, RuleJson


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class InterpretQuestion(_In):
    """A sentence; with a rule, what the sentence is to change."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"sentence": "최근 2주 제주를 두 번 이상 검색했지만 예약은 안 한 골드 이상"}]},
    )

    sentence: Annotated[str, Field(min_length=1, max_length=1000)]
    rule: RuleJson | None = None
    language: Literal["ko", "en"] | None = None
    as_of: AsOf = None
    model: bool = True


class LaterQuestion(_In):
    """A ticket for a late answer, the rule there is now, and how long to wait for it at most."""

    ticket: Annotated[str, Field(min_length=1, max_length=40)]
    rule: RuleJson | None = None
    wait_ms: Annotated[int, Field(ge=0, le=5000)] = 2000


class WordsQuestion(_In):
    """A rule, and the language it is to be read aloud in."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"rule": EXAMPLES[0].rule, "language": "ko"}]}
    )

    rule: RuleJson
    language: Literal["ko", "en"] = "ko"


class SpanAnswer(_Out):
    """Characters `start` up to (without) `end` speak of a node; of its whole condition, or of one part of it."""

    start: int
    end: int
    node: str
    part: str


class SaidAnswer(_Out):
    """A rule in words."""

    text: str
    spans: list[SpanAnswer]


class WordsAnswer(SaidAnswer):
    """A rule in words, in full (`text`, with spans) and on one line."""

    language: str
    line: str


class PhraseAnswer(_Out):
    """Characters of the sentence and the node they became: `said`, `assumed`, or `ambiguous`; read by whom."""

    start: int
    end: int
    text: str
    node: str
    status: str
    source: str


class AssumptionAnswer(_Out):
    """A slot of a node that was not said, and why it was filled."""

    node: str
    slot: str
    reason: str
    ko: str
    en: str


class ReadingAnswer(_Out):
    """Another fragment the words behind a node could have meant; `asks` = do not rely on the first without asking."""

    node: str
    start: int
    end: int
    asks: bool
    fragment: dict[str, Any]
    words: str


class NearestAnswer(_Out):
    """What the catalog has of the kind, and why it cannot be asked yet."""

    ko: str
    en: str
    reason: str


class NotUnderstoodAnswer(_Out):
    """A phrase, verbatim, that is in no condition."""

    start: int
    end: int
    text: str
    reason: str
    ko: str
    en: str
    nearest: NearestAnswer | None


class EditAnswer(_Out):
    """One change of the rule: `add`, `remove` or `set`, and the node."""

    operation: str
    node: str
    slot: str


class MendedAnswer(_Out):
    """A misspelt word and what it was taken for."""

    text: str
    word: str


class LaterTicket(_Out):
    """A language model was asked too: who it is, and the ticket for its answer (POST /interpret/later)."""

    ticket: str
    interpreter: str


class InterpretAnswer(_Out):
    """What became of a sentence. `complete`: every word is accounted for. Without a rule nothing in it was a condition.

    `interpreter`: who read it. `later`: where a language model was asked too.
    """

    text: str
    language: str
    complete: bool
    rule: dict[str, Any] | None
    words: SaidAnswer | None
    phrases: list[PhraseAnswer]
    assumptions: list[AssumptionAnswer]
    readings: list[ReadingAnswer]
    not_understood: list[NotUnderstoodAnswer]
    edits: list[EditAnswer]
    mended: list[MendedAnswer]
    interpreter: str
    later: LaterTicket | None
    elapsed_ms: float


class MergedAnswer(_Out):
    """A late answer joined to the rule there is now, as a proposal: ids it would add and remove, and what people changed meanwhile."""

    rule: dict[str, Any] | None
    words: SaidAnswer | None
    added: list[str]
    removed: list[str]
    conflicts: list[str]


class ModelProblemAnswer(_Out):
    """Why a language model has no answer."""

    code: str
    ko: str
    en: str


class LaterAnswer(_Out):
    """How a late answer stands: `waiting`, `ready` (with what it made of the sentence) or `failed` (with why)."""

    state: str
    interpreter: str
    problem: ModelProblemAnswer | None
    interpretation: InterpretAnswer | None
    merged: MergedAnswer | None
