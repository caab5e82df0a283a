"""What a request carries, turned into who asks. A session or token that was looked up is believed for two seconds at most.

That bounds how long anything revoked elsewhere still works; what is revoked in this process is forgotten at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from time import monotonic

from audience_builder.access import Principal
from audience_builder.identity.accounts import SYSTEM
from audience_builder.identity.policy import Policy
from audience_builder.identity.secrets import TOKEN_PREFIX, csrf_of, digest_of
from audience_builder.store import Account, AccountKind, ApiToken, Session, Store, Unit

BELIEVED_SECONDS = 2.0
"""How old what is known of a session may be."""

_NOTED_EVERY = timedelta(seconds=60)
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request says of who sends it: the cookie's value or a token, and where it comes from."""

    secret: str = field(repr=False)
    is_token: bool
    address: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands behind a secret: a session of an account, or a token of one (or of who owns this machine: no account)."""

    account: Account | None
    session: Session | None = None
    token: ApiToken | None = None

    @property
    def noted_at(self) -> datetime | None:
        """When it was last noted to be in use."""
        return self.token.used_at if self.token else self.session.seen_at if self.session else None

    def note(self, unit: Unit, at: datetime) -> None:
        """Note that it is in use."""
        if self.token is not None:
            unit.tokens.used(self.token.id, at)
        elif self.session is not None:
            unit.sessions.seen(self.session.id, at)


@dataclass(slots=True)
class _Believed:
    known: Known | None
    until: float
    seen_at: datetime


class Gate:
    """Looks secrets up, keeps their limits, and says who asks. Nothing here waits for the store unless it has to look."""

    def __init__(self, *, store: Store, now: Callable[[], datetime], policy: Policy, local: Principal) -> None:
        self._store = store
        self._now = now
        self._local = local
        self._believed: dict[str, _Believed] = {}
        self.policy = policy

    def is_known(self, credentials: Credentials) -> bool:
        """Whether `principal` will answer without a look into the store."""
        found = self._believed.get(digest_of(credentials.secret))
        return found is not None and monotonic() < found.until

    def principal(self, credentials: Credentials, *, is_active: bool = True) -> Principal | None:
        """Who asks; None for a secret that is none, or no longer. With `is_active` they are here, and the idle time begins anew."""
        if credentials.is_token is not credentials.secret.startswith(TOKEN_PREFIX):
            return None
        digest = digest_of(credentials.secret)
        found = self._believed.get(digest)
        if found is None or monotonic() >= found.until:
            found = self._looked_up(digest, credentials.is_token, found, is_active=is_active)
        if found.known is None:
            return None
        if is_active and not self._is_idle(found):
            found.seen_at = self._now()
        return self._principal(found, credentials.address)

    def ends_at(self, credentials: Credentials) -> datetime | None:
        """When the session ends at the latest, if it is known right now."""
        found = self._believed.get(digest_of(credentials.secret))
        session = found.known.session if found is not None and found.known is not None else None
        return None if session is None else session.ends_at

    def forget(self, account_id: str) -> None:
        """Look again at everything of this account (or of this owner of tokens)."""
        for found in list(self._believed.values()):
            known = found.known
            owner = known and (known.token.owner if known.token else known.account and known.account.id)
            if owner == account_id:
                found.until = 0.0

    def _looked_up(self, digest: str, is_token: bool, before: _Believed | None, *, is_active: bool) -> _Believed:
        if len(self._believed) >= _MOST:
            self._believed.clear()
        until = monotonic() + BELIEVED_SECONDS
        with self._store.unit(SYSTEM) as unit:
            known = _token_in(unit, digest) if is_token else _session_in(unit, digest)
            noted = known and known.noted_at
            found = _Believed(known, until, max(filter(None, (noted, before and before.seen_at)), default=self._now()))
            if known is not None and is_active and not self._is_idle(found):
                found.seen_at = self._now()
            if known is not None and (noted is None or found.seen_at - noted >= _NOTED_EVERY):
                known.note(unit, found.seen_at)
        if known is None:
            self._believed.pop(digest, None)  # guesses are not worth remembering
        else:
            self._believed[digest] = found
        return found

    def _is_idle(self, found: _Believed) -> bool:
        is_session = found.known is not None and found.known.session is not None
        return is_session and self._now() - found.seen_at >= self.policy.idle

    def _principal(self, found: _Believed, address: str) -> Principal | None:
        known, now = found.known, self._now()
        if known is None or self._is_idle(found) or not self._may_enter(known, now):
            return None
        if known.token is not None:
            base = self._local if known.account is None else _of(known.account)
            via = f"token:{known.token.id}"
            return replace(
                base, scope=known.token.permissions, via=via, address=address, is_inside=self.policy.is_inside(address)
            )
        assert known.account is not None
        assert known.session is not None
        return replace(
            _of(known.account),
            is_fresh=now - known.session.proven_at < self.policy.fresh,
            is_inside=self.policy.is_inside(address),
            via=f"session:{known.session.id}",
            address=address,
        )

    def _may_enter(self, known: Known, now: datetime) -> bool:
        if known.token is not None and (
            now >= known.token.expires_at or (known.account is None and known.token.owner != self._local.id)
        ):
            return False
        if known.session is not None and (now >= known.session.ends_at or known.account is None):
            return False
        account = known.account
        if account is None:
            return True
        is_of_today = account.kind is not AccountKind.DEMO or self.policy.is_demo
        return account.disabled_at is None and is_of_today


def _token_in(unit: Unit, digest: str) -> Known | None:
    token = unit.tokens.find(digest)
    return None if token is None else Known(unit.accounts.find(token.owner), token=token)


def _session_in(unit: Unit, digest: str) -> Known | None:
    session = unit.sessions.find(digest)
    return None if session is None else Known(unit.accounts.find(session.account_id), session)


def is_csrf_right(secret: str, said: str) -> bool:
    """Whether a page of ours said it: what another site cannot know."""
    return compare_digest(csrf_of(secret).encode(), said.encode("utf-8", "surrogatepass"))


def _of(account: Account) -> Principal:
    return Principal(account.id, account.name, account.roles)
