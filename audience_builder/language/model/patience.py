"""A model asked with patience: again after a pause where that may help, within one deadline, and left alone after many failures."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

from audience_builder.language.model.port import Answer, Asked, Model, ModelProblem

ATTEMPTS: Final = 3
FIRST_PAUSE: Final = 0.4
FAILURES: Final = 5
REST: Final = 30.0
_LEAST: Final = 0.2


class Patient:
    """The same port in front of a model (`language.model.port.Model`).

    `clock` is a monotonic clock in seconds, `sleep` waits, `chance` gives numbers from 0 to 1. After `FAILURES` failures in a row
    nothing is asked for `REST` seconds, then one sentence tries; problems of a single sentence (blocked, unreadable) are none.
    """

    def __init__(
        self, model: Model, *, clock: Callable[[], float], sleep: Callable[[float], None], chance: Callable[[], float]
    ) -> None:
        self._model = model
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._lock = Lock()
        self._failures = 0
        self._rests_until = 0.0

    @property
    def label(self) -> str:
        """Who it is."""
        return self._model.label

    def answer(self, asked: Asked, *, seconds: float) -> Answer:
        """The answer, asked for up to `ATTEMPTS` times within so many seconds (see the port)."""
        self._begin()
        deadline = self._clock() + seconds
        for attempt in range(ATTEMPTS):
            try:
                found = self._model.answer(asked, seconds=max(_LEAST, deadline - self._clock()))
            except ModelProblem as problem:
                pause = max(problem.after, FIRST_PAUSE * 2**attempt * (0.5 + self._chance()))
                is_last = attempt == ATTEMPTS - 1 or not problem.again
                if is_last or self._clock() + pause + _LEAST >= deadline:
                    self._failed(problem)
                    raise
                self._sleep(pause)
            else:
                self._recovered()
                return found
        raise ModelProblem("slow")

    def _begin(self) -> None:
        with self._lock:
            if self._failures >= FAILURES:
                if self._clock() < self._rests_until:
                    raise ModelProblem("resting")
                self._rests_until = self._clock() + REST  # this one tries; the others wait for how it ends

    def _failed(self, problem: ModelProblem) -> None:
        if problem.code in _OF_ONE_SENTENCE:
            return
        with self._lock:
            self._failures += 1
            self._rests_until = self._clock() + REST

    def _recovered(self) -> None:
        with self._lock:
            self._failures = 0


_OF_ONE_SENTENCE: Final = ("blocked", "cut", "unreadable")
