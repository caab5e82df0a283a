"""Questions that help to build a rule: what narrows it, what would widen it, whom it reaches, and what is known at all."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

from fastapi import Depends

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.insight_messages import (
    BaseAnswer,
    ChannelAnswer,
    CountsAnswer,
    CountsQuestion,
    CoverageAnswer,
    DaysAnswer,
    KnowsAnswer,
    NarrowingAnswer,
    NarrowsAnswer,
    ReachAnswer,
    ReachQuestion,
    RelaxAnswer,
    RelaxationAnswer,
    SampleAnswer,
    SampleQuestion,
    WindowsAnswer,
    WindowsQuestion,
)
from audience_builder.api.messages import FacetLineAnswer, Question
from audience_builder.api.moment import moment_of
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.questions import elapsed_ms, why_answer
from audience_builder.api.reading import router
from audience_builder.audience.narrowing import Narrowing
from audience_builder.audience.reach import Reach
from audience_builder.clock import day_of
from audience_builder.errors import InputError
from audience_builder.rule.calendar import is_window_known, resolved
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.window import Named

ROUTER = router("insights")
InApp = Annotated[App, Depends(app_of)]
Explorer = Annotated[Principal, permitted(Permission.EXPLORE_RULES)]
Seer = Annotated[Principal, permitted(Permission.SEE_MEMBERS)]


@ROUTER.post("/counts", summary="How many users each of many rules means")
def counts(question: CountsQuestion, app: InApp, principal: Explorer) -> CountsAnswer:
    """Up to 100 rules, of one moment and one state of the data; what they share is worked out once."""
    rules, as_of = [parse_rule(rule) for rule in question.rules], moment_of(question.as_of, app.now())
    begun = perf_counter()
    found = app.questions.counts(principal, rules, as_of=as_of)
    return CountsAnswer(
        counts=list(found.counts),
        base=found.base,
        as_of=found.as_of,
        mart_version=found.mart_version,
        elapsed_ms=elapsed_ms(begun),
    )


@ROUTER.get("/base", summary="How many users there are")
def base(app: InApp, principal: Explorer) -> BaseAnswer:
    """Everybody active: whom a rule may mean at most."""
    begun = perf_counter()
    found = app.questions.counts(principal, ())
    return BaseAnswer(base=found.base, as_of=found.as_of, mart_version=found.mart_version, elapsed_ms=elapsed_ms(begun))


@ROUTER.post("/narrowing", summary="What limits an audience")
def narrowing(question: Question, app: InApp, principal: Explorer) -> NarrowingAnswer:
    """Each node alone, the rule without it, and what remains step by step; of a rule of nobody, what makes it so."""
    rule, as_of = parse_rule(question.rule), moment_of(question.as_of, app.now())
    begun = perf_counter()
    found = app.questions.narrowing(principal, rule, as_of=as_of)
    return narrowing_answer(found, begun)


def narrowing_answer(found: Narrowing, begun: float) -> NarrowingAnswer:
    """What limits an audience, as it is told."""
    return NarrowingAnswer(
        count=found.total,
        base=found.base,
        first_zero=next((node.node for node in found.nodes if node.remaining == 0), None),
        nodes=[NarrowsAnswer.model_validate(node, from_attributes=True) for node in found.nodes],
        as_of=found.as_of,
        mart_version=found.mart_version,
        elapsed_ms=elapsed_ms(begun),
    )


@ROUTER.post("/relax", summary="Gentler forms of a rule, each with its count")
def relax(question: Question, app: InApp, principal: Explorer) -> RelaxAnswer:
    """A wider window, a lower threshold, the next region up, a property or a condition less: those that mean more users."""
    rule, as_of = parse_rule(question.rule), moment_of(question.as_of, app.now())
    begun = perf_counter()
    found = app.questions.relaxed(principal, rule, as_of=as_of)
    return RelaxAnswer(
        count=found.total,
        base=found.base,
        relaxations=[
            RelaxationAnswer(
                node=entry.way.node,
                kind=entry.way.kind,
                ko=entry.way.ko,
                en=entry.way.en,
                count=entry.count,
                rule=None if entry.way.rule is None else to_json(entry.way.rule),
            )
            for entry in found.found
        ],
        as_of=found.as_of,
        mart_version=found.mart_version,
        elapsed_ms=elapsed_ms(begun),
    )


@ROUTER.post("/reach", summary="Whom of an audience each channel reaches")
def reach(question: ReachQuestion, app: InApp, principal: Explorer) -> ReachAnswer:
    """By consent, with and without the night; without a rule, of everybody."""
    rule = None if question.rule is None else parse_rule(question.rule)
    as_of = moment_of(question.as_of, app.now())
    begun = perf_counter()
    return reach_answer(app.questions.reach(principal, rule, as_of=as_of), begun)


def reach_answer(found: Reach, begun: float) -> ReachAnswer:
    """A reach as it is told."""
    return ReachAnswer(
        count=found.total,
        base=found.base,
        channels=[ChannelAnswer.model_validate(channel, from_attributes=True) for channel in found.channels],
        any=found.any,
        none=found.none,
        as_of=found.as_of,
        mart_version=found.mart_version,
        elapsed_ms=elapsed_ms(begun),
    )


@ROUTER.get("/coverage", summary="What each filter knows of everybody")
def coverage(app: InApp, principal: Explorer) -> CoverageAnswer:
    """By its default measure and window: of how many users it has an answer, and how they split."""
    begun = perf_counter()
    found = app.questions.coverage(principal)
    filters = [
        KnowsAnswer(
            filter=entry.filter,
            known=entry.known,
            some=entry.some,
            lines=[FacetLineAnswer.model_validate(line, from_attributes=True) for line in entry.facet.lines],
        )
        for entry in found.filters
    ]
    return CoverageAnswer(
        base=found.base,
        filters=filters,
        as_of=found.as_of,
        mart_version=found.mart_version,
        elapsed_ms=elapsed_ms(begun),
    )


@ROUTER.post("/sample", summary="A few members of a rule, with why", response_model_exclude_unset=True)
def sample(question: SampleQuestion, app: InApp, principal: Seer) -> SampleAnswer:
    """Pseudonymous, spread over all members, the same ones for the same rule and data."""
    rule, as_of = parse_rule(question.rule), moment_of(question.as_of, app.now()) or app.now()
    begun = perf_counter()
    found = app.questions.sample(principal, rule, as_of=as_of, wanted=question.n)
    members = [why_answer(rule, why) for why in found]
    return SampleAnswer(as_of=as_of, elapsed_ms=elapsed_ms(begun), members=members)


@ROUTER.post("/windows", summary="Which days windows mean", dependencies=[permitted(Permission.SIGNED_IN)])
def windows(question: WindowsQuestion, app: InApp) -> WindowsAnswer:
    """Seen from a moment (default: now), in days of Korea."""
    day = day_of(moment_of(question.as_of, app.now()) or app.now())
    unknown = [
        window.name for window in question.windows if isinstance(window, Named) and not is_window_known(window.name)
    ]
    if unknown:
        raise InputError(f"no named window {unknown[0]!r:.40}", fix="The catalog lists the seasons.")
    return WindowsAnswer(
        day=day.isoformat(),
        windows=[[DaysAnswer(**days) for days in resolved(window, day)] for window in question.windows],
    )
