"""What is asked all the time, made before anybody asks: facets of everybody, and every filter's numbers over the preset windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Kind
from audience_builder.engine import plan
from audience_builder.engine.asks import ask, cut_conditions
from audience_builder.engine.bitmap_facets import facet_lines, lines
from audience_builder.engine.bitmap_reading import At
from audience_builder.errors import EngineError
from audience_builder.rule.tree import Condition

PRESET_DAYS = (7, 14, 30, 60, 90, 180, 365)
"""The windows the editor offers first."""


def warm(at: At, as_of: datetime, progress: Callable[[int, int], None] | None = None) -> None:
    """Have the index know them; tells `progress` how many of how many. What the cache has no room for is dropped again."""
    asked = [*_over_presets(as_of)]
    steps = len(FILTERS) + len(asked)
    for done, entry in enumerate(FILTERS):
        _quietly(lambda entry=entry: lines([question for _, question in facet_lines(entry.key, at, as_of)], at))
        if progress:
            progress(done + 1, steps)
    for done, question in enumerate(asked):
        _quietly(lambda question=question: at.keep_sliced(question))
        if progress:
            progress(len(FILTERS) + done + 1, steps)


def _quietly(work: Callable[[], object]) -> None:
    """What cannot be answered (no traits of the day) is said to whoever asks for it."""
    try:
        work()
    except EngineError:
        return


def _over_presets(as_of: datetime) -> Iterator[plan.Ask]:
    for entry in FILTERS:
        if entry.facts is None and not entry.windows:
            yield ask(cut_conditions(entry)[0][1], as_of)
        elif entry.kind in (Kind.EVENTS, Kind.NUMBER, Kind.CHOICES, Kind.DAYS):
            yield from (ask(condition, as_of) for condition in _windowed(entry))


def _windowed(entry: Filter) -> Iterator[Condition]:
    """The filter's own question over each preset window, and over all of time."""
    plain = next((each for _, each in cut_conditions(entry) if not each.properties), cut_conditions(entry)[0][1])
    condition = plain.model_copy(update={"properties": {}})
    yield condition
    if entry.windows and "last" in entry.windows:
        for days in PRESET_DAYS:
            made = condition.model_dump(mode="json", exclude_none=True) | {"window": {"type": "last", "n": days}}
            yield Condition.model_validate(made)
