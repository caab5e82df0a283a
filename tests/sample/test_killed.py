"""A sample whose process is killed at any moment goes on where it was, and comes to the same content."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from audience_builder.catalog.dimensions import dimensions
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.sample import Density, generate
from tests.sample.conftest import END

USERS, DAYS, BLOCK = 5_000, 120, 200
GENERATING = f"""
import sys
from datetime import date
from pathlib import Path
from audience_builder.catalog.dimensions import dimensions
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.sample import Density, blocks, generate
blocks.BLOCK = {BLOCK}
mart = DuckDBMart(Path(sys.argv[1]), dimensions=dimensions())
print("open", flush=True)
generate(mart, users={USERS}, days={DAYS}, seed=3, end=date.fromisoformat("{END}"), density=Density.LOYAL,
         progress=lambda done, of: print(done, flush=True))
mart.close()
"""


def killed_after(path: Path, steps: int, seconds: float) -> int:
    """Generate in a process of its own, killed so many seconds after so many steps. Returns how many users it told of."""
    told = 0
    command = [sys.executable, "-c", GENERATING, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told = int(line) if line.strip().isdigit() else told
            steps -= 1
            if steps <= 0:
                time.sleep(seconds)
                process.kill()
                break
    return told


def test_killed_at_any_moment_it_goes_on_and_comes_to_the_same_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audience_builder.sample.blocks.BLOCK", BLOCK)
    random, path = Random(7), tmp_path / "mart.duckdb"
    told = [killed_after(path, random.randint(1, 8), random.random() / 10) for _ in range(3)]
    assert told == sorted(told)
    resumed, whole = DuckDBMart(path, dimensions=dimensions()), DuckDBMart(None, dimensions=dimensions())
    kept = resumed.applied("sample")
    assert 0 < told[-1] <= len(kept) * BLOCK < USERS
    assert resumed.version == 0
    steps: list[int] = []
    spec: dict[str, Any] = {"users": USERS, "days": DAYS, "seed": 3, "end": END, "density": Density.LOYAL}
    again = generate(resumed, **spec, progress=lambda done, of: steps.append(done))
    straight = generate(whole, **spec)
    assert steps[0] == len(kept) * BLOCK + BLOCK
    assert (resumed.content_hash(), again.rows) == (whole.content_hash(), straight.rows)
    resumed.close()
    whole.close()
