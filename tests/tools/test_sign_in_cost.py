"""What signing in adds to a count can be measured over any data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audience.small import USERS, copied
from tools import sign_in_cost


def test_the_cost_of_signing_in_is_measured_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sign_in_cost.main(["--data", str(copied(tmp_path / "data")), "--turns", "3"])
    told = capsys.readouterr().out
    assert int(told.split()[0].replace(",", "")) <= USERS
    assert told.count("signing in adds") == 2
    assert "µs believed" in told
