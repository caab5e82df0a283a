"""Who may sign in."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from audience_builder.cli.backend import ask, named
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.show import moment, put, put_json, table
from audience_builder.cli.verb import verb

ACCOUNT = typer.Typer(help="Make accounts, give roles, lock out (계정).", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The account's id, with which one signs in.", show_default=False)]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role", help="viewer, analyst, marketer, approver, admin, dpo or service; may be said again (역할)."
    ),
]
Name = Annotated[str, typer.Option(help="The person's name as others see it. Default: the id.")]


@ACCOUNT.command("create", epilog="Example:  audience-builder account create mina --role marketer")
@verb
def create(account: Id, roles: Roles, name: Name = "", data: Data = None, as_json: AsJson = False) -> None:
    """Make an account with a password that is shown this once (만들기)."""
    with connected(data) as backend:
        found = ask(backend, "POST", "/accounts", {"id": account, "name": name, "roles": roles})
    _tell(found, as_json=as_json)


@ACCOUNT.command("list", epilog="Example:  audience-builder account list --json")
@verb
def list_accounts(data: Data = None, as_json: AsJson = False) -> None:
    """List the accounts, oldest first (목록)."""
    with connected(data) as backend:
        found = ask(backend, "GET", "/accounts")
    if as_json:
        put_json(found)
        return
    put(
        *table(
            [entry["id"], entry["kind"], ",".join(entry["roles"]), moment(entry["signed_in_at"]), _state(entry)]
            for entry in found["accounts"]
        )
    )


@ACCOUNT.command("roles", epilog="Example:  audience-builder account roles mina --role marketer --role analyst")
@verb
def give_roles(account: Id, roles: Roles, data: Data = None, as_json: AsJson = False) -> None:
    """Give an account exactly these roles; they hold at once (역할 바꾸기)."""
    with connected(data) as backend:
        found = ask(backend, "PUT", f"/accounts/{named(account)}/roles", {"roles": roles})
    _tell(found, as_json=as_json)


@ACCOUNT.command("disable", epilog="Example:  audience-builder account disable mina")
@verb
def disable(account: Id, data: Data = None, as_json: AsJson = False) -> None:
    """Lock an account out; its sessions and tokens end at once (잠그기)."""
    _act(account, "disable", data=data, as_json=as_json)


@ACCOUNT.command("enable", epilog="Example:  audience-builder account enable mina")
@verb
def enable(account: Id, data: Data = None, as_json: AsJson = False) -> None:
    """Let an account in again (풀기)."""
    _act(account, "enable", data=data, as_json=as_json)


@ACCOUNT.command("password", epilog="Example:  audience-builder account password mina")
@verb
def password(account: Id, data: Data = None, as_json: AsJson = False) -> None:
    """Give an account a new password that is shown this once (새 비밀번호)."""
    _act(account, "password", data=data, as_json=as_json)


def _act(account: str, action: str, *, data: Any, as_json: bool) -> None:
    with connected(data) as backend:
        found = ask(backend, "POST", f"/accounts/{named(account)}/{action}")
    _tell(found, as_json=as_json)


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        put_json(found)
        return
    put(f"{found['id']}: {', '.join(found['roles']) or 'no roles'}{_state(found) and ', locked out'}")
    if "password" in found:
        put(f"password (shown this once): {found['password']}")


def _state(entry: dict[str, Any]) -> str:
    return "locked out" if entry["disabled_at"] else ""
