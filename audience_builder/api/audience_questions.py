"""Questions about saved audiences: how many, how they split, who, how they changed and how they overlap."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

from fastapi import Depends, Query

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.audience_messages import (
    ChangeAnswer,
    ComparedAnswer,
    DiffAnswer,
    OverlapAnswer,
    OverlapQuestion,
    RegionAnswer,
    SizeAnswer,
    SizesAnswer,
)
from audience_builder.api.exports import requested
from audience_builder.api.insight_messages import ReachAnswer
from audience_builder.api.insights import reach_answer
from audience_builder.api.messages import CountAnswer, ExportAnswer, ExportForm, FacetsAnswer, MembersAnswer
from audience_builder.api.moment import moment_of
from audience_builder.api.movement_messages import MovementsAnswer
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.questions import count_answer, elapsed_ms, facets_answer, members_page
from audience_builder.api.reading import router
from audience_builder.audience.movements import By
from audience_builder.rule.check import to_json
from audience_builder.rule.diff import changes

ROUTER = router("audiences", "/api/v1/audiences")
InApp = Annotated[App, Depends(app_of)]
Explorer = Annotated[Principal, permitted(Permission.EXPLORE_RULES)]
Viewer = Annotated[Principal, permitted(Permission.SEE_AUDIENCES)]
Seer = Annotated[Principal, permitted(Permission.SEE_MEMBERS)]
Exporter = Annotated[Principal, permitted(Permission.REQUEST_EXPORT)]
AsOfQuery = Annotated[str | None, Query(max_length=40, description="A time with its zone, or a day in Korea.")]


@ROUTER.post("/overlap", summary="How audiences overlap")
def overlap(question: OverlapQuestion, app: InApp, principal: Explorer) -> OverlapAnswer:
    """Of up to six audiences every region, worked out in one pass over their sets, each with a rule that means it."""
    saved = [app.audiences.show(principal, audience) for audience in question.audiences]
    as_of, begun = moment_of(question.as_of, app.now()), perf_counter()
    found = app.questions.overlap(principal, [each.rule() for each in saved], as_of=as_of)
    compared = [
        ComparedAnswer(id=each.audience.id, name=each.audience.name, version=each.audience.version, count=count)
        for each, count in zip(saved, found.sizes, strict=True)
    ]
    regions = [
        RegionAnswer(
            audiences=[compared[place].id for place in region.inside],
            count=region.count,
            rule=to_json(region.rule) if question.rules and region.rule else None,
        )
        for region in found.regions
    ]
    return OverlapAnswer(
        audiences=compared,
        regions=regions,
        union=found.union,
        base=found.base,
        as_of=found.as_of,
        mart_version=found.mart_version,
        elapsed_ms=elapsed_ms(begun),
    )


@ROUTER.get("/{audience}/sizes", summary="How large an audience was, day by day")
def sizes(
    audience: str, app: InApp, principal: Viewer, days: Annotated[int, Query(ge=1, le=1_100)] = 365
) -> SizesAnswer:
    """The last size of each day it was counted on, oldest first."""
    key = app.audiences.show(principal, audience).audience.id
    found = app.audiences.history(principal, [key], days=days)[key]
    return SizesAnswer(sizes=[SizeAnswer.model_validate(size) for size in found])


@ROUTER.get("/{audience}/movements", summary="Who entered and left an audience, by number and cause")
def movements(
    audience: str,
    app: InApp,
    principal: Viewer,
    by: Annotated[By, Query(description="A day is one in Korea.")] = By.DAY,
    days: Annotated[int, Query(ge=1, le=1_100, description="So many days, today included; by hour 31 at most.")] = 30,
) -> MovementsAnswer:
    """Oldest first, every hour or day since recording began, also those in which nobody moved."""
    key = app.audiences.show(principal, audience).audience.id
    return MovementsAnswer.model_validate(app.movements.of(principal, key, by=by, days=days))


@ROUTER.get("/{audience}/diff", summary="What changed from one version to another")
def diff(
    audience: str,
    app: InApp,
    principal: Viewer,
    before: Annotated[int, Query(ge=1)],
    after: Annotated[int | None, Query(ge=1, description="Default: the newest.")] = None,
) -> DiffAnswer:
    """Nodes that came, went or moved, and the parts of conditions that differ, in words and as values."""
    saved = app.audiences.show(principal, audience)
    found = changes(saved.rule(before), saved.rule(after))
    return DiffAnswer(changes=[ChangeAnswer.of(change) for change in found])


@ROUTER.get("/{audience}/count", summary="How many users a saved audience means")
def count(audience: str, app: InApp, principal: Viewer, as_of: AsOfQuery = None) -> CountAnswer:
    """Its newest version, counted now or as of another moment."""
    saved = app.audiences.show(principal, audience)
    rule, moment = saved.rule(), moment_of(as_of, app.now())
    begun = perf_counter()
    found = app.questions.count_saved(principal, saved.audience.id, rule, as_of=moment)
    return count_answer(app, rule, found, begun)


@ROUTER.get("/{audience}/facets", summary="How a saved audience splits over the filters")
def facets(
    audience: str,
    app: InApp,
    principal: Explorer,
    filters: Annotated[list[str] | None, Query(max_length=100)] = None,
    as_of: AsOfQuery = None,
) -> FacetsAnswer:
    """Its newest version, over all filters or those named."""
    rule, moment = app.audiences.show(principal, audience).rule(), moment_of(as_of, app.now())
    return facets_answer(app, principal, rule, moment, filters)


@ROUTER.get("/{audience}/reach", summary="Whom of a saved audience each channel reaches")
def reach(audience: str, app: InApp, principal: Explorer, as_of: AsOfQuery = None) -> ReachAnswer:
    """By consent, with and without the night."""
    rule, moment = app.audiences.show(principal, audience).rule(), moment_of(as_of, app.now())
    begun = perf_counter()
    return reach_answer(app.questions.reach(principal, rule, as_of=moment), begun)


@ROUTER.get("/{audience}/members", summary="A page of a saved audience's users")
def members(
    audience: str,
    app: InApp,
    principal: Seer,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
    as_of: AsOfQuery = None,
) -> MembersAnswer:
    """Pseudonymous ids in a fixed order; all pages of a cursor are about the same moment."""
    rule, moment = app.audiences.show(principal, audience).rule(), moment_of(as_of, app.now())
    return members_page(app, principal, rule, as_of=moment, cursor=cursor, limit=limit)


@ROUTER.post("/{audience}/export", status_code=202, summary="Request an export of a saved audience")
def export(audience: str, form: ExportForm, app: InApp, principal: Exporter) -> ExportAnswer:
    """A job of its newest version: look at it under /api/v1/exports/{id}."""
    saved = app.audiences.show(principal, audience)
    return requested(app, principal, form, saved.rule(), (saved.audience.id, saved.audience.version))
