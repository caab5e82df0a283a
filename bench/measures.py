"""What is measured: everyone does the same task in turn, in one process, and every answer must be equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, Final, TypeVar

from audience_builder.catalog import FILTERS
from audience_builder.engine.asks import ask
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.engine.bitmap_reading import At
from audience_builder.index.contents import Index
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Condition, Rule, conditions
from bench import rules, tasks
from bench.records import Timings
from bench.rivals.bitmap import NAME, BitmapRival
from bench.rivals.floor import Floor
from bench.rivals.port import Rival, Splitter, Updater

COUNT: Final = "a rule counted, every node"
COUNT_ON: Final = "rule after rule counted, every node, nobody else's work between"
TOTAL: Final = "a rule counted, its root alone"
FACETS: Final = "all facets split for an audience"
CHANGE: Final = "10,000 users with 3 new attributes each"
CHANGE_AND_COUNT: Final = "the same, and every value of the three counted"
SHORT_WINDOWS: Final = "a new window of 1 to 90 days counted"
LONG_WINDOWS: Final = "a new window of 91 days to 3 years counted"
EDIT: Final = "one condition edited, the others known"
CHANGED_USERS: Final = 10_000
_PRODUCT: Final = (NAME, 1)

Progress = Callable[[int, int], None]
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Bench:
    """An index as of a moment, the clock, and how often everything is done."""

    at: At
    as_of: datetime
    timings: Timings
    rounds: int


def counts(bench: Bench, rivals: Sequence[Rival], how_many: int, progress: Progress) -> None:
    """Random rules, each counted by everyone in every round, in another order each time."""
    floor = Floor(bench.at.everybody().words)
    for number in range(how_many):
        _one_rule(bench, rivals, floor, number)
        progress(number + 1, how_many)


def _one_rule(bench: Bench, rivals: Sequence[Rival], floor: Floor, number: int) -> None:
    rule = rules.rule(Random(number))
    task = tasks.task_of(rule, bench.at, bench.as_of)
    floor.prepare(task)
    for rival in rivals:
        rival.prepare(task)
    (expected, *_) = found = [rival.count() for rival in rivals]
    _refuse_difference(rivals, found, rule)
    for in_round in range(bench.rounds):
        for rival in _turned((floor, *rivals), number, in_round):
            if isinstance(rival, Floor):
                bench.timings.measure(COUNT, (rival.name, rival.threads), rival.stream, in_round=in_round)
                continue
            counted = bench.timings.measure(COUNT, (rival.name, rival.threads), rival.count, in_round=in_round)
            _refuse_difference([rivals[0], rival], [expected, counted], rule)
        for rival in _turned(rivals, number, in_round):
            total = bench.timings.measure(TOTAL, (rival.name, rival.threads), rival.total, in_round=in_round)
            _refuse_difference([rivals[0], rival], [expected[:1], [total]], rule)
    for entry in (floor, *rivals):
        entry.release()


def counts_on(bench: Bench, how_many: int, progress: Progress) -> None:
    """The same rules counted by the product and streamed in turns, as when people type: the caches are theirs."""
    floor, product = Floor(bench.at.everybody().words), BitmapRival(bench.at, bench.as_of)
    for number in range(how_many):
        task = tasks.task_of(rules.rule(Random(number)), bench.at, bench.as_of)
        floor.prepare(task)
        product.prepare(task)
        works = ((floor.name, floor.stream), (product.name, product.count))
        for in_round in range(bench.rounds):
            for name, work in _turned(works, number, in_round):
                bench.timings.measure(COUNT_ON, (name, 1), work, in_round=in_round)
        progress(number + 1, how_many)


def facets(bench: Bench, rivals: Sequence[Splitter], how_many: int, progress: Progress) -> int:
    """Audiences of random rules split by everyone. Returns how many lines there are."""
    floor, lines = Floor(bench.at.everybody().words), 0
    for number in range(how_many):
        audience = tasks.audience_of(rules.rule(Random(1000 + number)), bench.at, bench.as_of)
        lines = len(audience.lines)
        for rival in (floor, *rivals):
            rival.hold(audience)
        found = [rival.split() for rival in rivals]
        _refuse_difference(rivals, found, audience.rule)
        for in_round in range(bench.rounds):
            for rival in _turned((floor, *rivals), number, in_round):
                if isinstance(rival, Floor):
                    bench.timings.measure(FACETS, (rival.name, rival.threads), rival.stream, in_round=in_round)
                    continue
                bench.timings.measure(FACETS, (rival.name, rival.threads), rival.split, in_round=in_round)
        for entry in (floor, *rivals):
            entry.release()
        progress(number + 1, how_many)
    return lines


def changes(bench: Bench, rivals: Sequence[Updater], progress: Progress) -> None:
    """The same users changed by everyone; then each value counted, which is when a change put off would be paid for."""
    for in_round in range(bench.rounds):
        change = tasks.change_of(bench.at, CHANGED_USERS, seed=in_round)
        found: list[list[int]] = []
        for rival in _turned(rivals, 0, in_round):
            rival.load(change)
            who = (rival.name, rival.threads)
            bench.timings.measure(CHANGE, who, rival.change, in_round=in_round)
            rival.release()
            rival.load(change)
            found.append(
                bench.timings.measure(CHANGE_AND_COUNT, who, partial(_changed_and_counted, rival), in_round=in_round)
            )
            rival.release()
        if any(counted != found[0] for counted in found):
            raise SystemExit(f"the values counted after the change differ: {found}")
        progress(in_round + 1, bench.rounds)


def _changed_and_counted(rival: Updater) -> list[int]:
    rival.change()
    return rival.recount()


def windows(bench: Bench, how_many: int, progress: Progress) -> None:
    """Conditions over windows nobody asked for before: the product alone, for a rival would have to add up facts."""
    for number in range(how_many):
        for task, low, high in ((SHORT_WINDOWS, 1, 90), (LONG_WINDOWS, 91, 1095)):
            random = Random(f"{number} {task}")
            condition = _windowed(random, random.randint(low, high))
            question = ask(condition, bench.as_of)
            bench.timings.measure(task, _PRODUCT, partial(bench.at.people, question))
        progress(number + 1, how_many)


def edits(bench: Bench, index: Index, how_many: int, progress: Progress) -> None:
    """Rules with one condition replaced by another that was asked for elsewhere: the product alone."""
    engine = BitmapEngine(index)
    for number in range(how_many):
        rule = rules.rule(Random(number))
        edited = rules.edited(rule)
        new = next(entry for entry in conditions(edited) if entry.id == "edited")
        for known in (rule, Rule(root=new)):
            engine.count(known, as_of=bench.as_of)
        bench.timings.measure(EDIT, _PRODUCT, partial(engine.count, edited, as_of=bench.as_of))
        progress(number + 1, how_many)


def _windowed(random: Random, days: int) -> Condition:
    asked = random.choice([entry for entry in FILTERS if "last" in entry.windows and entry.key != "upcoming_trip"])
    root: dict[str, Any] = {
        "type": "condition", "id": "new", "filter": asked.key, "operator": "known", "window": {"type": "last", "n": days},
    }  # fmt: skip
    if asked.kind == "events":
        root |= {"operator": ">=", "value": random.randint(1, 5)}
    (condition,) = conditions(parse_rule({"version": 1, "root": root}))
    return condition


def _turned(entries: Sequence[One], number: int, in_round: int) -> list[One]:
    """Everyone once, in an order drawn anew: what stood before in a core's caches is nobody's advantage, the floor's neither."""
    return Random(f"{number} {in_round}").sample(entries, len(entries))


def _refuse_difference(rivals: Sequence[Rival] | Sequence[Splitter], found: Sequence[list[int]], rule: Rule) -> None:
    for rival, counted in zip(rivals, found, strict=True):
        if counted != found[0]:
            raise SystemExit(f"{rival.name} and {rivals[0].name} differ on {to_json(rule)}: {counted} and {found[0]}")
