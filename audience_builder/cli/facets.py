"""How a rule's users split over the options of the filters."""

from __future__ import annotations

from typing import Annotated

import typer

from audience_builder.cli.backend import ask
from audience_builder.cli.connect import connected, settings_of
from audience_builder.cli.options import AsJson, AsOf, AudienceName, Data, RuleText, named_rule, question
from audience_builder.cli.show import number, put, put_json, table
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder facets rule.json --filter age --filter membership_tier"""

Filters = Annotated[
    list[str] | None,
    typer.Option("--filter", metavar="KEY", help="Only this filter; may be said again. Default: all 32."),
]


@verb
def facets(
    rule: RuleText = None, audience: AudienceName = None, filters: Filters = None, as_of: AsOf = None,
    data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Split a rule's users (without a rule: everybody) over the options of all filters (구성 보기)."""
    everybody = rule is None and audience is None
    written = None if everybody else named_rule(rule, audience)
    with connected(data) as backend:
        body = {"as_of": as_of} if everybody else question(backend, written, audience, as_of)
        found = ask(backend, "POST", "/facets", {**body, "filters": filters or None})
    if as_json:
        put_json(found)
        return
    language = settings_of(data).language
    for facet in found["facets"]:
        below = facet["below"]
        rows = [
            [f"  {line[language]}", number(line["count"], below), f"of {number(line['base'], below)}"]
            for line in facet["lines"]
        ]
        put(facet["filter"], *table(rows, right=frozenset({1, 2})))
