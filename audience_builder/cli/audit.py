"""The audit trail: whether it is whole, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from audience_builder.cli.backend import Json, ask, named
from audience_builder.cli.connect import connected, settings_of
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.problem import UNEXPECTED
from audience_builder.cli.show import moment, number, put, put_json, table
from audience_builder.cli.verb import verb

AUDIT = typer.Typer(help="Verify the audit trail and ask it (감사 기록).", no_args_is_help=True)

Witness = Annotated[
    Path | None,
    typer.Option("--witness", metavar="FILE", help="What the witness kept. Default: as set, if it is a file."),
]
Shared = Annotated[
    bool, typer.Option("--shared-witness", help="The witness keeps the trails of several installations.")
]
By = Annotated[str | None, typer.Option("--by", metavar="WHO", help="Only what this principal did.")]
Action = Annotated[str | None, typer.Option("--action", metavar="NAME", help="Only this action, such as count.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many entries at most.")]
User = Annotated[str, typer.Argument(metavar="USER_ID", help="The user's id (고객 번호).", show_default=False)]
Who = Annotated[str, typer.Argument(metavar="WHO", help="The principal's id.", show_default=False)]


@AUDIT.command("verify", epilog="Example:  audience-builder audit verify --data ./my-data --witness /mnt/other/witness")
@verb
def verify(witness: Witness = None, shared: Shared = False, data: Data = None, as_json: AsJson = False) -> None:
    """Look whether the trail is what was written, without the server and by other code than wrote it (검증)."""
    from audience_builder.verifier import verify as verified

    settings = settings_of(data)
    kept = witness or (settings.witness_file if settings.witness_file.exists() else None)
    report = verified(settings.store, kept, is_shared=shared)
    if as_json:
        put_json({
            "whole": report.is_whole, "trail": report.trail, "entries": report.entries, "checkpoints": report.checkpoints,
            "witnessed": report.witnessed, "findings": [{"entry": each.entry, "what": each.what} for each in report.findings],
        })  # fmt: skip
    else:
        put(*(f"  {finding}" for finding in report.findings))
        put(_verdict(report.is_whole, report.entries, report.witnessed))
    if not report.is_whole:
        raise typer.Exit(UNEXPECTED)


def _verdict(whole: bool, entries: int, witnessed: int | None) -> str:
    said = f"the audit trail of {number(entries)} entries is {'whole' if whole else 'NOT what was written'}"
    if witnessed is None:
        return f"{said}; without a witness a cut tail or an older copy cannot be told: name one with --witness"
    return f"{said}; a witness vouches for the first {number(witnessed)}"


@AUDIT.command("list", epilog="Example:  audience-builder audit list --by mina --action export.request")
@verb
def list_entries(
    by: By = None, action: Action = None, limit: Limit = 50, data: Data = None, as_json: AsJson = False
) -> None:
    """The latest entries, newest first (목록)."""
    asked = {"by": by, "action": action, "limit": limit}
    query = "&".join(f"{key}={named(str(value))}" for key, value in asked.items() if value is not None)
    with connected(data) as backend:
        found = ask(backend, "GET", f"/trail?{query}")
    _tell(found, found["entries"], as_json=as_json)


@AUDIT.command("who-saw", epilog="Example:  audience-builder audit who-saw U0000000302")
@verb
def who_saw(user: User, data: Data = None, as_json: AsJson = False) -> None:
    """Who saw, explained or exported a user, and who fetched those files (이 고객을 본 사람)."""
    with connected(data) as backend:
        found = ask(backend, "GET", f"/trail/users/{named(user)}")
    _tell(found, found["entries"], as_json=as_json)


@AUDIT.command("exports", epilog="Example:  audience-builder audit exports mina")
@verb
def exports(who: Who, data: Data = None, as_json: AsJson = False) -> None:
    """What somebody exported, for which purpose, how many users, and who fetched it (내보낸 기록)."""
    with connected(data) as backend:
        found = ask(backend, "GET", f"/trail/exports/{named(who)}")
    if as_json:
        put_json(found)
        return
    put(
        *table([_exported(entry) for entry in found["exports"]], right=frozenset({2})) if found["exports"] else ["none"]
    )


def _exported(entry: Json) -> list[str]:
    done, request = entry["done"], entry["request"]
    users = number(done["users"]["count"]) if done and done["users"] else "–"
    fetched = ", ".join(sorted({each["principal"] for each in entry["downloads"]})) or "nobody"
    return [
        moment(request["at"]),
        entry["export"],
        users,
        str(request["detail"].get("purpose", "")),
        f"fetched by {fetched}",
    ]


@AUDIT.command("checkpoint", epilog="Example:  audience-builder audit checkpoint > checkpoint.txt")
@verb
def checkpoint(data: Data = None, as_json: AsJson = False) -> None:
    """The last signed head of the trail, to be kept elsewhere (체크포인트)."""
    with connected(data) as backend:
        found = ask(backend, "GET", "/trail/checkpoint")
    if as_json:
        put_json(found)
    else:
        put(*found["note"].splitlines())


def _tell(found: Json, entries: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        put_json(found)
        return
    rows = [
        [str(entry["id"]), moment(entry["at"]), entry["principal"], entry["action"], entry["object"], entry["outcome"]]
        for entry in entries
    ]
    put(*table(rows, right=frozenset({0})) if rows else ["nothing"])
