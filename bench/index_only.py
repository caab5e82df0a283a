"""Makes the index of a sample without its mart, for more travellers than a mart is wanted of: `python -m bench.index_only`.

The index is the very one the mart of that sample gives; nobody can be looked up or exported from it. Stopped, the same command
goes on where it was. Tells how long it took, how much memory and how much disk.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import date
from pathlib import Path
from shutil import rmtree

from audience_builder.catalog.dimensions import dimensions
from audience_builder.cli.progress import bars
from audience_builder.clock import end_of_day
from audience_builder.index import build
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.sample import Density, SampleSpec
from audience_builder.sample.source import spooled

END = date(2026, 11, 22)


def main(arguments: list[str]) -> int:
    """Make the index and print the figures. Returns the exit code."""
    asked = _options(arguments)
    spec = SampleSpec(
        users=asked.users, days=asked.days, seed=asked.seed, end=asked.end, density=Density(asked.density)
    )
    asked.data.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    spool = asked.data / "spool"
    with bars(lines=True) as tell:
        source = spooled(
            spec,
            spool,
            now=end_of_day(asked.end),
            new_mart=lambda: DuckDBMart(None, dimensions=dimensions()),
            progress=lambda done, total: tell("sample", done, total),
        )
        made, waiting = time.monotonic(), _gigabytes(spool)
        tell("index", 0, 0)
        build(asked.data / "index", source)
    told = time.monotonic()
    rmtree(spool)
    figures = {
        "users": spec.users,
        "sample_seconds": round(made - begun),
        "index_seconds": round(told - made),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        "spool_gb": round(waiting, 2),
        "index_gb": round(_gigabytes(asked.data / "index"), 2),
    }
    sys.stdout.write(f"{figures}\n")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.index_only")
    parser.add_argument("--users", type=int, default=20_000_000)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--end", type=date.fromisoformat, default=END)
    parser.add_argument("--density", choices=[str(each) for each in Density], default=str(Density.USUAL))
    parser.add_argument("--data", type=Path, required=True)
    return parser.parse_args(arguments)


def _gigabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
