"""How it grows with the travellers: the same rules over indexes of several sizes. Writes docs/growth.md and its chart.

Run as `python -m bench.growth FOLDER…`, each folder made by `python -m bench.index_only --users N --data FOLDER`. Every size is measured in a
process of its own, one after the other.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from audience_builder.index import load
from bench import alone, charts
from bench.records import machine

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, CHART = DOCS / "growth.md", DOCS / "performance" / "growth.svg"
_COLUMNS = {
    "counts a second on two cores": "counts a second",
    "ms a count then, p99": "ms a count, p99",
    "seconds from start to first answer": "s from start to first answer",
    "MB of its own memory, after facets and all rules": "MB of its own memory",
    "MB of the index mapped and touched": "MB of the index touched",
}


def main(arguments: list[str]) -> int:
    """Measure each and write the page. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="bench.growth")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--rules", type=int, default=200)
    asked = parser.parse_args(arguments)
    found = {_users(folder): alone.measured(folder, asked.rules) | _size(folder) for folder in asked.folders}
    sizes = sorted(found)
    series = {"ms a count, p99": [found[size]["ms a count then, p99"] for size in sizes]}
    series["ms a count, mean on one core"] = [2_000 / found[size]["counts a second on two cores"] for size in sizes]
    CHART.write_text(charts.lines("a rule counted, every node", "ms", sizes, series), encoding="utf-8")
    PAGE.write_text("\n".join(_page(found, asked.rules)) + "\n", encoding="utf-8")
    return 0


def _users(folder: Path) -> int:
    index = load(folder / "index")
    if index is None:
        raise SystemExit(f"{folder} holds no whole index")
    return index.users.size


def _size(folder: Path) -> dict[str, float]:
    return {"GB on disk": round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9, 2)}


def _page(found: dict[int, dict[str, float]], rules: int) -> list[str]:
    head = [*_COLUMNS.values(), "GB on disk"]
    rows = [
        [f"{size:,}", *(f"{found[size][name]:,}" for name in _COLUMNS), f"{found[size]['GB on disk']:,}"]
        for size in sorted(found)
    ]
    return [
        "# Growth",
        "",
        f"Written by `python -m bench.growth` on {datetime.now(UTC):%Y-%m-%d}: {rules} random rules of 2 to 12 nested conditions, every node counted, on",
        f"indexes of 365 days (`python -m bench.index_only`), {machine()}.",
        "",
        f"![a rule counted, every node](performance/{CHART.name})",
        "",
        f"| users | {' | '.join(head)} |",
        f"|{'--:|' * (len(head) + 1)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
