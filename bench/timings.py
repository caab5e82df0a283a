"""What was measured: seconds by step, and how large what was worked on was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(slots=True)
class Timings:
    """Seconds each step took, by name in the order of first use, and counts of rows and bytes."""

    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    facts: dict[str, int] = field(default_factory=dict[str, int])

    def measure(self, name: str, work: Callable[[], Result]) -> Result:
        """Do it, and note how long it took."""
        started = perf_counter()
        result = work()
        self.seconds.setdefault(name, []).append(perf_counter() - started)
        return result
