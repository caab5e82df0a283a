"""A user erased for ever."""

from __future__ import annotations

from typing import Annotated

import typer

from audience_builder.cli.backend import ask
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.show import number, put, put_json
from audience_builder.cli.verb import verb
from audience_builder.errors import InputError

EXAMPLE = """Example:  audience-builder erase U0000000302 --reason "삭제 요청 처리\""""

User = Annotated[str, typer.Argument(metavar="USER", help="The user's id.", show_default=False)]
Reason = Annotated[str, typer.Option(help="Why (사유); kept in the audit trail.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@verb
def erase(user: User, reason: Reason, yes: Yes = False, data: Data = None, as_json: AsJson = False) -> None:
    """Erase a user: contacts, facts, profile, memberships; asks first, for there is no undo (고객 삭제, 되돌릴 수 없음)."""
    body = {"user_id": user, "reason": reason}
    with connected(data) as backend:
        known = ask(backend, "POST", "/users/erase", body)
        if not yes:
            _ask_first(known["contacts"], known["travelled"])
        found = ask(backend, "POST", "/users/erase", {**body, "confirm": True})
    if as_json:
        put_json(found)
        return
    rows = ", ".join(f"{number(count)} {table}" for table, count in found["rows"].items() if count)
    put(
        f"erased: {'contacts, ' if found['contacts'] else ''}{rows or 'no rows'}; the id is refused from now on",
        f"in the audit trail the user is {found['user_ref']}",
    )


def _ask_first(contacts: bool, travelled: bool) -> None:
    known = " and ".join(["contacts"] * contacts + ["travels"] * travelled) or "nothing"
    asked = f"{known} is known of this user. Erase for ever? There is no undo (되돌릴 수 없습니다)"
    try:
        is_sure = typer.confirm(asked, err=True)
    except typer.Abort:
        is_sure = False
    if not is_sure:
        raise InputError("nothing was erased", fix="Answer y, or say --yes.")
