"""The keys contacts are sealed under."""

from __future__ import annotations

from typing import Annotated

import typer

from audience_builder.cli.backend import Json, ask, lines
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.progress import bars, followed
from audience_builder.cli.show import number, put, put_json, table
from audience_builder.cli.verb import verb

KEYS = typer.Typer(help="Look at the keys and make new ones (암호 키).", no_args_is_help=True)

WithData = Annotated[
    bool, typer.Option("--data-keys", help="Also a new key for each user and each blind index: every field is sealed anew.")
]  # fmt: skip
DestroyOld = Annotated[
    bool, typer.Option("--destroy-old", help="In the end destroy older master keys: no older backup can be opened then.")
]  # fmt: skip


@KEYS.command("status", epilog="Example:  audience-builder keys status")
@verb
def status(data: Data = None, as_json: AsJson = False) -> None:
    """Show which versions of keys there are, and how far a rotation is (키 상태)."""
    with connected(data) as backend:
        found = ask(backend, "GET", "/keys")
    _tell(found, as_json=as_json)


@KEYS.command("rotate", epilog="Example:  audience-builder keys rotate --data-keys")
@verb
def rotate(
    with_data: WithData = False, destroy_old: DestroyOld = False, data: Data = None, as_json: AsJson = False
) -> None:
    """Make new keys and move every contact to them; whatever interrupts it, say it again and it goes on (키 교체)."""
    with connected(data) as backend, bars(quiet=as_json) as tell:
        found = followed(lines(backend, "/keys/rotate", {"data": with_data, "destroy_old": destroy_old}), tell)
    _tell(found, as_json=as_json)


def _tell(found: Json, *, as_json: bool) -> None:
    if as_json:
        put_json(found)
        return
    old = ", ".join(map(str, found["old_masters"])) or "none"
    rows = [["master key", f"version {found['master']}; older ones that could be destroyed: {old}"]]
    rows += [[f"{purpose} key", ", ".join(map(str, kept))] for purpose, kept in found["versions"].items()]
    rows += [["contacts", number(found["contacts"])]]
    if found["rotating"]:
        left = f"{number(found['to_rewrap'])} to wrap anew, {number(found['to_reseal'])} to seal anew"
        rows += [["rotation", f"{left}; `audience-builder keys rotate` goes on"]]
    put(*table(rows))
