"""What came by the stream and could not be applied."""

from __future__ import annotations

from typing import Annotated

import typer

from audience_builder.cli.backend import ask
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.show import number, put, put_json
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder dead-letters --replay late"""

Limit = Annotated[int, typer.Option(min=1, max=1_000, help="How many, the newest first.")]
Replay = Annotated[
    str, typer.Option(metavar="REASON", help="Try those of this reason again, such as late (다시 넣기).")
]


@verb
def dead_letters(replay: Replay = "", limit: Limit = 20, data: Data = None, as_json: AsJson = False) -> None:
    """List events that could not be applied, with the reason, or try them again (반영 못 한 이벤트)."""
    with connected(data) as backend:
        if replay:
            found = ask(backend, "POST", "/dead-letters/replay", {"reason": replay})
        else:
            found = ask(backend, "GET", f"/dead-letters?limit={limit}")
    if as_json:
        put_json(found)
    elif replay:
        put(f"{number(found['replayed'])} tried again; `audience-builder dead-letters` says which are back")
    else:
        for each in found["letters"]:
            again = "  tried again" if each["replayed_at"] else ""
            put(f"{each['at']}  {each['reason']}  {each['topic']} {each['offset']}:{each['line']}{again}")
        put(f"{number(len(found['letters']))} shown")
