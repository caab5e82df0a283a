"""Sentences in front of the interpreter: who asked for a rule is recorded before it is told."""

from __future__ import annotations

from datetime import date

from audience_builder.access import Permission, Principal, require
from audience_builder.language.port import Interpretation, Interpreter, Language
from audience_builder.rule.canonical import canonical
from audience_builder.rule.tree import Rule
from audience_builder.store import Note, Outcome, Store


class Prompts:
    """Hands sentences on and records each with the rule it became. The sentence itself is not kept: people write what they like.

    Where the trail cannot be written nothing is told.
    """

    def __init__(self, interpreter: Interpreter, store: Store) -> None:
        self._interpreter = interpreter
        self._store = store

    def read(
        self, principal: Principal, sentence: str, *, as_of: date, language: Language | None, base: Rule | None
    ) -> Interpretation:
        """The rule of a sentence, or the change of `base` it asks for."""
        require(principal, Permission.BUILD_RULES)
        try:
            found = self._interpreter.read(sentence, as_of=as_of, language=language, base=base)
        except Exception as error:
            problem = getattr(error, "code", "unexpected")
            self._note(principal, sentence, outcome=Outcome.FAILED, problem=problem)
            raise
        rules = () if found.rule is None else (found.rule,)
        self._note(principal, sentence, *rules, language=found.language, not_understood=len(found.not_understood))
        return found

    def _note(
        self, principal: Principal, sentence: str, *rules: Rule, outcome: Outcome = Outcome.DONE, **detail: object
    ) -> None:
        self._store.note(
            principal,
            Note(
                action="interpret",
                subject="sentence",
                outcome=outcome,
                detail={"characters": len(sentence), **detail},
                rules=tuple(canonical(rule) for rule in rules),
            ),
        )
