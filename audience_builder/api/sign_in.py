"""The way in and out, for browsers: pages of the server's own with plain forms."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from audience_builder.access import Permission, Role
from audience_builder.api.cookies import signed_in, signed_out
from audience_builder.api.forms import form_of, safe_next
from audience_builder.api.permission import permitted
from audience_builder.api.reading import router
from audience_builder.api.sign_in_page import problem_page, setup_page, sign_in_page, signed_out_page, style
from audience_builder.api.who import address_of, app_of, credentials_of, who
from audience_builder.errors import AudienceBuilderError, BusyError, ConflictError, InputError, NotSignedInError
from audience_builder.identity import Origin
from audience_builder.identity.gate import is_csrf_right

ROUTER = router("sign-in", "")
_OPEN = [permitted(Permission.OPEN)]
_PROBLEMS: dict[type[AudienceBuilderError], tuple[str, int]] = {
    NotSignedInError: ("wrong", 401),
    BusyError: ("locked", 429),
}
_SETUP_PROBLEMS: dict[type[AudienceBuilderError], tuple[str, int]] = {
    NotSignedInError: ("bad_code", 401),
    InputError: ("bad_account", 400),
    ConflictError: ("taken", 409),
}


@ROUTER.get("/sign-in", include_in_schema=False, dependencies=_OPEN)
def page(request: Request, next: str = "/") -> Response:
    """How to sign in here; `again` asks who is signed in already to say once more who they are."""
    return sign_in_page(request, following=safe_next(next))


@ROUTER.get("/sign-in.css", include_in_schema=False, dependencies=_OPEN)
def sheet() -> Response:
    """How the pages on the way in look."""
    return Response(style(), media_type="text/css; charset=utf-8", headers={"Cache-Control": "no-cache"})


@ROUTER.post("/sign-in", include_in_schema=False, dependencies=_OPEN)
async def sign_in(request: Request) -> Response:
    """By name and password."""
    form = await form_of(request)
    return await run_in_threadpool(_by_password, request, form)


def _by_password(request: Request, form: dict[str, str]) -> Response:
    identity, following = app_of(request).identity, safe_next(form.get("next"))
    network = Origin(address=address_of(request)).network
    try:
        account = identity.accounts.proven(form.get("name", ""), form.get("password", ""), network)
        answer = RedirectResponse(following, 303)
        signed_in(request, answer, account, how="password")
    except tuple(_PROBLEMS) as error:
        problem, status = _PROBLEMS[type(error)]
        return sign_in_page(request, following=following, problem=problem, status=status)
    return answer


@ROUTER.post("/sign-in/demo", include_in_schema=False, dependencies=_OPEN)
async def sign_in_to_demo(request: Request) -> Response:
    """As a role, in a demo: no password is asked."""
    form = await form_of(request)
    return await run_in_threadpool(_by_role, request, form)


def _by_role(request: Request, form: dict[str, str]) -> Response:
    answer = RedirectResponse(safe_next(form.get("next")), 303)
    try:
        role = Role(form.get("role", ""))
    except ValueError:
        raise InputError("there is no such role", fix="Take one of the page.") from None
    signed_in(request, answer, app_of(request).identity.demo.account(role), how="demo")
    return answer


@ROUTER.get("/setup", include_in_schema=False, dependencies=_OPEN)
def setup(request: Request, code: str = "") -> Response:
    """Where whoever started the server makes the first account."""
    try:
        app_of(request).identity.setup.check(code)
    except NotSignedInError:
        return problem_page(request, "bad_code", 401)
    return setup_page(request, code)


@ROUTER.post("/setup", include_in_schema=False, dependencies=_OPEN)
async def set_up(request: Request) -> Response:
    """Make the first account, and sign it in."""
    form = await form_of(request)
    return await run_in_threadpool(_first, request, form)


def _first(request: Request, form: dict[str, str]) -> Response:
    code, answer = form.get("code", ""), RedirectResponse("/", 303)
    try:
        account = app_of(request).identity.setup.first(
            code, form.get("name", ""), form.get("password", ""), is_marketer=form.get("marketer") == "yes"
        )
    except tuple(_SETUP_PROBLEMS) as error:
        problem, status = _SETUP_PROBLEMS[type(error)]
        if status != 400:
            return problem_page(request, problem, status)
        return setup_page(request, code, problem=problem, status=status)
    signed_in(request, answer, account, how="password")
    return answer


@ROUTER.post("/sign-out", include_in_schema=False, dependencies=_OPEN)
async def sign_out(request: Request) -> Response:
    """End this browser's session; a form says `csrf`, a script the header."""
    said = request.headers.get("x-csrf-token") or (await form_of(request)).get("csrf", "")
    credentials, principal = credentials_of(request), await who(request)
    # A form of ours may not end at another site, so the page after it goes on to the provider.
    is_provided = principal is not None and principal.id.startswith("sso-")
    answer = RedirectResponse("/signed-out?provider=1" if is_provided else "/signed-out", 303)
    if principal is not None and credentials is not None and not credentials.is_token:
        if not is_csrf_right(credentials.secret, said):
            return problem_page(request, "wrong", 403)
        session = principal.via.removeprefix("session:")
        await run_in_threadpool(app_of(request).identity.sessions.end, principal, session)
    signed_out(request, answer)
    return answer


@ROUTER.get("/signed-out", include_in_schema=False, dependencies=_OPEN)
def after_sign_out(request: Request) -> Response:
    """What is shown after signing out."""
    return signed_out_page(request)
