"""The first account: made by whoever started the server, with a code that only they were shown."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hmac import compare_digest

from audience_builder.access import Role
from audience_builder.errors import NotSignedInError
from audience_builder.identity.accounts import Accounts, NewAccount
from audience_builder.store import Account

KEPT_FOR = timedelta(hours=1)
"""How long a code can be used. A new start of the server shows a new one."""

_TRIES = 20


class Setup:
    """Holds the code while there is no account, and takes it once. It is never written anywhere."""

    def __init__(self, accounts: Accounts, *, now: Callable[[], datetime]) -> None:
        self._accounts = accounts
        self._now = now
        self._code: str | None = None
        self._until = now()
        self._tries = 0

    def code(self) -> str | None:
        """A new code to show to who started the server; None where there are accounts already."""
        self._code = None if self._accounts.has_any() else secrets.token_urlsafe(18)
        self._until, self._tries = self._now() + KEPT_FOR, 0
        return self._code

    def check(self, code: str) -> None:
        """Raise NotSignedInError unless it is the code."""
        self._tries += 1
        is_open = self._code is not None and self._now() < self._until and self._tries <= _TRIES
        if not is_open or not compare_digest(code.encode(), str(self._code).encode()):
            raise NotSignedInError(
                "this code is not, or no longer, right", fix="Start the server again: it shows a new one."
            )

    def first(self, code: str, account_id: str, password: str, *, is_marketer: bool) -> Account:
        """Make the first account, an admin. Raises NotSignedInError for a wrong code, InputError for a name or password that cannot be."""
        self.check(code)
        roles = frozenset({Role.ADMIN, Role.MARKETER} if is_marketer else {Role.ADMIN})
        made = self._accounts.first(NewAccount(id=account_id, name=account_id, roles=roles, password=password))
        self._code = None
        return made
