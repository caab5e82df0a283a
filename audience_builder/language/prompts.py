"""Sentences in front of the interpreter: who asked for a rule is recorded before it is told."""

from __future__ import annotations

from datetime import date

from audience_builder.access import Permission, Principal, require
from audience_builder.errors import FieldError, NotFoundError
from audience_builder.language.later import Late, Later
from audience_builder.language.port import Interpretation, Interpreter, Language
from audience_builder.rule.canonical import canonical
from audience_builder.rule.rights import RuleRights
from audience_builder.rule.tree import Rule
from audience_builder.store import Note, Outcome, Store


class Prompts:
    """Hands sentences on and records each with the rule it became. The sentence itself is not kept: people write what they like.

    Where the trail cannot be written nothing is told. With `later`, a language model is asked too, and answers when it does.
    """

    def __init__(self, interpreter: Interpreter, store: Store, rights: RuleRights, later: Later | None = None) -> None:
        self._interpreter = interpreter
        self._store = store
        self._rights = rights
        self._later = later

    @property
    def model(self) -> str:
        """Which language model is asked too; empty where none is."""
        return "" if self._later is None else self._later.label

    def ask_model(self, principal: Principal, first: Interpretation, *, as_of: date, base: Rule | None) -> str:
        """Begin to ask the language model about a sentence; a ticket for its answer, empty where it is not asked."""
        require(principal, Permission.BUILD_RULES)
        return "" if self._later is None else self._later.ask(principal, first, as_of=as_of, base=base)

    def late(self, principal: Principal, ticket: str, now: Rule | None, *, seconds: float) -> Late:
        """How the language model's answer stands. Raises NotFoundError for a ticket that is not this principal's, and FieldError
        for an answer that speaks of fields they may not use.
        """
        require(principal, Permission.BUILD_RULES)
        if self._later is None:
            raise NotFoundError("no such question", fix="No language model is switched on.")
        answer = self._later.take(principal, ticket, now, seconds=seconds)
        proposed = (now, answer.found and answer.found.rule, answer.merged and answer.merged.rule)
        self._rights.require(principal, *(rule for rule in proposed if rule is not None))
        return answer

    def read(
        self, principal: Principal, sentence: str, *, as_of: date, language: Language | None, base: Rule | None
    ) -> Interpretation:
        """The rule of a sentence, or the change of `base` it asks for. Raises FieldError for fields the principal may not use."""
        require(principal, Permission.BUILD_RULES)
        return self._read(principal, sentence, as_of, language, base)

    def meaning(self, principal: Principal, sentence: str, *, as_of: date) -> Interpretation:
        """What a sentence would mean as a word's meaning: asked by who may give words one."""
        require(principal, Permission.ADMINISTER)
        return self._read(principal, sentence, as_of, None, None)

    def _read(
        self, principal: Principal, sentence: str, as_of: date, language: Language | None, base: Rule | None
    ) -> Interpretation:
        try:
            found = self._interpreter.read(sentence, as_of=as_of, language=language, base=base)
            self._rights.require(principal, *(rule for rule in (base, found.rule) if rule is not None))
        except Exception as error:
            problem = getattr(error, "code", "unexpected")
            outcome = Outcome.DENIED if isinstance(error, FieldError) else Outcome.FAILED
            self._note(principal, sentence, outcome=outcome, problem=problem)
            if isinstance(error, FieldError):
                error.is_recorded = True
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
