"""What reading a sentence gives: a rule, and for every phrase what it became, what was assumed, and what was not understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from audience_builder.rule.tree import Rule

Language = Literal["ko", "en"]
Status = Literal["said", "assumed", "ambiguous"]
Source = Literal["phrasebook", "model", "both"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters `start` up to (without) `end` of the sentence became the node of that id.

    `source` says who read it so: the phrasebook, a language model (`model`), or `both` alike.
    """

    start: int
    end: int
    text: str
    node: str
    status: Status = "said"
    source: Source = "phrasebook"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A slot of a node that was not said and comes from a default; `reason` is a code."""

    node: str
    slot: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Another rule fragment the words behind a node could have meant, in place of that node."""

    node: str
    start: int
    end: int
    fragment: dict[str, Any]
    asks: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A phrase, verbatim, that is in no condition; `nearest` is what the catalog has of the kind but cannot answer yet."""

    start: int
    end: int
    text: str
    reason: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the rule the sentence was said about: `add`, `remove` or `set`, and the node it touched."""

    operation: Literal["add", "remove", "set"]
    node: str
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What `language` made of a sentence. Without a rule nothing in it was a condition.

    `complete` = every word is accounted for; the fuller the lists, the less should be relied on. `interpreter` is who read it:
    `phrasebook`, or the language model that widened what the phrasebook had read.
    """

    text: str
    language: Language
    rule: Rule | None
    phrases: tuple[Phrase, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    readings: tuple[Reading, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()
    edits: tuple[Edit, ...] = ()
    mended: tuple[tuple[str, str], ...] = field(default=())
    interpreter: str = "phrasebook"

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return self.rule is not None and not self.not_understood


class Interpreter(Protocol):
    """Reads sentences. Never acts, never invents: a condition follows from words, and the other words are reported."""

    def read(
        self, sentence: str, *, as_of: date, language: Language | None = None, base: Rule | None = None
    ) -> Interpretation:
        """The rule of a sentence; with `base`, that rule as the sentence changes it. Raises InputError where it is too long."""
        ...
