"""What was measured, as it is kept: seconds by task and by whom, the machine, the versions, the data."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeVar

import numpy as np
import orjson

Result = TypeVar("Result")
LIBRARIES: Final = ("duckdb", "chdb", "polars", "pyroaring", "numpy", "numba", "sqlglot")


@dataclass(frozen=True, slots=True)
class Record:
    """One task done by one of those measured: milliseconds over all runs.

    `spread` is how far the means of the rounds lie apart, as a share of their mean (0.1 = 10 %).
    """

    task: str
    who: str
    threads: int
    runs: int
    mean: float
    p50: float
    p99: float
    spread: float


@dataclass(slots=True)
class Timings:
    """Seconds by task and by whom, round by round."""

    seconds: dict[tuple[str, str, int], dict[int, list[float]]] = field(
        default_factory=dict[tuple[str, str, int], dict[int, list[float]]]
    )

    def measure(self, task: str, who: tuple[str, int], work: Callable[[], Result], *, in_round: int = 0) -> Result:
        """Do it, and note how long it took. `who` is a name and how many threads."""
        started = perf_counter()
        result = work()
        took = perf_counter() - started
        self.seconds.setdefault((task, *who), {}).setdefault(in_round, []).append(took)
        return result

    def records(self) -> list[Record]:
        """Everything measured, in the order of first measure."""
        return [_record(*key, rounds) for key, rounds in self.seconds.items()]


@dataclass(frozen=True, slots=True)
class Results:
    """One run of the bench."""

    made_on: str
    machine: str
    versions: Mapping[str, str]
    facts: Mapping[str, float]
    records: tuple[Record, ...]

    @property
    def users(self) -> int:
        """How many user numbers there were."""
        return int(self.facts["users"])

    def of(self, task: str) -> list[Record]:
        """What was measured of one task."""
        return [entry for entry in self.records if entry.task == task]

    def write(self, folder: Path) -> Path:
        """Keep it, by the number of users."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.users}.json"
        path.write_bytes(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2) + b"\n")
        return path


def results(timings: Timings, facts: Mapping[str, float]) -> Results:
    """What was measured on this machine today."""
    versions = {"Python": sys.version.split()[0], **{name: version(name) for name in LIBRARIES}}
    return Results(date.today().isoformat(), machine(), versions, dict(facts), tuple(timings.records()))


def read(path: Path) -> Results:
    """A run that was kept."""
    said: dict[str, Any] = orjson.loads(path.read_bytes())
    records = tuple(Record(**entry) for entry in said.pop("records"))
    return Results(**said, records=records)


def _record(task: str, who: str, threads: int, rounds: Mapping[int, list[float]]) -> Record:
    ms = 1000 * np.concatenate([np.array(seconds) for seconds in rounds.values()])
    means = np.array([1000 * float(np.mean(seconds)) for seconds in rounds.values()])
    return Record(
        task=task, who=who, threads=threads, runs=int(ms.size), mean=float(ms.mean()), p50=float(np.percentile(ms, 50)),
        p99=float(np.percentile(ms, 99)), spread=float((means.max() - means.min()) / means.mean()),
    )  # fmt: skip


def machine() -> str:
    """The cores, memory and processor of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} cores, {memory} GB, {platform.machine()}{_processor()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f", {names[0]}" if names else ""
