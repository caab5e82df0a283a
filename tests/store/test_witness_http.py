"""A witness reached over HTTP, by a real server on this machine: it keeps what it is sent, and what it saw is believed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from audience_builder.errors import InputError, TrailError
from audience_builder.store import Note
from audience_builder.store.sqlite import open_store
from audience_builder.store.witness_http import HttpWitness
from audience_builder.store.witnessing import Witnessing
from audience_builder.verifier import verify
from tests.store.conftest import MARKETER, ticking

NOTE = Note(action="count", subject="rule", detail={})


class Service(ThreadingHTTPServer):
    """Somebody else's service: keeps every line, and answers as it is told to."""

    lines: list[dict[str, Any]]
    status: int
    body: bytes | None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/witness"

    def file(self, path: Path) -> Path:
        """What was kept, as a file for the verifier."""
        path.write_text("".join(json.dumps(line) + "\n" for line in self.lines))
        return path


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status == 200:
            self.server.lines.append(said)
        self._answer(self.server.status, b"")

    def do_GET(self) -> None:
        trail = parse_qs(urlsplit(self.path).query)["trail"][0]
        seen = [line for line in self.server.lines if line["trail"] == trail]
        found = json.dumps(seen[-1]).encode() if seen else b""
        status = self.server.status if seen or self.server.status != 200 else 404
        self._answer(status, found if self.server.body is None else self.server.body)

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status in (301, 302):
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service(("127.0.0.1", 0), Answering)
    server.lines, server.status, server.body = [], 200, None
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_keeps_what_it_is_sent_and_the_verifier_holds_the_trail_to_it(
    path: Path, service: Service, tmp_path: Path
) -> None:
    store = open_store(path, now=ticking())
    witnessing = Witnessing(store, HttpWitness(service.address))
    witnessing.check()
    for _ in range(3):
        store.note(MARKETER, NOTE)
        witnessing.publish()
    assert ([line["size"] for line in service.lines], witnessing.witnessed, witnessing.problem) == ([1, 2, 3], 3, "")
    store.close()
    assert verify(path, service.file(tmp_path / "seen")).is_whole
    again = open_store(path, now=ticking())
    Witnessing(again, HttpWitness(service.address)).check()
    again.close()


def test_a_trail_that_was_cut_is_not_opened_past_it(path: Path, service: Service, tmp_path: Path) -> None:
    store = open_store(path, now=ticking())
    for _ in range(3):
        store.note(MARKETER, NOTE)
    Witnessing(store, HttpWitness(service.address)).publish()
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("DELETE FROM trail_entry WHERE id = 3")
        raw.execute("DELETE FROM trail_checkpoint")
    again = open_store(path, now=ticking())
    with pytest.raises(TrailError, match="saw 3 entries"):
        Witnessing(again, HttpWitness(service.address)).check()
    again.close()
    assert not verify(path, service.file(tmp_path / "seen")).is_whole


@pytest.mark.parametrize("status", [302, 403, 500])
def test_what_it_does_not_take_is_told_and_sent_with_the_next(path: Path, service: Service, status: int) -> None:
    store = open_store(path, now=ticking())
    witnessing = Witnessing(store, HttpWitness(service.address))
    store.note(MARKETER, NOTE)
    service.status = status
    witnessing.publish()
    assert (witnessing.witnessed, witnessing.problem) == (0, "the witness cannot be written")
    service.status = 200
    witnessing.publish()
    assert (witnessing.witnessed, witnessing.problem) == (1, "")
    store.close()


def test_one_that_is_not_there_or_says_something_else_is_no_witness(path: Path, service: Service) -> None:
    store = open_store(path, now=ticking())
    store.note(MARKETER, NOTE)
    nowhere = Witnessing(store, HttpWitness("http://127.0.0.1:9/witness"))
    nowhere.check()
    nowhere.publish()
    assert nowhere.problem == "the witness cannot be written"
    Witnessing(store, HttpWitness(service.address)).publish()
    service.body = b'{"trail": 1}'
    with pytest.raises(InputError, match="no witness"):
        Witnessing(store, HttpWitness(service.address)).check()
    store.close()
