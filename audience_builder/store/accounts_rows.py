"""Who may sign in, what sessions are open, and which tokens are out, row by row. Moments know their zone (UTC)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from audience_builder.access import Permission, Role


class AccountKind(StrEnum):
    """How an account proves who it is: by a password kept here, by a provider, or (in a demo) not at all."""

    LOCAL = "local"
    PROVIDER = "provider"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in: one person, one id, never given to another. `disabled_at` locks them out."""

    id: str
    kind: AccountKind
    name: str
    roles: frozenset[Role]
    password_hash: str | None = field(default=None, repr=False)
    issuer: str | None = None
    subject: str | None = None
    created_at: datetime
    signed_in_at: datetime | None = None
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in. `proven_at` is when its person last proved who they are; `network` is where from, masked."""

    id: str
    digest: str = field(repr=False)
    account_id: str
    began_at: datetime
    proven_at: datetime
    seen_at: datetime
    ends_at: datetime
    network: str
    agent: str
    provider_session: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A machine's key to a part of what its owner may do, until it expires."""

    id: str
    digest: str = field(repr=False)
    owner: str
    label: str
    permissions: frozenset[Permission]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
