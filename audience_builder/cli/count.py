"""How many users a rule means."""

from __future__ import annotations

from audience_builder.cli.backend import ask
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, AsOf, AudienceName, Data, RuleText, named_rule, question
from audience_builder.cli.show import moment, number, put, put_json, share, table
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder count rule.json --as-of 2026-10-01 --json"""


@verb
def count(
    rule: RuleText = None, audience: AudienceName = None, as_of: AsOf = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Count exactly how many users a rule means, and each of its nodes (몇 명인지 세기)."""
    written = named_rule(rule, audience)
    with connected(data) as backend:
        found = ask(backend, "POST", "/count", question(backend, written, audience, as_of))
    if as_json:
        put_json(found)
        return
    total, base, below = found["count"], found["base"], found["below"]
    put(f"{number(total, below)} of {number(base, below)} users ({share(total, base)}), as of {moment(found['as_of'])}")
    put(*table(([f"  {node}", number(size, below)] for node, size in found["nodes"].items()), right=frozenset({1})))
