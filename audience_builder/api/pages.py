"""The page at `/` and the documentation of the API, as files of the package."""

from __future__ import annotations

from functools import cache
from importlib import resources

import orjson
from fastapi import Request
from fastapi.responses import Response

from audience_builder.access import Permission
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router

ROUTER = router("pages", "")
_OPEN = [permitted(Permission.OPEN)]
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}


@ROUTER.get("/", include_in_schema=False, dependencies=_OPEN)
def page(request: Request) -> Response:
    """A plain page that counts a rule; it begins in the language that was set, unless the browser prefers the other."""
    return _file("page.html", language=app_of(request).language)


@ROUTER.get("/page.js", include_in_schema=False, dependencies=_OPEN)
def script() -> Response:
    """Its script."""
    return _file("page.js")


@ROUTER.get("/page.css", include_in_schema=False, dependencies=_OPEN)
def style() -> Response:
    """Its style."""
    return _file("page.css")


@ROUTER.get("/openapi.json", include_in_schema=False, dependencies=_OPEN)
def openapi(request: Request) -> Response:
    """The documentation of every endpoint."""
    return Response(orjson.dumps(request.app.openapi()), media_type="application/json")


def _file(name: str, *, language: str = "ko") -> Response:
    kind = _TYPES[name.rpartition(".")[2]]
    content = _content(name, language)
    return Response(content, media_type=f"{kind}; charset=utf-8", headers={"Cache-Control": "no-cache"})


@cache
def _content(name: str, language: str) -> bytes:
    text = resources.files("audience_builder.api").joinpath("page", name).read_text(encoding="utf-8")
    return text.replace('<html lang="ko">', f'<html lang="{language}">').encode()
