"""A sentence read by the phrasebook and a language model together: scrubbed, asked, checked, mended once at most, and agreed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from time import monotonic

from audience_builder.language.model.agree import agreed
from audience_builder.language.model.check import Candidate, Removal, checked
from audience_builder.language.model.instruction import asked_of
from audience_builder.language.model.port import Answer, Asked, Model, ModelProblem
from audience_builder.language.model.schema import read_reply
from audience_builder.language.model.scrub import is_clean, scrubbed
from audience_builder.language.port import Interpretation, Interpreter, Language
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Rule
from audience_builder.rule.words import compact

_LEAST_FOR_REPAIR = 0.5


@dataclass(frozen=True, slots=True)
class Sending:
    """What is about to leave the house, as the audit trail has it: never the words themselves."""

    model: str
    digest: str
    characters: int
    masked: dict[str, int]
    is_repair: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What a model made of a sentence, and what it cost: calls, tokens, and the codes of what had to be left out."""

    found: Interpretation
    calls: int
    tokens_in: int
    tokens_out: int
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class _Asking:
    """One sentence on its way."""

    sentence: str
    as_of: date
    rule: tuple[tuple[str, str], ...]
    masked: dict[str, int]
    deadline: float
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


class ModelReader:
    """Widens what the phrasebook reads by what a model points at. `seconds` is the longest it may take altogether."""

    def __init__(self, model: Model, phrasebook: Interpreter, *, seconds: float) -> None:
        self._model = model
        self._phrasebook = phrasebook
        self._seconds = seconds

    @property
    def label(self) -> str:
        """Which model reads."""
        return self._model.label

    def read(
        self, sentence: str, *, as_of: date, language: Language | None = None, base: Rule | None = None
    ) -> Interpretation:
        """The rule of a sentence by both readers (`language.port.Interpreter`). Raises ModelProblem where the model has none."""
        first = self._phrasebook.read(sentence, as_of=as_of, language=language, base=base)
        return self.widened(first, as_of=as_of, base=base, before=lambda sending: None).found

    def widened(
        self, first: Interpretation, *, as_of: date, base: Rule | None, before: Callable[[Sending], None]
    ) -> Read:
        """The phrasebook's reading, widened. `before` is told of everything that leaves, and stops it by raising."""
        sent = scrubbed(first.text)
        if not is_clean(sent.text):
            raise ModelProblem("personal")
        names = {} if base is None else _names(base)
        asking = _Asking(
            sent.text,
            as_of,
            tuple((name, said) for name, (_, said) in names.items()),
            sent.masked,
            monotonic() + self._seconds,
        )
        candidate = self._checked(asking, before, ())
        if candidate.problems and asking.deadline - monotonic() > _LEAST_FOR_REPAIR:
            try:
                mended = self._checked(asking, before, candidate.problems)
            except ModelProblem:
                mended = candidate
            candidate = mended if len(mended.problems) <= len(candidate.problems) else candidate
        if candidate.problems and not (candidate.leaves or candidate.removed):
            raise ModelProblem("unproven")
        candidate = _renamed(candidate, {name: node for name, (node, _) in names.items()})
        found = agreed(first, candidate, reader=self.label, base=base)
        return Read(
            found, asking.calls, asking.tokens_in, asking.tokens_out, tuple(code for _, code in candidate.problems)
        )

    def _checked(
        self, asking: _Asking, before: Callable[[Sending], None], problems: tuple[tuple[str, str], ...]
    ) -> Candidate:
        asked = asked_of(asking.sentence, today=asking.as_of, rule=asking.rule, problems=problems)
        before(self._sending(asked, asking, is_repair=bool(problems)))
        answer = self._answered(asked, asking)
        return checked(read_reply(answer.text), asking.sentence, asking.as_of)

    def _answered(self, asked: Asked, asking: _Asking) -> Answer:
        asking.calls += 1
        answer = self._model.answer(asked, seconds=max(0.2, asking.deadline - monotonic()))
        asking.tokens_in += answer.tokens_in
        asking.tokens_out += answer.tokens_out
        return answer

    def _sending(self, asked: Asked, asking: _Asking, *, is_repair: bool) -> Sending:
        digest = hashlib.sha256(f"{asked.instruction}\n{asked.content}".encode("utf-8", "surrogatepass")).hexdigest()
        return Sending(self.label, digest, len(asking.sentence), asking.masked, is_repair)


def _names(base: Rule) -> dict[str, tuple[str, str]]:
    """The top conditions of a rule under names of our own, with their ids and words: ids are written by people."""
    root = to_json(base)["root"]
    children = root["children"] if root["type"] == "all" else [root]
    return {
        f"c{place}": (str(child["id"]), compact(parse_rule({"version": 1, "root": child})).text)
        for place, child in enumerate(children, 1)
    }


def _renamed(candidate: Candidate, ids: dict[str, str]) -> Candidate:
    removed = tuple(
        Removal(ids[entry.node], entry.start, entry.end, entry.items)
        for entry in candidate.removed
        if entry.node in ids
    )
    return Candidate(candidate.leaves, candidate.groups, removed, candidate.problems)
