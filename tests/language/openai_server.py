"""A loopback server that speaks the OpenAI way, as far as it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


@dataclass
class Server:
    """What it answers, and what it was asked."""

    text: str
    status: int = 200
    end: str = "stop"
    url: str = ""
    seen: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serving(text: str) -> Iterator[Server]:
    """The server on a free port of this machine."""
    said = Server(text)

    class Handler(_Handler):
        server_said = said

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    said.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield said
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server_said: ClassVar[Server]

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        said = self.server_said
        said.seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        assert self.path == "/v1/chat/completions"
        assert self.headers["Authorization"] == "Bearer house"
        choice = {"index": 0, "message": {"role": "assistant", "content": said.text}, "finish_reason": said.end}
        body = json.dumps({"choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 3}}).encode()
        self.send_response(said.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
