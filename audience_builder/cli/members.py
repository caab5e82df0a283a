"""Who a rule means, page by page."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from audience_builder.cli.backend import ask
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, AsOf, AudienceName, Data, RuleText, named_rule, question
from audience_builder.cli.show import put, put_json
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder members rule.json --limit 20"""

Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many, at most 1,000. For all of them: export.")]
Cursor = Annotated[str | None, typer.Option(metavar="CURSOR", help="Where the page before said the next one begins.")]


@verb
def members(  # noqa: PLR0913, PLR0917  (a command's parameters are its options)
    rule: RuleText = None, audience: AudienceName = None, limit: Limit = 100, cursor: Cursor = None,
    as_of: AsOf = None, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """List users of a rule by their pseudonymous ids (대상 고객 보기)."""
    written = named_rule(rule, audience)
    with connected(data) as backend:
        body = {**question(backend, written, audience, as_of), "limit": limit}
        found = ask(backend, "POST", "/members", body if cursor is None else {**body, "cursor": cursor})
    if as_json:
        put_json(found)
        return
    put(*found["user_ids"])
    if found["next"]:
        sys.stderr.write(f"more: --cursor {found['next']}\n")
