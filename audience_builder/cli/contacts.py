"""Contacts of users: kept sealed, apart from everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from audience_builder.cli.backend import ask, lines
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.progress import bars, followed
from audience_builder.cli.show import number, put, put_json, table
from audience_builder.cli.verb import verb

CONTACTS = typer.Typer(
    help="Keep names, e-mail addresses, phones and push tokens, sealed (연락처).", no_args_is_help=True
)

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE…", help="CSV or NDJSON with user_id and name, email, phone, push_token.", show_default=False
    ),
]
Users = Annotated[list[str], typer.Argument(metavar="USER…", help="The users' ids.", show_default=False)]
User = Annotated[str, typer.Argument(metavar="USER", help="The user's id.", show_default=False)]
Reason = Annotated[str, typer.Option(help="Why (사유); kept in the audit trail.")]

_FIELDS = ("name", "email", "phone", "push_token")
_MOST_TOLD = 20


@CONTACTS.command("import", epilog="Example:  audience-builder contacts import contacts.csv")
@verb
def import_contacts(files: Files, data: Data = None, as_json: AsJson = False) -> None:
    """Import contacts; rows that cannot be used are told by line and reason, never by what they say (연락처 가져오기)."""
    body = {"files": [str(file.absolute()) for file in files]}
    with connected(data, may_be_new=True) as backend, bars(quiet=as_json) as tell:
        report = followed(lines(backend, "/contacts/imports", body), tell)
    if as_json:
        put_json(report)
        return
    for entry in report["files"]:
        put(*_said(entry))


@CONTACTS.command("show", epilog="Example:  audience-builder contacts show U0000000302 U0000000303")
@verb
def show(users: Users, data: Data = None, as_json: AsJson = False) -> None:
    """Show masked contacts of some users (마스킹된 연락처)."""
    with connected(data) as backend:
        found = ask(backend, "POST", "/contacts/masked", {"user_ids": users})
    if as_json:
        put_json(found)
        return
    put(*table([entry["user_id"], *(entry[name] or "–" for name in _FIELDS)] for entry in found["contacts"]))


@CONTACTS.command("unmask", epilog='Example:  audience-builder contacts unmask U0000000302 --reason "열람 요청 처리"')
@verb
def unmask(user: User, reason: Reason, data: Data = None, as_json: AsJson = False) -> None:
    """Show one user's contacts in clear, for a reason that stays in the audit trail (마스킹 해제)."""
    with connected(data) as backend:
        found = ask(backend, "POST", "/contacts/unmask", {"user_id": user, "reason": reason})
    if as_json:
        put_json(found)
        return
    put(*table([name, found[name] or "–"] for name in _FIELDS))


def _said(entry: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{number(entry[key])} {key}" for key in ("read", "kept", "unchanged", "repeated", "rejected"))
    refused = table(
        [f"  line {number(row['line'])}", row["reason"], row["column"], row["explanation"]]
        for row in entry["refused"][:_MOST_TOLD]
    ) if entry["refused"] else []  # fmt: skip
    return [f"{entry['file']}: {counts}", *refused]
