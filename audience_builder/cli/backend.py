"""Whom a verb asks: a server that has the data open, or the application within this process. Both are asked the same way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import orjson

from audience_builder.cli.problem import ProblemError

API = "/api/v1"
JSON = "application/json"
_FULL = 429
_BUSY = 503
_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.25
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """The head of an answer, and its body as it arrives."""

    status: int
    media_type: str
    chunks: Iterator[bytes]


class Backend(AbstractContextManager["Backend"], Protocol):
    """Answers requests of the API. Left as a context it lets go of whatever it holds open."""

    def send(self, method: str, path: str, body: bytes | None = None, *, media_type: str = JSON) -> Reply:
        """Send a request with a body, and return the answer as soon as its head is there."""
        ...


def ask(backend: Backend, method: str, path: str, body: Json | None = None) -> Json:
    """The answer to a request; a server that is busy is asked again for a while. Raises ProblemError for a problem."""
    return send(backend, method, path, None if body is None else orjson.dumps(body), media_type=JSON)


def send(backend: Backend, method: str, path: str, body: bytes | None, *, media_type: str) -> Json:
    """The same for a body that is any text."""
    patience = time.monotonic() + _PATIENCE_SECONDS
    while True:
        reply = backend.send(method, API + path, body, media_type=media_type)
        content = b"".join(reply.chunks)
        if reply.status not in (_BUSY, _FULL) or time.monotonic() > patience:
            break
        time.sleep(_LOOK_SECONDS)
    _raise_problem(reply, content)
    return orjson.loads(content or b"{}")


def lines(backend: Backend, path: str, body: Json) -> Iterator[Json]:
    """The lines of an answer that comes line by line. Raises ProblemError where there is a problem, then or later."""
    reply = backend.send("POST", API + path, orjson.dumps(body))
    if reply.status >= 400:
        _raise_problem(reply, b"".join(reply.chunks))
    rest = b""
    for chunk in reply.chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            said: Json = orjson.loads(line)
            if "problem" in said:
                raise ProblemError(said["problem"])
            yield said


def content(backend: Backend, path: str) -> Iterator[bytes]:
    """The bytes of a file. Raises ProblemError where there is a problem instead."""
    reply = backend.send("GET", path)
    if reply.status >= 400:
        _raise_problem(reply, b"".join(reply.chunks))
    return reply.chunks


def named(text: str) -> str:
    """A name as a part of a path."""
    return quote(text, safe="")


def _raise_problem(reply: Reply, content: bytes) -> None:
    if reply.status < 400:
        return
    if reply.media_type.startswith("application/problem+json"):
        raise ProblemError(orjson.loads(content))
    raise ProblemError({"code": "unexpected", "detail": f"the server answered {reply.status}", "fix": "Try again."})
