"""Contacts: taken in, shown masked, opened one at a time for a reason; keys renewed; users erased."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Response
from fastapi.responses import StreamingResponse

from audience_builder.access import Permission, Principal
from audience_builder.api.app import App, Progress
from audience_builder.api.contact_messages import (
    ContactAnswer,
    ContactImportForm,
    EraseAnswer,
    EraseForm,
    KeysAnswer,
    LookUpAnswer,
    LookUpForm,
    MaskedAnswer,
    MaskedAnswers,
    MaskedForm,
    RotateForm,
    UnmaskForm,
)
from audience_builder.api.loading import told_by_line
from audience_builder.api.permission import app_of, permitted
from audience_builder.api.reading import router
from audience_builder.store.contacts_import import REFUSALS, ContactsReport, read_contacts

ROUTER = router("contacts")
GIVEN_CONTACTS = router("contacts", takes_contacts=True)
"""What is given a contact by whoever asks, or the path of a file, which may lie in a folder called by an address."""

InApp = Annotated[App, Depends(app_of)]
Seer = Annotated[Principal, permitted(Permission.SEE_MEMBERS)]
Unmasker = Annotated[Principal, permitted(Permission.UNMASK)]
Loader = Annotated[Principal, permitted(Permission.LOAD_DATA, only_local=True)]
Eraser = Annotated[Principal, permitted(Permission.ERASE)]
Administrator = Annotated[Principal, permitted(Permission.ADMINISTER)]


@ROUTER.post("/contacts/masked", summary="Masked contacts of a page of members")
def masked(form: MaskedForm, app: InApp, principal: Seer) -> MaskedAnswers:
    """For each of these users: 홍*동, ho***@naver.com, 010-****-5678. The clear values never leave the server."""
    found = app.contacts.masked(principal, form.user_ids)
    return MaskedAnswers(contacts=[MaskedAnswer.of(*pair) for pair in zip(form.user_ids, found, strict=True)])


@ROUTER.post("/contacts/unmask", summary="One user's contacts in clear, for a reason")
def unmask(form: UnmaskForm, app: InApp, principal: Unmasker, response: Response) -> ContactAnswer:
    """So many a person and day; the reason stands in the audit trail. 429 past the day's allowance."""
    found = app.contacts.unmask(principal, form.user_id, form.reason, form.fields)
    response.headers["Cache-Control"] = "no-store"
    return ContactAnswer.of(found)


@GIVEN_CONTACTS.post("/contacts/look-up", summary="Who has this e-mail address or phone number, for a reason")
def look_up(form: LookUpForm, app: InApp, principal: Unmasker, response: Response) -> LookUpAnswer:
    """By blind index, however the value is written. So many a person and day, found or not."""
    found = app.contacts.look_up(principal, form.by, form.value, form.reason)
    response.headers["Cache-Control"] = "no-store"
    return LookUpAnswer(user_ids=found)


@GIVEN_CONTACTS.post(
    "/contacts/imports", summary="Import contacts (this machine only)", response_class=StreamingResponse
)
async def import_contacts(form: ContactImportForm, app: InApp, principal: Loader) -> StreamingResponse:
    """Lines of JSON: `{"progress": {"step", "done", "total"}}`, at last `{"result"}` or `{"problem"}`."""

    def load(progress: Progress) -> Mapping[str, Any]:
        return {"files": [_taken_in(app, principal, Path(name), progress) for name in form.files]}

    return told_by_line(load)


def _taken_in(app: App, principal: Principal, path: Path, progress: Progress) -> dict[str, Any]:
    report = app.contacts.take_in(principal, read_contacts(path), lambda read: progress(path.name, read, 0))
    return {"file": path.name, **_report(report)}


def _report(report: ContactsReport) -> dict[str, Any]:
    return {
        "read": report.read,
        "kept": report.kept,
        "unchanged": report.unchanged,
        "repeated": report.repeated,
        "rejected": sum(report.reasons.values()),
        "reasons": report.reasons,
        "refused": [
            {"line": line, "reason": code, "column": column, "explanation": REFUSALS[code]}
            for line, code, column in report.refused
        ],
    }


@ROUTER.post("/users/erase", summary="Erase a user for ever")
def erase(form: EraseForm, app: InApp, principal: Eraser) -> EraseAnswer:
    """First without `confirm`, to see what would go. With it: contacts, facts, profile and memberships go; there is no undo."""
    if not form.confirm:
        return EraseAnswer.before(app.erasing.look(principal, form.user_id))
    erased = app.erasing.erase(principal, form.user_id, form.reason)
    return EraseAnswer.after(erased)


@ROUTER.get("/keys", summary="Which keys there are, and how far a rotation is")
def keys(app: InApp, principal: Administrator) -> KeysAnswer:
    """Versions only: no key ever leaves the process."""
    return KeysAnswer.of(app.rotation.status(principal))


@ROUTER.post("/keys/rotate", summary="Make new keys, or go on with a rotation", response_class=StreamingResponse)
async def rotate(form: RotateForm, app: InApp, principal: Administrator) -> StreamingResponse:
    """Everything goes on meanwhile. Lines of JSON: `{"progress"}`, at last `{"result"}` (as GET /keys) or `{"problem"}`."""

    def run(progress: Progress) -> Mapping[str, Any]:
        status = app.rotation.rotate(
            principal,
            data=form.data,
            destroy_old=form.destroy_old,
            tell=lambda done, total: progress("keys", done, total),
        )
        return KeysAnswer.of(status).model_dump()

    return told_by_line(run)
