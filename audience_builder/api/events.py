"""Events of travellers on their way in, and how the stream they go through stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.event_messages import (
    DeadLetterAnswer,
    DeadLettersAnswer,
    EventsAnswer,
    PipelineAnswer,
    ReplayAnswer,
    ReplayForm,
    StagePlace,
)
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.apply.collector import LINES
from audience_builder.errors import InputError

ROUTER = router("events", takes_contacts=True)  # looked at field by field, and not repeated
InApp = Annotated[App, Depends(app_of)]
Loader = Annotated[Principal, permitted(Permission.LOAD_DATA)]
Sender = Annotated[Principal, permitted(Permission.SEND_EVENTS)]
_MEDIA_TYPES = (LINES, "application/json")


async def _said(request: Request) -> tuple[bytes, str]:
    """The body as it is, and what it says it is. Raises InputError for anything but JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES:
        raise InputError("events are sent as JSON", fix=f"Say Content-Type: {' or '.join(_MEDIA_TYPES)}.")
    return await request.body(), media_type


@ROUTER.post("/events", summary="Send events")
def send(app: InApp, principal: Sender, said: Annotated[tuple[bytes, str], Depends(_said)]) -> EventsAnswer:
    """Take an event, a list of them, or one a line (`application/x-ndjson`, best a thousand or more at once); docs/events.md.

    What is accepted is on the disk, and counts once however often it is sent within 24 hours; each refused one is named with its
    line and fault. 429 with Retry-After where too much waits.
    """
    with app.store.unit(principal) as unit:  # who sent, before anything is taken
        unit.audit("events.send", "stream", bytes=len(said[0]))
    taken = app.collector.take(*said)
    return EventsAnswer.of(taken)


@ROUTER.get("/pipeline", summary="How the stream stands", dependencies=[permitted(Permission.SIGNED_IN)])
def pipeline(app: InApp) -> PipelineAnswer:
    """For each source: how far it is applied, what became of what it held, and how much waits."""
    return PipelineAnswer(sources=[StagePlace.of(lag) for lag in app.applier.lags()], problem=app.freshness().problem)


@ROUTER.get("/dead-letters", summary="What could not be applied")
def dead_letters(app: InApp, principal: Loader, limit: int = 100) -> DeadLettersAnswer:
    """The newest first, without what stood there: that is sealed."""
    with app.store.unit(principal) as unit:
        unit.audit("dead-letters.list", "stream")
    found = app.applier.dead_entries(min(max(limit, 1), 1_000))
    return DeadLettersAnswer(letters=[DeadLetterAnswer.of(each) for each in found])


@ROUTER.post("/dead-letters/replay", summary="Try again what could not be applied")
def replay(form: ReplayForm, app: InApp, principal: Loader) -> ReplayAnswer:
    """Put what was put aside for a reason into the stream again, at most ten thousand at once: late events, or what was mended."""
    with app.store.unit(principal) as unit:
        unit.audit("dead-letters.replay", "stream", reason=form.reason)
    return ReplayAnswer(replayed=app.applier.replay(form.reason))
