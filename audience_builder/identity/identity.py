"""All of signing in over one store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from audience_builder.access import Principal
from audience_builder.identity.accounts import Accounts
from audience_builder.identity.browser_keys import BrowserKeys
from audience_builder.identity.demo import Demo
from audience_builder.identity.flow import Flows
from audience_builder.identity.gate import Gate
from audience_builder.identity.policy import Policy
from audience_builder.identity.provider import Provider
from audience_builder.identity.provider_settings import ProviderSettings
from audience_builder.identity.sessions import Sessions
from audience_builder.identity.setup import Setup
from audience_builder.identity.tokens import Tokens
from audience_builder.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who may come in, and how. `public_url` is where browsers reach the product (empty = this machine, over plain http)."""

    gate: Gate
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    browser_keys: BrowserKeys
    setup: Setup
    demo: Demo
    provider: Provider | None
    flows: Flows
    public_url: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https: then cookies and headers insist on it."""
        return self.public_url.startswith("https://")

    @property
    def flow_cookie(self) -> str:
        """The name of the cookie that a sign-in on its way is remembered in."""
        return "__Host-ab-flow" if self.is_secure else "ab-flow"

    @property
    def cookie(self) -> str:
        """The name of the session's cookie. Browsers take the prefix only by https, and then from this very host alone."""
        return "__Host-ab-session" if self.is_secure else "ab-session"


def open_identity(
    *,
    store: Store,
    now: Callable[[], datetime],
    policy: Policy,
    local: Principal,
    provider: ProviderSettings | None = None,
    public_url: str = "",
) -> Identity:
    """Signing in as the policy has it, and with a provider where there is one; `local` is who owns this machine."""
    gate = Gate(store=store, now=now, policy=policy, local=local)
    accounts = Accounts(store=store, now=now, forget=gate.forget)
    return Identity(
        gate=gate,
        accounts=accounts,
        sessions=Sessions(store=store, now=now, policy=policy, forget=gate.forget),
        tokens=Tokens(store=store, now=now, policy=policy, forget=gate.forget),
        browser_keys=BrowserKeys(store=store, now=now),
        setup=Setup(accounts, now=now),
        demo=Demo(accounts, policy=policy, now=now),
        provider=_provider(provider, policy, now),
        flows=Flows(),
        public_url=public_url,
    )


def _provider(settings: ProviderSettings | None, policy: Policy, now: Callable[[], datetime]) -> Provider | None:
    if settings is None:
        return None
    longest, fresh = (int(span.total_seconds()) for span in (policy.longest, policy.fresh))
    return Provider(settings, now=now, longest_seconds=longest, fresh_seconds=fresh)
