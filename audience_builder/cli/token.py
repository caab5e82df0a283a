"""Tokens for machines."""

from __future__ import annotations

from typing import Annotated

import typer

from audience_builder.cli.backend import ask, named
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.show import moment, put, put_json, table
from audience_builder.cli.verb import verb

TOKEN = typer.Typer(help="Make, list and revoke tokens for machines (토큰).", no_args_is_help=True)

Label = Annotated[str, typer.Argument(metavar="LABEL", help="Which machine it is for.", show_default=False)]
Id = Annotated[str, typer.Argument(metavar="ID", help="The token's id.", show_default=False)]
Permissions = Annotated[
    list[str],
    typer.Option(
        "--permission", help="What it may do, such as build_rules or see_audiences; may be said again (권한)."
    ),
]
Days = Annotated[int, typer.Option(min=1, max=365, help="For how many days (기간).")]


@TOKEN.command("create", epilog="Example:  audience-builder token create curl --permission build_rules --days 7")
@verb
def create(label: Label, permissions: Permissions, days: Days = 90, data: Data = None, as_json: AsJson = False) -> None:
    """Make a token and show it this once: send it as `Authorization: Bearer ab_…` (만들기)."""
    with connected(data) as backend:
        found = ask(backend, "POST", "/tokens", {"label": label, "permissions": permissions, "days": days})
    if as_json:
        put_json(found)
    else:
        put(found["secret"])


@TOKEN.command("list", epilog="Example:  audience-builder token list --json")
@verb
def list_tokens(data: Data = None, as_json: AsJson = False) -> None:
    """List the tokens, newest first, without their secrets (목록)."""
    with connected(data) as backend:
        found = ask(backend, "GET", "/tokens")
    if as_json:
        put_json(found)
        return
    put(
        *table(
            [entry["id"], entry["label"], entry["owner"], ",".join(entry["permissions"]), moment(entry["expires_at"])]
            for entry in found["tokens"]
        )
    )


@TOKEN.command("revoke", epilog="Example:  audience-builder token revoke 3aba730111b945cd")
@verb
def revoke(token: Id, data: Data = None, as_json: AsJson = False) -> None:
    """Revoke a token; it stops at once (취소)."""
    with connected(data) as backend:
        ask(backend, "DELETE", f"/tokens/{named(token)}")
    if as_json:
        put_json({"revoked": token})
    else:
        put(f"{token} is revoked")
