"""The audit trail for those who oversee: what was done, who saw a user, what somebody exported, and proofs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.api.trail_messages import (
    CheckpointAnswer,
    EntryAnswer,
    ExportedAnswer,
    ExportedListAnswer,
    ProofAnswer,
    RuleAnswer,
    TrailAnswer,
    UsersAnswer,
)

ROUTER = router("trail", "/api/v1/trail")
InApp = Annotated[App, Depends(app_of)]
Overseer = Annotated[Principal, permitted(Permission.OVERSEE)]
Limit = Annotated[int, Query(ge=1, le=1_000)]
Before = Annotated[int | None, Query(ge=1, description="Only entries before this one.")]
By = Annotated[str | None, Query(max_length=200, description="Only what this principal did.")]
Action = Annotated[str | None, Query(max_length=60, description="Only this action, such as `count` or `export.done`.")]


@ROUTER.get("", summary="What was done")
def entries(
    app: InApp, principal: Overseer, before: Before = None, by: By = None, action: Action = None, limit: Limit = 100
) -> TrailAnswer:
    """The latest entries, newest first."""
    found = app.overseeing.entries(principal, before=before, by=by, action=action, limit=limit)
    following = found[-1].id if len(found) == limit else None
    return TrailAnswer(entries=[EntryAnswer.of(entry) for entry in found], before=following)


@ROUTER.get("/users/{user_id}", summary="Who saw a user")
def who_saw(user_id: str, app: InApp, principal: Overseer) -> TrailAnswer:
    """Every entry that showed them, explained them or exported them, and who fetched those exports."""
    return TrailAnswer(entries=[EntryAnswer.of(entry) for entry in app.overseeing.who_saw(principal, user_id)])


@ROUTER.get("/exports/{by}", summary="What somebody exported")
def exports_of(by: str, app: InApp, principal: Overseer) -> ExportedListAnswer:
    """By the id of who requested them; each with its set of users."""
    return ExportedListAnswer(exports=[ExportedAnswer.of(found) for found in app.overseeing.exports_of(principal, by)])


@ROUTER.get("/sets/{digest}", summary="Who was in a set of users")
def users(
    digest: str, app: InApp, principal: Overseer, after: Annotated[int, Query(ge=-1)] = -1, limit: Limit = 100
) -> UsersAnswer:
    """Pseudonymous ids, a page at a time."""
    found, following = app.overseeing.users(principal, digest, after=after, limit=limit)
    return UsersAnswer(user_ids=found, after=following)


@ROUTER.get("/rules/{hash_}", summary="A rule that was asked about")
def rule(hash_: str, app: InApp, principal: Overseer) -> RuleAnswer:
    """By the hash an entry names."""
    return RuleAnswer(rule=app.overseeing.rule(principal, hash_))


@ROUTER.get("/checkpoint", summary="The last signed head of the trail")
def checkpoint(app: InApp, principal: Overseer) -> CheckpointAnswer:
    """A signed note, as witnesses keep it."""
    found = app.overseeing.checkpoint(principal)
    return CheckpointAnswer() if found is None else CheckpointAnswer.model_validate(found, from_attributes=True)


@ROUTER.get("/entries/{entry}/proof", summary="That an entry is in the trail")
def proof(entry: int, app: InApp, principal: Overseer) -> ProofAnswer:
    """404 until a checkpoint has it, which takes a minute at most."""
    return ProofAnswer.model_validate(app.overseeing.proof(principal, entry), from_attributes=True)


@ROUTER.get("/consistency/{old}", summary="That an older checkpoint's trail begins this one")
def consistency(old: int, app: InApp, principal: Overseer) -> ProofAnswer:
    """`old` is the older checkpoint's size; `leaf` its head."""
    return ProofAnswer.model_validate(app.overseeing.consistency(principal, old), from_attributes=True)
