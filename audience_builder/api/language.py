"""A sentence read into a rule, and a rule read aloud."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Any

from fastapi import Depends

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.language_messages import (
    InterpretAnswer,
    InterpretQuestion,
    LaterAnswer,
    LaterQuestion,
    WordsAnswer,
    WordsQuestion,
)
from audience_builder.api.moment import moment_of
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.questions import elapsed_ms
from audience_builder.api.reading import router
from audience_builder.clock import day_of
from audience_builder.language.told import model_problem, spans, told, told_merge
from audience_builder.rule.check import parse_rule
from audience_builder.rule.words import compact, words

ROUTER = router("language")
InApp = Annotated[App, Depends(app_of)]
Builder = Annotated[Principal, permitted(Permission.BUILD_RULES)]


@ROUTER.post("/interpret", summary="The rule of a sentence, and what in it was not understood")
def interpret(question: InterpretQuestion, app: InApp, principal: Builder) -> InterpretAnswer:
    """Reads only: nothing is counted, saved or sent. With a rule, the sentence is a change of that rule."""
    begun = perf_counter()
    base = None if question.rule is None else parse_rule(question.rule)
    as_of = day_of(moment_of(question.as_of, app.now()) or app.now())
    found = app.prompts.read(principal, question.sentence, as_of=as_of, language=question.language, base=base)
    ticket = app.prompts.ask_model(principal, found, as_of=as_of, base=base) if question.model else ""
    later = {"ticket": ticket, "interpreter": app.prompts.model} if ticket else None
    return InterpretAnswer.model_validate({**told(found), "later": later, "elapsed_ms": elapsed_ms(begun)})


@ROUTER.post("/interpret/later", summary="What a language model made of a sentence, joined to the rule there is now")
def interpret_later(question: LaterQuestion, app: InApp, principal: Builder) -> LaterAnswer:
    """Waits a little and reads only. What comes back is a proposal: whoever changed the rule meanwhile has the last word."""
    begun = perf_counter()
    now = None if question.rule is None else parse_rule(question.rule)
    late = app.prompts.late(principal, question.ticket, now, seconds=question.wait_ms / 1000)
    said: dict[str, Any] = {
        "state": late.state,
        "interpreter": late.reader,
        "problem": model_problem(late.problem) if late.problem else None,
        "interpretation": None
        if late.found is None
        else {**told(late.found), "later": None, "elapsed_ms": elapsed_ms(begun)},
        "merged": None if late.merged is None else told_merge(late.merged, late.found.language if late.found else "ko"),
    }
    return LaterAnswer.model_validate(said)


@ROUTER.post("/words", summary="A rule read aloud")
def read_aloud(question: WordsQuestion, principal: Builder) -> WordsAnswer:
    """In full and on one line; each phrase with the node, and the part of its condition, that it speaks of."""
    del principal
    rule = parse_rule(question.rule)
    full, line = words(rule, question.language), compact(rule, question.language)
    said = {"text": full.text, "spans": spans(full.spans), "line": line.text}
    return WordsAnswer.model_validate({"language": question.language, **said})
