"""Fields of a form a browser sent, and where it goes next."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from audience_builder.errors import InputError

_MOST_FIELDS = 12
_MOST_VALUE = 4_096


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, each once. Raises InputError for anything else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        found = parse_qs(
            (await request.body()).decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, strict_parsing=False
        )
    except ValueError:
        found = {"": ["", ""]}
    is_form = kind == "application/x-www-form-urlencoded"
    if not is_form or any(len(values) != 1 or len(values[0]) > _MOST_VALUE for values in found.values()):
        raise InputError("this is no form of ours", fix="Send fields as application/x-www-form-urlencoded, each once.")
    return {name: values[0] for name, values in found.items()}


def safe_next(where: str | None) -> str:
    """A place on this server to go to; the first page for anything that would lead elsewhere."""
    if not where or not where.startswith("/") or where.startswith(("//", "/\\", "/sign-in", "/sign-out")):
        return "/"
    try:
        said = urlsplit(where)
    except ValueError:
        return "/"
    return "/" if said.scheme or said.netloc or any(sign in where for sign in "\r\n\t\\") else where
