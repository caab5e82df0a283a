"""Is it alive, can it count, and how old is what it counts?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Depends

from audience_builder.access import Permission
from audience_builder.api.app import App
from audience_builder.api.messages import FreshnessAnswer, HealthAnswer
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.errors import BusyError

ROUTER = router("health")
InApp = Annotated[App, Depends(app_of)]
_OPEN = [permitted(Permission.OPEN)]


@ROUTER.get("/health/live", summary="Is the process alive?", dependencies=_OPEN)
async def live() -> HealthAnswer:
    """200 as long as it answers at all."""
    return HealthAnswer(status="alive")


@ROUTER.get("/health/ready", summary="Can it count?", dependencies=_OPEN)
def ready(app: InApp) -> HealthAnswer:
    """503 while the first index is being built."""
    if app.freshness().index == "building":
        raise BusyError("the index is being built", fix="Ask again in a few seconds.")
    return HealthAnswer(status="ready")


@ROUTER.get("/freshness", summary="How old is the newest answer?", dependencies=[permitted(Permission.SIGNED_IN)])
def freshness(app: InApp) -> FreshnessAnswer:
    """The mart's version and latest event, and the version counts come from."""
    return FreshnessAnswer(**asdict(app.freshness()), waiting=app.waiting())
