"""Options and arguments that verbs share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from audience_builder.cli.backend import Backend, Json, ask, named
from audience_builder.errors import InputError

_MOST_BYTES = 1 << 20

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Data directory (데이터 폴더). Default: $AUDIENCE_BUILDER_DATA, else ./audience-data.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and problems as JSON on stderr.")]
RuleText = Annotated[
    str | None,
    typer.Argument(
        metavar="RULE", help="The rule (규칙): a file, - for stdin, or the JSON itself.", show_default=False
    ),
]
AudienceName = Annotated[
    str | None,
    typer.Option(
        "--audience", metavar="NAME", help="Instead of a rule: the newest version of a saved audience (오디언스)."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="WHEN",
        help="The moment asked about: 2026-10-01 (end of that day in Korea) or a time with its zone.",
    ),
]

_RULE_FIX = 'A rule is a file, - for stdin, or JSON such as \'{"version": 1, "root": {…}}\'.'


def named_rule(rule: str | None, audience: str | None) -> Json | None:
    """The rule written down; None where a saved audience is named instead. Raises InputError unless exactly one is."""
    if (rule is None) == (audience is None):
        raise InputError("name a rule, or a saved audience with --audience", fix=_RULE_FIX)
    return None if rule is None else written_rule(rule)


def question(backend: Backend, rule: Json | None, audience: str | None, as_of: str | None) -> Json:
    """The rule (or the newest of the saved audience) and the moment, as a body."""
    if rule is None:
        rule = ask(backend, "GET", f"/audiences/{named(str(audience))}")["versions"][0]["rule"]
    return {"rule": rule} if as_of is None else {"rule": rule, "as_of": as_of}


def written_rule(text: str) -> Json:
    """The JSON of a rule from a file, from stdin (`-`), or as it stands. Raises InputError for what is no JSON."""
    content, source = _content(text)
    if len(content) > _MOST_BYTES:
        raise InputError(f"{source} is too large for a rule", fix="A rule has at most 256 KB.")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as problem:
        raise InputError(f"{source} is no JSON: {problem}", fix=_RULE_FIX) from None


def _content(text: str) -> tuple[bytes, str]:
    if text == "-":
        return sys.stdin.buffer.read(_MOST_BYTES + 1), "stdin"
    if text.lstrip().startswith(("{", "[")):
        return text.encode("utf-8", "surrogateescape"), "the rule"
    path = Path(text)
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES + 1), str(path)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "it cannot be read"
        raise InputError(f"the rule {text!r:.100} cannot be read: {reason}", fix=_RULE_FIX) from None
