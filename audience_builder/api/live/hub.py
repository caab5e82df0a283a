"""All live connections of a process: who asks goes first, who only follows the data comes after, the same is worked out once."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic

from starlette.websockets import WebSocket

from audience_builder.access import Principal
from audience_builder.api.app import App
from audience_builder.api.live.following import Following
from audience_builder.api.live.messages import WRITER, Eval, HelloSaid, MovedSaid, PingSaid
from audience_builder.api.live.session import Doc, Session
from audience_builder.api.live.steps import Asked, Step, steps
from audience_builder.api.moment import moment_of
from audience_builder.errors import AudienceBuilderError
from audience_builder.rule.check import parse_rule

PING_SECONDS = 20.0
MOST_SESSIONS = 4_000
_PAUSE_SECONDS = 1.0  # between two passes over everybody, and how long a moment is shared
_LOG = logging.getLogger("audience_builder")


class Hub:
    """Counts the documents of every connection on threads of its own; everything else happens on the event loop."""

    def __init__(self, app: App, *, ping_seconds: float = PING_SECONDS) -> None:
        self.app = app
        self._loop = asyncio.get_running_loop()
        self._ping_seconds = ping_seconds
        self._pool = ThreadPoolExecutor(app.workers, thread_name_prefix="live")
        self._free = app.workers
        self.following = Following(app, self._pool)
        self._sessions: set[Session] = set()
        self._asked: dict[Doc, None] = {}  # dicts, for their order and for taking one out of the middle
        self._following: dict[Doc, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._moment: tuple[float, datetime] | None = None
        self._passed = float("-inf")
        self._next_pass: asyncio.TimerHandle | None = None
        self._stop = app.on_change(self._tell_loop)
        self._pinging = self._loop.call_later(ping_seconds, self._ping)

    @property
    def has_room(self) -> bool:
        """Whether another connection can be taken."""
        return len(self._sessions) < MOST_SESSIONS

    @property
    def waiting_bytes(self) -> int:
        """How much waits to be sent to all clients together."""
        return sum(session.outbox.nbytes for session in self._sessions)

    async def serve(self, websocket: WebSocket, principal: Principal) -> None:
        """Tell one client what it wants to know until it leaves."""
        session = Session(self, websocket, principal)
        self._sessions.add(session)
        hello = HelloSaid(mart_version=self.app.version(), ping_seconds=self._ping_seconds)
        session.outbox.put(("", "hello"), WRITER.dump_json(hello))
        try:
            await session.run()
        finally:
            self._sessions.discard(session)
            self.following.forget(session)

    def queue(self, doc: Doc) -> None:
        """Somebody edited it: count it before all that only follows the data."""
        self._following.pop(doc, None)
        self._asked[doc] = None
        self._begin()

    def has_drained(self, session: Session) -> None:
        """A slow client has heard everything: tell it what it missed."""
        for doc in session.docs.values():
            if doc.is_behind:
                self._follow(doc)
        self._begin()

    def close(self) -> None:
        """Stop counting. Connections are closed by the server."""
        self._stop()
        self.following.close()
        self._pinging.cancel()
        if self._next_pass is not None:
            self._next_pass.cancel()
        for task in self._tasks:
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- the data moves ---------------------------------------------------------------------------------------------------

    def _tell_loop(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._moved)

    def _moved(self) -> None:
        self._moment = None
        if self._next_pass is None:
            self._next_pass = self._loop.call_later(max(0.0, self._passed + _PAUSE_SECONDS - monotonic()), self._pass)

    def _pass(self) -> None:
        self._next_pass, self._passed = None, monotonic()
        said = WRITER.dump_json(MovedSaid(mart_version=self.app.version()))
        for session in self._sessions:
            is_slow = len(session.outbox) > 0
            session.outbox.put(("", "moved"), said)
            for doc in session.docs.values():
                if is_slow:
                    doc.is_behind = True
                else:
                    self._follow(doc)
        self._begin()

    def _follow(self, doc: Doc) -> None:
        doc.is_behind = False
        if doc not in self._asked:
            self._following[doc] = None

    def _ping(self) -> None:
        said = WRITER.dump_json(PingSaid())
        for session in self._sessions:
            session.outbox.put(("", "ping"), said)
        self._pinging = self._loop.call_later(self._ping_seconds, self._ping)

    # --- work -------------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        while self._free and (self._asked or self._following):
            waiting = self._asked or self._following
            doc = next(iter(waiting))
            del waiting[doc]
            self._free -= 1
            task = self._loop.create_task(self._work(doc))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._free += 1
        self._begin()

    async def _work(self, doc: Doc) -> None:
        session, wanted = doc.session, doc.eval
        if not session.is_current(doc, wanted):
            return
        try:
            asked = await self._loop.run_in_executor(self._pool, self._read, doc, wanted, self._now())
            for step in steps(asked):
                if not session.is_current(doc, wanted):
                    return
                message = await self._loop.run_in_executor(self._pool, _made, step, asked)
                if session.is_current(doc, wanted):
                    session.outbox.put((wanted.doc, step[0]), message)
        except AudienceBuilderError as error:
            if session.is_current(doc, wanted):
                session.refuse(wanted, error)
        except Exception:
            _LOG.exception("a live rule could not be counted")
            session.has_failed(wanted)

    def _read(self, doc: Doc, wanted: Eval, now: datetime) -> Asked:
        as_of = moment_of(wanted.as_of, now) or now
        rule = doc.rule or parse_rule(wanted.rule)
        if doc.eval is wanted:
            doc.rule = rule
        return Asked(self.app, doc.session.principal, wanted, rule, as_of)

    def _now(self) -> datetime:
        """The present moment, the same for all who ask within a second, so that the same rule is the same question."""
        at = monotonic()
        if self._moment is None or at - self._moment[0] >= _PAUSE_SECONDS:
            self._moment = (at, self.app.now())
        return self._moment[1]


def _made(step: Step, asked: Asked) -> bytes:
    return WRITER.dump_json(step[1](asked))
