"""The session's cookie: given at sign-in, taken back at sign-out, never readable by a script."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from audience_builder.api.who import address_of, app_of, credentials_of
from audience_builder.identity import Origin
from audience_builder.identity.provider import Identified
from audience_builder.store import Account


def signed_in(
    request: HTTPConnection, answer: Response, account: Account, *, how: str, provided: Identified | None = None
) -> None:
    """Begin a session for this browser, in the place of the one it had, and hand it over with the answer."""
    identity, before = app_of(request).identity, credentials_of(request)
    origin = Origin(
        address=address_of(request),
        agent=request.headers.get("user-agent", ""),
        secret=None if before is None or before.is_token else before.secret,
        provider_session=provided and provided.provider_session,
        proven_at=provided and provided.proven_at,
    )
    begun = identity.sessions.begin(account, origin, how=how)
    answer.set_cookie(identity.cookie, begun.secret, path="/", secure=identity.is_secure, httponly=True, samesite="lax")


def signed_out(request: HTTPConnection, answer: Response) -> None:
    """Take the cookie back."""
    identity = app_of(request).identity
    answer.delete_cookie(identity.cookie, path="/", secure=identity.is_secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
