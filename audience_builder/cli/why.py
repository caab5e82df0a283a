"""Why one user is in or out."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from audience_builder.cli.backend import ask
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, AsOf, AudienceName, Data, RuleText, named_rule, question
from audience_builder.cli.show import moment, put, put_json, table
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder why rule.json --user U0000000302"""

User = Annotated[str, typer.Option("--user", metavar="ID", help="The user's id (고객 번호).")]


@verb
def why(
    user: User, rule: RuleText = None, audience: AudienceName = None, as_of: AsOf = None,
    data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Explain why one user is in or out of a rule: each node's verdict and value (왜 포함·제외되었나)."""
    written = named_rule(rule, audience)
    with connected(data) as backend:
        saved = {} if audience is None else {"audience": audience}
        found = ask(backend, "POST", "/why", {**question(backend, written, audience, as_of), **saved, "user_id": user})
    if as_json:
        put_json(found)
        return
    verdict = "in" if found["member"] else "out" if found["active"] else "out: not an active user"
    put(f"{user} is {verdict}, as of {moment(found['as_of'])}")
    if audience is not None:
        put(found["history"]["en"])
    rows = [[f"  {'yes' if node['verdict'] else 'no'}", key, _value(node)] for key, node in found["nodes"].items()]
    put(*table(rows))


def _value(node: dict[str, Any]) -> str:
    if "known" not in node:
        return ""
    if not node["known"]:
        return "not known"
    value = node["value"]
    said = ", ".join(value) or "none" if isinstance(value, list) else str(value)
    return said if node["unit"] == "option" else f"{said} {node['unit']}"
