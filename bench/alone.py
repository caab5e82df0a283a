"""The product in a process of its own, over an index that is there: from start to first answer, pace on two cores, memory.

Run by the bench (`python -m bench.alone FOLDER`), because one process with all rivals says nothing of memory or of starting.
Prints one JSON object: figures by name.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import orjson

from audience_builder.clock import day_from, end_of_day
from audience_builder.engine import bitmap_program
from audience_builder.engine.asks import ask
from audience_builder.engine.bitmap_reading import At, Reading, cache_bytes_for
from audience_builder.engine.bitmap_warm import warm
from audience_builder.index import load
from audience_builder.rule.tree import Rule
from bench import rules
from bench.rivals.bitmap import Conditions

_SECONDS = 5.0
_CORES = 2


def measured(folder: Path, how_many: int) -> dict[str, float]:
    """The figures, from a process started now: names with their unit."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "bench.alone", str(folder), str(how_many)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        until_first = time.perf_counter() - begun
        rest = process.stdout.read()
    if process.returncode or not first:
        raise SystemExit(f"python -m bench.alone {folder} did not end well")
    return {"seconds from start to first answer": round(until_first, 2), **orjson.loads(rest)}


def main(arguments: Sequence[str]) -> int:
    """Measure and print. Returns the exit code."""
    index = load(Path(arguments[0]) / "index")
    if index is None or index.traits is None:
        raise SystemExit(f"{arguments[0]} holds no whole index")
    as_of = end_of_day(day_from(index.traits.day))
    reading = Reading(index, traits_for=None)
    reading.cache = Conditions(cache_bytes_for(index.users.size))
    at, asking = reading.at(as_of), partial(ask, as_of=as_of)
    _say({"count": max(bitmap_program.counts(rules.rule(Random(0)), at, asking).values())})
    figures: dict[str, float] = {"MB of its own memory, started": _own_mb()}
    begun = time.perf_counter()
    warm(at, as_of)
    figures["seconds to make what is asked all the time"] = round(time.perf_counter() - begun, 1)
    figures["MB of its own memory, after that"] = _own_mb()
    asked = [rules.rule(Random(number)) for number in range(int(arguments[1]))]
    for rule in asked:
        bitmap_program.counts(rule, at, asking)
    figures |= _pace(asked, at, asking)
    _say(
        figures
        | {
            "MB of its own memory, after facets and all rules": _own_mb(),
            "MB of the index mapped and touched": _mapped_mb(),
        }
    )
    return 0


def _pace(asked: Sequence[Rule], at: At, asking: bitmap_program.Asking) -> dict[str, float]:
    """Rules one after the other on each core: conditions known, groups worked out every time."""

    def count_on(core: int) -> list[float]:
        times: list[float] = []
        until, place = time.perf_counter() + _SECONDS, core
        while (begun := time.perf_counter()) < until:
            bitmap_program.counts(asked[place % len(asked)], at, asking)
            times.append(time.perf_counter() - begun)
            place += 1
        return times

    with ThreadPoolExecutor(_CORES) as pool:
        times = [each for found in pool.map(count_on, range(_CORES)) for each in found]
    p99 = float(np.percentile(times, 99)) * 1000
    return {"counts a second on two cores": round(len(times) / _SECONDS), "ms a count then, p99": round(p99, 2)}


def _say(figures: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(figures) + b"\n")
    sys.stdout.buffer.flush()


def _own_mb() -> int:
    return _status("RssAnon")


def _mapped_mb() -> int:
    return _status("RssFile")


def _status(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) >> 10
    raise SystemExit(f"this system does not say {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
