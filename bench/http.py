"""Counts over HTTP from one worker: how many a second, and how long each takes at a quiet pace. Writes docs/http-performance.md.

Run as `make bench-http DATA=FOLDER` or `python -m bench.http --data FOLDER`. The folder holds a mart; the server is started over it on a
free port of this machine, with sign-in, permissions and the audit trail as they always are, and is ended again. Whoever sends the
questions runs on the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import urlsplit

import numpy as np

from audience_builder.rule.check import to_json
from bench import rules
from bench.records import machine

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "http-performance.md"
_COMMAND: Final = (sys.executable, "-m", "audience_builder")
_PATIENCE_SECONDS: Final = 900
_SETTLED_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """How a run went: answers a second, and milliseconds each."""

    name: str
    seconds: float
    times: Sequence[float]

    @property
    def line(self) -> str:
        """The run as a line of the page."""
        p50, p99, most = np.percentile(np.array(self.times), (50, 99, 100)) * 1000
        return f"| {self.name} | {len(self.times):,} | {len(self.times) / self.seconds:,.0f} | {p50:.1f} | {p99:.1f} | {most:.1f} |"


def main(arguments: list[str]) -> int:
    """Measure and write the page. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="bench.http")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pace", type=int, default=100, help="counts a second at the quiet pace")
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(arguments)
    with _serving(asked.data) as url:
        secret = _secret(asked.data)
        paces, users = asyncio.run(_measured(url, secret, asked))
    asked.out.write_text("\n".join(_page(paces, users, asked)) + "\n", encoding="utf-8")
    print("\n".join(pace.line for pace in paces))
    return 0


async def _measured(url: str, secret: str, asked: argparse.Namespace) -> tuple[list[Pace], int]:
    bodies = [json.dumps(to_json(rules.rule(Random(number)))).encode() for number in range(asked.rules)]
    questions = [_request(url, secret, body) for body in bodies]
    first = _Client(url)
    users = json.loads(await first.asked(questions[0]))["base"]
    await _settled(first, questions)
    busy = await _busy(url, questions, asked.clients, asked.seconds)
    quiet = await _quiet(url, questions, asked.pace, asked.seconds)
    return [busy, quiet], users


async def _settled(client: _Client, questions: Sequence[bytes]) -> None:
    """Ask everything until conditions are known, as they are to marketers who go on editing, and what a start makes ready is made."""
    until = time.monotonic() + _PATIENCE_SECONDS
    slowest = 1.0
    while slowest > _SETTLED_SECONDS and time.monotonic() < until:
        slowest = 0.0
        for question in questions:
            begun = time.perf_counter()
            await client.asked(question)
            slowest = max(slowest, time.perf_counter() - begun)


async def _busy(url: str, questions: Sequence[bytes], clients: int, seconds: float) -> Pace:
    """As many as go: each client asks anew as soon as it is answered."""
    times: list[float] = []
    begun = time.perf_counter()

    async def ask_on(number: int) -> None:
        client, at = _Client(url), number
        while time.perf_counter() - begun < seconds:
            sent = time.perf_counter()
            await client.asked(questions[at % len(questions)])
            times.append(time.perf_counter() - sent)
            at += clients

    await asyncio.gather(*(ask_on(number) for number in range(clients)))
    return Pace(f"{clients} clients, each as fast as it is answered", time.perf_counter() - begun, times)


async def _quiet(url: str, questions: Sequence[bytes], pace: int, seconds: float) -> Pace:
    """So many a second, sent when they are due whatever became of those before: waiting for a free connection counts."""
    free: asyncio.Queue[_Client] = asyncio.Queue()
    for _ in range(pace):
        free.put_nowait(_Client(url))
    times: list[float] = []
    begun = time.perf_counter()

    async def ask(number: int) -> None:
        due = begun + number / pace
        await asyncio.sleep(due - time.perf_counter())
        client = await free.get()
        await client.asked(questions[number % len(questions)])
        free.put_nowait(client)
        times.append(time.perf_counter() - due)

    await asyncio.gather(*(ask(number) for number in range(int(pace * seconds))))
    return Pace(f"{pace} a second", time.perf_counter() - begun, times)


class _Client:
    """One connection kept open. It reads no more of HTTP than these answers need, to leave the cores to the server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._place = parts.hostname, parts.port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def asked(self, request: bytes) -> bytes:
        """The body of the answer. Raises SystemExit for any but 200."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._place)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"the server answered {head[:40]!r}: {body[:300]!r}")
        return body


def _request(url: str, secret: str, rule: bytes) -> bytes:
    body = b'{"rule": ' + rule + b"}"
    head = (
        f"POST /api/v1/count HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAuthorization: Bearer {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _serving(data: Path) -> Generator[str]:
    command = [*_COMMAND, "serve", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _ready(process)
        finally:
            process.terminate()
            process.wait(60)


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.match(r"(http://[^/\s]+)", line)
        if found:
            return found[1]
    raise SystemExit("the server did not start")


def _secret(data: Path) -> str:
    """A token to build rules with. The index must be ready, which the first count waits for."""
    words = [
        "token",
        "create",
        "bench",
        "--permission",
        "build_rules",
        "--permission",
        "see_exact",
        "--data",
        str(data),
        "--json",
    ]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        done = subprocess.run([*_COMMAND, *words], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)["secret"]
        if time.monotonic() > deadline:
            raise SystemExit(done.stderr)
        time.sleep(1)


def _page(paces: Sequence[Pace], users: int, asked: argparse.Namespace) -> Iterator[str]:
    yield "# Counts over HTTP"
    yield ""
    yield f"Written by `make bench-http` on {datetime.now(UTC):%Y-%m-%d}: {users:,} active users, one worker, {machine()}."
    yield f"{asked.rules} random rules of 2 to 12 nested conditions, each with all its nodes; conditions had been asked before. Every count passes sign-in,"
    yield "permissions, the checker, the guard of small numbers, and is in the audit trail on the disk before it is told. The clients run on the same cores."
    yield ""
    yield "| | counts | a second | p50 ms | p99 ms | slowest |"
    yield "|---|--:|--:|--:|--:|--:|"
    for pace in paces:
        yield pace.line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
