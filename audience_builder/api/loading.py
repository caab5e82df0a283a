"""Loading data through a process that has it open: a line of JSON per step, and at last the result or the problem."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Annotated, Any

import orjson
from fastapi import Depends
from fastapi.responses import StreamingResponse

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App, Progress, SampleWish
from audience_builder.api.messages import ImportForm, RejectAnswer, RejectsAnswer, RejectsForm, SampleForm
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.problem import problem_of
from audience_builder.api.reading import router
from audience_builder.errors import AudienceBuilderError

ROUTER = router("loading", takes_contacts=True)  # paths of files, which are kept nowhere
InApp = Annotated[App, Depends(app_of)]
Loader = Annotated[Principal, permitted(Permission.LOAD_DATA, only_local=True)]
Line = dict[str, Any]

_MEDIA_TYPE = "application/x-ndjson"
_LOG = logging.getLogger("audience_builder")


@ROUTER.post("/samples", summary="Generate a sample (this machine only)", response_class=StreamingResponse)
async def sample(form: SampleForm, app: InApp, principal: Loader) -> StreamingResponse:
    """Lines of JSON: `{"progress": {"step", "done", "total"}}`, at last `{"result"}` or `{"problem"}`."""
    wish = SampleWish(users=form.users, days=form.days, seed=form.seed, end=form.end, density=form.density)
    return told_by_line(lambda progress: app.loading.sample(principal, wish, progress))


@ROUTER.post("/imports", summary="Import files (this machine only)", response_class=StreamingResponse)
async def import_files(form: ImportForm, app: InApp, principal: Loader) -> StreamingResponse:
    """Lines of JSON: `{"progress": {"step", "done", "total"}}`, at last `{"result"}` or `{"problem"}`."""
    files = [Path(name) for name in form.files]
    return told_by_line(lambda progress: app.loading.import_files(principal, form.map, files, progress))


@ROUTER.post("/rejects", summary="Rows an import refused (this machine only)")
def rejects(form: RejectsForm, app: InApp, principal: Loader) -> RejectsAnswer:
    """What stood there is sealed in the file; here it is opened, and the trail says by whom."""
    found = app.loading.rejects(principal, form.file, after=form.after, limit=form.limit)
    return RejectsAnswer(rows=[RejectAnswer(**row) for row in found])


def told_by_line(load: Callable[[Progress], Mapping[str, Any]]) -> StreamingResponse:
    """What takes its time, done in a thread of its own and told by the line as it goes."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[Line | None]()

    def tell(line: Line | None) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, line)

    # A thread of its own: a load takes minutes, and goes on when whoever asked for it has left.
    Thread(target=_load, args=(load, tell), name="loading").start()
    return StreamingResponse(_told(lines), media_type=_MEDIA_TYPE)


def _load(load: Callable[[Progress], Mapping[str, Any]], tell: Callable[[Line | None], None]) -> None:
    try:
        found = load(lambda step, done, total: tell({"progress": {"step": step, "done": done, "total": total}}))
        tell({"result": found})
    except AudienceBuilderError as error:
        tell({"problem": orjson.loads(problem_of(error).body)})
    except Exception as error:
        _LOG.exception("a load failed")
        tell({"problem": {"code": "unexpected", "detail": f"unexpected: {type(error).__name__}", "fix": "Try again."}})
    finally:
        tell(None)


async def _told(lines: asyncio.Queue[Line | None]) -> AsyncIterator[bytes]:
    while (line := await lines.get()) is not None:
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
