"""Operational rows and events from a real PostgreSQL to a number, measured: `make test-live`. Writes docs/live-data.md.

Starts a PostgreSQL, the server over a sample, and Debezium, once with the stream in SQLite and once in a real Kafka; books, and looks how long it takes until a count has moved. Kills what
follows and what applies, and looks whether anything was lost or counted twice. Ends everything it started.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import orjson
import psycopg

from bench.records import machine
from tools.services.kafka import Broker, kafka
from tools.services.postgres import free_port, postgres

PAGE = Path(__file__).resolve().parents[1] / "docs" / "live-data.md"
_COMMAND = (sys.executable, "-m", "audience_builder")
_FIRST = 60
_PATIENCE_SECONDS = 120.0
_BAR_SECONDS, _BAR_KAFKA_SECONDS = 2.0, 5.0
_BROKERS_TURN = 2
_TODAY = {"type": "last", "n": 1, "unit": "day"}


def rule(least: int) -> dict[str, Any]:
    """Everybody who booked so often today."""
    asked = {"id": "a", "filter": "booking_count", "operator": ">=", "value": least, "window": _TODAY}
    return {"version": 1, "root": {"type": "condition", **asked}}


BOOKED, BOOKED_TWICE = rule(1), rule(2)


@dataclass(frozen=True, slots=True)
class Server:
    """The product over HTTP."""

    client: httpx.Client
    process: subprocess.Popen[bytes]

    def count(self, asked: dict[str, Any]) -> int:
        """How many a rule means now."""
        answer = self.client.post("/api/v1/count", json=asked)
        answer.raise_for_status()
        return int(answer.json()["count"] or 0)  # below ten it is not told

    def sources(self) -> dict[str, dict[str, Any]]:
        """How the stream stands, by topic."""
        return {source["topic"]: source for source in self.client.get("/api/v1/pipeline").json()["sources"]}


def _environment() -> dict[str, str]:
    """As whoever installed the product has it: Python keeps what it has compiled, or every start would compile it anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(*words: str, data: Path, **environ: str) -> str:
    """What a verb prints."""
    found = subprocess.run(
        [*_COMMAND, *words, "--data", str(data)],
        check=True,
        capture_output=True,
        text=True,
        env={**_environment(), **environ},
    )
    return found.stdout


@contextmanager
def serving(data: Path, *, port: int | None = None, seconds: float = _PATIENCE_SECONDS) -> Generator[Server]:
    """The server, answering: waited for that long at most."""
    port = port or free_port()
    process = subprocess.Popen(
        [*_COMMAND, "serve", "--data", str(data), "--port", str(port)], stdout=subprocess.DEVNULL, env=_environment()
    )
    try:
        url = f"http://localhost:{port}"
        until(lambda: _is_ready(url, process), "the server answers", seconds=seconds)
        made = run("token", "create", secrets.token_hex(4), "--permission", "build_rules", "--permission", "send_events",
                   "--permission", "see_exact", "--json", data=data)  # fmt: skip
        secret = _secret(made)
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=60) as client:
            yield Server(client, process)
    finally:
        _end(process)


def _secret(made: str) -> str:
    said = orjson.loads(made)
    return str(said.get("secret") or said.get("token"))


def _is_ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise RuntimeError("the server has ended")
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/api/v1/health/ready").status_code == 200
    return False


@contextmanager
def capturing(data: Path, url: str) -> Generator[subprocess.Popen[bytes]]:
    """Debezium following the database."""
    environ = {**_environment(), "AUDIENCE_BUILDER_DATABASE": url}
    process = subprocess.Popen([*_COMMAND, "capture", "--data", str(data)], stdout=subprocess.DEVNULL, env=environ)
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(is_so: Any, what: str, *, seconds: float = _PATIENCE_SECONDS, pause: float = 0.01) -> float:
    """How many seconds it took until it was so."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > seconds:
            raise RuntimeError(f"not within {seconds:g} s: {what}")
        time.sleep(pause)
    return time.monotonic() - begun


class Shop:
    """The operational database, being worked in."""

    def __init__(self, url: str) -> None:
        self._pg = psycopg.connect(url, autocommit=True)
        self._made = 0

    def sign_up(self, users: int) -> list[str]:
        """New users in one transaction."""
        names = [f"L{self._next():09d}" for _ in range(users)]
        with self._pg.transaction(), self._pg.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO users (user_id, gender, tier, signed_up_at) VALUES (%s, 'female', 'gold', now() - interval '1 day')",
                [(name,) for name in names],
            )
        return names

    def book(self, *users: str) -> None:
        """A booking of each in one transaction."""
        with self._pg.transaction(), self._pg.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bookings (booking_id, user_id, product_line, product_type, place, booked_at, paid_at, check_in, check_out, "
                "paid) VALUES (%s, %s, 'domestic_stay', 'hotel', 'jeju', now(), now(), current_date + 30, current_date + 32, 200000)",
                [(f"L{self._next():09d}", user) for user in users],
            )

    def _next(self) -> int:
        self._made += 1
        return self._made

    def bookers(self) -> int:
        """How many users have booked here: the truth counts are held to."""
        row = self._pg.execute("SELECT COUNT(DISTINCT user_id) FROM bookings").fetchone()
        return 0 if row is None else int(row[0])

    def close(self) -> None:
        """Let go of it."""
        self._pg.close()


def commits(server: Server, shop: Shop, times: int) -> list[float]:
    """Seconds from a booking's commit until a count has moved, for bookings one by one."""
    found: list[float] = []
    for name in shop.sign_up(times):
        before = server.count(BOOKED)
        shop.book(name)
        begun = time.monotonic()
        until(lambda before=before: server.count(BOOKED) == before + 1, "a booking is counted", pause=0.02)
        found.append(time.monotonic() - begun)
    return found


def many(server: Server, shop: Shop, rows: int) -> float:
    """Operational rows a second from the first commit until all are counted."""
    before = server.count(BOOKED)
    begun = time.monotonic()
    for _ in range(0, rows // 2, 500):
        shop.book(*shop.sign_up(500))
    until(lambda: server.count(BOOKED) == before + rows // 2, "all bookings are counted", pause=0.2)
    return rows / (time.monotonic() - begun)


@dataclass(frozen=True, slots=True)
class Back:
    """The longest way back after a kill, in seconds: until the server answers, and from then until all is counted."""

    answers: float = 0.0
    counted: float = 0.0


def killed(data: Path, url: str, shop: Shop, times: int, base: int, broker: Broker | None) -> Back:
    """Kill the server, the capture and (where there is one) the broker by turns while bookings come. Returns the longest way back.

    Raises RuntimeError where a booking is lost or counted twice.
    """
    longest = Back()
    for turn in range(times):
        with serving(data) as server, capturing(data, url) as capture:
            until(lambda server=server: server.count(BOOKED) == base + shop.bookers(), "what was booked is counted")
            twice = server.count(BOOKED_TWICE)
            shop.book(*shop.sign_up(50))
            time.sleep(0.02 + 0.05 * turn)
            (server.process.kill, capture.kill, *([broker.kill] if broker else []))[turn % (3 if broker else 2)]()
            shop.book(*shop.sign_up(50))
            if broker and turn % 3 == _BROKERS_TURN:
                broker.start()  # what follows and what applies must find it again by themselves
        begun = time.monotonic()
        with serving(data) as server, capturing(data, url):
            answers = time.monotonic() - begun
            until(lambda server=server: server.count(BOOKED) == base + shop.bookers(), "what was booked is counted")
            counted = time.monotonic() - begun - answers
            longest = Back(max(longest.answers, answers), max(longest.counted, counted))
            time.sleep(1.0)  # anything doubled would come now
            if server.count(BOOKED_TWICE) != twice or server.count(BOOKED) != base + shop.bookers():
                raise RuntimeError("a booking was counted twice")
        print(f"killed {turn + 1} of {times}: answers {answers:.1f} s, counted {counted:.1f} s", flush=True)
    return longest


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured over one stream."""

    stream: str
    seconds: list[float]
    rows_a_second: float
    kills: int
    back: Back
    place: dict[str, Any]
    bar_seconds: float

    @property
    def p95(self) -> float:
        """Of the seconds from a commit to a moved count."""
        return float(np.percentile(np.array(self.seconds), 95))

    def line(self) -> str:
        """A line of the page."""
        p50 = float(np.percentile(np.array(self.seconds), 50))
        return (
            f"| {self.stream} | p50 {p50:.2f} s, p95 {self.p95:.2f} s (bar {self.bar_seconds:g} s) | {self.rows_a_second:,.0f} rows/s (bar 2,000) | "
            f"{self.kills}: none lost, none twice | {self.back.answers:.1f} s (bar 5 s) | {self.back.counted:.1f} s |"
        )

    def conserved(self) -> str:
        """What became of what came."""
        said = ("received", "applied", "duplicate", "late", "dead", "in_flight")
        return f"{self.stream}: {', '.join(f'{name} {self.place[name]:,}' for name in said)}"


def measured(asked: argparse.Namespace, broker: Broker | None) -> Found:
    """The whole way over one stream: SQLite's, or that of a broker."""
    os.environ["AUDIENCE_BUILDER_KAFKA"] = broker.address if broker else ""
    with tempfile.TemporaryDirectory(prefix="ab-live-") as folder, postgres() as url:
        data = Path(folder) / "data"
        run("sample", "--users", str(asked.users), "--days", "120", data=data)
        shop = Shop(url)
        with serving(data) as server:
            base = server.count(BOOKED)
            with capturing(data, url):
                shop.book(*shop.sign_up(_FIRST))
                until(lambda: server.count(BOOKED) == base + _FIRST, "the first bookings are counted")
                seconds = commits(server, shop, asked.commits)
                rate = many(server, shop, asked.rows)
                place = server.sources()["operations"]
        kills = asked.broker_kills if broker else asked.kills
        back = killed(data, url, shop, kills, base, broker)
        shop.close()
    name, bar = ("Apache Kafka 4.3.1", _BAR_KAFKA_SECONDS) if broker else ("SQLite", _BAR_SECONDS)
    return Found(name, seconds, rate, kills, back, place, bar)


def main(arguments: Sequence[str]) -> int:
    """Measure, look, and write the page. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.live", description=__doc__)
    parser.add_argument("--users", type=int, default=50_000)
    parser.add_argument("--commits", type=int, default=40)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument(
        "--kills", type=int, default=6, help="with the stream in SQLite; make kill does a thousand without Debezium"
    )
    parser.add_argument("--broker-kills", type=int, default=40, help="with the stream in Kafka")
    parser.add_argument("--streams", nargs="+", choices=("sqlite", "kafka"), default=("sqlite", "kafka"))
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(arguments)
    load, found = os.getloadavg()[0], list[Found]()
    if "sqlite" in asked.streams:
        found.append(measured(asked, None))
    if "kafka" in asked.streams:
        with kafka() as broker:
            found.append(measured(asked, broker))
    said = [each.line() for each in found]
    asked.out.write_text("\n".join([*_head(asked, load), *said, *_foot(found)]) + "\n", encoding="utf-8")
    print("\n".join(said))
    return 0 if all(each.p95 <= each.bar_seconds for each in found) else 1


def _head(asked: argparse.Namespace, load: float) -> list[str]:
    return [
        "# Live data, measured",
        "",
        f"Written by `make test-live` on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {asked.users:,} users, PostgreSQL 15, Debezium 3.6.3, one server,",
        f"{machine()}; everything runs on these cores, and others' work: a load of {load:.1f} when it began. {asked.commits} bookings one by one, then {asked.rows:,} rows in commits of 500;",
        "`kill -9` by turns of the server, the capture and (where there is one) the broker, 100 bookings around each kill.",
        "",
        "| the stream lies in | a booking's commit to a moved count over HTTP | from the first commit until all are counted | kills | the server answers again after at most | and all is counted after at most |",
        "|---|---|--:|---|--:|--:|",
    ]


def _foot(found: Sequence[Found]) -> list[str]:
    return ["", *(f"The stream before the kills, {each.conserved()}." for each in found)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
