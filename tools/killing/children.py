"""Children that live until they are killed: at a named call, or after some moments."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from threading import Timer
from typing import Any, cast

from audience_builder.catalog.dimensions import dimensions
from tools.killing.disk import Disk

_NAMED_SECONDS = 60.0
_BEFORE_SYNC = "before something is synced"
_MOST_SYNCS = 40
Call = Callable[..., Any]

Point = tuple[object, str, bool]
"""A call, by whose and what name, and whether it is after it."""

Say = Callable[[int], None]
"""Tells the parent a number; what was told is heard however the child ends."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Over which folder how many children are killed, from which seed on; with a disk its power is cut each time."""

    folder: Path
    times: int
    seed: int
    tell: Callable[[str], None]
    disk: Disk | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """How one child lives: it is killed at the call its point names, the `after` + first time, or after so many seconds.

    With a disk its power is cut then, and `chance` says what is left.
    """

    point: str
    after: int
    seconds: float
    chance: int = 0
    disk: Disk | None = None

    def begin(self, points: Mapping[str, Point]) -> None:
        """Have this process killed as this life says."""
        if self.point in points:
            _die_at(points[self.point], self.after)
        elif self.point == _BEFORE_SYNC:
            _die_at((Disk, "sync", False), self.after)
        if self.disk is not None:
            self.disk.watch()
        Timer(self.seconds, _die).start()


def lives(points: Mapping[str, Point], asked: Asked, *, longest_seconds: float) -> Iterator[Life]:
    """Lives that end at any moment (with a disk: when something is about to be synced) and at each of the points by turns."""
    names, dice = list(points), Random(asked.seed)
    for turn in range(asked.times):
        chance = dice.randrange(2**32)
        if turn % 2:
            yield Life(names[turn // 2 % len(names)], dice.randrange(2), _NAMED_SECONDS, chance, asked.disk)
        elif asked.disk is not None:
            yield Life(_BEFORE_SYNC, dice.randrange(_MOST_SYNCS), _NAMED_SECONDS, chance, asked.disk)
        else:
            yield Life("some moment", 0, dice.uniform(0.0, longest_seconds), chance, asked.disk)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(point: Point, after: int) -> None:
    owner, name, is_after = point
    real, left = cast(Call, getattr(owner, name)), [after]

    def deadly(*words: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] < 0 and not is_after:
            _die()
        found = real(*words, **named)
        if left[0] < 0:
            _die()
        return found

    setattr(owner, name, deadly)


def make_ready() -> None:
    """Load here what every child would load anew."""
    dimensions()
    for each in ("pyarrow", "pandas"):  # DuckDB looks for them where they are installed
        with suppress(ImportError):
            import_module(each)


def in_child(run: Callable[[Say], None]) -> tuple[list[int], int]:
    """Run it in a child. Returns the numbers it said, and how it ended (the signal as a negative number)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            run(lambda number: cast(None, os.write(writing, b"%d\n" % number)))
            code = 0
        except BaseException:  # the parent hears of nothing but the end
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        lines = said.read().split(b"\n")
    _, status = os.waitpid(child, 0)
    return [int(line) for line in lines[:-1]], os.waitstatus_to_exitcode(status)


def done_in_child(run: Callable[[Say], None]) -> list[int]:
    """The numbers a child said that must end well. Raises AssertionError where it does not."""
    said, end = in_child(run)
    if end:
        raise AssertionError(f"the child ended with {end}")
    return said


def killed_in_child(run: Callable[[Say], None], life: Life) -> list[int]:
    """The numbers a child said before its life's end. Raises AssertionError where it ends by itself, or never comes to its point."""
    if life.disk is not None:
        life.disk.begin()
    begun = time.monotonic()
    said, end = in_child(run)
    if end != -signal.SIGKILL:
        raise AssertionError(f"the child ended by itself ({end}) at {life.point}")
    if time.monotonic() - begun >= _NAMED_SECONDS:
        raise AssertionError(f"the child never came to: {life.point}")
    if life.disk is not None:
        life.disk.cut(Random(life.chance))
    return said
