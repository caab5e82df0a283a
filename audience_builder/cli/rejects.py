"""What an import refused, with what stood there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audience_builder.cli.backend import ask
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.show import number, put, put_json
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder rejects rejects-bookings-0123456789ab.csv"""

File = Annotated[Path, typer.Argument(metavar="FILE", help="The rejects file an import named.", show_default=False)]
After = Annotated[int, typer.Option(min=0, help="Only rows behind this line.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many, at most 1,000.")]


@verb
def rejects(file: File, after: After = 0, limit: Limit = 100, data: Data = None, as_json: AsJson = False) -> None:
    """Show rows an import refused; in the file itself they are sealed (거부된 행 보기)."""
    with connected(data) as backend:
        found = ask(backend, "POST", "/rejects", {"file": file.name, "after": after, "limit": limit})
    if as_json:
        put_json(found)
        return
    for row in found["rows"]:
        put(f"line {number(row['line'])}: {row['explanation']}", f"  {row['row']}")
