"""A process that takes and applies events, killed sixty times: by name of the place, and at any moment."""

from __future__ import annotations

import subprocess
import sys

from tools import killing_membership
from tools.killing import POINTS

KILLS = 60
RECORDING_KILLS = 12


def test_nothing_is_lost_or_counted_twice_however_often_it_is_killed() -> None:
    # A process of its own: it makes its children by forking, which a process with threads must not.
    words = [sys.executable, "-m", "tools.killing", "--times", str(KILLS)]
    found = subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)
    assert found.returncode == 0, found.stderr[-2000:]
    assert f"'kills': {KILLS}" in found.stdout
    assert 2 * len(POINTS) <= KILLS // 2
    longest = int(found.stdout.rpartition("'longest recovery ms': ")[2].split("}")[0])
    assert longest <= 5_000


def test_no_movement_of_an_audience_is_lost_or_doubled_however_often_it_is_killed() -> None:
    words = [sys.executable, "-m", "tools.killing_membership", str(RECORDING_KILLS)]
    found = subprocess.run(words, capture_output=True, text=True, timeout=900, check=False)
    assert found.returncode == 0, found.stderr[-2000:]
    assert f"'kills': {RECORDING_KILLS}" in found.stdout
    assert 2 * len(killing_membership.POINTS) <= RECORDING_KILLS
    assert int(found.stdout.rpartition("'movements': ")[2].split("}")[0]) > 50
