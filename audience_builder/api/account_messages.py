"""What goes in and out over HTTP about accounts, sessions and tokens. No secret comes back but those just made, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from audience_builder.access import Permission, Role
from audience_builder.store import Account, ApiToken, Session


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class MeAnswer(_Out):
    """Who is signed in and what they may do. `asks_again` are the permissions that want them to say again who they are."""

    id: str
    name: str
    roles: list[Role]
    permissions: list[Permission]
    asks_again: list[Permission]
    via: str = Field(description="local, session or token")
    csrf: str | None = Field(description="Send it as X-CSRF-Token with whatever is not a GET. Only sessions need it.")
    is_demo: bool
    approval: str = Field(description="Who approves exports of pseudonymous columns: policy or person.")
    session_ends_at: datetime | None
    idle_minutes: int


class PasswordChange(_In):
    """One's own password, and the next one."""

    old: SecretStr = Field(max_length=200)
    new: SecretStr = Field(max_length=200)


class Proof(_In):
    """Once more the password of who is signed in."""

    password: SecretStr = Field(max_length=200)


class SessionAnswer(_Out):
    """A browser that is signed in."""

    id: str
    is_this: bool
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    network: str
    agent: str

    @classmethod
    def of(cls, session: Session, *, via: str) -> SessionAnswer:
        """As it is told."""
        return cls(
            id=session.id,
            is_this=via == f"session:{session.id}",
            began_at=session.began_at,
            seen_at=session.seen_at,
            ends_at=session.ends_at,
            network=session.network,
            agent=session.agent,
        )


class SessionsAnswer(_Out):
    """One's open sessions, newest first."""

    sessions: list[SessionAnswer]


class EndedAnswer(_Out):
    """How many sessions were ended."""

    ended: int


class NewToken(_In):
    """A token to be made: what for, what it may do (a part of what one may oneself), and for how many days."""

    label: str = Field(min_length=1, max_length=100)
    permissions: list[Permission] = Field(max_length=30)
    days: int = Field(default=90, ge=1, le=365)


class TokenAnswer(_Out):
    """A token, without its secret."""

    id: str
    owner: str
    label: str
    permissions: list[Permission]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None

    @classmethod
    def of(cls, token: ApiToken) -> TokenAnswer:
        """As it is told."""
        return cls(**_told_token(token))


class NewTokenAnswer(TokenAnswer):
    """A token just made, with its secret: it is told this once."""

    secret: str

    @classmethod
    def made(cls, token: ApiToken, secret: str) -> NewTokenAnswer:
        """As it is told."""
        return cls(**_told_token(token), secret=secret)


class TokensAnswer(_Out):
    """Tokens, newest first."""

    tokens: list[TokenAnswer]


class NewAccountForm(_In):
    """An account to be made. Without a password one is made up, and told once."""

    id: str = Field(min_length=2, max_length=40)
    name: str = Field(default="", max_length=80)
    roles: list[Role] = Field(min_length=1, max_length=8)
    password: SecretStr | None = Field(default=None, max_length=200)


class RolesForm(_In):
    """Exactly the roles an account has from now on."""

    roles: list[Role] = Field(max_length=8)


class AccountAnswer(_Out):
    """Somebody who may sign in."""

    id: str
    kind: str
    name: str
    roles: list[Role]
    created_at: datetime
    signed_in_at: datetime | None
    disabled_at: datetime | None

    @classmethod
    def of(cls, account: Account) -> AccountAnswer:
        """As it is told."""
        return cls(**_told_account(account))


class NewAccountAnswer(AccountAnswer):
    """An account with a password just made: it is told this once."""

    password: str

    @classmethod
    def made(cls, account: Account, password: str) -> NewAccountAnswer:
        """As it is told."""
        return cls(**_told_account(account), password=password)


class AccountsAnswer(_Out):
    """Accounts, oldest first."""

    accounts: list[AccountAnswer]


def _told_token(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "owner": token.owner,
        "label": token.label,
        "permissions": sorted(token.permissions),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
    }


def _told_account(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "kind": account.kind.value,
        "name": account.name,
        "roles": sorted(account.roles),
        "created_at": account.created_at,
        "signed_in_at": account.signed_in_at,
        "disabled_at": account.disabled_at,
    }
