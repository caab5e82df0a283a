"""One server, two doors: a port of this machine, and a socket in the data directory for the command line."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from audience_builder.access.logs import keep_private
from audience_builder.api import App
from audience_builder.api.guard import MOST_BYTES
from audience_builder.api.http import create_api
from audience_builder.api.permission import LOCAL
from audience_builder.cli.socket_file import listening, short
from audience_builder.errors import BusyError, InputError
from audience_builder.settings import Settings

_GRACE_SECONDS = 10
_SLICE_SECONDS = 0.0005
"""How long one thread may hold the interpreter while others want it: whoever counts waits behind whatever applies events."""


def serving(app: App, settings: Settings, tell: Callable[[str], None]) -> None:
    """Serve until a signal ends it, then close `app`. `tell` is called with the address once requests are answered."""
    keep_private()
    sys.setswitchinterval(_SLICE_SECONDS)
    try:
        door = _port(settings)
        with door, listening(settings.socket) as own:
            url = f"http://{_said(settings)}:{door.getsockname()[1]}"
            config = configured(_Marked(create_api(app), short(settings.socket)))
            signal.signal(signal.SIGTERM, _leave)
            _Server(config, lambda: tell(url)).run(sockets=[door, own])
    except KeyboardInterrupt:
        pass
    finally:
        settings.socket.unlink(missing_ok=True)
        app.close()


def configured(asgi: ASGIApp) -> uvicorn.Config:
    """How the product is served, by whatever doors."""
    return uvicorn.Config(
        asgi,
        log_config=None,  # what is written goes through the one formatter that keeps personal data out
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # nothing a request says of itself may change where it is taken to come from
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=MOST_BYTES,
        ws_per_message_deflate=False,  # a thousand compressors would take more memory than what they save
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


class _Server(uvicorn.Server):
    """A server that says when it is there."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the doors, then say so."""
        await super().startup(sockets)
        self._tell()


class _Marked:
    """Marks what came through the socket: only who owns the data directory can open it."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        server = scope.get("server")
        scope[LOCAL] = server is not None and tuple(server) == (self._path, None)
        await self._app(scope, receive, send)


def _port(settings: Settings) -> socket.socket:
    if not settings.is_loopback and not settings.public_url.startswith("https://"):
        raise InputError(
            f"{settings.host} is reached from other machines, and without TLS everybody between could read along",
            fix="Put a proxy with TLS in front and set AUDIENCE_BUILDER_PUBLIC_URL=https://…, or listen on 127.0.0.1.",
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because only then answers are sent at once instead of being gathered.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
    except OSError as problem:
        door.close()
        raise BusyError(
            f"{settings.host}:{settings.port} cannot be listened on: {problem.strerror}", fix="Say another --port."
        ) from problem
    return door


def _said(settings: Settings) -> str:
    host = settings.host
    return "localhost" if settings.is_loopback else f"[{host}]" if ":" in host else host


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
