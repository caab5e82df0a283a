"""Requests read with orjson, which is fast and does not recurse into what is nested without end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute


class _OrjsonRequest(Request):
    async def json(self) -> Any:
        """The body, decoded. Raises JSONDecodeError, which becomes a problem."""
        return orjson.loads(await self.body())


class _OrjsonRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, given a request that reads JSON our way."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            return await handle(_OrjsonRequest(request.scope, request.receive))

        return handler


def router(tag: str, prefix: str = "/api/v1") -> APIRouter:
    """A router whose endpoints read JSON our way and stand under one heading of the documentation."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=_OrjsonRoute)
