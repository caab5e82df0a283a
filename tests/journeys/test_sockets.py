"""Many live connections, some of which never read, and a server that is killed meanwhile: everybody ends with the right number."""

from __future__ import annotations

from argparse import Namespace

from bench.sockets import measured

MOST_GROWN_MB = 300
LONGEST_WAIT_SECONDS = 10.0


def test_nobody_waits_for_who_stands_still_and_everybody_is_right_after_a_kill() -> None:
    found = measured(Namespace(clients=60, stalled=6, users=2_000, seconds=5.0, edit_seconds=(0.5, 1.5)))
    assert len(found.waits) >= 54, "everybody who reads has edited and was answered"
    assert max(found.waits) < LONGEST_WAIT_SECONDS
    assert max(found.memory_mb) - found.memory_mb[0] < MOST_GROWN_MB
    assert found.wrong == 0
