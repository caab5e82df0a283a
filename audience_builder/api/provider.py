"""Signing in with a provider, and what the provider itself says: that a session of its own has ended."""

from __future__ import annotations

import logging

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from audience_builder.access import Permission
from audience_builder.api.cookies import signed_in
from audience_builder.api.forms import form_of, safe_next
from audience_builder.api.permission import permitted
from audience_builder.api.problem import problem
from audience_builder.api.reading import router
from audience_builder.api.sign_in_page import problem_page
from audience_builder.api.who import app_of, who
from audience_builder.errors import NotFoundError, NotSignedInError
from audience_builder.identity.flow import KEPT_SECONDS
from audience_builder.identity.provider import Provider
from audience_builder.identity.provider_errors import NoRoleError, ProviderDownError, ProviderError

ROUTER = router("provider", "/sign-in/provider")
_OPEN = [permitted(Permission.OPEN)]
_LOG = logging.getLogger("audience_builder")


@ROUTER.get("", include_in_schema=False, dependencies=_OPEN)
def begin(request: Request, next: str = "/", again: str = "") -> Response:
    """Send the browser to the provider."""
    identity = app_of(request).identity
    try:
        url, flow = _provider(request).begin(
            f"{_here(request)}/sign-in/provider/callback", following=safe_next(next), is_again=bool(again)
        )
    except ProviderDownError as error:
        return _failed(request, error)
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        identity.flow_cookie, identity.flows.seal(flow), max_age=KEPT_SECONDS, path="/", secure=identity.is_secure,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


@ROUTER.get("/callback", include_in_schema=False, dependencies=_OPEN)
async def callback(request: Request) -> Response:
    """Where the provider sends the browser back to."""
    now_signed_in = await who(request, is_active=False)
    answer = await run_in_threadpool(_arrived, request, None if now_signed_in is None else now_signed_in.id)
    identity = app_of(request).identity
    answer.delete_cookie(identity.flow_cookie, path="/", secure=identity.is_secure, httponly=True, samesite="lax")
    return answer


def _arrived(request: Request, now_signed_in: str | None) -> Response:
    app, provider = app_of(request), _provider(request)
    flow = app.identity.flows.open(request.cookies.get(app.identity.flow_cookie), now=int(app.now().timestamp()))
    try:
        if flow is None:
            raise ProviderError("flow", "no sign-in was begun in this browser, or too long ago")
        found = provider.finish(flow, dict(request.query_params))
        if flow.is_again and now_signed_in not in (None, found.account_id):
            raise ProviderError("another", "somebody else signed in")
        account = app.identity.accounts.keep_provided(found.account(provider.settings.issuer))
        answer = RedirectResponse(flow.following, 303)
        signed_in(request, answer, account, how="provider", provided=found)
    except NotSignedInError as error:
        return _failed(request, error)
    return answer


@ROUTER.get("/out", include_in_schema=False, dependencies=_OPEN)
def out(request: Request) -> Response:
    """Send the browser to sign out at the provider too."""
    try:
        url = _provider(request).logout_url(f"{_here(request)}/signed-out")
    except ProviderDownError as error:
        return _failed(request, error)
    return RedirectResponse(url or "/signed-out", 303)


@ROUTER.post("/logout", include_in_schema=False, dependencies=_OPEN)
async def told_logout(request: Request) -> Response:
    """The provider says that sessions have ended (back-channel logout): ours that began with them end too."""
    form = await form_of(request)
    return await run_in_threadpool(_logged_out, request, form.get("logout_token", ""))


def _logged_out(request: Request, token: str) -> Response:
    try:
        account, session = _provider(request).logged_out(token)
    except ProviderError as error:
        _LOG.warning("a logout was not believed", extra={"reason": error.reason})
        return problem(
            400, "invalid_request", "this logout is not believed", fix="Send a logout token of this provider."
        )
    app_of(request).identity.sessions.end_by_provider(account_id=account, provider_session=session)
    return Response(status_code=200)


def _provider(request: Request) -> Provider:
    found = app_of(request).identity.provider
    if found is None:
        raise NotFoundError("there is no provider to sign in with", fix="Sign in at /sign-in.")
    return found


def _here(request: Request) -> str:
    """Where browsers reach us: as is set, else by the name they used, which the guard has checked."""
    return app_of(request).identity.public_url or f"http://{request.headers['host']}"


def _failed(request: Request, error: NotSignedInError) -> Response:
    _LOG.warning("a sign-in with the provider failed", extra={"reason": getattr(error, "reason", error.code)})
    is_down = isinstance(error, ProviderDownError)
    return problem_page(
        request, "no_role" if isinstance(error, NoRoleError) else "provider_failed", 502 if is_down else 401
    )
