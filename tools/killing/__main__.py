"""`make kill`: kills what takes, captures, applies, saves and records, as often as asked, spread over all of them."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.killing import capturing, recording, taking

Killed = Callable[[Path, int, int, Callable[[str], None]], dict[str, int]]
PARTS: Mapping[str, tuple[int, Killed]] = {
    "collect and apply": (len(taking.POINTS), taking.killed),
    "capture and index save": (len(capturing.POINTS), capturing.killed),
    "membership": (len(recording.POINTS), recording.killed),
}
"""What is killed: how many named points it has, and what kills it."""


def shares(times: int) -> dict[str, int]:
    """How often each part is killed: as its named points are many."""
    points = sum(count for count, _ in PARTS.values())
    found = {name: times * count // points for name, (count, _) in PARTS.items()}
    found[next(iter(found))] += times - sum(found.values())
    return found


def main(arguments: list[str]) -> int:
    """Kill, look, and say what was seen. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="tools.killing", description=__doc__)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    for name, times in shares(asked.times).items():
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="ab-kill-") as folder:
            found = PARTS[name][1](Path(folder), times, asked.seed, lambda line: print(line, flush=True))
        print(f"{name}: {found}; nothing lost, nothing doubled; {time.monotonic() - begun:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
