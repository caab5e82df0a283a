"""What every request passes before anything looks at it: its host, its origin, its size, and how many are here already."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audience_builder.api.permission import LOCAL
from audience_builder.api.problem import problem
from audience_builder.apply.collector import MOST_BYTES as BATCH_BYTES
from audience_builder.rule.tree import MAX_BYTES

MOST_BYTES = MAX_BYTES + 16_384
"""How large a body may be: a rule, and what may stand around it."""

_LARGER = {"/api/v1/events": BATCH_BYTES}
"""Where more is taken at once."""

FROM_BROWSERS = "/api/v1/collect/"
"""Where pages of other sites send events. Who may is decided by their key, and nothing else here is said to them."""

BROWSER_BYTES = 65_536
"""How large a body from such a page may be: what a browser still sends when the page is left."""

_FOREIGN_MAY = frozenset({"/collect.js"})
"""What pages of other sites load."""

_MOST_AT_ONCE = 64
NONCE = "audience_builder.nonce"
"""Where a request's scope holds the nonce that its page gives to scripts and styles of its own."""

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action {targets}; frame-ancestors 'none'; "
    "object-src 'none'"
)
_UNSAFE_SITES = frozenset({"cross-site", "same-site"})
_YEAR_SECONDS = 31_536_000
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no referrer at all a browser would not tell the origin of our own forms either.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()"
    ),
}


class Guard:
    """Refuses foreign hosts and origins, bodies too large, and more requests at once than can be served; sets the security headers.

    A page on another site can make a browser send requests here; it cannot make it leave out where they come from. `is_secure`
    says that browsers come by https; `form_targets` are the sites a form of ours may end at besides our own.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: frozenset[str], is_secure: bool = False, form_targets: tuple[str, ...] = ()
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._scheme = "https" if is_secure else "http"
        self._targets = " ".join(("'self'", *form_targets))
        self._here = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a problem."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        nonce = scope[NONCE] = secrets.token_urlsafe(16)
        sending = self._with_headers(send, nonce)
        refused = self._refusal(scope)
        if scope["type"] == "websocket":
            await (_closed if refused else self._app)(scope, receive, send)
            return
        if refused is not None:
            await refused(scope, receive, sending)
            return
        self._here += 1
        try:
            most = BROWSER_BYTES if scope["path"].startswith(FROM_BROWSERS) else _LARGER.get(scope["path"], MOST_BYTES)
            body = await _body(receive, most)
            if body is None:
                await _too_big(most)(scope, receive, sending)
            else:
                await self._app(scope, _again(body, receive), sending)
        finally:
            self._here -= 1

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not scope.get(LOCAL, False) and _name(host) not in self._hosts:
            return problem(421, "wrong_host", "this server does not answer to that name", fix="Use http://localhost.")
        is_foreign = not _is_for_others(scope) and (
            (origin is not None and not self._is_ours(origin, host)) or _is_foreign(scope, headers)
        )
        if is_foreign:
            return problem(403, "foreign_origin", "another site may not ask here", fix="Open the page of this server.")
        if scope["type"] == "http" and self._here >= _MOST_AT_ONCE:
            return problem(503, "busy", "too much is asked at once", fix="Try again in a moment.")
        return None

    def _is_ours(self, origin: str, host: str) -> bool:
        return origin.lower() == f"{self._scheme}://{host}".lower()

    def _with_headers(self, send: Send, nonce: str) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce, targets=self._targets)
                if self._scheme == "https":
                    headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}; includeSubDomains"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return sending


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    """A connection that never opens: its handshake is answered with 403."""
    await send({"type": "websocket.close", "code": 1008})


def _too_big(most: int) -> ASGIApp:
    return problem(413, "too_big", f"a request has at most {most:,} bytes here", fix="Send less at once.")


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body; None for one that is too large (the rest of it is not read)."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands out the body that was read, then whatever comes after it."""
    pending = [body]

    async def receiving() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return receiving


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_for_others(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    return scope["path"].startswith(FROM_BROWSERS) or (scope["path"] in _FOREIGN_MAY and scope["method"] == "GET")


def _is_foreign(scope: Scope, headers: Headers) -> bool:
    """Whether a browser says that another site made it ask; following a link to a page here is nobody's doing but its user's."""
    if headers.get("sec-fetch-site") not in _UNSAFE_SITES:
        return False
    is_visit = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not is_visit
