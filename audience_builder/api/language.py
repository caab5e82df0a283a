"""A sentence read into a rule, and a rule read aloud."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Any

from fastapi import Depends

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.language_messages import InterpretAnswer, InterpretQuestion, WordsAnswer, WordsQuestion
from audience_builder.api.moment import moment_of
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.questions import elapsed_ms
from audience_builder.api.reading import router
from audience_builder.clock import day_of
from audience_builder.language.told import spans, told
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
    said: dict[str, Any] = told(found)
    return InterpretAnswer.model_validate({**said, "elapsed_ms": elapsed_ms(begun)})


@ROUTER.post("/words", summary="A rule read aloud")
def read_aloud(question: WordsQuestion, principal: Builder) -> WordsAnswer:
    """In full and on one line; each phrase with the node, and the part of its condition, that it speaks of."""
    del principal
    rule = parse_rule(question.rule)
    full, line = words(rule, question.language), compact(rule, question.language)
    said = {"text": full.text, "spans": spans(full.spans), "line": line.text}
    return WordsAnswer.model_validate({"language": question.language, **said})
