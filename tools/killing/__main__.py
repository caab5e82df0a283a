"""`make kill`: kills what takes, captures, applies, saves and records, as often as asked, spread over all of them."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.killing import capturing, recording, taking
from tools.killing.children import Asked, make_ready
from tools.killing.disk import Disk

Killed = Callable[[Asked], dict[str, int]]
PARTS: Mapping[str, tuple[int, Killed]] = {
    "collect and apply": (len(taking.POINTS), taking.killed),
    "capture and index save": (len(capturing.POINTS), capturing.killed),
    "membership": (len(recording.POINTS), recording.killed),
}
"""What is killed: how many named points it has, and what kills it."""


def shares(times: int) -> dict[str, int]:
    """How often each part is killed: as its named points are many until each was come to once, from then on all alike."""
    points = sum(count for count, _ in PARTS.values())
    first = min(times, 2 * points)
    found = {name: first * count // points + (times - first) // len(PARTS) for name, (count, _) in PARTS.items()}
    found[next(iter(found))] += times - sum(found.values())
    return found


def main(arguments: list[str]) -> int:
    """Kill, look, and say what was seen. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.killing", description=__doc__)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--power-cuts", action="store_true", help="what was not synced is lost each time, in whole or in part"
    )
    parser.add_argument(
        "--disk-lies",
        default="",
        help="files whose names begin so are not synced though that is said: something must be lost",
    )
    asked = parser.parse_args(arguments)
    make_ready()
    for name, times in shares(asked.times).items():
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="ab-kill-") as folder, tempfile.TemporaryDirectory() as beside:
            others = frozenset({capturing.OFFSETS})
            disk = Disk(Path(folder), Path(beside), others=others, lies=asked.disk_lies) if asked.power_cuts else None
            found = PARTS[name][1](Asked(Path(folder), times, asked.seed, lambda line: print(line, flush=True), disk))
        cuts = f", {disk.cuts} power cuts that changed {disk.lost} files" if disk else ""
        print(f"{name}: {found}{cuts}; nothing lost, nothing doubled; {time.monotonic() - begun:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
