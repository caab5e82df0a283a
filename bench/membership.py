"""What recording memberships costs: many saved audiences while users change every second. Writes docs/membership-performance.md.

Run as `make bench-membership` over a sample made now, or as `python -m bench.membership --data DIR` over one there is; it is changed by it.
Everything happens in one process, as in the server; events are sent in it too.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from audience_builder.api import App
from audience_builder.audience import Draft
from audience_builder.audience.membership import Recorder
from audience_builder.settings import read
from audience_builder.store import AudienceQuery
from audience_builder.wiring import open_app
from bench import rules
from bench.live import template
from bench.records import machine
from tools.live import run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "membership-performance.md"
_SETTLE_SECONDS = 90.0


@dataclass(slots=True)
class Seen:
    """What rounds took, in seconds; of these for writing, and how many moved."""

    rounds: list[float] = field(default_factory=list[float])
    busy: list[float] = field(default_factory=list[float])
    written: list[float] = field(default_factory=list[float])
    moved: list[int] = field(default_factory=list[int])


def watched(recorder: Recorder) -> Seen:
    """Have every round of the recorder noted."""
    seen, refresh, within = Seen(), recorder.refresh, recorder
    ledger: Any = within._ledger  # pyright: ignore[reportPrivateUsage]
    write = ledger.record

    def record(steps: Any) -> None:
        begun = time.monotonic()
        write(steps)
        seen.written.append(time.monotonic() - begun)
        seen.moved.append(sum(step.users.size for step in steps if step.since is not None))

    def timed() -> Any:
        begun, used = time.monotonic(), time.thread_time()
        found = refresh()
        if found:
            seen.rounds.append(time.monotonic() - begun)
            seen.busy.append(time.thread_time() - used)
        return found

    ledger.record = record
    within.refresh = timed  # type: ignore[method-assign]
    return seen


def send(app: App, asked: argparse.Namespace) -> None:
    """So many events of different users every second."""
    begun = time.monotonic()
    for turn in range(asked.seconds):
        time.sleep(max(0.0, begun + turn - time.monotonic()))
        lines = template(asked.users, asked.changed, f"{time.time()}", datetime.now(UTC))
        app.collector.take(lines.replace(b"@@", b"%d" % turn), "application/x-ndjson")


def main(arguments: list[str]) -> int:
    """Measure and write the page. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="bench.membership")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--audiences", type=int, default=200)
    parser.add_argument("--changed", type=int, default=1_000, help="events a second, each of another user")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=20, help="rounds measured alone")
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ab-bench-membership-") as folder:
        if asked.data is None:
            asked.data = Path(folder) / "data"
            run("sample", "--users", str(asked.users), "--days", "365", data=asked.data)
        _measure(asked)
    return 0


def _measure(asked: argparse.Namespace) -> None:
    alone, said = _alone(asked)
    app = open_app(read({}, data=asked.data), watch=True)
    _until(lambda: app.freshness().index == "ready")
    app.recorder.refresh()
    seen = watched(app.recorder)
    send(app, asked)
    _until(lambda: app.freshness().index_version == app.freshness().mart_version)
    time.sleep(5)
    _write(asked, (alone, seen), said | {"after": _rss()})
    app.close()


def _alone(asked: argparse.Namespace) -> tuple[Seen, dict[str, float]]:
    """Rounds one after the other while nothing else happens, and what is in memory."""
    app = open_app(read({}, data=asked.data))
    said: dict[str, float] = {"empty": _rss()}
    for number in range(len(_names(app)), asked.audiences):
        app.audiences.save_new(app.principal, f"audience {number}", Draft(rule=rules.rule(Random(number))))
    begun = time.monotonic()
    app.recorder.refresh()
    said["first"], said["full"] = time.monotonic() - begun, _rss()
    recorder: Any = app.recorder
    seen = watched(app.recorder)
    for turn in range(asked.rounds):
        lines = template(asked.users, asked.changed, f"alone {time.time()}", datetime.now(UTC))
        app.collector.take(lines.replace(b"@@", b"%d" % turn), "application/x-ndjson")  # recorded when this returns
    said["kept"] = float(sum(kept.members.nbytes for kept in recorder._kept.values()))
    app.close()
    return seen, said


def _rss() -> int:
    """How much of this process is in memory, in bytes; pages of the mapped index count too."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _names(app: App) -> list[str]:
    return [each.name for each in app.audiences.page(app.principal, AudienceQuery(limit=500)).audiences]


def _until(is_so: Any) -> None:
    last = time.monotonic() + _SETTLE_SECONDS
    while not is_so():
        if time.monotonic() > last:
            raise TimeoutError("it did not become so")
        time.sleep(0.1)


def _write(asked: argparse.Namespace, both: tuple[Seen, Seen], said: dict[str, float]) -> None:
    def ms(values: list[float]) -> str:
        p50, p95 = np.percentile(np.array(values), (50, 95)) * 1000
        return f"{p50:,.0f} | {p95:,.0f}"

    alone, seen = both
    mb = 1 << 20
    lines = [
        "# What recording memberships costs",
        "",
        f"Written by `python -m bench.membership` on {datetime.now(UTC):%Y-%m-%d}: {asked.users:,} users, {asked.audiences} saved audiences of generated rules, "
        f"{asked.changed:,} events of as many users before every round; {machine()}.",
        "",
        "| | p50 ms | p95 ms |",
        "|---|--:|--:|",
        f"| a round while nothing else happens ({len(alone.rounds)} rounds) | {ms(alone.rounds)} |",
        f"| of these for writing movements, sums and places in one transaction | {ms(alone.written)} |",
        f"| a round while {asked.changed:,} events come every second for {asked.seconds} s and the index follows ({len(seen.rounds)} rounds; it gives way half of the time) | {ms(seen.rounds)} |",
        f"| of these its thread worked | {ms(seen.busy)} |",
        f"| of these for writing | {ms(seen.written)} |",
        "",
        f"Alone {sum(alone.moved) / max(1, len(alone.moved)):,.0f} users moved a round, in the stream {sum(seen.moved) / max(1, len(seen.moved)):,.0f}. The first round of all audiences after a start: "
        f"{said['first']:.1f} s. Memory: {said['empty'] / mb:,.0f} MB with the index mapped, {said['full'] / mb:,.0f} MB with every audience worked out once, {said['after'] / mb:,.0f} MB at "
        f"the end; memberships kept between rounds are {said['kept'] / mb:,.1f} MB of these. Load of the machine at the end: {os.getloadavg()[1]:.1f}.",
    ]
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
