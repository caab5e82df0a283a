"""What a rule can be made of: the catalog, the schema, examples, and whether one is right."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from fastapi.responses import Response

from audience_builder.access import Permission
from audience_builder.api.audience_messages import ChangeAnswer, DiffAnswer, DiffQuestion
from audience_builder.api.examples import EXAMPLES
from audience_builder.api.messages import ProblemAnswer, Question, ValidateAnswer
from audience_builder.api.permission import permitted
from audience_builder.api.reading import router
from audience_builder.api.words import catalog_words
from audience_builder.errors import RuleError
from audience_builder.rule.canonical import canonical, rule_hash
from audience_builder.rule.check import parse_rule, rule_schema, to_json
from audience_builder.rule.diff import changes

ROUTER = router("rules")
_SIGNED_IN = [permitted(Permission.SIGNED_IN)]


@ROUTER.get(
    "/catalog", summary="The 32 filters with their measures, properties, options and places", dependencies=_SIGNED_IN
)
def catalog() -> Response:
    """Labels are Korean (`ko`) and English (`en`). Option lists and places are named by the filters and listed once."""
    return _json(_catalog())


@ROUTER.get("/rule/schema", summary="The JSON Schema of a rule", dependencies=_SIGNED_IN)
def schema() -> Response:
    """JSON Schema 2020-12. Which words go together is said by the catalog."""
    return _json(_schema())


@ROUTER.get("/rule/examples", summary="Rules to begin with", dependencies=_SIGNED_IN)
def examples() -> list[dict[str, Any]]:
    """Each has a name in Korean and English."""
    return [{"key": entry.key, "ko": entry.ko, "en": entry.en, "rule": entry.rule} for entry in EXAMPLES]


@ROUTER.post(
    "/rule/validate",
    summary="Is this rule right?",
    dependencies=[permitted(Permission.BUILD_RULES)],
    response_model_exclude_none=True,
)
def validate(question: Question) -> ValidateAnswer:
    """Answers 200 either way: the rule with ids, canonical form and hash, or every problem with its JSON pointer."""
    try:
        rule = parse_rule(question.rule)
    except RuleError as error:
        problems = [
            ProblemAnswer(pointer=entry.pointer, code=entry.code, detail=entry.message, fix=entry.fix)
            for entry in error.problems
        ]
        return ValidateAnswer(valid=False, problems=problems)
    return ValidateAnswer(valid=True, rule=to_json(rule), canonical=canonical(rule), hash=rule_hash(rule))


@ROUTER.post(
    "/rule/diff", summary="What changed from one rule to another", dependencies=[permitted(Permission.BUILD_RULES)]
)
def diff(question: DiffQuestion) -> DiffAnswer:
    """Nodes that came, went or moved, and the parts of conditions that differ, in words and as values."""
    found = changes(parse_rule(question.before), parse_rule(question.after))
    return DiffAnswer(changes=[ChangeAnswer.of(change) for change in found])


@cache
def _catalog() -> bytes:
    return orjson.dumps(catalog_words())


@cache
def _schema() -> bytes:
    return orjson.dumps(rule_schema())


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-cache"})
