"""The pages on the way in, made on the server: they need no script."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse

from audience_builder.api.guard import NONCE
from audience_builder.api.sign_in_words import NAMES, WORDS
from audience_builder.api.who import app_of
from audience_builder.identity.demo import ROLES


def sign_in_page(request: Request, *, following: str, problem: str = "", status: int = 200) -> HTMLResponse:
    """How to sign in here: by role in a demo, else by a provider, by name and password, or both. May look into the store."""
    identity = app_of(request).identity
    is_again = bool(request.query_params.get("again"))
    return _page(
        request,
        title="again" if is_again else "sign_in",
        note="again_note" if is_again else "",
        shows="demo" if identity.demo.is_on else "sign_in",
        roles=ROLES,
        following=following,
        has_accounts=identity.accounts.has_any(),
        has_provider=identity.provider is not None,
        provider_query=urlencode({"next": following, **({"again": "1"} if is_again else {})}),
        problem=problem,
        status=status,
    )


def setup_page(request: Request, code: str, *, problem: str = "", status: int = 200) -> HTMLResponse:
    """Where the first account is made."""
    return _page(request, title="setup", note="setup_note", shows="setup", code=code, problem=problem, status=status)


def signed_out_page(request: Request) -> HTMLResponse:
    """What is shown after signing out; who came by a provider goes on to sign out there too."""
    goes_on = app_of(request).identity.provider is not None and "provider" in request.query_params
    return _page(request, title="signed_out", shows="way_back", goes_to="/sign-in/provider/out" if goes_on else "")


def problem_page(request: Request, problem: str, status: int) -> HTMLResponse:
    """What went wrong, and the way back."""
    return _page(request, title="sign_in", shows="way_back", problem=problem, status=status)


def style() -> bytes:
    """How all of them look."""
    return _file("sign-in.css").encode()


def _page(request: Request, *, title: str, shows: str, status: int = 200, **words: Any) -> HTMLResponse:
    said = request.query_params.get("lang", "")
    language = said if said in WORDS else app_of(request).language
    other = next(each for each in WORDS if each != language)
    content = _template().render(
        {
            "note": "",
            "problem": "",
            "goes_to": "",
            **words,
            "title": title,
            "shows": shows,
            "language": language,
            "words": WORDS[language],
            "nonce": request.scope[NONCE],
            "other": other,
            "other_name": NAMES[other],
            "other_address": _in_language(request, other),
        }
    )
    return HTMLResponse(content, status)


def _in_language(request: Request, language: str) -> str:
    kept = {key: value for key, value in request.query_params.items() if key in ("next", "again", "code")}
    path = request.url.path if request.method == "GET" else "/sign-in"
    return f"{path}?{urlencode({**kept, 'lang': language})}"


@cache
def _template() -> Template:
    return Environment(loader=FunctionLoader(_file), autoescape=True, undefined=StrictUndefined).get_template(
        "sign-in.html"
    )


def _file(name: str) -> str:
    return resources.files("audience_builder.api").joinpath("way_in", name).read_text(encoding="utf-8")
