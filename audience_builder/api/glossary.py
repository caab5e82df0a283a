"""The team's glossary over HTTP: what vague words are taken for."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

from fastapi import Depends, Path, Response

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.glossary_messages import GlossaryAnswer, MeaningForm, SentenceForm, WordAnswer
from audience_builder.api.language_messages import InterpretAnswer
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.questions import elapsed_ms
from audience_builder.api.reading import router
from audience_builder.clock import day_of
from audience_builder.language.told import told
from audience_builder.rule.check import parse_rule, to_json

ROUTER = router("language", "/api/v1/glossary")
InApp = Annotated[App, Depends(app_of)]
Reader = Annotated[Principal, permitted(Permission.SIGNED_IN)]
Admin = Annotated[Principal, permitted(Permission.ADMINISTER)]
Word = Annotated[str, Path(max_length=40)]


@ROUTER.get("", summary="What vague words are taken for, and who said so")
def words(app: InApp, principal: Reader) -> GlossaryAnswer:
    """The team's meanings first, then the product's own that nobody has changed."""
    del principal
    return GlossaryAnswer(words=[WordAnswer.of(entry) for entry in app.glossary.entries()])


@ROUTER.post("/reading", summary="What a sentence would mean as a word's meaning")
def read(form: SentenceForm, app: InApp, principal: Admin) -> InterpretAnswer:
    """Reads only, and without a language model: what an admin writes is what will hold."""
    begun = perf_counter()
    found = app.prompts.meaning(principal, form.sentence, as_of=day_of(app.now()))
    return InterpretAnswer.model_validate({**told(found), "later": None, "elapsed_ms": elapsed_ms(begun)})


@ROUTER.put("/{word}", summary="Give a vague word a meaning")
def give(word: Word, form: MeaningForm, app: InApp, principal: Admin) -> WordAnswer:
    """It holds for the next sentence. With the revision that is changed, 0 for a word without one."""
    rule, *others = (to_json(parse_rule(said))["root"] for said in (form.rule, *form.others))
    return WordAnswer.of(app.glossary.put(principal, word, rule, others, asks=form.asks, revision=form.revision))


@ROUTER.delete("/{word}", status_code=204, summary="Go back to the product's own meaning")
def take_back(word: Word, app: InApp, principal: Admin) -> Response:
    """Or to none, where the product has none."""
    app.glossary.remove(principal, word)
    return Response(status_code=204)
