"""Saved audiences: a rule with a name and a history."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

from fastapi import Depends, Query

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.exports import requested
from audience_builder.api.messages import (
    AudienceAnswer,
    AudiencesAnswer,
    CountAnswer,
    ExportAnswer,
    ExportForm,
    NewAudience,
    NewVersion,
    SavedAnswer,
    VersionAnswer,
)
from audience_builder.api.moment import moment_of
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.questions import count_answer
from audience_builder.api.reading import router
from audience_builder.audience import Draft, Saved
from audience_builder.rule.check import parse_rule

ROUTER = router("audiences", "/api/v1/audiences")
InApp = Annotated[App, Depends(app_of)]
Builder = Annotated[Principal, permitted(Permission.BUILD_RULES)]
Viewer = Annotated[Principal, permitted(Permission.SEE_AUDIENCES)]
Exporter = Annotated[Principal, permitted(Permission.REQUEST_EXPORT)]
AsOfQuery = Annotated[str | None, Query(max_length=40, description="A time with its zone, or a day in Korea.")]


@ROUTER.get("", summary="The saved audiences")
def list_audiences(app: InApp, principal: Viewer, archived: bool = False) -> AudiencesAnswer:
    """Newest first; with `archived`, those that were put away."""
    found = app.audiences.list(principal, archived=archived)
    return AudiencesAnswer(audiences=[AudienceAnswer.of(audience) for audience in found])


@ROUTER.post("", status_code=201, summary="Save a new audience")
def save_new(new: NewAudience, app: InApp, principal: Builder) -> SavedAnswer:
    """Version 1 of a rule under a name no other live audience has."""
    draft = Draft(rule=parse_rule(new.rule), description=new.description, tags=_tags(new.tags), note=new.note)
    return _said(app.audiences.save_new(principal, new.name, draft))


@ROUTER.get("/{audience}", summary="One audience with its versions")
def show(audience: str, app: InApp, principal: Viewer) -> SavedAnswer:
    """By id, or by the name of a live one."""
    return _said(app.audiences.show(principal, audience))


@ROUTER.put("/{audience}", summary="Save the next version")
def save_version(audience: str, new: NewVersion, app: InApp, principal: Builder) -> SavedAnswer:
    """Refused with 409 where somebody else saved a version since `expected_version`."""
    draft = Draft(rule=parse_rule(new.rule), description=new.description, tags=_tags(new.tags), note=new.note)
    return _said(app.audiences.save_version(principal, audience, draft, expected_version=new.expected_version))


@ROUTER.post("/{audience}/archive", summary="Put an audience away")
def archive(audience: str, app: InApp, principal: Builder) -> SavedAnswer:
    """It keeps its history; its name becomes free."""
    return _said(app.audiences.archive(principal, audience))


@ROUTER.post("/{audience}/restore", summary="Bring an archived audience back")
def restore(audience: str, app: InApp, principal: Builder) -> SavedAnswer:
    """By its id. Refused with 409 where its name is taken by now."""
    return _said(app.audiences.restore(principal, audience))


@ROUTER.get("/{audience}/count", summary="How many users a saved audience means")
def count(audience: str, app: InApp, principal: Viewer, as_of: AsOfQuery = None) -> CountAnswer:
    """Its newest version, counted now or as of another moment."""
    saved = app.audiences.show(principal, audience)
    rule, moment = saved.rule(), moment_of(as_of, app.now())
    begun = perf_counter()
    found = app.questions.count_saved(principal, saved.audience.id, rule, as_of=moment)
    return count_answer(app, rule, found, begun)


@ROUTER.post("/{audience}/export", status_code=202, summary="Request an export of a saved audience")
def export(audience: str, form: ExportForm, app: InApp, principal: Exporter) -> ExportAnswer:
    """A job of its newest version: look at it under /api/v1/exports/{id}."""
    saved = app.audiences.show(principal, audience)
    return requested(app, principal, form, saved.rule(), (saved.audience.id, saved.audience.version))


def _tags(tags: list[str] | None) -> tuple[str, ...] | None:
    return None if tags is None else tuple(dict.fromkeys(tags))


def _said(saved: Saved) -> SavedAnswer:
    audience = AudienceAnswer.of(saved.audience)
    return SavedAnswer(**audience.model_dump(), versions=[VersionAnswer.of(entry) for entry in saved.versions])
