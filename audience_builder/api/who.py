"""Who sends a request or opens a connection: the owner of this machine, a session's cookie, a token, or nobody.

A live connection is let in by the same cookie or token as a request. What is found at its handshake does not hold for as long
as it is open: `while_allowed` runs it only until its session ends, its account is locked out or its roles change:

    @ROUTER.websocket("/somewhere")
    async def somewhere(websocket: WebSocket, principal: Annotated[Principal, permitted(Permission.BUILD_RULES)]) -> None:
        await websocket.accept()
        await while_allowed(websocket, Permission.BUILD_RULES, serve(websocket, principal))

`permitted` refuses the handshake where nobody is known, where the permission is missing, or where a cookie comes without the
origin of our own page. What a person sends is told by `await who(websocket)`, so that who works by it alone is not found idle.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketState

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.errors import DeniedError
from audience_builder.identity import Credentials
from audience_builder.identity.gate import is_csrf_right

LOCAL = "audience_builder.local"
"""Set in a request's scope by whoever hands it over, where it comes from who owns the data directory."""

PRINCIPAL = "audience_builder.principal"
"""Where a request's scope holds who was found to send it."""

CSRF_HEADER = "x-csrf-token"
NOBODY = Principal("nobody", "whoever has not signed in", frozenset())
"""Who asks before anybody is known."""

LOOK_SECONDS = 1.0
"""How often it is looked whether an open connection is still allowed. With what a gate believes, all is told within 5 seconds."""

CLOSED_NOT_SIGNED_IN, CLOSED_DENIED = 4401, 4403
"""With which codes a connection is closed whose session has ended, or whose roles no longer allow it."""

_BEARER = "bearer "
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignRequestError(DeniedError):
    """A session's cookie came along, but nothing says that a page of ours sent it."""

    code = "csrf"


def app_of(connection: HTTPConnection) -> App:
    """The product behind this request or connection."""
    return connection.app.state.app


def credentials_of(connection: HTTPConnection) -> Credentials | None:
    """What a request carries: a token in `Authorization`, else the session's cookie; None where there is neither."""
    app = app_of(connection)
    said = connection.headers.get("authorization", "")
    if said[: len(_BEARER)].lower() == _BEARER:
        return Credentials(said[len(_BEARER) :].strip(), True, address_of(connection))
    cookie = connection.cookies.get(app.identity.cookie)
    return Credentials(cookie, False, address_of(connection)) if cookie else None


async def who(connection: HTTPConnection, *, is_active: bool = True) -> Principal | None:
    """Who asks; None where nobody is known. Without `is_active` a session's idle time goes on."""
    app = app_of(connection)
    if connection.scope.get(LOCAL, False):
        return app.principal
    credentials = credentials_of(connection)
    if credentials is None:
        return None
    gate = app.identity.gate
    if gate.is_known(credentials):
        return gate.principal(credentials, is_active=is_active)
    return await run_in_threadpool(gate.principal, credentials, is_active=is_active)


def require_own_page(connection: HTTPConnection) -> None:
    """Raise ForeignRequestError where a cookie came along with a change, or a connection, that no page of ours asked for.

    A browser sends the cookie along with whatever any site makes it send. A token is never sent by itself, so it needs no proof.
    """
    credentials = credentials_of(connection)
    if connection.scope.get(LOCAL, False) or credentials is None or credentials.is_token:
        return
    if connection.scope["type"] == "websocket":
        # A handshake carries no header of ours; the guard has held its origin to be our own, so it only has to be there.
        is_ours = "origin" in connection.headers
    else:
        said = connection.headers.get(CSRF_HEADER, "")
        is_ours = connection.scope["method"] in _SAFE or is_csrf_right(credentials.secret, said)
    if not is_ours:
        raise ForeignRequestError(
            "nothing says that a page of ours sent this",
            fix="Send the header X-CSRF-Token with what GET /api/v1/me says, or use a token.",
        )


async def while_allowed(websocket: WebSocket, permission: Permission, run: Coroutine[Any, Any, None]) -> None:
    """Run an open connection until it ends, or until who opened it may no longer: then it is closed with 4401 or 4403."""
    began_as: Principal = websocket.scope[PRINCIPAL]
    running = asyncio.ensure_future(run)
    try:
        while not running.done():
            await asyncio.wait([running], timeout=LOOK_SECONDS)
            code = None if running.done() else await _refusal(websocket, permission, began_as)
            if code is not None:
                if websocket.application_state is WebSocketState.CONNECTED:
                    await websocket.close(code, "no longer allowed")
                return
        running.result()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _refusal(websocket: WebSocket, permission: Permission, began_as: Principal) -> int | None:
    principal = await who(websocket, is_active=False)
    if principal is None:
        return CLOSED_NOT_SIGNED_IN
    # Other roles see other numbers: who has them opens the connection anew.
    is_same = (principal.roles, principal.scope) == (began_as.roles, began_as.scope)
    return None if is_same and principal.may(permission) else CLOSED_DENIED


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from: the nearest address that is no trusted proxy's. Empty for who is on this machine's socket."""
    address = connection.client.host if connection.client else ""
    trusted = app_of(connection).proxies
    forwarded = ",".join(connection.headers.getlist("x-forwarded-for")).split(",")
    while trusted and _is_in(address, trusted) and forwarded and forwarded[-1].strip():
        address = forwarded.pop().strip()
    return address


def _is_in(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    return any(asked in network for network in networks)
