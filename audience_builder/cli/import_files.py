"""Files of users, bookings or events into the mart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from audience_builder.cli.backend import lines
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.progress import bars, followed
from audience_builder.cli.show import number, put, put_json, table
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder import --map online_retail_ii online_retail_II.parquet --data ./shop"""

Map = Annotated[
    str, typer.Option("--map", metavar="MAP", help="What is in the files (매핑): a TOML file, or a shipped map's name.")
]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or Parquet files.", show_default=False)]


@verb
def import_files(files: Files, map_name: Map, data: Data = None, as_json: AsJson = False) -> None:
    """Import files as a map says; rejected rows are written aside with reason and line (데이터 가져오기)."""
    body = {
        "map": _absolute(Path(map_name)) if Path(map_name).exists() else map_name,
        "files": [_absolute(file) for file in files],
    }
    with connected(data, may_be_new=True) as backend, bars(quiet=as_json) as tell:
        report = followed(lines(backend, "/imports", body), tell)
    if as_json:
        put_json(report)
        return
    for entry in report["files"]:
        put(*_said(entry))


def _absolute(path: Path) -> str:
    # Whoever reads it may stand in another directory.
    return str(path.absolute())


def _said(entry: dict[str, Any]) -> list[str]:
    if entry["already_applied"]:
        return [f"{entry['file']}: imported before, nothing changed"]
    counts = ", ".join(f"{number(entry[key])} {key}" for key in ("read", "applied", "merged", "duplicate", "rejected"))
    reasons = table(([f"  {reason}", number(rows)] for reason, rows in entry["reasons"].items()), right=frozenset({1}))
    rejects = [f"  rejected rows: {entry['rejects']}"] if entry["rejects"] else []
    return [f"{entry['file']}: {counts}", *reasons, *rejects]
