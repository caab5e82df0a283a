"""Exports: requested, approved, and fetched once they are done."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.messages import ColumnAnswer, ExportAnswer, ExportForm, ExportsAnswer, RuleExport
from audience_builder.api.moment import moment_of
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.audience import ExportWish
from audience_builder.audience.formats import FORMATS
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule

ROUTER = router("exports", "/api/v1/exports")
InApp = Annotated[App, Depends(app_of)]
Exporter = Annotated[Principal, permitted(Permission.REQUEST_EXPORT)]
Downloader = Annotated[Principal, permitted(Permission.DOWNLOAD_EXPORT)]
Approver = Annotated[Principal, permitted(Permission.APPROVE)]
Viewer = Annotated[Principal, permitted(Permission.SEE_AUDIENCES)]
Wait = Annotated[float, Query(ge=0, le=30, description="Seconds to wait for it to end.")]


@ROUTER.post("", status_code=202, summary="Request an export of a rule")
def request(form: RuleExport, app: InApp, principal: Exporter) -> ExportAnswer:
    """A job: look at it under /api/v1/exports/{id}."""
    return requested(app, principal, form, parse_rule(form.rule), None)


def requested(
    app: App, principal: Principal, form: ExportForm, rule: Rule, audience: tuple[str, int] | None
) -> ExportAnswer:
    """The job that was asked for, as it is told."""
    wish = ExportWish(
        rule=rule,
        purpose=form.purpose,
        columns=tuple(form.columns),
        format=form.format,
        with_bom=form.bom,
        audience=audience,
        as_of=moment_of(form.as_of, app.now()),
    )
    return ExportAnswer.of(app.exports.request(principal, wish))


@ROUTER.get("", summary="Exports, newest first")
def list_exports(app: InApp, principal: Viewer) -> ExportsAnswer:
    """One's own; everybody's for who approves."""
    return ExportsAnswer(
        exports=[ExportAnswer.of(job, app.exports.progress(job)) for job in app.exports.list(principal)]
    )


@ROUTER.get("/columns", summary="What an export may say of a user")
def list_columns(app: InApp, principal: Viewer) -> list[ColumnAnswer]:
    """Besides the user id, which is always the first column; those that one's roles may export."""
    return [
        ColumnAnswer(key=column.key, ko=column.ko, en=column.en, contact=column.contact is not None)
        for column in app.exports.columns(principal)
    ]


@ROUTER.get("/{export}", summary="How far an export is")
async def show(export: str, app: InApp, principal: Viewer, wait: Wait = 0) -> ExportAnswer:
    """With `wait`, answers when it has ended or the seconds are over."""
    running = app.exports.ending(export)
    if running is not None and wait:
        # No worker stands idle meanwhile.
        await asyncio.wait([asyncio.wrap_future(running)], timeout=wait)
    job = await run_in_threadpool(app.exports.show, principal, export)
    return ExportAnswer.of(job, app.exports.progress(job))


@ROUTER.post("/{export}/approve", summary="Approve what somebody else requested")
def approve(export: str, app: InApp, principal: Approver) -> ExportAnswer:
    """Nobody approves their own request, and contacts only who has a right of their own to (dpo)."""
    return ExportAnswer.of(app.exports.approve(principal, export))


@ROUTER.get("/{export}/file", summary="The finished file", response_class=StreamingResponse)
def file(export: str, app: InApp, principal: Downloader) -> StreamingResponse:
    """For who requested it, for a day; it lies sealed and is opened as it is sent. 503 while it is written."""
    job, chunks = app.exports.file(principal, export)
    headers = {
        "Content-Disposition": f'attachment; filename="audience-{job.id}.{job.format}"',
        "Content-Length": str(job.size_bytes),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(chunks, media_type=FORMATS[job.format][1], headers=headers)
