"""Where the live connection is opened: one address, one permission, one hub a process."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, FastAPI, WebSocket

from audience_builder.access import Permission, Principal
from audience_builder.api.live.hub import Hub
from audience_builder.api.permission import permitted
from audience_builder.api.who import while_allowed
from audience_builder.errors import BusyError

ROUTER = APIRouter(prefix="/api/v1", tags=["live"])
Builder = Annotated[Principal, permitted(Permission.BUILD_RULES)]


@ROUTER.websocket("/live")
async def live(websocket: WebSocket, principal: Builder) -> None:
    """Rules in, exact numbers out, again whenever the data moves."""
    hub = hub_of(websocket.app)
    if not hub.has_room:
        raise BusyError("too many are connected at once", fix="Try again in a moment; POST /count still answers.")
    await websocket.accept()
    await while_allowed(websocket, Permission.BUILD_RULES, hub.serve(websocket, principal))


def hub_of(api: FastAPI) -> Hub:
    """The hub of this process, made for the first connection."""
    found: Hub | None = getattr(api.state, "live", None)
    if found is None:
        found = api.state.live = Hub(api.state.app)
    return found
