"""Saved audiences: a rule with a name and a history."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Query
from fastapi.responses import Response

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.audience_messages import (
    AudiencesAnswer,
    AudienceWish,
    CopyWish,
    DaySize,
    ListedAnswer,
    ListWish,
    TagAnswer,
    TagsAnswer,
    saved_answer,
)
from audience_builder.api.messages import AudienceAnswer, NewAudience, NewVersion, SavedAnswer
from audience_builder.api.moment import list_cursor, list_place
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.audience import Draft, Saved, Wish
from audience_builder.errors import InputError
from audience_builder.rule.check import parse_rule
from audience_builder.store import AudienceQuery
from audience_builder.store.searching import words_of

ROUTER = router("audiences", "/api/v1/audiences")
InApp = Annotated[App, Depends(app_of)]
Builder = Annotated[Principal, permitted(Permission.BUILD_RULES)]
Viewer = Annotated[Principal, permitted(Permission.SEE_AUDIENCES)]
IfMatch = Annotated[
    str | None, Header(max_length=40, description="The revision the change was made from, as its ETag.")
]

_SHOWN_DAYS = 30


@ROUTER.get("", summary="The saved audiences")
def list_audiences(app: InApp, principal: Viewer, wish: Annotated[ListWish, Query()]) -> AudiencesAnswer:
    """Found by name, tag, owner, description and rule; newest first; with `archived`, those that were put away."""
    query = AudienceQuery(
        words=tuple(words_of(wish.q)),
        owner=wish.owner,
        tag=wish.tag,
        archived=wish.archived,
        sort=wish.sort.removeprefix("-"),
        descending=wish.sort.startswith("-"),
        after=None if wish.cursor is None else list_place(wish.cursor, wish.sort),
        limit=wish.limit,
    )
    page = app.audiences.page(principal, query)
    sizes = app.audiences.history(principal, [audience.id for audience in page.audiences], days=_SHOWN_DAYS)
    version = app.version()
    listed = [
        ListedAnswer(
            **AudienceAnswer.of(audience).model_dump(),
            sizes=[DaySize(day=size.day, size=size.size) for size in sizes[audience.id]],
            is_current=audience.sized_version == version,
        )
        for audience in page.audiences
    ]
    following = None if page.after is None else list_cursor(wish.sort, page.after)
    return AudiencesAnswer(audiences=listed, total=page.total, next=following)


@ROUTER.post("", status_code=201, summary="Save a new audience")
def save_new(new: NewAudience, app: InApp, principal: Builder, response: Response) -> SavedAnswer:
    """Version 1 of a rule under a name no other live audience has."""
    draft = Draft(rule=parse_rule(new.rule), description=new.description, tags=_tags(new.tags), note=new.note)
    return _said(app.audiences.save_new(principal, new.name, draft), response)


@ROUTER.get("/tags", summary="The tags of all audiences")
def tags(app: InApp, principal: Viewer) -> TagsAnswer:
    """Of live audiences, each with how many have it."""
    found = app.audiences.tags(principal)
    return TagsAnswer(tags=[TagAnswer(tag=tag, count=count) for tag, count in found.items()])


@ROUTER.get("/{audience}", summary="One audience with its versions")
def show(audience: str, app: InApp, principal: Viewer, response: Response) -> SavedAnswer:
    """By id, or by the name of a live one."""
    return _said(app.audiences.show(principal, audience), response)


@ROUTER.put("/{audience}", summary="Save the next version")
def save_version(
    audience: str, new: NewVersion, app: InApp, principal: Builder, response: Response, if_match: IfMatch = None
) -> SavedAnswer:
    """Refused with 409 where somebody else changed it meanwhile: `conflict` says how it is now, and what changed."""
    draft = Draft(rule=parse_rule(new.rule), description=new.description, tags=_tags(new.tags), note=new.note)
    revision = _revision(if_match, new.expected_revision)
    if revision is None and new.expected_version is None:
        raise InputError("it is not said what the change was made from", fix="Send expected_version or If-Match.")
    version = new.expected_version
    return _said(
        app.audiences.save_version(principal, audience, draft, expected_version=version, expected_revision=revision),
        response,
    )


@ROUTER.patch("/{audience}", summary="Rename, describe, tag or hand over an audience")
def rename(
    audience: str, wish: AudienceWish, app: InApp, principal: Builder, response: Response, if_match: IfMatch = None
) -> SavedAnswer:
    """Its rule stays. With an expected revision, refused with 409 where somebody else changed it meanwhile."""
    asked = Wish(name=wish.name, description=wish.description, tags=_tags(wish.tags), owner=wish.owner)
    revision = _revision(if_match, wish.expected_revision)
    return _said(app.audiences.rename(principal, audience, asked, expected_revision=revision), response)


@ROUTER.post("/{audience}/duplicate", status_code=201, summary="Copy an audience")
def duplicate(audience: str, wish: CopyWish, app: InApp, principal: Builder, response: Response) -> SavedAnswer:
    """One's own, version 1 of its newest rule."""
    return _said(app.audiences.duplicate(principal, audience, wish.name), response)


@ROUTER.post("/{audience}/archive", summary="Put an audience away")
def archive(audience: str, app: InApp, principal: Builder, response: Response) -> SavedAnswer:
    """It keeps its history; its name becomes free."""
    return _said(app.audiences.archive(principal, audience), response)


@ROUTER.post("/{audience}/restore", summary="Bring an archived audience back")
def restore(audience: str, app: InApp, principal: Builder, response: Response) -> SavedAnswer:
    """By its id. Refused with 409 where its name is taken by now."""
    return _said(app.audiences.restore(principal, audience), response)


def _said(saved: Saved, response: Response) -> SavedAnswer:
    response.headers["ETag"] = f'"{saved.audience.revision}"'
    return saved_answer(saved)


def _tags(tags: list[str] | None) -> tuple[str, ...] | None:
    return None if tags is None else tuple(dict.fromkeys(tags))


def _revision(if_match: str | None, given: int | None) -> int | None:
    if if_match is None or if_match == "*":
        return given
    digits = if_match.removeprefix("W/").strip('"')
    if not digits.isdecimal():
        raise InputError(f"no ETag of ours: {if_match:.40}", fix="Send the ETag that came with the audience.")
    return int(digits)
