"""A rule's users as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from audience_builder.cli.backend import API, Backend, Json, ask, content, named
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, AsOf, AudienceName, Data, RuleText, named_rule
from audience_builder.cli.problem import ProblemError
from audience_builder.cli.show import number, put, put_json
from audience_builder.cli.verb import verb

EXAMPLE = """Example:  audience-builder export rule.json --purpose "제주 프로모션" --column age_band --out jeju.csv"""

Purpose = Annotated[str, typer.Option(help="What the list is for (이용 목적); kept in the audit trail.")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="KEY", help="A column besides user_id, such as age_band; may be said again."),
]
Format = Annotated[
    str | None, typer.Option("--format", help="csv or json. Default: by the name of the file, else csv.")
]
Bom = Annotated[bool, typer.Option("--bom", help="Make Excel read a CSV as UTF-8 (엑셀에서 한글이 깨질 때).")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")]

_WAIT_SECONDS = 20


@verb
def export(  # noqa: PLR0913, PLR0917  (a command's parameters are its options)
    purpose: Purpose, out: Out, rule: RuleText = None, audience: AudienceName = None, columns: Columns = None,
    form: Format = None, bom: Bom = False, as_of: AsOf = None, data: Data = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Export a rule's users to a file, as a job with a purpose (내보내기)."""
    written = named_rule(rule, audience)
    wanted = {
        "purpose": purpose,
        "columns": columns or [],
        "format": form or ("json" if out.suffix == ".json" else "csv"),
        "bom": bom,
        "as_of": as_of,
    }
    with connected(data) as backend:
        job = _requested(backend, written, audience, wanted)
        job = _ended(backend, job)
        if job["state"] == "done":
            _fetch(backend, job, out)
    _tell(job, out, as_json=as_json)


def _requested(backend: Backend, rule: Json | None, audience: str | None, wanted: dict[str, Any]) -> Json:
    if rule is not None:
        return ask(backend, "POST", "/exports", {**wanted, "rule": rule})
    return ask(backend, "POST", f"/audiences/{named(str(audience))}/export", wanted)


def _ended(backend: Backend, job: Json) -> Json:
    while job["state"] in ("approved", "running"):
        job = ask(backend, "GET", f"/exports/{job['id']}?wait={_WAIT_SECONDS}")
    if job["state"] == "failed":
        raise ProblemError(
            {"code": "failed", "detail": f"the export failed: {job['problem']}", "fix": "Request it again."}
        )
    return job


def _fetch(backend: Backend, job: Json, out: Path) -> None:
    from audience_builder.audience.files import write_whole

    written = write_whole(out, content(backend, f"{API}/exports/{job['id']}/file"))
    if written.digest != job["digest"]:
        out.unlink()
        raise ProblemError({"code": "unexpected", "detail": "the file came damaged", "fix": "Request it again."})


def _tell(job: Json, out: Path, *, as_json: bool) -> None:
    if as_json:
        put_json({**job, "out": str(out) if job["state"] == "done" else None})
    elif job["state"] == "done":
        put(f"{number(job['count'])} users in {out} (export {job['id']}, approved by {job['approved_by']})")
    else:
        put(f"export {job['id']} waits for the approval of somebody else")
