"""A server that has the data open, reached over its socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType

import httpx

from audience_builder.cli.backend import JSON, Reply
from audience_builder.cli.problem import ProblemError
from audience_builder.cli.socket_file import short


class Remote:
    """Hands requests to a server over its socket (`cli.backend.Backend`)."""

    def __init__(self, path: Path) -> None:
        # An answer may take as long as an import; a server that dies ends it at once.
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(uds=short(path)),
            base_url="http://localhost",
            timeout=None,  # noqa: S113
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def __enter__(self) -> Remote:
        return self

    def send(self, method: str, path: str, body: bytes | None = None, *, media_type: str = JSON) -> Reply:
        """Send a request, and return the answer as soon as its head is there."""
        request = self._client.build_request(method, path, content=body, headers={"Content-Type": media_type})
        try:
            answer = self._client.send(request, stream=True)
        except httpx.TransportError as problem:
            raise ProblemError(_gone(problem)) from problem
        return Reply(answer.status_code, answer.headers.get("content-type", ""), _chunks(answer))


def _chunks(answer: httpx.Response) -> Iterator[bytes]:
    with closing(answer):
        try:
            yield from answer.iter_raw()
        except httpx.TransportError as problem:
            raise ProblemError(_gone(problem)) from problem


def _gone(problem: Exception) -> dict[str, str]:
    return {
        "code": "busy",
        "detail": f"the server that has the data open does not answer ({type(problem).__name__})",
        "fix": "Wait until it has ended, then try again.",
    }
