"""What goes in and out of the team's glossary."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.api.examples import EXAMPLES
from audience_builder.api.messages import RuleJson
from audience_builder.language.glossary import Entry
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.words import compact


class MeaningForm(BaseModel):
    """What a word is taken for, what else it could mean, and whether to ask before relying on it."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"rule": EXAMPLES[0].rule, "asks": True}]}
    )

    rule: RuleJson
    others: Annotated[list[RuleJson], Field(max_length=5)] = []
    asks: bool = False
    revision: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class SentenceForm(BaseModel):
    """A meaning as a sentence."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"sentence": "최근 1년 3번 이상 예약한 사람"}]}
    )

    sentence: Annotated[str, Field(min_length=1, max_length=500)]


class ReadingOfWord(BaseModel):
    """A rule and how it is read aloud."""

    model_config = ConfigDict(frozen=True)

    rule: dict[str, Any]
    ko: str
    en: str

    @classmethod
    def of(cls, root: dict[str, Any]) -> ReadingOfWord:
        """From a rule's root."""
        rule = parse_rule({"version": 1, "root": root})
        return cls(rule=to_json(rule), ko=compact(rule, "ko").text, en=compact(rule, "en").text)


class WordAnswer(BaseModel):
    """A vague word: the ways it is said, its meaning, the other readings offered; `changed_by` empty = the product's own."""

    model_config = ConfigDict(frozen=True)

    word: str
    said: list[str]
    meaning: ReadingOfWord
    others: list[ReadingOfWord]
    asks: bool
    revision: int
    changed_at: datetime | None
    changed_by: str

    @classmethod
    def of(cls, entry: Entry) -> WordAnswer:
        """From the glossary's entry."""
        return cls(
            word=entry.word,
            said=list(entry.said),
            meaning=ReadingOfWord.of(entry.meaning.rule),
            others=[ReadingOfWord.of(other) for other in entry.meaning.others],
            asks=entry.meaning.asks,
            revision=entry.revision,
            changed_at=entry.changed_at,
            changed_by=entry.changed_by,
        )


class GlossaryAnswer(BaseModel):
    """Every vague word."""

    model_config = ConfigDict(frozen=True)

    words: list[WordAnswer]
