"""What recording memberships costs: many saved audiences while users change every second. Writes docs/membership-performance.md.

Run as `python -m bench.membership --data DIR` over a data directory with a sample; it is changed by it. Everything happens in one
process, as in the server; events are sent in it too.
"""

from __future__ import annotations

import argparse
import resource
import sys
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
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--audiences", type=int, default=200)
    parser.add_argument("--changed", type=int, default=1_000, help="events a second, each of another user")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(arguments)
    app = open_app(read({}, data=asked.data), watch=True)
    _until(lambda: app.freshness().index == "ready")
    empty = _rss()
    known = _names(app)
    for number in range(len(known), asked.audiences):
        app.audiences.save_new(app.principal, f"audience {number}", Draft(rule=rules.rule(Random(number))))
    begun = time.monotonic()
    first = app.recorder.refresh
    first()
    baseline, full = time.monotonic() - begun, _rss()
    seen = watched(app.recorder)
    send(app, asked)
    _until(lambda: app.freshness().index_version == app.freshness().mart_version)
    time.sleep(5)
    after = _rss()
    _write(asked, seen, {"baseline": baseline, "empty": empty, "full": full, "after": after, "kept": _kept(app)})
    app.close()
    return 0


def _rss() -> int:
    """How much of this process is in memory, in bytes; pages of the mapped index count too."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _names(app: App) -> list[str]:
    return [each.name for each in app.audiences.page(app.principal, AudienceQuery(limit=500)).audiences]


def _kept(app: App) -> float:
    recorder: Any = app.recorder
    return float(sum(kept.members.nbytes for kept in recorder._kept.values()))


def _until(is_so: Any) -> None:
    last = time.monotonic() + _SETTLE_SECONDS
    while not is_so():
        if time.monotonic() > last:
            raise TimeoutError("it did not become so")
        time.sleep(0.1)


def _write(asked: argparse.Namespace, seen: Seen, said: dict[str, float]) -> None:
    def ms(values: list[float]) -> str:
        p50, p95 = np.percentile(np.array(values), (50, 95)) * 1000
        return f"{p50:,.0f} | {p95:,.0f}"

    mb = 1 << 20
    lines = [
        "# What recording memberships costs",
        "",
        f"Written by `python -m bench.membership` on {datetime.now(UTC):%Y-%m-%d}: {asked.users:,} users, {asked.audiences} saved audiences of generated rules, "
        f"{asked.changed:,} events a second of as many users for {asked.seconds} s in the same process, {machine()}.",
        "",
        f"{len(seen.rounds)} rounds in which anybody moved; {sum(seen.moved):,} movements, {sum(seen.moved) / max(1, len(seen.moved)):,.0f} a round.",
        "",
        "| | p50 ms | p95 ms |",
        "|---|--:|--:|",
        f"| a round, from its beginning until it is recorded (it gives way half of the time) | {ms(seen.rounds)} |",
        f"| of these the thread worked | {ms(seen.busy)} |",
        f"| writing movements, sums and places in one transaction | {ms(seen.written)} |",
        "",
        f"The baselines of all audiences: {said['baseline']:.1f} s. Memory: {said['empty'] / mb:,.0f} MB with the index mapped, {said['full'] / mb:,.0f} MB with "
        f"every audience worked out once, {said['after'] / mb:,.0f} MB at the end; memberships kept between rounds are {said['kept'] / mb:,.1f} MB of these.",
    ]
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
