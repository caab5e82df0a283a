"""Requests read with orjson, which is fast and does not recurse into what is nested without end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from audience_builder.access.personal import refuse_personal


class _OrjsonRequest(Request):
    _said: Any = None

    async def json(self) -> Any:
        """The body, decoded. Raises JSONDecodeError, which becomes a problem."""
        if self._said is None:
            self._said = orjson.loads(await self.body())
        return self._said


class _ContactRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given a request that reads JSON our way."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            asked = _OrjsonRequest(request.scope, request.receive)
            await self.look_at(asked)
            return await handle(asked)

        return handler

    async def look_at(self, asked: Request) -> None:
        """Anything may be in the body."""


class _CleanRoute(_ContactRoute):
    async def look_at(self, asked: Request) -> None:
        """Raise PersonalDataError where the body holds personal data."""
        if not await asked.body():
            return
        try:
            said = await asked.json()
        except orjson.JSONDecodeError:
            return  # whoever reads it says so
        refuse_personal(said)


def router(tag: str, prefix: str = "/api/v1", *, takes_contacts: bool = False) -> APIRouter:
    """A router whose endpoints read JSON our way and stand under one heading of the documentation.

    A body with an e-mail address, a phone, resident or card number or a push token in it is refused, wherever it stands: what
    people type is kept in audiences, purposes and notes. `takes_contacts` is for the few endpoints that are given one.
    """
    return APIRouter(prefix=prefix, tags=[tag], route_class=_ContactRoute if takes_contacts else _CleanRoute)
