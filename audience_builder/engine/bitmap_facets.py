"""The split of an audience over every filter: each line is a condition, and lines that differ in one property share a pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Aggregate, Cut
from audience_builder.engine import kernel, kernel_rows, plan
from audience_builder.engine.asks import ask as ask_of
from audience_builder.engine.asks import cut_conditions
from audience_builder.engine.bitmap_patched import PatchedAt
from audience_builder.engine.bitmap_reading import At
from audience_builder.engine.bitmap_rows import scan
from audience_builder.engine.bitmap_scan import Block
from audience_builder.engine.bitmap_sets import People
from audience_builder.engine.bitmap_shared import shared
from audience_builder.errors import NotFoundError
from audience_builder.index.arrays import WORD, Array, Bytes, Halves, Integers, Longs, Words, sealed
from audience_builder.index.columns import USERS_A_PART
from audience_builder.rule.tree import Condition

CodeTest = plan.CodeIn | plan.MaskAny

_AT_LEAST_ONCE = plan.Between(1, None)


@dataclass(frozen=True, slots=True)
class Shared:
    """What questions have in common that are read together: their rows, and the column they differ in."""

    rows: plan.Rows
    column: str


def facet_lines(key: str, at: At | PatchedAt, as_of: datetime) -> Iterator[tuple[Cut, plan.Ask]]:
    """The lines of a filter's facet with what they ask; only what looks at minutes is asked anew within a day."""
    asks = at.asks(key, lambda: tuple(ask_of(condition, as_of) for _, condition in _cuts(key)))
    for (cut, condition), question in zip(_cuts(key), asks, strict=True):
        is_of_minute = question.rows is not None and question.rows.needs_minute
        yield cut, ask_of(condition, as_of) if is_of_minute else question


@cache
def _cuts(key: str) -> tuple[tuple[Cut, Condition], ...]:
    """The lines of a filter's facet with their conditions: the catalog never changes."""
    asked = BY_KEY.get(key)
    if asked is None:
        raise NotFoundError(f"there is no filter {key}", fix="Ask the catalog for its keys.")
    return cut_conditions(asked)


def lines(asks: Sequence[plan.Ask], at: At | PatchedAt) -> list[People]:
    """The active users on each line. Lines that ask whether there is a row with this or that code are read together."""
    if isinstance(at, PatchedAt):
        touched = [ask for ask in asks if at.touches(ask) and at.key(ask) not in at.reading.cache]
        lines(touched, at.small)
        lines(asks, at.base)
        return [at.people(ask) for ask in asks]
    missing = [ask for ask in asks if at.key(ask) not in at.reading.cache]
    for alike, group in read_together(missing).items():
        _find_together([ask for ask, _ in group], [test for _, test in group], alike.rows, at)
    return [at.people(ask) for ask in asks]


def counts_within(people: Sequence[People], audience: Words) -> list[int]:
    """How many of the audience are in each set."""
    rows = np.array([entry.address for entry in people], np.uint64)

    def count(first: int, last: int) -> Longs:
        counts = np.zeros(len(people), np.int64)
        kernel.count_each(rows, audience, first, last, counts)
        return counts

    return shared(count, audience.size, of_bytes=audience.nbytes * len(people)).tolist()


def read_together(asks: Iterable[plan.Ask]) -> dict[Shared, list[tuple[plan.Ask, CodeTest]]]:
    """Questions for at least one row that differ only in the codes of one column, with that test."""
    groups: defaultdict[Shared, list[tuple[plan.Ask, CodeTest]]] = defaultdict(list)
    for ask in asks:
        test = _only_code_test(ask)
        if test is not None and ask.rows is not None:
            groups[Shared(replace(ask.rows, tests=()), test.column)].append((ask, test))
    return {shared: group for shared, group in groups.items() if len(group) > 1}


def _only_code_test(ask: plan.Ask) -> CodeTest | None:
    """The one property of a question that can be read together with others; None where it must be read alone."""
    rows = ask.rows
    is_presence = ask.aggregate is Aggregate.COUNT and ask.test == _AT_LEAST_ONCE and not ask.negated
    # Wishes (of two event kinds) may be undone, so that having a row is not enough.
    if rows is None or not is_presence or ask.statuses is not None or len(rows.tests) != 1 or len(rows.kinds) > 1:
        return None
    test = rows.tests[0]
    return test if isinstance(test, plan.CodeIn | plan.MaskAny) and not (rows.has or rows.lacks) else None


def _find_together(asks: list[plan.Ask], tests: list[CodeTest], rows: plan.Rows, at: At) -> None:
    everybody = at.everybody().words
    found = np.zeros((len(asks), everybody.size), np.uint64)
    together = scan(at, rows)
    column = together.asked.log.get(tests[0].column)
    if column is not None:
        users, put = together.asked.log["user"], _putter(tests, column)

        def gather(part: int, blocks: Iterator[Block]) -> None:
            for first, last, kept in blocks:
                put(users[first:last], column[first:last], kept, part * (USERS_A_PART // WORD), found)

        together.each_part(gather)
    for ask, words in zip(asks, found, strict=True):
        active = words & everybody
        at.reading.cache.put(at.key(ask), People(sealed(active), int(np.bitwise_count(active).sum())))


_Put = Callable[[Halves, Array, Bytes, int, Words], None]


def _putter(tests: list[CodeTest], column: Array) -> _Put:
    """What puts each row's user into the sets (rows of a matrix) its code or mask belongs to."""
    masks = [test.mask for test in tests if isinstance(test, plan.MaskAny)]
    if masks:
        most = int(np.iinfo(column.dtype).max)
        wanted = np.array([mask & most for mask in masks], np.uint32)
        return lambda users, values, kept, word, out: kernel_rows.put_by_mask(users, values, kept, wanted, word, out)
    starts, sets = _sets_of_codes([test.codes for test in tests if isinstance(test, plan.CodeIn)], column)
    return lambda users, codes, kept, word, out: kernel_rows.put_by_code(users, codes, kept, starts, sets, word, out)


def _sets_of_codes(wanted: Sequence[frozenset[int]], column: Array) -> tuple[Integers, Integers]:
    """For each code the numbers of the sets it belongs to: `sets[starts[code] : starts[code + 1]]`."""
    codes = int(np.iinfo(column.dtype).max) + 1
    pairs = np.array(sorted((code, number) for number, each in enumerate(wanted) for code in each), np.int64).reshape(
        -1, 2
    )
    starts = np.searchsorted(pairs[:, 0], np.arange(codes + 1))
    return starts.astype(np.int32), np.ascontiguousarray(pairs[:, 1]).astype(np.int32)
