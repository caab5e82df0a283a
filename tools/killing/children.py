"""Children that live until they are killed: at a named call, or after some moments."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from threading import Timer
from typing import Any, cast

_NAMED_SECONDS = 60.0
Call = Callable[..., Any]

Point = tuple[object, str, bool]
"""A call, by whose and what name, and whether it is after it."""

Say = Callable[[int], None]
"""Tells the parent a number; what was told is heard however the child ends."""


@dataclass(frozen=True, slots=True)
class Life:
    """How one child lives: it is killed at the call its point names, the `after` + first time, or after so many seconds."""

    point: str
    after: int
    seconds: float

    def begin(self, points: Mapping[str, Point]) -> None:
        """Have this process killed as this life says."""
        if self.point in points:
            _die_at(points[self.point], self.after)
        Timer(self.seconds, _die).start()


def lives(points: Mapping[str, Point], times: int, dice: Random, *, longest_seconds: float) -> Iterator[Life]:
    """Lives that end at any moment and at each of the points by turns."""
    names = list(points)
    for turn in range(times):
        if turn % 2:
            yield Life(names[turn // 2 % len(names)], dice.randrange(3), _NAMED_SECONDS)
        else:
            yield Life("some moment", 0, dice.uniform(0.0, longest_seconds))


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
    begun = time.monotonic()
    said, end = in_child(run)
    if end != -signal.SIGKILL:
        raise AssertionError(f"the child ended by itself ({end}) at {life.point}")
    if time.monotonic() - begun >= _NAMED_SECONDS:
        raise AssertionError(f"the child never came to: {life.point}")
    return said
