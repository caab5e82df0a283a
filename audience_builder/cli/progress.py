"""Progress on stderr: bars where somebody looks at it, lines for a log where they are asked for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import timedelta

from audience_builder.cli.backend import Json

Tell = Callable[[str, int, int], None]

_BETWEEN_LINES = 10.0
_SPEED_OVER_SECONDS = 300.0


class Pace:
    """How fast a step is done, in what has been done since it was first told of."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._first: tuple[float, int] | None = None

    def rate(self, done: int) -> float | None:
        """So much a second; None before there are two moments to compare."""
        now = self._now()
        if self._first is None:
            self._first = (now, done)
        since, before = self._first
        return (done - before) / (now - since) if now > since and done > before else None


@contextmanager
def bars(*, quiet: bool = False, lines: bool = False) -> Generator[Tell]:
    """A function to be told steps: one bar each on a terminal; elsewhere a line now and then with `lines`, else nothing."""
    if quiet:
        yield lambda step, done, total: None
    elif sys.stderr.isatty():
        yield from _bars()
    elif lines:
        yield _lines()
    else:
        yield lambda step, done, total: None


def _bars() -> Generator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed
    from rich.progress import TimeRemainingColumn as Remaining

    texts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rate]}"))
    columns = (*texts, Elapsed(), TextColumn("{task.fields[left]}"), Remaining())
    console = Console(stderr=True)
    with Progress(*columns, console=console, speed_estimate_period=_SPEED_OVER_SECONDS) as shown:
        steps: dict[str, tuple[TaskID, Pace]] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in steps:
                for before, _ in steps.values():
                    shown.update(before, total=1, completed=1)
                steps[step] = shown.add_task(step, total=total or None, rate="", left=""), Pace()
            task, pace = steps[step]
            rate = pace.rate(done)
            speed, left = ("", "") if rate is None else (f"{rate:,.0f}/s", "left")
            shown.update(task, completed=done, total=total or None, rate=speed, left=left)

        yield tell


def _lines() -> Tell:
    paces: dict[str, Pace] = {}
    last = [0.0]

    def tell(step: str, done: int, total: int) -> None:
        is_new, now = step not in paces, time.monotonic()
        rate = paces.setdefault(step, Pace()).rate(done)
        if is_new or done == total or now - last[0] >= _BETWEEN_LINES:
            last[0] = now
            print(line(step, done, total, rate), file=sys.stderr, flush=True)  # noqa: T201 - a log is read line by line

    return tell


def line(step: str, done: int, total: int, rate: float | None) -> str:
    """A step as a line: how much is done, how fast, and how long the rest takes at that rate."""
    if not total:
        return step
    said = f"{step}: {done:,} of {total:,}"
    if rate is None:
        return said
    return f"{said}, {rate:,.0f}/s, {timedelta(seconds=round((total - done) / rate))} left"


def followed(lines: Iterable[Json], tell: Tell) -> Json:
    """The result at the end of a load's lines, its progress told on the way."""
    result: Json = {}
    for entry in lines:
        if "progress" in entry:
            step = entry["progress"]
            tell(step["step"], step["done"], step["total"])
        else:
            result = entry["result"]
    return result
