"""A thousand people with the builder open, a hundred of them with a connection that stands still. Writes docs/socket-performance.md.

Run as `make bench-sockets` or `python -m bench.sockets`. Everybody edits their rule every few seconds while events move the data; then
the server is killed and started again. Looked at: how long each waits for a number, what memory the server takes, how long until
everybody is back, and whether the last number everybody sees is the one the server answers. All of it runs on this machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import numpy as np
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from audience_builder.rule.check import to_json
from bench import rules
from bench.records import machine
from tools.live import run, serving
from tools.services.postgres import free_port

PAGE = Path(__file__).resolve().parents[1] / "docs" / "socket-performance.md"
BAR_SECONDS, BAR_BACK_SECONDS = 1.0, 30.0
_RULES = 40
_DOC = "d"
_LONGEST_PAUSE_SECONDS = 4.0


@dataclass(slots=True)
class Shown:
    """What one client sees: its rule, its last number, and how long it waited for each."""

    rule: int = 0
    rev: int = 0
    count: int | None = None
    counted_rev: int = -1
    asked_at: float = 0.0
    waits: list[float] = field(default_factory=list[float])


@dataclass(slots=True)
class Found:
    """What was measured."""

    clients: int
    stalled: int
    waits: list[float]
    memory_mb: list[float]
    back_seconds: float
    wrong: int

    @property
    def p99(self) -> float:
        """Seconds a client that reads waits for its number, as long as everything is well."""
        return float(np.percentile(np.array(self.waits), 99))


class Crowd:
    """All the clients of a run; each comes back by itself when its connection ends."""

    def __init__(self, url: str, secret: str, asked: argparse.Namespace) -> None:
        self._address = url.replace("http", "ws", 1) + "/api/v1/live"
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._asked = asked
        self._rules = [to_json(rules.rule(Random(number))) for number in range(_RULES)]
        self.shown = [Shown(rule=number % _RULES) for number in range(asked.clients - asked.stalled)]
        self._over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def rule(self, shown: Shown) -> dict[str, Any]:
        """The rule a client has in front of it."""
        return self._rules[shown.rule]

    async def come(self) -> None:
        """Connect everybody, a few at a time, until each has a number."""
        for number, shown in enumerate(self.shown):
            self._tasks.append(asyncio.create_task(self._reader(shown, Random(number))))
            if number % 20 == 0:
                await asyncio.sleep(0.05)
        self._tasks += [asyncio.create_task(self._staller(number)) for number in range(self._asked.stalled)]
        await self.all_counted(time.monotonic())

    async def all_counted(self, since: float) -> float:
        """Wait until everybody who reads has a number asked for after `since`. Returns how many seconds that took."""
        while not all(shown.asked_at >= since and shown.counted_rev == shown.rev for shown in self.shown):
            await asyncio.sleep(0.1)
            if time.monotonic() - since > 10 * BAR_BACK_SECONDS:
                raise RuntimeError("somebody never got a number")
        return time.monotonic() - since

    async def leave(self) -> None:
        """Let everybody go."""
        self._over.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _reader(self, shown: Shown, dice: Random) -> None:
        pause = 0.25
        while not self._over.is_set():
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(self._address, additional_headers=self._headers, open_timeout=20) as live:
                    pause = 0.25
                    await asyncio.gather(self._edits(live, shown, dice), self._hears(live, shown))
            await asyncio.sleep(pause * dice.uniform(0.5, 1.5))
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    async def _edits(self, live: ClientConnection, shown: Shown, dice: Random) -> None:
        while True:
            shown.rev, shown.rule = shown.rev + 1, dice.randrange(_RULES)
            shown.asked_at = time.monotonic()
            await live.send(
                orjson.dumps({"t": "eval", "doc": _DOC, "rev": shown.rev, "rule": self.rule(shown)}).decode()
            )
            await asyncio.sleep(dice.uniform(*self._asked.edit_seconds))

    async def _hears(self, live: ClientConnection, shown: Shown) -> None:
        async for text in live:
            said = orjson.loads(text)
            if said["t"] == "problem":
                raise RuntimeError(f"the server refused: {said['problem']['detail']}")
            if said["t"] != "count" or said["rev"] != shown.rev:
                continue
            if shown.counted_rev != shown.rev:
                shown.waits.append(time.monotonic() - shown.asked_at)
            shown.count, shown.counted_rev = said["count"], said["rev"]

    async def _staller(self, number: int) -> None:
        """Asks for everything and reads nothing, for ever."""
        while not self._over.is_set():
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(
                    self._address, additional_headers=self._headers, max_queue=1, open_timeout=20
                ) as live:
                    rule, want = self._rules[number % _RULES], ["total", "nodes", "facets"]
                    await live.send(
                        orjson.dumps({"t": "eval", "doc": _DOC, "rev": 1, "rule": rule, "want": want}).decode()
                    )
                    await self._over.wait()
            await asyncio.sleep(2)


async def _moves(url: str, secret: str, over: asyncio.Event, users: int) -> None:
    """Move the data once a second."""
    dice, number = Random(1), 0
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/x-ndjson"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        while not over.is_set():
            number += 1
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            lines = [
                orjson.dumps(
                    {
                        "id": f"s{number}-{n}",
                        "user_id": f"U{dice.randrange(1, users):010d}",
                        "kind": "session",
                        "at": at,
                    }
                )
                for n in range(20)
            ]
            with suppress(httpx.HTTPError):
                await client.post("/api/v1/events", content=b"\n".join(lines))
            await asyncio.sleep(1)


async def _watches(pid: int, found: list[float], over: asyncio.Event) -> None:
    """The server's memory, once a second (MB)."""
    while not over.is_set():
        with suppress(OSError):
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            line = next(each for each in status.splitlines() if each.startswith("RssAnon"))
            found.append(int(line.split()[1]) / 1024)
        await asyncio.sleep(1)


async def _wrong(crowd: Crowd, url: str, secret: str) -> int:
    """How many see another number than the server answers now, once nothing moves any more."""
    truth: dict[int, int | None] = {}
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=60) as client:
        for shown in crowd.shown:
            if shown.rule not in truth:
                answer = await client.post("/api/v1/count", json={"rule": crowd.rule(shown)})
                truth[shown.rule] = answer.raise_for_status().json()["count"]
    return sum(shown.count != truth[shown.rule] for shown in crowd.shown)


async def _first(
    crowd: Crowd, url: str, secret: str, pid: int, asked: argparse.Namespace
) -> tuple[list[float], list[float]]:
    """As long as everything is well: how long each waited, and the server's memory meanwhile."""
    over, memory = asyncio.Event(), list[float]()
    await crowd.come()
    for shown in crowd.shown:
        shown.waits.clear()
    beside = [
        asyncio.create_task(_moves(url, secret, over, asked.users)),
        asyncio.create_task(_watches(pid, memory, over)),
    ]
    await asyncio.sleep(asked.seconds)
    waits = [wait for shown in crowd.shown for wait in shown.waits]
    over.set()
    await asyncio.gather(*beside)
    return waits, memory


def measured(asked: argparse.Namespace) -> Found:
    """A whole run, in a data directory of its own."""
    with tempfile.TemporaryDirectory(prefix="ab-bench-sockets-") as folder:
        data, port = Path(folder) / "data", free_port()
        run("sample", "--users", str(asked.users), "--days", "90", data=data)
        return asyncio.run(_run(data, port, asked))


async def _run(data: Path, port: int, asked: argparse.Namespace) -> Found:
    opened = serving(data, port=port)
    server = await asyncio.to_thread(opened.__enter__)
    url = str(server.client.base_url).rstrip("/")
    secret = server.client.headers["Authorization"].removeprefix("Bearer ")
    crowd = Crowd(url, secret, asked)
    try:
        waits, memory = await _first(crowd, url, secret, server.process.pid, asked)
        print(f"{len(waits):,} numbers; the server is killed and started again …", flush=True)
        killed = time.monotonic()
        server.process.kill()
        await asyncio.to_thread(opened.__exit__, None, None, None)
        opened = serving(data, port=port)
        await asyncio.to_thread(opened.__enter__)
        started = time.monotonic() - killed
        back = await crowd.all_counted(killed)
        print(f"the server answered after {started:.1f} s, everybody after {back:.1f} s", flush=True)
        asked.edit_seconds = (3_600, 3_600)  # whoever edits once more does not edit again: the last numbers stand
        await asyncio.sleep(10 + 2 * BAR_SECONDS)
        wrong = await _wrong(crowd, url, secret)
    finally:
        await crowd.leave()
        await asyncio.to_thread(opened.__exit__, None, None, None)
    return Found(asked.clients, asked.stalled, waits, memory, back, wrong)


def main(arguments: Sequence[str]) -> int:
    """Measure and write the page. Returns the exit code: 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="bench.sockets")
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--stalled", type=int, default=100)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--edit-seconds", type=float, nargs=2, default=(3.0, 9.0), help="how long between two edits of one client"
    )
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(arguments)
    found = measured(asked)
    asked.out.write_text("\n".join(_page(found, asked)) + "\n", encoding="utf-8")
    print("\n".join(_lines(found)))
    return 0 if found.p99 <= BAR_SECONDS and found.back_seconds <= BAR_BACK_SECONDS and not found.wrong else 1


def _page(found: Found, asked: argparse.Namespace) -> list[str]:
    head = [
        "# Many at once",
        "",
        f"Written by `make bench-sockets` on {datetime.now(UTC):%Y-%m-%d}: {found.clients:,} live connections over {asked.users:,} users, {found.stalled} of which",
        f"never read; everybody else edits every 3 to 9 seconds for {asked.seconds:g} s while events move the data once a second. {machine()};",
        "the clients run on the same cores.",
        "",
        "| | measured | bar |",
        "|---|--:|--:|",
    ]
    return [*head, *_lines(found)]


def _lines(found: Found) -> list[str]:
    p50, p99 = np.percentile(np.array(found.waits), (50, 99))
    first, last = found.memory_mb[0], found.memory_mb[-1]
    return [
        f"| from an edit to its exact number, {len(found.waits):,} edits | p50 {1000 * p50:,.0f} ms, p99 {1000 * p99:,.0f} ms | p99 {BAR_SECONDS:g} s |",
        f"| the server's own memory, at the beginning, at most, at the end | {first:,.0f}, {max(found.memory_mb):,.0f}, {last:,.0f} MB | bounded |",
        f"| killed: everybody has a number again after | {found.back_seconds:.1f} s | {BAR_BACK_SECONDS:g} s |",
        f"| who sees another number than the server answers in the end | {found.wrong} | 0 |",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
