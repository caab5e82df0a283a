"""Processes that take, capture, apply, save and record, on a disk whose power is cut: what was not synced is gone, in whole or in part."""

from __future__ import annotations

import subprocess
import sys

from tools.killing.__main__ import shares

CUTS = 30


def cut(*more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "tools.killing", "--power-cuts", "--times", str(CUTS), *more]
    return subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)


def test_nothing_that_was_acknowledged_is_lost_when_the_power_is_cut() -> None:
    found = cut()
    assert found.returncode == 0, found.stderr[-2000:]
    changed = 0
    for name, times in shares(CUTS).items():
        (said,) = (line for line in found.stdout.splitlines() if line.startswith(f"{name}: "))
        assert f", {times} power cuts that changed " in said
        changed += int(said.partition("that changed ")[2].partition(" ")[0])
    assert changed > CUTS, "the cuts took something"


def test_a_disk_that_only_says_it_has_synced_is_seen_to_lose_events() -> None:
    found = cut("--disk-lies", "stream.sqlite")
    assert found.returncode == 1
    assert "were heard of" in found.stderr
