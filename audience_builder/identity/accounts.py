"""Accounts: made, given roles, locked out and let in again; each change is one transaction with its audit entry."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from audience_builder.access import Permission, Principal, Role, check_roles, require
from audience_builder.errors import ConflictError, DeniedError, InputError, NotSignedInError
from audience_builder.identity.passwords import check_password, hashed, is_right
from audience_builder.identity.provider_errors import NoRoleError
from audience_builder.identity.throttle import Throttle
from audience_builder.store import Account, AccountKind, Outcome, Store, Unit

SYSTEM = Principal("service:sign-in", "the sign-in", frozenset({Role.SERVICE}))
"""Who notes what happens before anybody is known."""

_ID = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_TAKEN = ("demo-", "sso-", "service", "policy", "local")
_MOST_NAME = 80
_FIRST_PASSWORD_BYTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to be made. Without a password one is made up, and told once."""

    id: str
    name: str
    roles: frozenset[Role]
    password: str | None = field(default=None, repr=False)


class Accounts:
    """Who may sign in. `forget` is told whose rights changed, so that it holds at once."""

    def __init__(self, *, store: Store, now: Callable[[], datetime], forget: Callable[[str], None]) -> None:
        self._store = store
        self._now = now
        self._forget = forget
        self._throttle = Throttle(now)

    # --- administration -------------------------------------------------------------------------------------------------------

    def list(self, principal: Principal) -> list[Account]:
        """Every account, oldest first."""
        require(principal, Permission.SEE_ACCOUNTS)
        with self._store.unit(principal) as unit:
            unit.audit("account.list", "accounts")
            return unit.accounts.all()

    def create(self, principal: Principal, new: NewAccount) -> tuple[Account, str]:
        """A new local account and its password. Raises InputError, or ConflictError where the id is taken."""
        require(principal, Permission.ADMINISTER)
        password = new.password or secrets.token_urlsafe(_FIRST_PASSWORD_BYTES)
        account = self._made(new, password)
        with self._store.unit(principal) as unit:
            unit.accounts.add(account)
            unit.audit("account.create", account.id, roles=sorted(account.roles))
        return account, password

    def give_roles(self, principal: Principal, account_id: str, roles: Iterable[Role]) -> Account:
        """Let somebody else have exactly these roles. Raises InputError for roles that do not go together."""
        wanted = frozenset(roles)
        check_roles(wanted)

        def changed(account: Account) -> Account:
            if account.kind is not AccountKind.LOCAL:
                raise ConflictError(
                    f"the roles of {account.id} come from elsewhere", fix="Change them at the provider of the sign-in."
                )
            return replace(account, roles=wanted)

        return self._change(principal, account_id, "account.roles", changed, {"roles": sorted(wanted)})

    def disable(self, principal: Principal, account_id: str) -> Account:
        """Lock somebody else out: their sessions end, their tokens stop."""
        now = self._now()
        return self._change(
            principal, account_id, "account.disable", lambda account: replace(account, disabled_at=now), also=_ended
        )

    def enable(self, principal: Principal, account_id: str) -> Account:
        """Let somebody in again."""
        return self._change(principal, account_id, "account.enable", lambda account: replace(account, disabled_at=None))

    def new_password(self, principal: Principal, account_id: str) -> tuple[Account, str]:
        """A new password for somebody who forgot theirs; their sessions end."""
        password = secrets.token_urlsafe(_FIRST_PASSWORD_BYTES)
        kept = hashed(password)

        def changed(account: Account) -> Account:
            _require_local(account)
            return replace(account, password_hash=kept)

        account = self._change(principal, account_id, "account.password", changed, also=_ended)
        return account, password

    def _change(
        self,
        principal: Principal,
        account_id: str,
        action: str,
        change: Callable[[Account], Account],
        detail: Mapping[str, Any] | None = None,
        *,
        also: Callable[[Unit, str], None] = lambda unit, account_id: None,
    ) -> Account:
        require(principal, Permission.ADMINISTER)
        if account_id == principal.id:
            raise DeniedError("nobody changes their own rights", fix="Ask another admin.")
        with self._store.unit(principal) as unit:
            account = change(unit.accounts.named(account_id))
            unit.accounts.update(account)
            also(unit, account_id)
            unit.audit(action, account_id, **(detail or {}))
        self._forget(account_id)
        return account

    # --- oneself --------------------------------------------------------------------------------------------------------------

    def proven(self, account_id: str, password: str, network: str) -> Account:
        """The account whose password this is. Raises NotSignedInError, and BusyError for who has failed too often."""
        wanted = account_id.strip().casefold()
        self._throttle.check(f"account {wanted}", f"network {network}")
        with self._store.unit(SYSTEM) as unit:
            account = unit.accounts.find(wanted)
        is_local = account is not None and account.kind is AccountKind.LOCAL
        matches = is_right(password, account.password_hash if account is not None and is_local else None)
        if account is None or not matches or account.disabled_at is not None:
            self._throttle.failed(f"account {wanted}", f"network {network}")
            self._note_failure(account, network)
            raise NotSignedInError(
                "name or password is not right", fix="Try again, or ask an admin for a new password."
            )
        self._throttle.succeeded(f"account {wanted}")
        return account

    def change_password(self, principal: Principal, old: str, new: str, network: str) -> None:
        """One's own password, for who knows the old one; other sessions end."""
        account = self.proven(principal.id, old, network)
        check_password(new, account.id)
        kept = hashed(new)
        with self._store.unit(principal) as unit:
            unit.accounts.update(replace(account, password_hash=kept))
            for session in unit.sessions.of(account.id):
                if f"session:{session.id}" != principal.via:
                    unit.sessions.end(session.id)
            unit.audit("account.own_password", account.id)
        self._forget(account.id)

    # --- first accounts -------------------------------------------------------------------------------------------------------

    def has_any(self) -> bool:
        """Whether anybody could sign in by a password."""
        with self._store.unit(SYSTEM) as unit:
            return any(account.kind is AccountKind.LOCAL for account in unit.accounts.all())

    def first(self, new: NewAccount) -> Account:
        """The first local account, which nobody there is could make. Raises ConflictError where there is one."""
        account = self._made(new, new.password or "")
        with self._store.unit(SYSTEM) as unit:
            if any(other.kind is AccountKind.LOCAL for other in unit.accounts.all()):
                raise ConflictError("there is an account already", fix="Sign in, or ask an admin.")
            unit.accounts.add(account)
            unit.audit("account.first", account.id, roles=sorted(account.roles))
        return account

    def keep(self, account: Account, action: str) -> Account:
        """Keep an account that others vouch for (a provider, a demo), as it is known today."""
        check_roles(account.roles)
        with self._store.unit(SYSTEM) as unit:
            before = unit.accounts.find(account.id)
            if before is None:
                unit.accounts.add(account)
            else:
                account = replace(account, created_at=before.created_at, disabled_at=before.disabled_at)
                unit.accounts.update(account)
            unit.audit(action, account.id, roles=sorted(account.roles))
        self._forget(account.id)
        return account

    def keep_provided(self, account: Account) -> Account:
        """The account of somebody a provider vouches for, with the roles it gives them today. Raises NoRoleError for none.

        Who had roles before and has none now loses what is open at once.
        """
        try:
            check_roles(account.roles)
            problem = "" if account.roles else "nothing the provider says of them is a role here"
        except InputError as error:
            problem = error.message
        if not problem:
            return self.keep(account, "account.provider")
        with self._store.unit(SYSTEM) as unit:
            before = unit.accounts.find(account.id)
            if before is not None:
                unit.accounts.update(replace(before, roles=frozenset()))
                _ended(unit, account.id)
            unit.audit("sign_in", account.id, outcome=Outcome.DENIED, reason="no_role")
        self._forget(account.id)
        raise NoRoleError(problem)

    def _made(self, new: NewAccount, password: str) -> Account:
        wanted = new.id.strip().casefold()
        if not _ID.fullmatch(wanted) or wanted.startswith(_TAKEN):
            raise InputError(
                f"an account cannot be named {new.id!r:.60}",
                fix="Two to 40 small letters, digits, dots, - or _, beginning with a letter.",
            )
        if not new.name.strip() or len(new.name) > _MOST_NAME:
            raise InputError(f"a name has 1 to {_MOST_NAME} characters", fix="Write a shorter name.")
        check_roles(new.roles)
        check_password(password, wanted)
        return Account(
            id=wanted, kind=AccountKind.LOCAL, name=new.name.strip(), roles=new.roles, password_hash=hashed(password),
            created_at=self._now(),
        )  # fmt: skip

    def _note_failure(self, account: Account | None, network: str) -> None:
        # A name that is none of ours may be a password typed into the wrong field: it is not written down.
        with self._store.unit(SYSTEM) as unit:
            subject = account.id if account is not None else "unknown"
            unit.audit("sign_in", subject, outcome=Outcome.DENIED, network=network)


def _require_local(account: Account) -> None:
    if account.kind is not AccountKind.LOCAL:
        raise ConflictError(f"{account.id} has no password here", fix="They sign in with their provider.")


def _ended(unit: Unit, account_id: str) -> None:
    for session in unit.sessions.of(account_id):
        unit.sessions.end(session.id)
