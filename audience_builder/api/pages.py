"""The web application, as files of the package, and the documentation of the API.

Every address of the application answers with the same page; what it shows is decided in the browser. Its scripts, styles and
fonts carry a digest in their name, so that a browser keeps them for good.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import orjson
from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from audience_builder.access import Permission
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router

ROUTER = router("pages", "")
SCREENS = ("/", "/audiences", "/audiences/{audience}", "/compare", "/exports")
"""The addresses of the application's screens."""

_OPEN = [permitted(Permission.OPEN)]
_SIGNED_IN = [permitted(Permission.SIGNED_IN)]
_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASKED_AGAIN = {"Cache-Control": "no-cache"}


def page(request: Request) -> Response:
    """The application; it begins in the language that was set, unless somebody chose another in this browser."""
    language = app_of(request).language
    text = _content("index.html").decode().replace('<html lang="ko">', f'<html lang="{language}">')
    return Response(text, media_type=_TYPES["html"], headers=_ASKED_AGAIN)


for _screen in SCREENS:
    ROUTER.add_api_route(_screen, page, include_in_schema=False, dependencies=_SIGNED_IN)


@ROUTER.get("/assets/{name}", include_in_schema=False, dependencies=_OPEN)
def asset(name: str) -> Response:
    """A script, style or font of the application."""
    return _file(f"assets/{name}", _FOR_GOOD)


@ROUTER.get("/first.js", include_in_schema=False, dependencies=_OPEN)
def first() -> Response:
    """What runs before anything is drawn."""
    return _file("first.js", _ASKED_AGAIN)


@ROUTER.get("/icon.svg", include_in_schema=False, dependencies=_OPEN)
def icon() -> Response:
    """The picture in the browser's tab."""
    return _file("icon.svg", _ASKED_AGAIN)


@ROUTER.get("/openapi.json", include_in_schema=False, dependencies=_SIGNED_IN)
def openapi(request: Request) -> Response:
    """The documentation of every endpoint."""
    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")


def _file(name: str, headers: dict[str, str]) -> Response:
    if name not in _names():
        raise HTTPException(404, "there is no such file")
    return Response(_content(name), media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


@cache
def _content(name: str) -> bytes:
    return _folder().joinpath(*name.split("/")).read_bytes()


@cache
def _names() -> frozenset[str]:
    """What there is: nothing else of the package can be asked for."""
    top = [entry.name for entry in _folder().iterdir() if entry.is_file()]
    return frozenset(top + [f"assets/{entry.name}" for entry in _folder().joinpath("assets").iterdir()])


def _folder() -> Traversable:
    return resources.files("audience_builder.api").joinpath("page")
