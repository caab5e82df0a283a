"""Processes that take, capture, apply, save and record, killed sixty times: at every named place, and at any moment."""

from __future__ import annotations

import subprocess
import sys

from tools.killing.__main__ import PARTS, shares

KILLS = 60


def test_nothing_is_lost_or_doubled_however_often_it_is_killed() -> None:
    # A process of its own: it makes its children by forking, which a process with threads must not.
    words = [sys.executable, "-m", "tools.killing", "--times", str(KILLS)]
    found = subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)
    assert found.returncode == 0, found.stderr[-2000:]
    for name, times in shares(KILLS).items():
        assert f"{name}: {{'kills': {times}," in found.stdout
        assert times // 2 >= PARTS[name][0], "each named place is killed at"
    longest = [int(line.rpartition("'longest recovery ms': ")[2].split("}")[0]) for line in found.stdout.splitlines()]
    assert max(longest) <= 5_000
    assert int(found.stdout.rpartition("'movements': ")[2].split(",")[0]) > 10


def test_kills_are_spread_over_all_parts() -> None:
    found = shares(1_000)
    assert sum(found.values()) == 1_000
    assert all(found[name] >= 20 * points for name, (points, _) in PARTS.items())
