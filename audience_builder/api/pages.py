"""The web application, as files of the package, and the documentation of the API.

Every address of the application answers with the same page; what it shows is decided in the browser. Its scripts, styles and
fonts carry a digest in their name, so that a browser keeps them for good.
"""

from __future__ import annotations

import gzip
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
SCREENS = ("/", "/audiences", "/audiences/{audience}", "/compare", "/exports", "/data", "/glossary")
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
_PACKED = frozenset({"js", "css", "svg", "txt"})
"""What gets smaller; fonts are packed already."""

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
def asset(request: Request, name: str) -> Response:
    """A script, style or font of the application."""
    return _file(request, f"assets/{name}", _FOR_GOOD)


@ROUTER.get("/first.js", include_in_schema=False, dependencies=_OPEN)
def first(request: Request) -> Response:
    """What runs before anything is drawn."""
    return _file(request, "first.js", _ASKED_AGAIN)


@ROUTER.get("/collect.js", include_in_schema=False, dependencies=_OPEN)
def collect_script(request: Request) -> Response:
    """What pages of other sites send events with (docs/events.md)."""
    shared = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
    return _file(request, "collect.js", shared)


@ROUTER.get("/icon.svg", include_in_schema=False, dependencies=_OPEN)
def icon(request: Request) -> Response:
    """The picture in the browser's tab."""
    return _file(request, "icon.svg", _ASKED_AGAIN)


@ROUTER.get("/openapi.json", include_in_schema=False, dependencies=_SIGNED_IN)
def openapi(request: Request) -> Response:
    """The documentation of every endpoint."""
    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")


def _file(request: Request, name: str, headers: dict[str, str]) -> Response:
    """A file, packed where that saves something and the browser unpacks it. What is the same for everybody tells nothing by its size."""
    if name not in _names():
        raise HTTPException(404, "there is no such file")
    kind = name.rpartition(".")[2]
    if kind not in _PACKED:
        return Response(_content(name), media_type=_TYPES[kind], headers=headers)
    headers = headers | {"Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(_content(name), media_type=_TYPES[kind], headers=headers)
    return Response(_packed(name), media_type=_TYPES[kind], headers=headers | {"Content-Encoding": "gzip"})


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_content(name), mtime=0)


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
