"""Errors as RFC 9457 problems: a status, a stable code, a sentence, and what to do about it."""

from __future__ import annotations

import http
import logging
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from audience_builder.api.app import App
from audience_builder.api.audience_messages import conflict_answer
from audience_builder.api.who import NOBODY, PRINCIPAL, ForeignRequestError
from audience_builder.errors import (
    AudienceBuilderError,
    BusyError,
    ChangedError,
    ConflictError,
    DeniedError,
    EngineError,
    FieldError,
    FullError,
    InputError,
    LimitError,
    NotFoundError,
    NotSignedInError,
    OffsetGoneError,
    OutsideError,
    PersonalDataError,
    RuleError,
    SealedError,
    StaleSignInError,
    StreamError,
    TooCloseError,
    TrailError,
)
from audience_builder.identity.provider_errors import NoRoleError, ProviderDownError, ProviderError, UntrueTokenError
from audience_builder.store import Outcome

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[AudienceBuilderError], int] = {
    RuleError: 422,
    NotFoundError: 404,
    NotSignedInError: 401,
    ProviderError: 401,
    UntrueTokenError: 401,
    NoRoleError: 401,
    ProviderDownError: 502,
    ConflictError: 409,
    LimitError: 429,
    StaleSignInError: 403,
    TooCloseError: 403,
    OutsideError: 403,
    FieldError: 403,
    ForeignRequestError: 403,
    ChangedError: 409,
    DeniedError: 403,
    InputError: 400,
    PersonalDataError: 400,
    BusyError: 503,
    FullError: 429,
    SealedError: 500,
    StreamError: 503,
    OffsetGoneError: 503,
    EngineError: 501,
    TrailError: 500,
    AudienceBuilderError: 500,
}
"""What each kind of error is over HTTP; a kind not listed is what its parent is."""

_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "2"}}
_CODES = {404: "not_found", 405: "method_not_allowed"}
_FIXES = {
    404: "GET /openapi.json lists all addresses.",
    405: "GET /openapi.json lists what each address takes.",
}
_LOG = logging.getLogger("audience_builder")


def problem(status: int, code: str, detail: str, *, fix: str = "", **more: Any) -> Response:
    """A problem as a response; `more` are further members of it."""
    said: dict[str, Any] = {
        "type": f"urn:audience-builder:problem:{code}",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "fix": fix,
        **more,
    }
    return Response(orjson.dumps(said), status, headers=_HEADERS.get(status), media_type=MEDIA_TYPE)


def problem_of(error: AudienceBuilderError) -> Response:
    """The problem of one of our own errors; a rule's has every problem with its JSON pointer."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, RuleError | FieldError):
        found = [
            {"pointer": entry.pointer, "code": entry.code, "detail": entry.message, "fix": entry.fix}
            for entry in error.problems
        ]
        fix = "Mend each of the problems." if isinstance(error, RuleError) else error.fix
        return problem(status, error.code, _summary(found), fix=fix, problems=found)
    if isinstance(error, ChangedError):
        return problem(
            status, error.code, error.message, fix=error.fix, conflict=conflict_answer(error).model_dump(mode="json")
        )
    answer = problem(status, error.code, error.message, fix=error.fix)
    if error.retry_seconds is not None:
        answer.headers["Retry-After"] = str(error.retry_seconds)
    return answer


def _summary(found: list[dict[str, str]]) -> str:
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{found[0]['pointer'] or '/'}: {found[0]['detail']}{more}"


# --- handlers -------------------------------------------------------------------------------------------------------------


def on_our_error(request: HTTPConnection, error: Exception) -> Response:
    """One of our own errors; what was denied is noted in the audit trail first."""
    assert isinstance(error, AudienceBuilderError)
    is_socket = request.scope["type"] == "websocket"
    if isinstance(error, DeniedError) and not error.is_recorded:
        app: App = request.app.state.app
        path = getattr(request.scope.get("route"), "path", "") or request.scope["path"]
        method = "WEBSOCKET" if is_socket else request.scope["method"]
        with app.store.unit(request.scope.get(PRINCIPAL, NOBODY)) as unit:
            unit.audit("denied", f"{method} {path}", outcome=Outcome.DENIED, reason=error.message)
    if isinstance(error, NotSignedInError) and _is_visit(request):
        return RedirectResponse(f"/sign-in?{urlencode({'next': request.url.path})}", 303)
    answer = problem_of(error)
    return Hangup(4000 + answer.status_code, error.code) if is_socket else answer


def _is_visit(request: HTTPConnection) -> bool:
    """Whether a person opened a page (and no program asked for data)."""
    is_page = not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
    return request.scope["type"] == "http" and request.scope["method"] == "GET" and is_page


class Hangup(Response):
    """A connection that is closed as soon as it is open: a browser tells its page the code, but no answer to a handshake."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__()
        self._end = {"type": "websocket.close", "code": code, "reason": reason}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open and close it."""
        await send({"type": "websocket.accept"})
        await send(self._end)


def on_invalid_request(request: Request, error: Exception) -> Response:
    """A body or parameter of the wrong shape, with a pointer to each place."""
    assert isinstance(error, RequestValidationError)
    found = [_said(entry) for entry in error.errors()]
    return problem(422, "request_invalid", _summary(found), fix="GET /openapi.json says what is taken.", problems=found)


def _said(entry: Any) -> dict[str, str]:
    kind, place = str(entry["type"]), [str(step) for step in entry["loc"]]
    if kind == "json_invalid":
        said = f"this is no JSON: {entry['ctx']['error']}"
        return {"pointer": "", "code": kind, "detail": said[:200], "fix": "Check brackets, commas and quotes."}
    in_body = place[:1] == ["body"]
    pointer = "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in place[1:]) if in_body else ""
    where = "" if in_body else f"{' '.join(place)}: "
    fix = _SHAPE_FIXES.get(kind, "")
    return {"pointer": pointer, "code": kind, "detail": f"{where}{entry['msg']}"[:200], "fix": fix}


_SHAPE_FIXES = {
    "missing": "Add it.",
    "extra_forbidden": "Remove it.",
    "model_attributes_type": "Send a JSON object with Content-Type: application/json.",
    "dict_type": "Send a JSON object with Content-Type: application/json.",
}


def on_http_error(request: Request, error: Exception) -> Response:
    """What the framework itself refuses."""
    assert isinstance(error, HTTPException)
    status = error.status_code
    answer = problem(status, _CODES.get(status, "refused"), str(error.detail), fix=_FIXES.get(status, ""))
    answer.headers.update(error.headers or {})
    return answer


def on_unexpected(request: Request, error: Exception) -> Response:
    """A mistake of ours: logged in full, told in a sentence."""
    # The pattern of the address, not what stands in it: that may name anybody.
    where = {"method": request.method, "route": getattr(request.scope.get("route"), "path", "")}
    _LOG.error("a request failed", extra=where, exc_info=error)
    return problem(
        500, "unexpected", "something went wrong on our side", fix="Try again; the log of the server says more."
    )
