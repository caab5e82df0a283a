"""What the store promises: everything inside a unit happens together with its audit row, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from audience_builder.access import Principal
from audience_builder.store.accounts import SqlAccounts, SqlSessions, SqlTokens
from audience_builder.store.browser_keys import SqlBrowserKeys
from audience_builder.store.checkpoints import Proof
from audience_builder.store.contacts import SqlContacts, SqlServiceKeys
from audience_builder.store.glossary import SqlGlossary
from audience_builder.store.rows import (
    Audience,
    AudiencePage,
    AudienceQuery,
    AudienceSize,
    AuditEntry,
    ExportJob,
    Json,
    Note,
    Outcome,
    Version,
)
from audience_builder.store.user_sets import UserNumbers
from audience_builder.store.webhooks import SqlWebhooks
from audience_builder.store.witness import Sighting


class UnauditedError(RuntimeError):
    """A unit wrote something and was left without an audit entry: a mistake in our code, and nothing was kept."""


class Audiences(Protocol):
    """Saved audiences and their versions."""

    def add(self, audience: Audience, version: Version) -> None:
        """Keep a new audience with its first version. Raises ConflictError where a live one has that name."""
        ...

    def add_version(self, audience: Audience, version: Version) -> None:
        """Keep the next version, not yet counted. Raises ConflictError where it was changed since the revision before."""
        ...

    def update(self, audience: Audience) -> None:
        """Keep everything but rule and size.

        Raises ConflictError for a name that is taken, and where it was changed since the revision before.
        """
        ...

    def named(self, name_or_id: str) -> Audience:
        """The audience of that id, or the live one of that name. Raises NotFoundError."""
        ...

    def versions(self, audience_id: str) -> list[Version]:
        """All versions of an audience, newest first."""
        ...


class AudienceShelf(Protocol):
    """All audiences at a glance: found, sorted, and how large they were day by day."""

    def page(self, query: AudienceQuery) -> AudiencePage:
        """Some of the audiences that answer the query."""
        ...

    def tags(self) -> dict[str, int]:
        """Every tag of a live audience, and how many have it."""
        ...

    def newest(self, *, after: str, limit: int) -> list[Version]:
        """The newest versions of live audiences whose id comes after that one, by id."""
        ...

    def record(self, sizes: Sequence[AudienceSize]) -> None:
        """Keep how large audiences are: the last of each day, and on the audience the last of all. Revisions stay."""
        ...

    def history(self, audience_ids: Sequence[str], since: date) -> dict[str, list[AudienceSize]]:
        """The days each of these audiences was counted on, oldest first."""
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

    def newest(
        self, limit: int = 100, *, before: int | None = None, principal: str | None = None, action: str | None = None
    ) -> list[AuditEntry]:
        """The latest entries, newest first: those before an entry, of a principal, or of an action, where these are named."""
        ...

    def entries(self, after: int = 0) -> Iterator[AuditEntry]:
        """All entries in order, or those behind one."""
        ...

    def of(self, principal: str, action: str, *, since: datetime | None = None) -> Iterator[AuditEntry]:
        """A principal's entries of one action, in order; those since a moment."""
        ...

    def rule(self, key: str) -> Json:
        """The canonical rule of that hash. Raises NotFoundError."""
        ...


class Checkpoints(Protocol):
    """Signed heads of the tree over the trail, and what they prove."""

    def newest(self) -> Sighting | None:
        """The last one; None before the first."""
        ...

    def inclusion(self, entry: int) -> Proof:
        """That an entry is under the last checkpoint. Raises NotFoundError for one that is not yet."""
        ...

    def consistency(self, old: int) -> Proof:
        """That the tree over the first `old` entries begins the last checkpoint's. Raises NotFoundError."""
        ...


class Seen(Protocol):
    """The trail asked about users, both ways."""

    def of_user(self, user: int) -> Iterator[AuditEntry]:
        """The entries that name a user (by number), alone or among others, in order."""
        ...

    def about(self, object_: str) -> Iterator[AuditEntry]:
        """The entries about one object (an export's id, say), in order."""
        ...

    def users(self, digest: str) -> UserNumbers:
        """The numbers of a set of users, ascending. Raises NotFoundError."""
        ...


class Unit(Protocol):
    """One transaction of one principal. What it writes is kept only together with at least one audit entry."""

    @property
    def audiences(self) -> Audiences:
        """Saved audiences."""
        ...

    @property
    def shelf(self) -> AudienceShelf:
        """Saved audiences at a glance."""
        ...

    @property
    def exports(self) -> ExportJobs:
        """Export jobs."""
        ...

    @property
    def glossary(self) -> SqlGlossary:
        """What the team takes vague words for."""
        ...

    @property
    def webhooks(self) -> SqlWebhooks:
        """Addresses that are told when audiences move."""
        ...

    @property
    def browser_keys(self) -> SqlBrowserKeys:
        """Keys with which browsers send events."""
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

    @property
    def checkpoints(self) -> Checkpoints:
        """Signed heads of the tree over the trail."""
        ...

    @property
    def seen(self) -> Seen:
        """The trail asked about users."""
        ...

    def audit(self, action: str, subject: str, *, outcome: Outcome = Outcome.DONE, **detail: object) -> None:
        """Note what the principal did to what. `detail` is JSON without personal data."""
        ...

    def note(self, note: Note) -> None:
        """Note something with the rules it was about and the users it showed."""
        ...


class Store(Protocol):
    """Our own database."""

    def unit(self, principal: Principal) -> AbstractContextManager[Unit]:
        """One transaction: kept when left normally, undone by any exception.

        Raises UnauditedError where it wrote something and noted nothing, TrailError where it cannot be recorded.
        """
        ...

    def note(self, principal: Principal, note: Note) -> None:
        """Record what has no other effect; it is on the disk once this returns.

        Raises TrailError or BusyError where it is not: then nothing may be told.
        """
        ...

    def checkpoint(self) -> Sighting | None:
        """Sign where the trail ends now; None where there is nothing to sign."""
        ...

    def trail_id(self) -> str:
        """What the trail is called; empty before its first entry."""
        ...

    def require_seen(self, seen: Sighting) -> None:
        """Raise TrailError unless the trail still begins as a witness saw it."""
        ...

    def scrub(self) -> None:
        """Leave nothing of what was deleted in any file of the database: after a key was destroyed."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
