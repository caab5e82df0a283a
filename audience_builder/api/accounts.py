"""Accounts: who may sign in, and as what."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from audience_builder.access import Permission, Principal
from audience_builder.api.account_messages import (
    AccountAnswer,
    AccountsAnswer,
    EndedAnswer,
    NewAccountAnswer,
    NewAccountForm,
    RolesForm,
)
from audience_builder.api.app import App
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.identity import NewAccount

ROUTER = router("accounts", "/api/v1/accounts", takes_contacts=True)
"""Whoever works here may be called by an e-mail address of the house."""
InApp = Annotated[App, Depends(app_of)]
Viewer = Annotated[Principal, permitted(Permission.SEE_ACCOUNTS)]
Admin = Annotated[Principal, permitted(Permission.ADMINISTER)]


@ROUTER.get("", summary="Who may sign in")
def accounts(app: InApp, principal: Viewer) -> AccountsAnswer:
    """Oldest first."""
    return AccountsAnswer(accounts=[AccountAnswer.of(each) for each in app.identity.accounts.list(principal)])


@ROUTER.post("", status_code=201, summary="Make an account")
def create(new: NewAccountForm, app: InApp, principal: Admin) -> NewAccountAnswer:
    """With roles and a password; where none is said one is made up. It is told this once."""
    made, password = app.identity.accounts.create(
        principal,
        NewAccount(
            id=new.id,
            name=new.name or new.id,
            roles=frozenset(new.roles),
            password=new.password.get_secret_value() if new.password else None,
        ),
    )
    return NewAccountAnswer.made(made, password)


@ROUTER.put("/{account}/roles", summary="Give an account exactly these roles")
def roles(account: str, form: RolesForm, app: InApp, principal: Admin) -> AccountAnswer:
    """They hold at once. Nobody changes their own."""
    return AccountAnswer.of(app.identity.accounts.give_roles(principal, account, form.roles))


@ROUTER.post("/{account}/disable", summary="Lock an account out")
def disable(account: str, app: InApp, principal: Admin) -> AccountAnswer:
    """Its sessions, live connections and tokens end at once."""
    return AccountAnswer.of(app.identity.accounts.disable(principal, account))


@ROUTER.post("/{account}/enable", summary="Let an account in again")
def enable(account: str, app: InApp, principal: Admin) -> AccountAnswer:
    """Its tokens hold again; it signs in anew."""
    return AccountAnswer.of(app.identity.accounts.enable(principal, account))


@ROUTER.post("/{account}/password", summary="Give an account a new password")
def password(account: str, app: InApp, principal: Admin) -> NewAccountAnswer:
    """For who forgot theirs. It is told this once; the account's sessions end."""
    found, made = app.identity.accounts.new_password(principal, account)
    return NewAccountAnswer.made(found, made)


@ROUTER.delete("/{account}/sessions", summary="Sign somebody out everywhere")
def end_sessions(account: str, app: InApp, principal: Admin) -> EndedAnswer:
    """All of their sessions, and their live connections with them."""
    return EndedAnswer(ended=app.identity.sessions.end_all_of(principal, account))
