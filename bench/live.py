"""Events a second from being sent to being counted, while counts are asked. Writes docs/live-performance.md.

Run as `make bench-live` or `python -m bench.live`. A server is started over a sample made now, on this machine, and ended again; whoever
sends and asks runs on the same cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import httpx
import numpy as np
import orjson

from audience_builder.apply.collector import LINES, Collector
from audience_builder.rule.check import to_json
from audience_builder.stream.sqlite import SqliteStream
from bench import rules
from bench.records import machine
from tools.live import run, serving, until

PAGE = Path(__file__).resolve().parents[1] / "docs" / "live-performance.md"
_LINES = {"Content-Type": "application/x-ndjson"}
_FOOT = (
    "Bars of the plan: 50,000 events a second for ten minutes at five million users, with 100 counts a second at p99 25 ms; caught up at five times "
    "10,000 a second; at most 5 GB of stream; memory flat. Where a line misses them: a patch is read whole from the mart with every publication, and "
    "conditions it touches are worked out anew."
)
_GATHERED_RATE = 10_000
_PATIENCE_SECONDS = 3_600.0
"""Of millions of users a server makes a new index before it answers where the saved one is of another day."""

_TEMPLATES = 40
_RULES = 20
_PLACES = ("jeju", "seoul", "busan", "gangneung", "yeosu", "gyeongju")
_KINDS = ("session", "search", "search", "view", "view", "view", "wish")


@dataclass(slots=True)
class Watch:
    """How much memory a server takes and how long the stream's log is, looked at every second until told to stop."""

    pid: int
    folder: Path
    megabytes: list[float] = field(default_factory=list[float])
    log_megabytes: list[float] = field(default_factory=list[float])
    is_over: bool = False

    def run(self) -> None:
        """Look until it is over."""
        while not self.is_over:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
            (own,) = (line.split()[1] for line in status.splitlines() if line.startswith("RssAnon"))
            self.megabytes.append(int(own) / 1024)
            self.log_megabytes.append(sum(part.stat().st_size for part in self.folder.glob("stream.sqlite*")) / 1e6)
            time.sleep(1.0)

    def said(self) -> str:
        """Its own memory in each fifth of the time, and the longest log."""
        fifths = np.array_split(np.array(self.megabytes), 5)
        means = " → ".join(f"{part.mean():,.0f}" for part in fifths if part.size)
        return f"{means} MB | {max(self.log_megabytes):,.0f} MB"


@dataclass(slots=True)
class Sent:
    """What was sent, and how counts went meanwhile."""

    events: int = 0
    refused: int = 0
    times: list[float] = field(default_factory=list[float])
    is_over: bool = False


def template(users: int, size: int, seed: str, now: datetime) -> bytes:
    """A batch of events of many users; its ids wait for the batch's number at `@@`."""
    dice = Random(seed)
    lines: list[bytes] = []
    for number in range(size):
        kind = dice.choice(_KINDS)
        at = now - timedelta(seconds=dice.uniform(0, 600))
        said: dict[str, Any] = {
            "id": f"@@-{seed}-{number}",
            "user_id": f"U{dice.randrange(1, users):010d}",
            "kind": kind,
            "at": at.isoformat(timespec="milliseconds"),
            "device": dice.choice(("ios", "android")),
        }
        if kind != "session":
            said |= {"product_line": "domestic_stay", "product_type": dice.choice(("hotel", "pension", "motel"))}
            said |= {"place": dice.choice(_PLACES), "price": dice.randrange(3, 60) * 10_000}
            said |= {"check_in": "2026-12-24", "nights": dice.randrange(0, 4)}
        lines.append(orjson.dumps(said))
    return b"\n".join(lines)


def send(client: httpx.Client, templates: list[bytes], asked: argparse.Namespace, rate: int, sent: Sent) -> None:
    """Send batch after batch, as fast as they are taken or at the pace asked for."""
    begun, number = time.monotonic(), 0
    while time.monotonic() < begun + asked.seconds:
        if rate:
            time.sleep(max(0.0, begun + number * asked.batch / rate - time.monotonic()))
        body = templates[number % len(templates)].replace(b"@@", b"%08d" % number)
        answer = client.post("/api/v1/events", content=body, headers=_LINES)
        number += 1
        if answer.status_code == 429:
            time.sleep(float(answer.headers["Retry-After"]))
            continue
        answer.raise_for_status()
        sent.events += answer.json()["accepted"]
        sent.refused += answer.json()["refused"]
    if sent.refused:
        raise RuntimeError(f"{sent.refused} events were refused")


def ask(client: httpx.Client, a_second: int, sent: Sent) -> None:
    """Ask counts at a pace; each takes from when it was due."""
    bodies = [orjson.dumps(to_json(rules.rule(Random(number)))) for number in range(_RULES)]
    due, number = time.monotonic(), 0
    while not sent.is_over:
        due += 1 / a_second
        time.sleep(max(0.0, due - time.monotonic()))
        client.post(
            "/api/v1/count", content=bodies[number % _RULES], headers={"Content-Type": "application/json"}
        ).raise_for_status()
        sent.times.append(time.monotonic() - due)
        number += 1


def main(arguments: list[str]) -> int:
    """Measure and write the page. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="bench.live")
    parser.add_argument("--users", type=int, default=300_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--batch", type=int, default=5_000)
    parser.add_argument(
        "--rates", type=int, nargs="+", default=[2_000, 10_000, 0], help="events a second; 0 = as many as are taken"
    )
    parser.add_argument("--counts", type=int, default=20, help="counts a second meanwhile")
    parser.add_argument("--gathered", type=int, default=300, help="seconds of events that wait when a server starts")
    parser.add_argument(
        "--data", type=Path, help="a folder to work in, instead of a sample made now: events are added to it"
    )
    parser.add_argument("--out", type=Path, default=PAGE)
    asked, load = parser.parse_args(arguments), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="ab-bench-live-") as folder:
        data = asked.data or Path(folder) / "data"
        if asked.data is None:
            run("sample", "--users", str(asked.users), "--days", str(asked.days), data=data)
        lines = []
        for rate in asked.rates:
            lines.append(_measured(data, asked, rate))
            print(lines[-1], flush=True)
        caught = _caught_up(data, asked)
        print(caught, flush=True)
    asked.out.write_text("\n".join([*_head(asked, load), *lines, "", caught, "", _FOOT]) + "\n", encoding="utf-8")
    return 0


def _caught_up(data: Path, asked: argparse.Namespace) -> str:
    """Events gather while no server runs; then one starts. How much faster than they came they are applied."""
    batches = max(1, _GATHERED_RATE * asked.gathered // asked.batch)
    templates = [template(asked.users, asked.batch, f"late-{seed}", datetime.now(UTC)) for seed in range(_TEMPLATES)]
    stream = SqliteStream(data / "stream.sqlite", now=lambda: datetime.now(UTC))
    collector = Collector(stream, now=lambda: datetime.now(UTC), waiting=lambda: 0, most_waiting=1)
    begun = time.monotonic()
    for number in range(batches):
        collector.take(templates[number % len(templates)].replace(b"@@", b"%08d" % number), LINES)
    taken = batches * asked.batch / (time.monotonic() - begun)
    stream.close()
    begun = time.monotonic()
    with serving(data, seconds=_PATIENCE_SECONDS) as server:
        until(
            lambda: server.sources()["events"]["in_flight"] == 0,
            "everything is applied",
            seconds=_PATIENCE_SECONDS,
            pause=0.1,
        )
        took = time.monotonic() - begun
    rate = batches * asked.batch / took
    return (
        f"**Catching up**: {batches * asked.batch:,} events were taken while no server ran ({taken:,.0f} a second). "
        f"{took:.0f} s after one was started all were applied, its start included: {rate / _GATHERED_RATE:.1f} times as fast as they come at "
        f"{_GATHERED_RATE:,} a second."
    )


def _measured(data: Path, asked: argparse.Namespace, rate: int) -> str:
    now = datetime.now(UTC)
    templates = [template(asked.users, asked.batch, f"{rate}-{seed}", now) for seed in range(_TEMPLATES)]
    sent = Sent()
    with serving(data, seconds=_PATIENCE_SECONDS) as server:
        known = server.sources()["events"]["applied"]
        asker = Thread(target=ask, args=(server.client, asked.counts, sent), daemon=True)
        asker.start()
        watch = Watch(server.process.pid, data)
        watching = Thread(target=watch.run, daemon=True)
        watching.start()
        begun = time.monotonic()
        send(server.client, templates, asked, rate, sent)
        took = time.monotonic() - begun
        behind = until(
            lambda: server.sources()["events"]["in_flight"] == 0,
            "everything is applied",
            seconds=_PATIENCE_SECONDS,
            pause=0.1,
        )
        fresh = until(lambda: _is_fresh(server.client), "counts speak of it", seconds=_PATIENCE_SECONDS, pause=0.1)
        sent.is_over = watch.is_over = True
        asker.join()
        watching.join()
        applied = server.sources()["events"]["applied"] - known
    if applied != sent.events:
        raise RuntimeError(f"{sent.events} events were taken, {applied} applied")
    p50, p99 = np.percentile(np.array(sent.times), (50, 99)) * 1000
    rates = (
        f"| {sent.events / took:,.0f} | {sent.events / (took + behind):,.0f} | {behind:.1f} s | {behind + fresh:.1f} s "
    )
    return f"{rates}| {p50:.0f} ms | {p99:.0f} ms | {watch.said()} |"


def _is_fresh(client: httpx.Client) -> bool:
    said = client.get("/api/v1/freshness").json()
    return bool(said["index_version"] == said["mart_version"])


def _head(asked: argparse.Namespace, load: float) -> list[str]:
    return [
        "# Live data under load",
        "",
        f"Written by `make bench-live` on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {asked.users:,} users, batches of {asked.batch:,} events over HTTP,",
        f"{' and '.join(f'{rate:,} a second' if rate else 'as fast as they are taken' for rate in asked.rates)}, each for {asked.seconds:.0f} s, {asked.counts} counts a second asked meanwhile, one server, {machine()}. Whoever sends and asks runs on the same cores, and others' work: a load of {load:.1f} when it began.",
        "",
        "| taken a second | applied a second, end to end | all applied after the last | counts speak of it after | counts p50 | p99 | its own memory, by fifths of the time | longest log |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
