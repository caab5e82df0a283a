"""What comes out over HTTP about the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field

from audience_builder.api.messages import RuleJson
from audience_builder.audience.overseeing import Export
from audience_builder.store import AuditEntry


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class UserSetAnswer(_Out):
    """A set of users that was shown or exported: GET /api/v1/trail/sets/{digest} tells who they are."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    digest: str
    count: int


class EntryAnswer(_Out):
    """One entry: who did what, when, from where, how it ended, and whom it showed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: int
    at: datetime
    principal: str
    roles: list[str]
    via: str
    address: str
    action: str
    object: str
    outcome: str
    detail: dict[str, Any]
    rules: Annotated[list[str], Field(description="Hashes: GET /api/v1/trail/rules/{hash} has the rule.")]
    user: Annotated[str | None, Field(description="The keyed name of one user.")]
    users: UserSetAnswer | None
    previous_hash: str
    hash: str

    @classmethod
    def of(cls, entry: AuditEntry) -> EntryAnswer:
        """The entry as it is told."""
        return cast(EntryAnswer, cls.model_validate(entry, from_attributes=True))


class TrailAnswer(_Out):
    """Entries of the trail. `before` is where the next page begins, null on the last one."""

    entries: list[EntryAnswer]
    before: int | None = None


class ExportedAnswer(_Out):
    """An export: the request, how it was done (null = it was not), and each download of the file."""

    export: str
    request: EntryAnswer
    done: EntryAnswer | None
    downloads: list[EntryAnswer]

    @classmethod
    def of(cls, found: Export) -> ExportedAnswer:
        """The export as it is told."""
        return cls(
            export=found.request.object,
            request=EntryAnswer.of(found.request),
            done=None if found.done is None else EntryAnswer.of(found.done),
            downloads=[EntryAnswer.of(entry) for entry in found.downloads],
        )


class ExportedListAnswer(_Out):
    """What somebody exported, oldest first."""

    exports: list[ExportedAnswer]


class UsersAnswer(_Out):
    """A page of pseudonymous ids; those erased since are left out. `after` is where the next page begins."""

    user_ids: list[str]
    after: int | None


class RuleAnswer(_Out):
    """A rule that was asked about, in its canonical form."""

    rule: RuleJson


class CheckpointAnswer(_Out):
    """The last signed head of the tree over the trail, as the witness keeps it; empty before the first."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    trail: str = ""
    key: str = ""
    size: int = 0
    root: str = ""
    note: str = ""


class ProofAnswer(_Out):
    """Hashes (hexadecimal, from the bottom up) that lead from `leaf` to the checkpoint's `root` (RFC 9162, 2.1)."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    size: int
    root: str
    leaf: str
    hashes: list[str]
