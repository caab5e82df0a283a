"""A demo lets in whoever sits at this machine, as any role: there is nothing but made-up travellers to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from audience_builder.access import Role
from audience_builder.errors import NotSignedInError
from audience_builder.identity.accounts import Accounts
from audience_builder.identity.policy import Policy
from audience_builder.store import Account, AccountKind

ROLES = tuple(role for role in Role if role is not Role.SERVICE)
"""As whom one can come in."""


class Demo:
    """Makes an account a role, the first time somebody comes in as it. They are let in only while a demo runs."""

    def __init__(self, accounts: Accounts, *, policy: Policy, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._policy = policy
        self._now = now

    @property
    def is_on(self) -> bool:
        """Whether this is a demo."""
        return self._policy.is_demo

    def account(self, role: Role) -> Account:
        """The account of that role. Raises NotSignedInError where this is no demo."""
        if not self.is_on or role not in ROLES:
            raise NotSignedInError("this is no demo", fix="Sign in with your name and password.")
        return self._accounts.keep(
            Account(
                id=f"demo-{role}",
                kind=AccountKind.DEMO,
                name=f"Demo {role}",
                roles=frozenset({role}),
                created_at=self._now(),
            ),
            "account.demo",
        )
