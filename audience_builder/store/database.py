"""The store over any database SQLAlchemy speaks to."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, TimeoutError

from audience_builder import clock
from audience_builder.access import Principal
from audience_builder.errors import BusyError, TrailError
from audience_builder.store.accounts import UNAUDITED, SqlAccounts, SqlSessions, SqlTokens
from audience_builder.store.audiences import SqlAudiences
from audience_builder.store.browser_keys import SqlBrowserKeys
from audience_builder.store.checkpoints import SqlCheckpoints, is_begun
from audience_builder.store.contacts import SqlContacts, SqlServiceKeys
from audience_builder.store.exports import SqlExports
from audience_builder.store.glossary import SqlGlossary
from audience_builder.store.group import Group, Turn
from audience_builder.store.port import UnauditedError
from audience_builder.store.quick import QuickNotes
from audience_builder.store.rows import Note, Outcome
from audience_builder.store.shelf import SqlShelf
from audience_builder.store.trail import KnownRules, SqlTrail, TrailWriter
from audience_builder.store.trail_key import TrailKey
from audience_builder.store.trail_seen import SqlSeen
from audience_builder.store.webhooks import SqlWebhooks
from audience_builder.store.witness import Sighting

_WRITES = ("insert", "update", "delete")
_BUSY_CODES = ("SQLITE_BUSY", "SQLITE_LOCKED")
_Noted = tuple[Principal, datetime, Note]


class SqlUnit:
    """One transaction of one principal."""

    def __init__(
        self,
        connection: Connection,
        principal: Principal,
        writer: TrailWriter,
        now: Callable[[], datetime],
        key: TrailKey,
    ) -> None:
        self.audiences = SqlAudiences(connection)
        self.shelf = SqlShelf(connection)
        self.exports = SqlExports(connection)
        self.glossary = SqlGlossary(connection)
        self.browser_keys = SqlBrowserKeys(connection)
        self.webhooks = SqlWebhooks(connection)
        self.contacts = SqlContacts(connection)
        self.service_keys = SqlServiceKeys(connection)
        self.accounts = SqlAccounts(connection)
        self.sessions = SqlSessions(connection)
        self.tokens = SqlTokens(connection)
        self.trail = SqlTrail(connection)
        self.checkpoints = SqlCheckpoints(connection)
        self.seen = SqlSeen(connection, key)
        self.is_audited = False
        self._principal = principal
        self._writer = writer
        self._now = now

    def audit(self, action: str, subject: str, *, outcome: Outcome = Outcome.DONE, **detail: object) -> None:
        """Note what the principal did to what."""
        self.note(Note(action=action, subject=subject, outcome=outcome, detail=detail))

    def note(self, note: Note) -> None:
        """Note something with the rules it was about and the users it showed."""
        self._writer.append([(self._principal, self._now(), note)])
        self.is_audited = True


class Database:
    """A store whose tables are there already. Any number of threads may use it; their transactions take turns."""

    def __init__(
        self,
        engine: Engine,
        *,
        key: TrailKey,
        now: Callable[[], datetime] = clock.now,
        scrub: Callable[[Engine], None] = lambda engine: None,
        begin: str = "BEGIN",
        wait_seconds: float = 10.0,
    ) -> None:
        self._engine = engine
        self._now = now
        self._key = key
        self._scrub = scrub
        self._turn = Turn(wait_seconds)
        self._known = KnownRules()
        self._quick = QuickNotes(engine, begin=begin, known=self._known, name_of=key.name)
        self._notes: Group[_Noted] = Group(self._turn, self._note_all)
        with self._told_clearly(), engine.begin() as connection:
            self._head = SqlCheckpoints(connection).head()

    @contextmanager
    def unit(self, principal: Principal) -> Generator[SqlUnit]:
        """One transaction: kept when left normally and audited, undone by any exception."""
        with self._turn.taken(), self._transaction() as (connection, writer):
            watch = _Watch(connection)
            unit = SqlUnit(connection, principal, writer, self._now, self._key)
            yield unit
            if watch.has_written and not unit.is_audited:
                raise UnauditedError(f"something was written for {principal.id} without an audit entry")

    def note(self, principal: Principal, note: Note) -> None:
        """Record what has no other effect. Returns once it is on the disk; what comes at the same time shares one commit."""
        self._notes.add((principal, self._now(), note))

    def checkpoint(self) -> Sighting | None:
        """Sign where the trail ends now; None where there is nothing to sign. Signed already, it is told again."""
        with self._turn.taken(), self._transaction() as (connection, _):
            checkpoints = SqlCheckpoints(connection)
            newest = checkpoints.newest()
            if not is_begun(self._head) or (newest is not None and newest.size == self._head.size):
                return newest
            return checkpoints.add(self._head, self._key, self._now())

    def trail_id(self) -> str:
        """What the trail is called; empty before its first entry."""
        with self._turn.taken(), self._transaction() as (connection, _):
            return SqlCheckpoints(connection).trail()

    def require_seen(self, seen: Sighting) -> None:
        """Raise TrailError unless the trail still begins as a witness saw it."""
        with self._turn.taken(), self._transaction() as (connection, _):
            SqlCheckpoints(connection).require_seen(seen)

    def scrub(self) -> None:
        """Leave nothing of what was deleted in any file of the database."""
        self._scrub(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _note_all(self, notes: Sequence[_Noted]) -> None:
        with self._told_clearly():
            head = self._quick.append(self._head, notes)
        if head is not None:
            self._head = head
            return
        with self._transaction() as (_, writer):
            writer.append(notes)

    @contextmanager
    def _transaction(self) -> Generator[tuple[Connection, TrailWriter]]:
        """A transaction of whoever has the turn. The trail has grown only once it is kept."""
        with self._told_clearly():
            with self._engine.begin() as connection:
                writer = TrailWriter(connection, self._head, known=self._known, name_of=self._key.name)
                yield connection, writer
            self._head = writer.head
            self._known.add(writer.rules)

    @contextmanager
    def _told_clearly(self) -> Generator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except TimeoutError as problem:
            raise _busy() from problem
        except DBAPIError as problem:
            if isinstance(problem, OperationalError) and _code(problem).startswith(_BUSY_CODES):
                raise _busy() from problem
            raise TrailError(
                f"the store cannot be written ({_code(problem) or 'its database failed'}), so nothing was done",
                fix="Free the disk, or restore the data directory; then try again.",
            ) from problem


def _busy() -> BusyError:
    return BusyError("the store cannot be written right now", fix="Try again in a moment.")


def _code(problem: DBAPIError) -> str:
    return str(getattr(problem.orig, "sqlite_errorname", ""))


class _Watch:
    """Notices whether a connection has written."""

    def __init__(self, connection: Connection) -> None:
        self.has_written = False
        event.listen(connection, "before_cursor_execute", self._look)

    def _look(self, *arguments: Any) -> None:
        statement, context = str(arguments[2]), arguments[4]
        if context is None or not context.execution_options.get(UNAUDITED, False):
            self.has_written = self.has_written or statement.lstrip()[:6].lower() in _WRITES
