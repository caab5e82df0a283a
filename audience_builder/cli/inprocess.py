"""The application called in this very process, as if over HTTP: what the command line uses where no server has the data open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from queue import SimpleQueue
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp, Message

from audience_builder.api.permission import LOCAL
from audience_builder.cli.backend import JSON, Reply

_END: Message = {"type": "end"}


class InProcess:
    """Hands requests to an ASGI application that runs in a thread of its own (`cli.backend.Backend`); calls `closing` in the end."""

    def __init__(self, app: ASGIApp, *, closing: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self._stack = ExitStack()
        self._stack.callback(closing)
        self._portal: BlockingPortal = self._stack.enter_context(start_blocking_portal())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __enter__(self) -> InProcess:
        return self

    def send(self, method: str, path: str, body: bytes | None = None, *, media_type: str = JSON) -> Reply:
        """Send a request, and return the answer as soon as its head is there."""
        messages = SimpleQueue[Message]()
        # The task is not awaited: an answer that takes its time is read while it is made.
        self._portal.start_task_soon(self._run, _scope(method, path, media_type), body or b"", messages)
        head = messages.get()
        if head["type"] == "error":
            raise head["error"]
        headers = {name.decode(): value.decode() for name, value in head["headers"]}
        return Reply(head["status"], headers.get("content-type", ""), _chunks(messages))

    async def _run(self, scope: dict[str, Any], body: bytes, messages: SimpleQueue[Message]) -> None:
        pending = [body]

        async def receive() -> Message:
            if pending:
                return {"type": "http.request", "body": pending.pop(), "more_body": False}
            await asyncio.Event().wait()  # nobody hangs up within one process
            raise AssertionError

        async def send(message: Message) -> None:
            messages.put(message)

        try:
            await self._app(scope, receive, send)
        except Exception as error:
            messages.put({"type": "error", "error": error})
        messages.put(_END)


def _scope(method: str, path: str, media_type: str) -> dict[str, Any]:
    where, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(where),
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-type", media_type.encode())],
        "client": None,
        "server": ("localhost", None),
        LOCAL: True,
    }


def _chunks(messages: SimpleQueue[Message]) -> Iterator[bytes]:
    while (message := messages.get()) is not _END:
        if message["type"] == "error":
            return  # the answer has said what went wrong
        yield message.get("body", b"")
