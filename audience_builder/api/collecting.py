"""Events from browsers on other sites, and the keys they come with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.event_messages import EventsAnswer
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.problem import problem_of
from audience_builder.api.reading import router
from audience_builder.apply.collector import Bounds
from audience_builder.errors import AudienceBuilderError

ROUTER = router("collecting", takes_contacts=True)  # looked at field by field, and not repeated
KEYS = router("browser_keys", "/api/v1/browser-keys")
InApp = Annotated[App, Depends(app_of)]
Admin = Annotated[Principal, permitted(Permission.ADMINISTER)]

BOUNDS = Bounds(most=100, oldest=timedelta(hours=24))
"""What a browser sends at once."""

_OPEN = [permitted(Permission.OPEN)]


class BrowserKeyForm(BaseModel):
    """Which site a key is for, and the origins of its pages."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"label": "shop", "origins": ["https://www.example.com"]}]},
    )

    label: Annotated[str, Field(min_length=1, max_length=100)]
    origins: Annotated[list[Annotated[str, Field(max_length=300)]], Field(min_length=1, max_length=20)]


class BrowserKeyAnswer(BaseModel):
    """A key, which is no secret, and where it holds."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    label: str
    origins: list[str]
    created_at: datetime
    created_by: str


class BrowserKeysAnswer(BaseModel):
    """All of them, the newest first."""

    model_config = ConfigDict(frozen=True)

    keys: list[BrowserKeyAnswer]


@KEYS.get("", summary="List the keys of browsers")
def list_keys(app: InApp, principal: Admin) -> BrowserKeysAnswer:
    """The newest first."""
    found = app.identity.browser_keys.list(principal)
    return BrowserKeysAnswer(keys=[BrowserKeyAnswer.model_validate(each) for each in found])


@KEYS.post("", status_code=201, summary="Make a key for browsers")
def create_key(form: BrowserKeyForm, app: InApp, principal: Admin) -> BrowserKeyAnswer:
    """For pages of exactly these origins; it sends events and does nothing else."""
    return BrowserKeyAnswer.model_validate(app.identity.browser_keys.create(principal, form.label, form.origins))


@KEYS.delete("/{browser_key}", status_code=204, summary="Revoke a key of browsers")
def revoke_key(browser_key: str, app: InApp, principal: Admin) -> Response:
    """At once here, within 5 seconds on other servers."""
    app.identity.browser_keys.revoke(principal, browser_key)
    return Response(status_code=204)


@ROUTER.options("/collect/{browser_key}", include_in_schema=False, dependencies=_OPEN)
def preflight(browser_key: str, request: Request, app: InApp) -> Response:
    """Whether a page of that origin may send here."""
    origin = request.headers.get("origin", "")
    app.identity.browser_keys.check(browser_key, origin)
    allowed = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=_shared(origin) | allowed)


async def _body(request: Request) -> bytes:
    return await request.body()


@ROUTER.post(
    "/collect/{browser_key}", response_model=EventsAnswer, dependencies=_OPEN, summary="Send events from a browser"
)
def collect(browser_key: str, request: Request, app: InApp, body: Annotated[bytes, Depends(_body)]) -> Response:
    """Take an event or a list of at most 100 (64 kB) of the last 24 hours, as JSON under any Content-Type (docs/events.md).

    Cookies and `Authorization` are not looked at. The answer speaks of what was sent, never of what is known: 404 for a key that
    does not hold for the page's origin, 429 with Retry-After where it has sent too much.
    """
    origin = request.headers.get("origin", "")
    app.identity.browser_keys.check(browser_key, origin)
    try:
        app.identity.browser_keys.spend(browser_key, len(body))
        taken = app.collector.take(body, "application/json", bounds=BOUNDS)
    except AudienceBuilderError as error:  # the page is told when to try again
        return _told(problem_of(error), origin)
    answer = EventsAnswer.of(taken)
    return _told(Response(answer.model_dump_json(), media_type="application/json"), origin)


def _told(answer: Response, origin: str) -> Response:
    answer.headers.update(_shared(origin))
    return answer


def _shared(origin: str) -> dict[str, str]:
    """What lets a page of that origin read the answer; without cookies, which are not allowed along."""
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Origin",
    }
