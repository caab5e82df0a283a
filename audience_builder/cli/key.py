"""Keys with which browsers send events."""

from __future__ import annotations

from typing import Annotated

import typer

from audience_builder.cli.backend import ask, named
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.show import moment, put, put_json, table
from audience_builder.cli.verb import verb

KEY = typer.Typer(help="Make, list and revoke keys for browsers (브라우저 키).", no_args_is_help=True)

Label = Annotated[str, typer.Argument(metavar="LABEL", help="Which site it is for.", show_default=False)]
Id = Annotated[str, typer.Argument(metavar="KEY", help="The key.", show_default=False)]
Origins = Annotated[
    list[str], typer.Option("--origin", help="Where the site's pages come from; may be said again (출처).")
]


@KEY.command("create", epilog="Example:  audience-builder key create shop --origin https://www.example.com")
@verb
def create(label: Label, origins: Origins, data: Data = None, as_json: AsJson = False) -> None:
    """Make a key that pages of these origins send events with; it is no secret (만들기)."""
    with connected(data) as backend:
        found = ask(backend, "POST", "/browser-keys", {"label": label, "origins": origins})
    if as_json:
        put_json(found)
    else:
        put(found["id"])


@KEY.command("list", epilog="Example:  audience-builder key list --json")
@verb
def list_keys(data: Data = None, as_json: AsJson = False) -> None:
    """List the keys, newest first, with their origins (목록)."""
    with connected(data) as backend:
        found = ask(backend, "GET", "/browser-keys")
    if as_json:
        put_json(found)
        return
    put(
        *table(
            [entry["id"], entry["label"], " ".join(entry["origins"]), moment(entry["created_at"])]
            for entry in found["keys"]
        )
    )


@KEY.command("revoke", epilog="Example:  audience-builder key revoke abw_3aba730111b945cd00112233")
@verb
def revoke(key: Id, data: Data = None, as_json: AsJson = False) -> None:
    """Revoke a key; pages that have it send nothing more (취소)."""
    with connected(data) as backend:
        ask(backend, "DELETE", f"/browser-keys/{named(key)}")
    if as_json:
        put_json({"revoked": key})
    else:
        put(f"{key} is revoked")
