"""The store over any database SQLAlchemy speaks to."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError, TimeoutError

from audience_builder import clock
from audience_builder.access import Principal
from audience_builder.errors import BusyError
from audience_builder.store.accounts import UNAUDITED, SqlAccounts, SqlSessions, SqlTokens
from audience_builder.store.audiences import SqlAudiences
from audience_builder.store.contacts import SqlContacts, SqlServiceKeys
from audience_builder.store.exports import SqlExports
from audience_builder.store.port import UnauditedError
from audience_builder.store.rows import Outcome
from audience_builder.store.trail import SqlTrail

_WRITES = ("insert", "update", "delete")


class SqlUnit:
    """One transaction of one principal."""

    def __init__(self, connection: Connection, principal: Principal, now: Callable[[], datetime]) -> None:
        self.audiences = SqlAudiences(connection)
        self.exports = SqlExports(connection)
        self.contacts = SqlContacts(connection)
        self.service_keys = SqlServiceKeys(connection)
        self.accounts = SqlAccounts(connection)
        self.sessions = SqlSessions(connection)
        self.tokens = SqlTokens(connection)
        self.trail = SqlTrail(connection)
        self.is_audited = False
        self._principal = principal
        self._now = now

    def audit(self, action: str, subject: str, *, outcome: Outcome = Outcome.DONE, **detail: object) -> None:
        """Note what the principal did to what."""
        self.trail.append(self._principal, self._now(), action=action, subject=subject, outcome=outcome, detail=detail)
        self.is_audited = True


class Database:
    """A store whose tables are there already. Any number of threads may use it; their units take turns."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], datetime] = clock.now,
        scrub: Callable[[Engine], None] = lambda engine: None,
    ) -> None:
        self._engine = engine
        self._now = now
        self._scrub = scrub

    @contextmanager
    def unit(self, principal: Principal) -> Generator[SqlUnit]:
        """One transaction: kept when left normally and audited, undone by any exception."""
        try:
            with self._engine.begin() as connection:
                watch = _Watch(connection)
                unit = SqlUnit(connection, principal, self._now)
                yield unit
                if watch.has_written and not unit.is_audited:
                    raise UnauditedError(f"something was written for {principal.id} without an audit entry")
        except (OperationalError, TimeoutError) as problem:
            raise BusyError("the store cannot be written right now", fix="Try again in a moment.") from problem

    def scrub(self) -> None:
        """Leave nothing of what was deleted in any file of the database."""
        self._scrub(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


class _Watch:
    """Notices whether a connection has written."""

    def __init__(self, connection: Connection) -> None:
        self.has_written = False
        event.listen(connection, "before_cursor_execute", self._look)

    def _look(self, *arguments: Any) -> None:
        statement, context = str(arguments[2]), arguments[4]
        if context is None or not context.execution_options.get(UNAUDITED, False):
            self.has_written = self.has_written or statement.lstrip()[:6].lower() in _WRITES
