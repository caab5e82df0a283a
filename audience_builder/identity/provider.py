"""Signing in with an OpenID provider: the server exchanges the code, and keeps nothing of what it gets but who somebody is.

No token ever reaches the browser, and none is stored: what the product needs of the provider is read from the ID token, once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from audience_builder.access import Role
from audience_builder.identity.flow import Flow
from audience_builder.identity.provider_errors import ProviderDownError, ProviderError
from audience_builder.identity.provider_keys import ProviderKeys
from audience_builder.identity.provider_settings import ProviderSettings
from audience_builder.identity.provider_tokens import Claims, Expected, true_id_token, true_logout_token
from audience_builder.store import Account, AccountKind

_TIMEOUT_SECONDS = 5.0
_MOST_BYTES = 1 << 20
_METADATA_SECONDS = 3_600
_MOST_NAME = 80
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """Who the provider says somebody is. `proven_at` is when they last proved it there."""

    account_id: str
    subject: str
    name: str
    roles: frozenset[Role]
    proven_at: datetime
    provider_session: str | None

    def account(self, issuer: str) -> Account:
        """The account they have here."""
        return Account(
            id=self.account_id, kind=AccountKind.PROVIDER, name=self.name, roles=self.roles, issuer=issuer,
            subject=self.subject, created_at=self.proven_at,
        )  # fmt: skip


class Provider:
    """One OpenID provider, asked when it is needed; `http` makes a client that reaches it."""

    def __init__(
        self,
        settings: ProviderSettings,
        *,
        now: Callable[[], datetime],
        longest_seconds: int,
        fresh_seconds: int,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.settings = settings
        self._now = now
        self._longest, self._fresh = longest_seconds, fresh_seconds
        self._transport = transport
        self._metadata: tuple[datetime, Mapping[str, Any]] | None = None
        self._lock = Lock()
        self._seen_logouts: dict[str, int] = {}
        self.keys = ProviderKeys(lambda: self._get(self.metadata()["jwks_uri"]))

    def begin(self, redirect_uri: str, *, following: str, is_again: bool) -> tuple[str, Flow]:
        """Where to send the browser, and what to remember until it comes back. `is_again` has them prove anew who they are."""
        flow = Flow(
            state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48),
            following=following, is_again=is_again, began=self._seconds(), redirect_uri=redirect_uri,
        )  # fmt: skip
        wishes: dict[str, Any] = {"nonce": flow.nonce, "max_age": self._longest}
        if is_again:
            wishes |= {"prompt": "login", "max_age": self._fresh}
            wishes |= {"acr_values": self.settings.acr} if self.settings.acr else {}
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                self.metadata()["authorization_endpoint"], state=flow.state, code_verifier=flow.verifier, **wishes
            )
        return str(url), flow

    def finish(self, flow: Flow, said: Mapping[str, str]) -> Identified:
        """Who came back. Raises ProviderError for whatever is not the answer to what was asked."""
        self._check_answer(flow, said)
        tokens = self._exchanged(flow, said["code"])
        since = flow.began if flow.is_again else self._seconds() - self._longest
        access_token = tokens.get("access_token")
        expected = Expected(
            issuer=self.settings.issuer,
            client_id=self.settings.client_id,
            nonce=flow.nonce,
            since=since,
            acr=self.settings.acr if flow.is_again else "",
            access_token=access_token if isinstance(access_token, str) else None,
        )
        claims = true_id_token(tokens.get("id_token"), self.keys, expected, now=self._seconds())
        return self._identified(claims)

    def logged_out(self, token: str) -> tuple[str | None, str | None]:
        """Whose sessions a logout token ends: an account, one of the provider's sessions, or both. Raises ProviderError."""
        now = self._seconds()
        claims = true_logout_token(
            token, self.keys, issuer=self.settings.issuer, client_id=self.settings.client_id, now=now
        )
        with self._lock:
            self._seen_logouts = {name: until for name, until in self._seen_logouts.items() if until > now}
            if claims["jti"] in self._seen_logouts:
                raise ProviderError("jti", "this logout was told before")
            self._seen_logouts[claims["jti"]] = now + 2 * _METADATA_SECONDS
        subject = claims.get("sub")
        return (None if subject is None else account_id(self.settings.issuer, subject)), claims.get("sid")

    def logout_url(self, back_to: str) -> str | None:
        """Where a browser goes to sign out there too; None where the provider has no such place."""
        place = self.metadata().get("end_session_endpoint")
        if not isinstance(place, str):
            return None
        words = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back_to}
        return f"{place}{'&' if '?' in place else '?'}{urlencode(words)}"

    def metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself, at most an hour old (older where it cannot be reached)."""
        with self._lock:
            held = self._metadata
            if held is not None and (self._now() - held[0]).total_seconds() < _METADATA_SECONDS:
                return held[1]
        try:
            found = self._described()
        except ProviderDownError:
            if held is None:
                raise
            return held[1]
        with self._lock:
            self._metadata = self._now(), found
        return found

    # --- asking the provider --------------------------------------------------------------------------------------------------

    def _described(self) -> Mapping[str, Any]:
        found = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.settings.issuer:
            raise ProviderDownError("it says it is another issuer")
        places = [found.get(name) for name in _NEEDED]
        places += [found[name] for name in ("end_session_endpoint",) if name in found]
        if not all(isinstance(place, str) and is_safe(place) for place in places):
            raise ProviderDownError("its addresses are missing, or not by TLS")
        return found

    def _get(self, address: str) -> Mapping[str, Any]:
        try:
            with httpx2.Client(timeout=_TIMEOUT_SECONDS, transport=self._transport, follow_redirects=False) as client:
                answer = client.get(address, headers={"Accept": "application/json"})
            found = answer.json() if answer.status_code == 200 and len(answer.content) <= _MOST_BYTES else None
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderDownError(type(error).__name__) from error
        if not isinstance(found, dict):
            raise ProviderDownError("it does not answer with what it should")
        return cast(Mapping[str, Any], found)

    def _exchanged(self, flow: Flow, code: str) -> Mapping[str, Any]:
        place = self.metadata()["token_endpoint"]
        try:
            with self._client(flow.redirect_uri) as client:
                found: Any = client.fetch_token(
                    place, grant_type="authorization_code", code=code, code_verifier=flow.verifier
                )
        except OAuthError as error:
            raise ProviderError("code", str(error.error)) from error
        except (httpx2.HTTPError, ValueError, TypeError, KeyError) as error:
            raise ProviderDownError(type(error).__name__) from error
        if not isinstance(found, dict):
            raise ProviderDownError("it does not answer with what it should")
        return cast(Mapping[str, Any], found)

    def _client(self, redirect_uri: str) -> Any:
        return OAuth2Client(
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            scope=self.settings.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106  (the name of a method)
            timeout=_TIMEOUT_SECONDS,
            transport=self._transport,
            follow_redirects=False,
        )

    # --- what comes back ------------------------------------------------------------------------------------------------------

    def _check_answer(self, flow: Flow, said: Mapping[str, str]) -> None:
        if not secrets.compare_digest(said.get("state", "").encode(), flow.state.encode()):
            raise ProviderError("state", "the answer belongs to another sign-in")
        says_issuer = self.metadata().get("authorization_response_iss_parameter_supported") is True
        if said.get("iss", None if says_issuer else self.settings.issuer) != self.settings.issuer:
            raise ProviderError("iss", "the answer comes from another provider")
        if "error" in said or not said.get("code"):
            raise ProviderError("refused", said.get("error", "no code")[:80])

    def _identified(self, claims: Claims) -> Identified:
        subject = claims["sub"]
        said = [claims.get(name) for name in ("name", "preferred_username")]
        name = next((each.strip() for each in said if isinstance(each, str) and each.strip()), subject)
        session = claims.get("sid")
        return Identified(
            account_id=account_id(self.settings.issuer, subject),
            subject=subject,
            name=name[:_MOST_NAME],
            roles=self._roles(claims),
            proven_at=datetime.fromtimestamp(claims["auth_time"], UTC),
            provider_session=session if isinstance(session, str) and session else None,
        )

    def _roles(self, claims: Claims) -> frozenset[Role]:
        found: Any = claims
        for step in self.settings.roles_claim.split("."):
            found = cast(dict[str, Any], found).get(step) if isinstance(found, dict) else None
        said = cast(list[Any], [found] if isinstance(found, str) else found if isinstance(found, list) else [])
        return frozenset(
            self.settings.roles[each] for each in said if isinstance(each, str) and each in self.settings.roles
        )

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def account_id(issuer: str, subject: str) -> str:
    """The account of somebody the provider knows: by issuer and subject, for addresses of mail pass to others."""
    words = f"{len(issuer)}:{issuer}{subject}".encode("utf-8", "surrogatepass")
    return f"sso-{hashlib.sha256(words).hexdigest()[:20]}"


def is_safe(address: str) -> bool:
    """Whether what is said there cannot be read on the way: https, or this very machine."""
    said = urlsplit(address)
    return bool(said.hostname) and (
        said.scheme == "https" or (said.scheme == "http" and said.hostname in ("localhost", "127.0.0.1", "::1"))
    )
