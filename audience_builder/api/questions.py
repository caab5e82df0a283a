"""Counting, splitting, listing and explaining a rule."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter
from typing import Annotated

from fastapi import Depends

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.messages import (
    CountAnswer,
    FacetAnswer,
    FacetLineAnswer,
    FacetsAnswer,
    FacetsQuestion,
    MembersAnswer,
    MembersQuestion,
    Question,
    WhyAnswer,
    WhyQuestion,
)
from audience_builder.api.moment import cursor_of, moment_of, page_of
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.api.spell_words import history_answer
from audience_builder.api.values import why_nodes
from audience_builder.audience import ShownCount, Why
from audience_builder.rule.canonical import rule_hash
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule, walk

ROUTER = router("questions")
InApp = Annotated[App, Depends(app_of)]
Builder = Annotated[Principal, permitted(Permission.BUILD_RULES)]
Explorer = Annotated[Principal, permitted(Permission.EXPLORE_RULES)]
Seer = Annotated[Principal, permitted(Permission.SEE_MEMBERS)]


@ROUTER.post("/count", summary="How many users a rule means, and each of its nodes")
def count(question: Question, app: InApp, principal: Builder) -> CountAnswer:
    """Exact, never estimated. Takes a rule, or a rule with the moment it is asked about."""
    rule, as_of = parse_rule(question.rule), moment_of(question.as_of, app.now())
    begun = perf_counter()
    found = app.questions.count(principal, rule, as_of=as_of)
    return count_answer(app, rule, found, begun)


def count_answer(app: App, rule: Rule, found: ShownCount, begun: float) -> CountAnswer:
    """A count as it is told, its nodes in reading order; `begun` is when it was asked (`perf_counter`)."""
    return CountAnswer(
        count=found.total,
        base=found.base,
        as_of=found.as_of,
        nodes={node.id: found.nodes[node.id] for node in walk(rule.root)},
        thresholds=found.thresholds,
        elapsed_ms=elapsed_ms(begun),
        mart_version=found.mart_version,
        fresh_as_of=app.watermark(),
        below=found.below,
    )


@ROUTER.post("/facets", summary="How a rule's users split over the options of all filters")
def facets(question: FacetsQuestion, app: InApp, principal: Explorer) -> FacetsAnswer:
    """Without a rule: how everybody splits."""
    rule = None if question.rule is None else parse_rule(question.rule)
    return facets_answer(app, principal, rule, moment_of(question.as_of, app.now()), question.filters)


def facets_answer(
    app: App, principal: Principal, rule: Rule | None, as_of: datetime | None, filters: list[str] | None
) -> FacetsAnswer:
    """A split as it is told."""
    begun = perf_counter()
    moment, found = app.questions.facets(principal, rule, as_of=as_of, filters=filters)
    split = [
        FacetAnswer(
            filter=facet.filter,
            below=facet.below,
            lines=[
                FacetLineAnswer(key=line.key, ko=line.ko, en=line.en, count=line.count, base=line.base)
                for line in facet.lines
            ],
        )
        for facet in found
    ]
    return FacetsAnswer(as_of=moment, elapsed_ms=elapsed_ms(begun), facets=split)


@ROUTER.post("/members", summary="A page of a rule's users")
def members(question: MembersQuestion, app: InApp, principal: Seer) -> MembersAnswer:
    """Pseudonymous ids in a fixed order; all pages of a cursor are about the same moment."""
    rule, as_of = parse_rule(question.rule), moment_of(question.as_of, app.now())
    return members_page(app, principal, rule, as_of=as_of, cursor=question.cursor, limit=question.limit)


def members_page(
    app: App, principal: Principal, rule: Rule, *, as_of: datetime | None, cursor: str | None, limit: int
) -> MembersAnswer:
    """A page of members as it is told."""
    after, digest = -1, rule_hash(rule)
    if cursor is not None:
        as_of, after = page_of(cursor, digest)
    page = app.questions.members(principal, rule, as_of=as_of, after=after, limit=limit)
    following = None if page.after is None else cursor_of(digest, page.as_of, page.after)
    return MembersAnswer(user_ids=list(page.user_ids), next=following, as_of=page.as_of)


@ROUTER.post("/why", summary="Why one user is in or out of a rule", response_model_exclude_unset=True)
def why(question: WhyQuestion, app: InApp, principal: Seer) -> WhyAnswer:
    """Each node's verdict, and the value each condition compared, from that user's rows. Of a saved audience also since when."""
    rule = parse_rule(question.rule)
    key = None if question.audience is None else app.audiences.show(principal, question.audience).audience.id
    found = app.questions.why(principal, rule, question.user_id, as_of=moment_of(question.as_of, app.now()))
    answer = why_answer(rule, found)
    if key is None:
        return answer
    history = history_answer(app.movements.spells(principal, key, question.user_id))
    return answer.model_copy(update={"history": history})


def why_answer(rule: Rule, found: Why) -> WhyAnswer:
    """Why one user is in or out, as it is told."""
    return WhyAnswer(
        user_id=found.user_id,
        as_of=found.as_of,
        active=found.explanation.active,
        member=found.explanation.member,
        nodes=why_nodes(rule, found.explanation),
        thresholds=found.thresholds,
    )


def elapsed_ms(begun: float) -> float:
    """Milliseconds since then."""
    return round((perf_counter() - begun) * 1000, 3)
