"""What can be asked."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from audience_builder.cli.options import AsJson
from audience_builder.cli.show import put, put_json, table
from audience_builder.cli.verb import verb
from audience_builder.errors import NotFoundError

EXAMPLE = """Example:  audience-builder catalog search_region"""

Key = Annotated[
    str | None, typer.Argument(metavar="FILTER", help="One filter in full (필터 이름).", show_default=False)
]


@verb
def catalog(key: Key = None, as_json: AsJson = False) -> None:
    """List the 32 filters, or say everything about one (필터 목록)."""
    from audience_builder.api.words import catalog_words

    words = catalog_words()
    if key is not None:
        _one(words, key, as_json=as_json)
    elif as_json:
        put_json(words)
    else:
        rows = [
            [entry["key"], entry["category"], entry["kind"], entry["ko"], entry["en"]] for entry in words["filters"]
        ]
        put(*table(rows))


def _one(words: dict[str, Any], key: str, *, as_json: bool) -> None:
    found = next((entry for entry in words["filters"] if entry["key"] == key), None)
    if found is None:
        from audience_builder.rule.check_condition import did_you_mean

        known = [entry["key"] for entry in words["filters"]]
        raise NotFoundError(f"there is no filter {key!r:.60}", fix=did_you_mean(key, known))
    if as_json:
        put_json(found)
        return
    put(f"{found['key']} · {found['ko']} · {found['en']}", f"  {found['asks']['ko']} · {found['asks']['en']}")
    put(*table(_rows(words, found)))


def _rows(words: dict[str, Any], found: dict[str, Any]) -> list[list[str]]:
    measures = [f"{entry['key']} ({entry['unit']})" for entry in found["measures"]]
    rows = [["  measures", ", ".join(measures)], ["  operators", " ".join(found["operators"])]]
    if found["options"]:
        rows.append(["  options", _options(words, found["options"])])
    if found["windows"]:
        rows.append(["  windows", ", ".join(found["windows"])])
    for entry in found["properties"]:
        said = _options(words, entry["options"]) if entry["options"] else entry["form"]
        rows.append([f"  {entry['key']}", f"{entry['ko']}: {said}"])
    rows += [[f"  {entry['key']}", f"not yet: {entry['reason']}"] for entry in found["notyet"]]
    return rows + ([["  notes", found["notes"]]] if found["notes"] else [])


def _options(words: dict[str, Any], name: str) -> str:
    listed = words["options"][name]
    return ", ".join(entry["key"] for entry in (*listed["options"], *listed["groups"]))
