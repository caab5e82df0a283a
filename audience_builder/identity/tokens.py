"""Tokens for machines: a part of what their owner may do, until a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from audience_builder.access import PERSONAL, Permission, Principal, require
from audience_builder.errors import DeniedError, InputError
from audience_builder.identity.policy import Policy
from audience_builder.identity.secrets import digest_of, new_id, new_token
from audience_builder.store import ApiToken, Store

_MOST_LABEL = 100


class Tokens:
    """Makes, lists and ends tokens. `forget` is told whose, so that it holds at once."""

    def __init__(
        self, *, store: Store, now: Callable[[], datetime], policy: Policy, forget: Callable[[str], None]
    ) -> None:
        self._store = store
        self._now = now
        self._policy = policy
        self._forget = forget

    def create(
        self, principal: Principal, label: str, permissions: Iterable[Permission], *, lasts: timedelta
    ) -> tuple[ApiToken, str]:
        """A token in one's own name, and its secret, told once. Raises InputError, and DeniedError for what one may not oneself."""
        require(principal, Permission.OWN_TOKENS)
        wanted = frozenset(permissions) | {Permission.SIGNED_IN}
        self._check(principal, label, wanted, lasts)
        now, secret = self._now(), new_token()
        token = ApiToken(
            id=new_id(), digest=digest_of(secret), owner=principal.id, label=label.strip(), permissions=wanted,
            created_at=now, expires_at=now + lasts,
        )  # fmt: skip
        with self._store.unit(principal) as unit:
            unit.tokens.add(token)
            unit.audit("token.create", token.id, permissions=sorted(wanted), expires_at=token.expires_at.isoformat())
        return token, secret

    def list(self, principal: Principal) -> list[ApiToken]:
        """One's own tokens, or everybody's for who sees accounts; newest first."""
        require(principal, Permission.SIGNED_IN)
        with self._store.unit(principal) as unit:
            unit.audit("token.list", "tokens")
            return [each for each in unit.tokens.all() if _is_theirs(principal, each)]

    def end(self, principal: Principal, token_id: str) -> None:
        """End one's own token, or anybody's for who administers. Raises NotFoundError."""
        require(principal, Permission.SIGNED_IN)
        with self._store.unit(principal) as unit:
            token = unit.tokens.named(token_id)
            if token.owner != principal.id:
                require(principal, Permission.ADMINISTER)
            unit.tokens.end(token_id)
            unit.audit("token.end", token_id, owner=token.owner)
        self._forget(token.owner)

    def _check(self, principal: Principal, label: str, wanted: frozenset[Permission], lasts: timedelta) -> None:
        if not label.strip() or len(label) > _MOST_LABEL:
            raise InputError("a token has a label", fix="Say in a few words which machine it is for.")
        if not timedelta(0) < lasts <= self._policy.longest_token:
            raise InputError(f"a token lasts 1 to {self._policy.longest_token.days} days", fix="Say fewer days.")
        if wanted & PERSONAL:
            raise InputError(
                f"no token carries {', '.join(sorted(wanted & PERSONAL))}", fix="A person must do this, signed in."
            )
        missing = sorted(permission for permission in wanted if not principal.may(permission))
        if missing:
            raise DeniedError(f"you may not {missing[0]} yourself", fix="Ask for a token within what you may do.")


def _is_theirs(principal: Principal, token: ApiToken) -> bool:
    return token.owner == principal.id or principal.may(Permission.SEE_ACCOUNTS)
