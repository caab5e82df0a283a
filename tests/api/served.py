"""The product served on a port of this machine from within a test, and a live connection to it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn
from websockets.sync.client import ClientConnection, connect

from audience_builder.api import App
from audience_builder.api.http import create_api
from audience_builder.cli.serving import configured
from tests.api.client import session_of

PATIENCE_SECONDS = 30.0
SERVED: dict[int, App] = {}
"""What is behind each port, so that who connects can sign in there."""


@contextmanager
def served(app: App, *, port: int = 0) -> Iterator[int]:
    """The port `app` is served on until the context ends."""
    door = socket.create_server(("127.0.0.1", port), reuse_port=False)
    server = uvicorn.Server(configured(create_api(app)))
    thread = Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    found = door.getsockname()[1]
    SERVED[found] = app
    try:
        yield found
    finally:
        del SERVED[found]
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        door.close()
        assert not thread.is_alive()


class Live:
    """A live connection that says and hears JSON."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def say(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def ask(self, doc: str, rev: int, rule: dict[str, Any], *want: str, **more: Any) -> None:
        self.say(t="eval", doc=doc, rev=rev, rule=rule, want=want or ("total", "nodes"), **more)

    def hear(self) -> dict[str, Any]:
        return json.loads(self.connection.recv(timeout=PATIENCE_SECONDS))

    def hear_of(self, kind: str, **words: Any) -> dict[str, Any]:
        """The next message of that kind (and with those words); others are passed over."""
        while True:
            said = self.hear()
            if said["t"] == kind and all(said[key] == value for key, value in words.items()):
                return said


@contextmanager
def live(port: int, *, host: str = "127.0.0.1", **headers: str) -> Iterator[Live]:
    """A live connection of a page that is signed in to that port, which is told that it is called `host`."""
    cookie = session_of(SERVED[port])["Cookie"]
    said = {"Cookie": cookie, "Origin": f"http://{host}:{port}"} | headers
    door = socket.create_connection(("127.0.0.1", port))
    where = f"ws://{host}:{port}/api/v1/live"
    with connect(where, sock=door, additional_headers=said, compression=None) as connection:
        yield Live(connection)
