"""Measures the product beside its rivals on the data found, and writes docs/performance.md with its charts.

Run as `make bench`, `make bench DATA=/path`, or `python -m bench --data FOLDER`. The folder holds an index, or a mart to build one of;
where it holds neither, a sample of `--users` x `--days` is made in it. Whoever gives another answer ends the run.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from audience_builder.engine.bitmap_reading import At, Reading
from audience_builder.engine.words import WordsEngine
from audience_builder.engine.words.clickhouse import ClickHouseWords
from audience_builder.engine.words.duckdb import DuckDBWords
from bench import alone, data, measures, report
from bench.measures import Bench
from bench.records import Results, Timings, results
from bench.rivals.bitmap import BitmapRival, BitmapSplitter, BitmapUpdater, Conditions
from bench.rivals.clickhouse import ClickHouse
from bench.rivals.database import TunedRival, TunedSplitter, TunedUpdater
from bench.rivals.duckdb import DuckDB
from bench.rivals.polars import PolarsRival, PolarsSplitter, PolarsUpdater
from bench.rivals.roaring import RoaringRival, RoaringSplitter, RoaringUpdater
from bench.rivals.words import WordsRival

CONSOLE = Console(stderr=True)
_CACHE_BYTES = 2 << 30
_WORDS_BYTES = 256 << 20


def main(arguments: list[str]) -> int:
    """Measure, keep what was measured, and write the page. Returns the exit code."""
    asked = _options(arguments)
    if not asked.page_only:
        measured(asked).write(asked.out)
    report.write(asked.out)
    return 0


def measured(asked: argparse.Namespace) -> Results:
    """Everything, on the data found."""
    timings = Timings()
    found = data.opened(asked.data, users=asked.users, days=asked.days, timings=timings)
    reading = Reading(found.index, traits_for=None)
    reading.cache = Conditions(_CACHE_BYTES)
    at = reading.at(found.as_of)
    bench = Bench(at, found.as_of, timings, asked.rounds)
    facts: dict[str, float] = {
        **found.facts,
        "active users": at.everybody().count,
        "rules": asked.rules,
        "rounds": asked.rounds,
    }
    words = _words(at, bench)
    _step("rules", lambda say: measures.counts(bench, _rivals(at, bench, words, asked.threads), asked.rules, say))
    _step("rule after rule", lambda say: measures.counts_on(bench, asked.rules, say))
    splitters = [BitmapSplitter(at, bench.as_of), *words, PolarsSplitter(), RoaringSplitter()]
    splitters += [TunedSplitter(DuckDB(threads=asked.threads)), TunedSplitter(ClickHouse(threads=asked.threads))]
    facts["facet lines"] = _step("facets", lambda say: measures.facets(bench, splitters, asked.audiences, say))
    updaters = [BitmapUpdater(found.index, bench.as_of), PolarsUpdater(), RoaringUpdater()]
    updaters += [TunedUpdater(DuckDB(threads=asked.threads)), TunedUpdater(ClickHouse(threads=asked.threads))]
    _step("changes", lambda say: measures.changes(bench, updaters, say))
    _step("windows", lambda say: measures.windows(bench, asked.rules, say))
    _step("edits", lambda say: measures.edits(bench, found.index, asked.rules, say))
    facts |= alone.measured(asked.data, asked.rules)
    facts["peak MB of all together"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return results(timings, facts)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--data", type=Path, default=Path(".data/bench"))
    parser.add_argument("--users", type=int, default=300_000, help="of a sample made now")
    parser.add_argument("--days", type=int, default=365, help="of a sample made now")
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--audiences", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="of DuckDB and ClickHouse")
    parser.add_argument("--out", type=Path, default=report.FOLDER)
    parser.add_argument("--page-only", action="store_true", help="write the page of what was measured before")
    return parser.parse_args(arguments)


def _words(at: At, bench: Bench) -> Sequence[WordsRival]:
    stores = {"words table on DuckDB": DuckDBWords(), "words table on ClickHouse": ClickHouseWords()}
    return [
        WordsRival(name, WordsEngine(at.index, store, sets_bytes=_WORDS_BYTES), bench.as_of)
        for name, store in stores.items()
    ]


def _rivals(at: At, bench: Bench, words: Sequence[WordsRival], threads: int) -> list[measures.Rival]:
    return [
        BitmapRival(at, bench.as_of),
        BitmapRival(at, bench.as_of, reads=True),
        *words,
        PolarsRival(),
        RoaringRival(at.everybody().words),
        TunedRival(DuckDB(threads=threads)),
        TunedRival(ClickHouse(threads=threads)),
    ]


def _step(name: str, work: Callable[[measures.Progress], measures.One]) -> measures.One:
    """Do one part, telling how far it is and how long the rest will take."""
    started = time.monotonic()

    def say(done: int, of: int) -> None:
        took = time.monotonic() - started
        CONSOLE.print(f"{name}: {done} of {of}, {took:.0f} s, {took / done * (of - done):.0f} s left   ", end="\r")

    found = work(say)
    CONSOLE.print(f"{name}: done in {time.monotonic() - started:.0f} s" + " " * 30)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
