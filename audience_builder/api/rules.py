"""What a rule can be made of: the catalog, the schema, examples, and whether one is right."""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from fastapi.responses import Response

from audience_builder.access import Permission, Principal
from audience_builder.access.fields import SENSITIVE
from audience_builder.api.app import App
from audience_builder.api.audience_messages import ChangeAnswer, DiffAnswer, DiffQuestion
from audience_builder.api.examples import EXAMPLES
from audience_builder.api.messages import ProblemAnswer, Question, ValidateAnswer
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.api.template_messages import MissingAnswer, RemarkAnswer, TemplateAnswer, TemplateGroupAnswer
from audience_builder.api.words import catalog_words
from audience_builder.errors import FieldError, RuleError
from audience_builder.rule.canonical import canonical, rule_hash
from audience_builder.rule.check import parse_rule, rule_schema, to_json
from audience_builder.rule.diff import changes
from audience_builder.rule.templates import TEMPLATES, Template, TemplateGroup

ROUTER = router("rules")
InApp = Annotated[App, Depends(app_of)]
SignedIn = Annotated[Principal, permitted(Permission.SIGNED_IN)]
Builder = Annotated[Principal, permitted(Permission.BUILD_RULES)]


@ROUTER.get("/catalog", summary="The 32 filters with their measures, properties, options and places")
def catalog(request: Request, app: InApp, principal: SignedIn) -> Response:
    """Labels are Korean (`ko`) and English (`en`). Option lists and places are named by the filters and listed once.

    What one's roles may not see is not in it.
    """
    seen = tuple(asked.key for asked in app.rights.seen(principal))
    is_packed = "gzip" in request.headers.get("accept-encoding", "")
    answer = _json(_catalog(seen, app.rights.may(principal, SENSITIVE), is_packed))
    answer.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@ROUTER.get("/rule/schema", summary="The JSON Schema of a rule", dependencies=[permitted(Permission.SIGNED_IN)])
def schema() -> Response:
    """JSON Schema 2020-12. Which words go together is said by the catalog."""
    return _json(_schema())


@ROUTER.get("/rule/examples", summary="Rules to begin with")
def examples(app: InApp, principal: SignedIn) -> list[dict[str, Any]]:
    """Each has a name in Korean and English; those of filters that one's roles may use."""
    usable = (entry for entry in EXAMPLES if not app.rights.problems(principal, parse_rule(entry.rule)))
    return [{"key": entry.key, "ko": entry.ko, "en": entry.en, "rule": entry.rule} for entry in usable]


@ROUTER.get("/rule/templates", summary="Audiences marketers ask for again and again")
def templates(app: InApp, principal: SignedIn) -> list[TemplateGroupAnswer]:
    """By what they are for; those of filters that one's roles may use. Without a rule, `reason` says what is missing for it."""
    return [_template_group(group, app, principal) for group in TEMPLATES]


def _template_group(group: TemplateGroup, app: App, principal: Principal) -> TemplateGroupAnswer:
    usable = [
        entry
        for entry in group.templates
        if not (entry.rule and app.rights.problems(principal, parse_rule(entry.rule)))
    ]
    return TemplateGroupAnswer(
        key=group.key, ko=group.ko, en=group.en, templates=[_template(entry) for entry in usable]
    )


def _template(entry: Template) -> TemplateAnswer:
    missing = entry.missing
    reason = missing and MissingAnswer(ko=f"아직 없음: {missing.ko}", en=f"Not yet: {missing.en}")
    remark = entry.remark and RemarkAnswer(ko=entry.remark.ko, en=entry.remark.en)
    return TemplateAnswer(key=entry.key, ko=entry.ko, en=entry.en, rule=entry.rule, reason=reason, remark=remark)


@ROUTER.post(
    "/rule/validate",
    summary="Is this rule right?",
    response_model_exclude_none=True,
)
def validate(question: Question, app: InApp, principal: Builder) -> ValidateAnswer:
    """Answers 200 either way: the rule with ids, canonical form and hash, or every problem with its JSON pointer."""
    try:
        rule = parse_rule(question.rule)
        app.rights.require(principal, rule)
    except (RuleError, FieldError) as error:
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


@lru_cache(32)
def _catalog(filters: tuple[str, ...], with_sensitive: bool, is_packed: bool) -> bytes:
    """The catalog, packed or not: every page waits for it, and nothing in it is secret or said by who asks, so its size tells nothing."""
    plain = orjson.dumps(catalog_words(filters, with_sensitive=with_sensitive))
    return gzip.compress(plain, mtime=0) if is_packed else plain


@cache
def _schema() -> bytes:
    return orjson.dumps(rule_schema())


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-cache"})
