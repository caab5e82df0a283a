"""Sessions of browsers: begun at sign-in, with a new secret each time, and ended one by one or all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from audience_builder.access import Permission, Principal, require
from audience_builder.access.masking import mask_ip
from audience_builder.errors import DeniedError, NotFoundError, NotSignedInError
from audience_builder.identity.accounts import SYSTEM
from audience_builder.identity.policy import Policy
from audience_builder.identity.secrets import digest_of, new_id, new_secret
from audience_builder.store import Account, Session, Store, Unit

_MOST_AGENT = 120
_MOST_SESSIONS = 20


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session and its secret, which only the browser keeps."""

    session: Session
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a sign-in comes from. `secret` is the session the browser had before, which the new one takes the place of.
    `proven_at` is when they proved who they are, where that was not just now but at a provider.
    """

    address: str = ""
    agent: str = ""
    secret: str | None = field(default=None, repr=False)
    provider_session: str | None = None
    proven_at: datetime | None = None

    @property
    def network(self) -> str:
        """The address without what points at one machine."""
        return mask_ip(self.address) if self.address else "local"


class Sessions:
    """Begins and ends sessions. `forget` is told whose, so that it holds at once."""

    def __init__(
        self, *, store: Store, now: Callable[[], datetime], policy: Policy, forget: Callable[[str], None]
    ) -> None:
        self._store = store
        self._now = now
        self._policy = policy
        self._forget = forget

    def begin(self, account: Account, origin: Origin, *, how: str) -> Begun:
        """A session of somebody who has just proven who they are. The secret is new; the one before is worth nothing.

        Raises NotSignedInError for an account that is locked out.
        """
        now, secret = self._now(), new_secret()
        session = Session(
            id=new_id(),
            digest=digest_of(secret),
            account_id=account.id,
            began_at=now,
            proven_at=min(now, origin.proven_at or now),
            seen_at=now,
            ends_at=now + self._policy.longest,
            network=origin.network,
            agent=origin.agent[:_MOST_AGENT],
            provider_session=origin.provider_session,
        )
        with self._store.unit(Principal(account.id, account.name, account.roles)) as unit:
            # Anew from the store: it may have changed since the account was read.
            current = unit.accounts.named(account.id)
            if current.disabled_at is not None:
                raise NotSignedInError("this account is locked out", fix="Ask an admin.")
            self._make_room(unit, account, origin, now)
            unit.sessions.add(session)
            unit.accounts.update(replace(current, signed_in_at=now))
            unit.audit("sign_in", account.id, how=how, session=session.id, network=session.network)
        self._forget(account.id)
        return Begun(session, secret)

    def list(self, principal: Principal) -> list[Session]:
        """One's own sessions that are open, newest first."""
        require(principal, Permission.SIGNED_IN)
        now = self._now()
        with self._store.unit(principal) as unit:
            unit.audit("session.list", principal.id)
            return [each for each in unit.sessions.of(principal.id) if each.ends_at > now]

    def end(self, principal: Principal, session_id: str) -> None:
        """End one of one's own sessions. Raises NotFoundError for any other."""
        require(principal, Permission.SIGNED_IN)
        with self._store.unit(principal) as unit:
            if session_id not in {each.id for each in unit.sessions.of(principal.id)}:
                raise NotFoundError("you have no session of that id", fix="List your sessions to see their ids.")
            unit.sessions.end(session_id)
            unit.audit("sign_out", principal.id, session=session_id)
        self._forget(principal.id)

    def end_all(self, principal: Principal) -> int:
        """End all of one's own sessions, and say how many there were."""
        require(principal, Permission.SIGNED_IN)
        return self._end_all(principal, principal.id)

    def end_all_of(self, principal: Principal, account_id: str) -> int:
        """End all sessions of somebody else, and say how many there were."""
        require(principal, Permission.ADMINISTER)
        if account_id == principal.id:
            raise DeniedError("these are your own sessions", fix="End them with DELETE /api/v1/sessions.")
        return self._end_all(principal, account_id)

    def end_by_provider(self, *, account_id: str | None, provider_session: str | None) -> int:
        """End what a provider says has ended: one of its sessions, or all of an account."""
        with self._store.unit(SYSTEM) as unit:
            found = [
                each
                for each in (
                    unit.sessions.of_provider(provider_session)
                    if provider_session is not None
                    else unit.sessions.of(str(account_id))
                )
                if account_id is None or each.account_id == account_id
            ]
            for each in found:
                unit.sessions.end(each.id)
            unit.audit("sign_out.provider", account_id or "session", sessions=len(found))
        for each in found:
            self._forget(each.account_id)
        return len(found)

    def _end_all(self, principal: Principal, account_id: str) -> int:
        with self._store.unit(principal) as unit:
            unit.accounts.named(account_id)
            found = unit.sessions.of(account_id)
            for each in found:
                unit.sessions.end(each.id)
            unit.audit("sign_out.everywhere", account_id, sessions=len(found))
        self._forget(account_id)
        return len(found)

    def _make_room(self, unit: Unit, account: Account, origin: Origin, now: datetime) -> None:
        """End what was before: the browser's own session, all that are over, and the oldest of very many."""
        unit.sessions.end_before(now)
        before = unit.sessions.find(digest_of(origin.secret)) if origin.secret else None
        if before is not None:
            unit.sessions.end(before.id)
            self._forget(before.account_id)
        for old in unit.sessions.of(account.id)[_MOST_SESSIONS - 1 :]:
            unit.sessions.end(old.id)
