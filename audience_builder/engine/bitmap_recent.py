"""What was asked lately, so that a change of the data is answered from at once: the questions people look at are put again first."""

from __future__ import annotations

from collections.abc import Hashable
from time import monotonic

from audience_builder.engine import plan

MOST = 512
"""So many questions are known at most."""

LATELY_SECONDS = 60.0
"""What nobody asked for so long is not put again."""


class Recent:
    """The questions asked lately, by what they mean. Threads may note while another reads."""

    def __init__(self) -> None:
        self._asked: dict[Hashable, tuple[float, plan.Ask]] = {}

    def note(self, key: Hashable, ask: plan.Ask) -> None:
        """Somebody has asked this now."""
        # Put anew it stands last; single steps of a dict are whole, and more certainty than that is not needed here.
        self._asked.pop(key, None)
        self._asked[key] = (monotonic(), ask)
        if len(self._asked) > MOST:
            self._asked.pop(next(iter(self._asked)), None)

    def newest_first(self) -> list[plan.Ask]:
        """What was asked lately."""
        since = monotonic() - LATELY_SECONDS
        return [ask for at, ask in reversed(list(self._asked.values())) if at >= since]
