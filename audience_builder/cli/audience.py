"""Saved audiences."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from audience_builder.cli.backend import Backend, ask, named
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data, written_rule
from audience_builder.cli.show import moment, put, put_json, table
from audience_builder.cli.verb import verb

AUDIENCE = typer.Typer(help="Save, list and show audiences (오디언스).", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The audience's name or id.", show_default=False)]
Rule = Annotated[
    str, typer.Argument(metavar="RULE", help="The rule: a file, - for stdin, or the JSON itself.", show_default=False)
]
Description = Annotated[str | None, typer.Option(help="Who is meant and what for (설명).")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag; may be said again.")]
Note = Annotated[str, typer.Option(help="What changed (메모).")]
Expected = Annotated[
    int | None,
    typer.Option("--expected-version", metavar="N", min=1, help="Save the version after N of an audience that exists."),
]
By = Annotated[str, typer.Option(metavar="day|hour", help="How finely: by day in Korea, or by hour (일별, 시간별).")]
Days = Annotated[int, typer.Option(min=1, max=1100, help="So many days, today included; by hour 31 at most.")]
Archived = Annotated[bool, typer.Option("--archived", help="Those that were put away.")]


@AUDIENCE.command("save", epilog='Example:  audience-builder audience save "제주 골드" rule.json --tag jeju')
@verb
def save(  # noqa: PLR0913, PLR0917  (a command's parameters are its options)
    name: Name, rule: Rule, description: Description = None, tags: Tags = None, note: Note = "",
    expected_version: Expected = None, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Save a rule as a new audience, or as the next version of one (저장)."""
    body: dict[str, Any] = {"rule": written_rule(rule), "description": description, "tags": tags or None, "note": note}
    with connected(data) as backend:
        if expected_version is None:
            found = ask(backend, "POST", "/audiences", {**body, "name": name})
        else:
            found = ask(backend, "PUT", f"/audiences/{named(name)}", {**body, "expected_version": expected_version})
    _tell(found, as_json=as_json)


@AUDIENCE.command("list", epilog="Example:  audience-builder audience list --json")
@verb
def list_audiences(archived: Archived = False, data: Data = None, as_json: AsJson = False) -> None:
    """List the saved audiences, newest first (목록)."""
    with connected(data) as backend:
        found = _all(backend, archived=archived)
    if as_json:
        put_json(found)
        return
    put(
        *table(
            [entry["name"], f"v{entry['version']}", moment(entry["updated_at"]), entry["id"]]
            for entry in found["audiences"]
        )
    )


@AUDIENCE.command("show", epilog='Example:  audience-builder audience show "제주 골드"')
@verb
def show(name: Name, data: Data = None, as_json: AsJson = False) -> None:
    """Show an audience with its rule and versions (보기)."""
    with connected(data) as backend:
        found = ask(backend, "GET", f"/audiences/{named(name)}")
    _tell(found, as_json=as_json)
    if not as_json:
        import json

        put(json.dumps(found["versions"][0]["rule"], ensure_ascii=False, indent=2))


@AUDIENCE.command("movements", epilog='Example:  audience-builder audience movements "제주 골드" --by hour --days 2')
@verb
def movements(
    name: Name, by: By = "day", days: Days = 30, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell how many entered and left an audience, when and why (들어오고 나간 고객)."""
    with connected(data) as backend:
        found = ask(backend, "GET", f"/audiences/{named(name)}/movements?by={named(by)}&days={days}")
    if as_json:
        put_json(found)
        return
    if found["began_at"] is None:
        put("not recorded yet: recording begins when the data moves while a server runs")
        return
    put(f"recorded since {moment(found['began_at'])}; who was in then did not enter")
    moved = [each for each in found["movements"] if each["causes"]]
    put(*table([moment(each["at"]), *_moved(each, found["below"]), _because(each, found["below"])] for each in moved))


@AUDIENCE.command("archive", epilog='Example:  audience-builder audience archive "제주 골드"')
@verb
def archive(name: Name, data: Data = None, as_json: AsJson = False) -> None:
    """Put an audience away; its history stays (보관)."""
    with connected(data) as backend:
        _tell(ask(backend, "POST", f"/audiences/{named(name)}/archive"), as_json=as_json)


@AUDIENCE.command("restore", epilog="Example:  audience-builder audience restore 3aba730111b945cd")
@verb
def restore(name: Name, data: Data = None, as_json: AsJson = False) -> None:
    """Bring an archived audience back, by its id (복원)."""
    with connected(data) as backend:
        _tell(ask(backend, "POST", f"/audiences/{named(name)}/restore"), as_json=as_json)


def _moved(said: dict[str, Any], below: int) -> list[str]:
    return [f"+{_number(said['entered'], below)}", f"-{_number(said['exited'], below)}"]


def _because(movement: dict[str, Any], below: int) -> str:
    return ", ".join(" ".join([each["cause"], *_moved(each, below)]) for each in movement["causes"])


def _number(number: int | None, below: int) -> str:
    return f"<{below}" if number is None else f"{number:,}"


def _all(backend: Backend, *, archived: bool) -> dict[str, Any]:
    """Every audience, page by page."""
    address = f"/audiences?limit=200&archived={'true' if archived else 'false'}"
    page = found = ask(backend, "GET", address)
    while page["next"]:
        page = ask(backend, "GET", f"{address}&cursor={page['next']}")
        found["audiences"] += page["audiences"]
    return {**found, "next": None}


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        put_json(found)
        return
    state = ", archived" if found["archived_at"] else ""
    put(f"{found['name']} ({found['id']}): version {found['version']}{state}")
    put(*([f"  {found['description']}"] if found["description"] else []))
    put(
        *table(
            [f"  v{entry['version']}", moment(entry["at"]), entry["author"], entry["note"]]
            for entry in found["versions"]
        )
    )
