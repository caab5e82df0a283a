"""Events sent from a file, or as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import Annotated, cast

import typer

from audience_builder.cli.backend import Json, send
from audience_builder.cli.connect import connected
from audience_builder.cli.options import AsJson, Data
from audience_builder.cli.progress import bars
from audience_builder.cli.show import number, put, put_json
from audience_builder.cli.verb import verb
from audience_builder.errors import InputError

EXAMPLE = """Example:  tail -f events.ndjson | audience-builder collect -"""

File = Annotated[str, typer.Argument(metavar="FILE", help="One event a line (docs/events.md); - for stdin.")]

_LINES = "application/x-ndjson"
_BYTES_AT_ONCE = 1 << 20
_TOLD = 5


@verb
def collect(file: File, data: Data = None, as_json: AsJson = False) -> None:
    """Send events, one JSON object a line; what is sent twice counts once (행동 이벤트 보내기)."""
    found: Json = {"accepted": 0, "refused": 0, "problems": []}
    with ExitStack() as opened, connected(data) as backend:
        tell = opened.enter_context(bars())
        sent = 0
        for block in _blocks(_opened(file, opened)):
            answer = send(backend, "POST", "/events", block, media_type=_LINES)
            found["problems"] += [{**each, "line": each["line"] + sent} for each in answer["problems"]]
            found["accepted"] += answer["accepted"]
            found["refused"] += answer["refused"]
            sent += block.count(b"\n")
            tell("events", sent, 0)
    if as_json:
        put_json(found)
        return
    put(f"{number(found['accepted'])} events sent, {number(found['refused'])} refused")
    for each in found["problems"][:_TOLD]:
        put(f"  line {number(each['line'])}: {each['code']} {each['field']}  {each['fix']}")


def _opened(file: str, opened: ExitStack) -> BufferedReader:
    if file == "-":
        return cast(BufferedReader, sys.stdin.buffer)
    try:
        return opened.enter_context(Path(file).open("rb"))
    except OSError as problem:
        raise InputError(f"{file} cannot be read: {problem.strerror}", fix="Name a file of events, or -.") from problem


def _blocks(source: BufferedReader) -> Iterator[bytes]:
    """Whole lines, as many as are there: whoever writes to us is not waited for longer than they take."""
    rest = b""
    while chunk := source.read1(_BYTES_AT_ONCE):
        whole, newline, rest = (rest + chunk).rpartition(b"\n")
        if newline:
            yield whole + newline
    if rest.strip():
        yield rest + b"\n"
