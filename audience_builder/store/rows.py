"""What the store keeps, row by row. Moments know their zone (UTC)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A named rule with a history. `version` is the newest one's number; `revision` grows with every change of any kind.

    `size` of `base` users were in it as of `sized_at`, by mart version `sized_version`; all four are None until it was counted.
    The summaries are its rule on one line.
    """

    id: str
    name: str
    description: str = ""
    tags: tuple[str, ...] = ()
    owner: str
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    revision: int = 1
    summary_ko: str = ""
    summary_en: str = ""
    size: int | None = None
    base: int | None = None
    sized_at: datetime | None = None
    sized_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSize:
    """How many were in an audience on a day in Korea: the last time it was counted that day. `version` is its rule's.

    Numbers that may not be told to somebody are None; what is kept has both.
    """

    audience_id: str
    day: date
    version: int
    size: int | None
    base: int | None
    as_of: datetime
    mart_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceQuery:
    """Which audiences, in which order. Every word must be found; `after` is the sort value and id of the last one seen."""

    words: tuple[str, ...] = ()
    owner: str | None = None
    tag: str | None = None
    archived: bool = False
    sort: str = "updated"
    descending: bool = True
    after: tuple[Any, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class AudiencePage:
    """Some audiences, how many there are in all, and where the next page begins (None on the last)."""

    audiences: tuple[Audience, ...]
    total: int
    after: tuple[Any, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an audience's rule; it never changes. `rule` is JSON as it was written, ids included."""

    audience_id: str
    version: int
    rule: Json
    rule_hash: str
    author: str
    at: datetime
    note: str = ""


class ExportState(StrEnum):
    """Where an export is on its way."""

    REQUESTED = "requested"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """An export: who wants what for which purpose, who approved it, and what came out.

    `approved_by` is a principal, or `policy:…` where a rule of the house approves. `approved_for` is the hash of what was
    approved: any change voids the approval. `digest` is the file's SHA-256 (hexadecimal).
    """

    id: str
    principal: str
    purpose: str
    columns: tuple[str, ...]
    format: str
    rule: Json
    rule_hash: str
    requested_at: datetime
    state: ExportState
    audience_id: str | None = None
    audience_version: int | None = None
    with_bom: bool = False
    as_of: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    approved_for: str | None = None
    count: int | None = None
    mart_version: int | None = None
    size_bytes: int | None = None
    digest: str | None = None
    finished_at: datetime | None = None
    problem: str | None = None


class Outcome(StrEnum):
    """How what was tried ended."""

    DONE = "done"
    DENIED = "denied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to be recorded: what was done to what, how it ended, and whom it showed.

    `rules` are canonical rules. `user` is the number of one user, `users` those of many (ascending, or a Roaring bitmap). `detail`
    is JSON without personal data: users are named in no other way.
    """

    action: str
    subject: str
    outcome: Outcome = Outcome.DONE
    detail: Json = field(default_factory=dict[str, Any])
    rules: tuple[Json, ...] = ()
    user: int | None = None
    users: Any = None


@dataclass(frozen=True, slots=True)
class UserSet:
    """A set of users that an entry names: the SHA-256 under which it is kept, how many, and the smallest and largest number."""

    digest: str
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryWord:
    """What the team takes a vague word for: a rule's root, the other readings offered, and whether to ask before relying on it."""

    word: str
    rule: Json
    others: tuple[Json, ...]
    asks: bool
    revision: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit trail: who did what, chained by hash to the line before.

    `via` is how the principal was known, `address` from where they asked. `rules` are hashes of canonical rules, `user` is the
    keyed name of one user, `users` a set of them. `detail` holds no personal data.
    """

    id: int
    at: datetime
    principal: str
    roles: tuple[str, ...]
    via: str = "local"
    address: str = ""
    action: str
    object: str
    detail: Json
    outcome: Outcome
    rules: tuple[str, ...] = ()
    user: str | None = None
    users: UserSet | None = None
    previous_hash: str
    hash: str
