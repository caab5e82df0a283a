"""Whether a token of the provider is true: made by it, for us, for this sign-in, and now.

Signatures and the plain claims are joserfc's to check, with algorithms that are fixed here and keys that come from nowhere but the
provider's own address: what a header says of where keys are (`jku`, `x5u`, `jwk`) is not looked at.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, TypeGuard

from joserfc import jwt
from joserfc.errors import JoseError

from audience_builder.identity.provider_errors import UntrueTokenError
from audience_builder.identity.provider_keys import Key, ProviderKeys

ALGORITHMS = ("RS256", "PS256", "ES256")
"""What may sign: asymmetric ones only. The token's header chooses among these and nothing else."""

SKEW_SECONDS = 60
"""How far apart the clocks may be."""

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

_LONGEST_ISSUED_SECONDS = 600
_MOST_BYTES = 16_384
_MOST_SUBJECT = 255

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an ID token has to say: who made it, for whom, with which nonce, and how lately its person proved who they are.

    `since` is the latest moment (Unix seconds) before which that proof is too old, `acr` what it must be worth (empty = anything).
    """

    issuer: str
    client_id: str
    nonce: str
    since: int
    acr: str = ""
    access_token: str | None = None


def true_id_token(token: object, keys: ProviderKeys, expected: Expected, *, now: int) -> Claims:
    """The claims of an ID token. Raises UntrueTokenError unless all of it is as expected."""
    header, claims = _signed(token, keys)
    _require_type(header, frozenset({"jwt"}))
    _require_common(claims, issuer=expected.issuer, client_id=expected.client_id, now=now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), expected.nonce.encode()):
        raise UntrueTokenError("nonce", "it belongs to another sign-in")
    _subject(claims.get("sub"))
    if "events" in claims:
        raise UntrueTokenError("events", "it is no ID token")
    _require_at_hash(header, claims, expected.access_token)
    proven = claims.get("auth_time")
    if not _is_moment(proven) or not expected.since - SKEW_SECONDS <= proven <= now + SKEW_SECONDS:
        raise UntrueTokenError("auth_time", "its person has not proven lately who they are")
    if expected.acr and claims.get("acr") != expected.acr:
        raise UntrueTokenError("acr", "the proof is not worth enough")
    return claims


def true_logout_token(token: object, keys: ProviderKeys, *, issuer: str, client_id: str, now: int) -> Claims:
    """The claims of a back-channel logout token: `sub`, `sid` or both, and a `jti`. Raises UntrueTokenError."""
    header, claims = _signed(token, keys)
    _require_type(header, frozenset({"jwt", "logout+jwt"}))
    _require_common(claims, issuer=issuer, client_id=client_id, now=now)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise UntrueTokenError("events", "it is no logout token")
    if "nonce" in claims:
        raise UntrueTokenError("nonce", "a logout token has none")
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise UntrueTokenError("jti", "it has no name")
    said = [claims[name] for name in ("sub", "sid") if name in claims]
    if not said:
        raise UntrueTokenError("sub", "it does not say whose session has ended")
    for each in said:
        _subject(each)
    return claims


def _signed(token: object, keys: ProviderKeys) -> tuple[Mapping[str, Any], Claims]:
    if not isinstance(token, str) or len(token) > _MOST_BYTES or token.count(".") != 2:
        raise UntrueTokenError("form", "it is no signed token")

    def key_of(signed: Any) -> Key:
        header = signed.headers()
        if header.get("alg") not in ALGORITHMS:
            raise UntrueTokenError("alg", "its algorithm is none of ours")
        if "crit" in header or "b64" in header:
            raise UntrueTokenError("crit", "it asks for what is not understood")
        return keys.find(header.get("kid"), header["alg"])

    try:
        found = jwt.decode(token, key_of, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise UntrueTokenError("signature", type(error).__name__) from error
    return found.header, found.claims


def _require_type(header: Mapping[str, Any], types: frozenset[str]) -> None:
    said = header.get("typ", "JWT")
    if not isinstance(said, str) or said.lower().removeprefix("application/") not in types:
        raise UntrueTokenError("typ", "it is a token of another kind")


def _require_common(claims: Claims, *, issuer: str, client_id: str, now: int) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=SKEW_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(dict(claims))
    except (JoseError, ValueError, TypeError, OverflowError) as error:
        raise UntrueTokenError(getattr(error, "claim", "claims"), type(error).__name__) from error
    for name in ("exp", "iat", "nbf"):
        if name in claims and not _is_moment(claims[name]):
            raise UntrueTokenError(name, "it is no moment")
    if claims["iat"] < now - _LONGEST_ISSUED_SECONDS:
        raise UntrueTokenError("iat", "it was made too long ago")
    audience = claims["aud"]
    authorized = claims.get("azp")
    if authorized not in ((None, client_id) if isinstance(audience, str) or len(audience) == 1 else (client_id,)):
        raise UntrueTokenError("azp", "it was made for another client")


def _require_at_hash(header: Mapping[str, Any], claims: Claims, access_token: str | None) -> None:
    """Where it says which access token it came with, that must be the one."""
    if "at_hash" not in claims:
        return
    half = hashlib.sha256((access_token or "").encode()).digest()[:16]
    right = urlsafe_b64encode(half).rstrip(b"=")
    said = claims["at_hash"]
    if access_token is None or not isinstance(said, str) or not compare_digest(said.encode(), right):
        raise UntrueTokenError("at_hash", "it came with another access token")


def _subject(said: object) -> None:
    if not isinstance(said, str) or not said or len(said) > _MOST_SUBJECT:
        raise UntrueTokenError("sub", "it does not say of whom")


def _is_moment(said: Any) -> TypeGuard[float]:
    return isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said < 1 << 53
