"""The API asked without a network: every header and byte of an answer can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Receive, Scope, Send

from audience_builder.access import Principal
from audience_builder.api import App
from audience_builder.api.http import create_api
from audience_builder.api.permission import LOCAL

HOST = "http://localhost:8080"


class Client:
    """Sends requests to the API as somebody on this machine would."""

    def __init__(self, client: httpx.AsyncClient, portal: Any) -> None:
        self._client = client
        self._portal = portal

    def request(self, method: str, path: str, **words: Any) -> httpx.Response:
        where = path if path.startswith(("/api", "/assets")) or path in ("/", "/openapi.json") else f"/api/v1{path}"
        return self._portal.call(partial(self._client.request, method, where, **words))

    def page(self, path: str) -> httpx.Response:
        """What stands at an address outside the API."""
        return self._portal.call(partial(self._client.request, "GET", path))

    def get(self, path: str, **words: Any) -> httpx.Response:
        return self.request("GET", path, **words)

    def post(self, path: str, json: Any = None, **words: Any) -> httpx.Response:
        return self.request("POST", path, json=json, **words)

    def put(self, path: str, json: Any = None, **words: Any) -> httpx.Response:
        return self.request("PUT", path, json=json, **words)


@contextmanager
def asking(app: App, *, local: bool = False) -> Iterator[Client]:
    """A client of the API over `app`; `local` comes from who owns the data directory."""
    with start_blocking_portal() as portal:
        transport = httpx.ASGITransport(_marked(create_api(app), local), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=HOST)
        try:
            yield Client(client, portal)
        finally:
            portal.call(client.aclose)


def _marked(api: ASGIApp, local: bool) -> ASGIApp:
    async def marked(scope: Scope, receive: Receive, send: Send) -> None:
        await api({**scope, LOCAL: local}, receive, send)

    return marked


def as_principal(app: App, principal: Principal) -> App:
    """The same product, asked by somebody else."""
    from dataclasses import replace

    return replace(app, principal=principal)
