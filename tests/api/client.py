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
from audience_builder.identity import Origin
from audience_builder.identity.secrets import csrf_of
from audience_builder.store import Account, AccountKind

HOST = "http://localhost:8080"
PAGES = ("/api", "/sign", "/setup", "/assets", "/openapi.json")


class Client:
    """Sends requests to the API as a browser that is signed in would."""

    def __init__(self, client: httpx.AsyncClient, portal: Any) -> None:
        self.raw = client
        self._portal = portal

    def request(self, method: str, path: str, **words: Any) -> httpx.Response:
        where = path if path == "/" or path.startswith(PAGES) else f"/api/v1{path}"
        return self._portal.call(partial(self.raw.request, method, where, **words))

    def bare(self, method: str, path: str, **words: Any) -> httpx.Response:
        """A request to exactly this address."""
        return self._portal.call(partial(self.raw.request, method, path, **words))

    def call(self, run: Any, *words: Any) -> Any:
        """Something else that runs where the requests run."""
        return self._portal.call(run, *words)

    def page(self, path: str) -> httpx.Response:
        """What stands at an address outside the API."""
        return self._portal.call(partial(self.raw.request, "GET", path))

    def get(self, path: str, **words: Any) -> httpx.Response:
        return self.request("GET", path, **words)

    def post(self, path: str, json: Any = None, **words: Any) -> httpx.Response:
        return self.request("POST", path, json=json, **words)

    def put(self, path: str, json: Any = None, **words: Any) -> httpx.Response:
        return self.request("PUT", path, json=json, **words)

    def delete(self, path: str, **words: Any) -> httpx.Response:
        return self.request("DELETE", path, **words)


@contextmanager
def asking(app: App, *, local: bool = False, signed_in: bool = True, host: str = HOST) -> Iterator[Client]:
    """A client of the API over `app`, signed in as its principal; `local` comes from who owns the data directory."""
    headers = session_of(app) if signed_in and not local else {}
    with start_blocking_portal() as portal:
        transport = httpx.ASGITransport(_marked(create_api(app), local), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=host, headers=headers)
        try:
            yield Client(client, portal)
        finally:
            portal.call(client.aclose)


def session_of(app: App, principal: Principal | None = None) -> dict[str, str]:
    """What a browser sends in which that principal (default: the app's) is signed in: the cookie, and the proof of our page."""
    secret = begun(app, principal or app.principal)
    return {"Cookie": f"{app.identity.cookie}={secret}", "X-CSRF-Token": csrf_of(secret)}


def begun(app: App, principal: Principal) -> str:
    """The secret of a new session of that principal, whose account is made where there is none."""
    with app.store.unit(principal) as unit:
        account = unit.accounts.find(principal.id)
        if account is None:
            account = account_of(app, principal)
            unit.accounts.add(account)
            unit.audit("account.create", account.id)
    return app.identity.sessions.begin(account, Origin(), how="test").secret


def account_of(app: App, principal: Principal) -> Account:
    """An account with that principal's id, name and roles."""
    return Account(
        id=principal.id, kind=AccountKind.LOCAL, name=principal.name, roles=principal.roles, created_at=app.now()
    )


def _marked(api: ASGIApp, local: bool) -> ASGIApp:
    async def marked(scope: Scope, receive: Receive, send: Send) -> None:
        await api({**scope, LOCAL: local}, receive, send)

    return marked


def as_principal(app: App, principal: Principal) -> App:
    """The same product, asked by somebody else."""
    from dataclasses import replace

    return replace(app, principal=principal)
