"""What the store promises: everything inside a unit happens together with its audit row, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from audience_builder.access import Principal
from audience_builder.store.accounts import SqlAccounts, SqlSessions, SqlTokens
from audience_builder.store.contacts import SqlContacts, SqlServiceKeys
from audience_builder.store.rows import Audience, AuditEntry, ExportJob, Outcome, Version


class UnauditedError(RuntimeError):
    """A unit wrote something and was left without an audit entry: a mistake in our code, and nothing was kept."""


class Audiences(Protocol):
    """Saved audiences and their versions."""

    def add(self, audience: Audience, version: Version) -> None:
        """Keep a new audience with its first version. Raises ConflictError where a live one has that name."""
        ...

    def add_version(self, audience: Audience, version: Version) -> None:
        """Keep the next version. Raises ConflictError where the newest is not the one before it."""
        ...

    def update(self, audience: Audience) -> None:
        """Keep name, description, tags and whether it is archived. Raises ConflictError for a name that is taken."""
        ...

    def named(self, name_or_id: str) -> Audience:
        """The audience of that id, or the live one of that name. Raises NotFoundError."""
        ...

    def all(self, *, archived: bool = False) -> list[Audience]:
        """The live audiences (or the archived ones), newest first."""
        ...

    def versions(self, audience_id: str) -> list[Version]:
        """All versions of an audience, newest first."""
        ...


class ExportJobs(Protocol):
    """Exports on their way."""

    def put(self, job: ExportJob) -> None:
        """Keep a new job, or its new state."""
        ...

    def named(self, job_id: str) -> ExportJob:
        """The job of that id. Raises NotFoundError."""
        ...

    def all(self) -> list[ExportJob]:
        """Every job, newest first."""
        ...


class AuditTrail(Protocol):
    """Who did what. It only grows."""

    def newest(self, limit: int = 100) -> list[AuditEntry]:
        """The latest entries, newest first."""
        ...

    def entries(self) -> Iterator[AuditEntry]:
        """All entries in order."""
        ...


class Unit(Protocol):
    """One transaction of one principal. What it writes is kept only together with at least one audit entry."""

    @property
    def audiences(self) -> Audiences:
        """Saved audiences."""
        ...

    @property
    def exports(self) -> ExportJobs:
        """Export jobs."""
        ...

    @property
    def contacts(self) -> SqlContacts:
        """Contacts as they lie there, sealed."""
        ...

    @property
    def service_keys(self) -> SqlServiceKeys:
        """The keys of this installation, wrapped."""
        ...

    @property
    def accounts(self) -> SqlAccounts:
        """Who may sign in."""
        ...

    @property
    def sessions(self) -> SqlSessions:
        """The browsers that are signed in."""
        ...

    @property
    def tokens(self) -> SqlTokens:
        """The tokens that are out."""
        ...

    @property
    def trail(self) -> AuditTrail:
        """The audit trail so far."""
        ...

    def audit(self, action: str, subject: str, *, outcome: Outcome = Outcome.DONE, **detail: object) -> None:
        """Note what the principal did to what. `detail` is JSON without personal data."""
        ...


class Store(Protocol):
    """Our own database."""

    def unit(self, principal: Principal) -> AbstractContextManager[Unit]:
        """One transaction: kept when left normally, undone by any exception.

        Raises UnauditedError where it wrote something and noted nothing.
        """
        ...

    def scrub(self) -> None:
        """Leave nothing of what was deleted in any file of the database: after a key was destroyed."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
