"""One connection: reads what a client wants, keeps the newest of each document, and sends what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

import orjson
from pydantic import ValidationError
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from audience_builder.access import Principal
from audience_builder.api.live.messages import (
    MOST_DOCS,
    READER,
    WRITER,
    Close,
    Eval,
    Follow,
    LiveProblem,
    Ping,
    PingSaid,
    ProblemSaid,
    Unfollow,
)
from audience_builder.api.live.outbox import Outbox
from audience_builder.api.problem import problem, problem_of
from audience_builder.api.who import who
from audience_builder.errors import AudienceBuilderError, BusyError
from audience_builder.rule.tree import Rule

if TYPE_CHECKING:
    from audience_builder.api.live.hub import Hub

_PER_SECOND, _BURST = 30.0, 60.0


@dataclass(slots=True, eq=False)
class Doc:
    """One document of a connection and what is newest asked of it."""

    session: Session
    eval: Eval
    rule: Rule | None = None  # what it asks, once that was read
    is_behind: bool = False


@dataclass(slots=True, eq=False)
class Session:
    """What one client is being told."""

    hub: Hub
    websocket: WebSocket
    principal: Principal
    docs: dict[str, Doc] = field(default_factory=dict[str, Doc])
    outbox: Outbox = field(default_factory=Outbox)
    followed: set[str] = field(default_factory=set[str])
    is_open: bool = True
    _tokens: float = _BURST
    _refilled: float = field(default_factory=monotonic)

    async def run(self) -> None:
        """Read until the client leaves."""
        writing = asyncio.create_task(self._write())
        try:
            while True:
                await self._pace()
                if self._take(await self.websocket.receive_text()):
                    await who(self.websocket)  # somebody works here: their session is not idle
        except (WebSocketDisconnect, KeyError):  # gone, or it sent bytes
            pass
        finally:
            self.is_open = False
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    def is_current(self, doc: Doc, asked: Eval) -> bool:
        """Whether anybody still wants to know this."""
        return self.is_open and doc.eval is asked and self.docs.get(asked.doc) is doc

    def refuse(self, asked: Eval, error: AudienceBuilderError) -> None:
        """Tell why a document cannot be counted."""
        self._say_problem(asked.doc, asked.rev, bytes(problem_of(error).body))

    def has_failed(self, asked: Eval) -> None:
        """Tell that something went wrong on our side."""
        answer = problem(500, "unexpected", "something went wrong on our side", fix="Try again.")
        self._say_problem(asked.doc, asked.rev, bytes(answer.body))

    def say(self, about: str, kind: str, message: bytes) -> None:
        """Have it sent; a newer one of the same kind about the same takes its place."""
        self.outbox.put((f"audience {about}", kind), message)

    def say_problem(self, error: AudienceBuilderError) -> None:
        """Tell why something cannot be that is about no document."""
        self._say_problem("", 0, bytes(problem_of(error).body))

    def _take(self, text: str) -> bool:
        """Do what was asked, and say whether a person asked it."""
        try:
            message = READER.validate_python(orjson.loads(text))
        except (orjson.JSONDecodeError, ValidationError) as error:
            self._say_problem("", 0, bytes(_unreadable(error).body))
            return False
        match message:
            case Ping():
                self.outbox.put(("", "pong"), WRITER.dump_json(PingSaid(t="pong")))
            case Close():
                self.docs.pop(message.doc, None)
                self.outbox.drop(message.doc)
            case Follow():
                self.hub.following.follow(self, message.audience)
            case Unfollow():
                self.hub.following.unfollow(self, message.audience)
            case Eval():
                self._ask(message)
                return True
        return False

    def _ask(self, asked: Eval) -> None:
        doc = self.docs.get(asked.doc)
        if doc is None and len(self.docs) >= MOST_DOCS:
            self.refuse(asked, BusyError(f"a connection counts {MOST_DOCS} rules at most", fix="Close one of them."))
            return
        if doc is None:
            doc = self.docs[asked.doc] = Doc(self, asked)
        elif asked.rev < doc.eval.rev:
            return  # it was overtaken on its way
        doc.eval, doc.rule = asked, None
        self.outbox.drop(asked.doc)
        self.hub.queue(doc)

    def _say_problem(self, doc: str, rev: int, body: bytes) -> None:
        said = ProblemSaid(doc=doc, rev=rev, problem=LiveProblem.model_validate_json(body))
        self.outbox.put((doc, "problem"), WRITER.dump_json(said))

    async def _write(self) -> None:
        while True:
            message = await self.outbox.take()
            await self.websocket.send_text(message.decode())
            if not len(self.outbox):
                self.hub.has_drained(self)

    async def _pace(self) -> None:
        """Who sends faster than can be answered is read more slowly."""
        now = monotonic()
        self._tokens = min(_BURST, self._tokens + (now - self._refilled) * _PER_SECOND) - 1.0
        self._refilled = now
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / _PER_SECOND)


def _unreadable(error: Exception) -> Response:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = "".join(f"/{step}" for step in first["loc"])
        return problem(422, "request_invalid", f"{place}: {first['msg']}"[:200], fix="docs/live.md lists the messages.")
    return problem(422, "json_invalid", f"this is no JSON: {error}"[:200], fix="Send one JSON object a message.")
