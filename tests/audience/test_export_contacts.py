"""Contacts in exports: approved by somebody with a right of their own, given where consent is, sealed where they lie, in the trail."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audience_builder.access import Permission, Principal, Role
from audience_builder.api import App
from audience_builder.audience import ExportWish
from audience_builder.errors import BusyError, DeniedError, NotFoundError, SealedError
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.store import ExportJob, ExportState
from audience_builder.store.contacts_import import read_contacts
from tests.audience.small import GOLD, WOMEN, opened, rule
from tests.journeys.test_canaries import NAME, NEEDLES, person

ADMIN = Principal("ada", "Ada", frozenset({Role.ADMIN}))
MINA = Principal("mina", "Mina", frozenset({Role.MARKETER}))
OMAR = Principal("omar", "Omar", frozenset({Role.APPROVER}))
DARA = Principal("dara", "Dara", frozenset({Role.DPO}))
WISH = ExportWish(rule=rule(WOMEN, GOLD), purpose="제주 예약 안내", columns=("gender", "name", "email", "phone"))


@pytest.fixture
def app(folder: Path, tmp_path: Path) -> Iterator[App]:
    found = opened(folder)
    users = members(found)
    lines = [
        {"user_id": user, "name": each.name, "email": each.email, "phone": each.phone}
        for user, each in zip(users, map(person, range(50)), strict=False)
    ]
    (tmp_path / "contacts.ndjson").write_text("\n".join(map(json.dumps, lines)))
    found.contacts.take_in(ADMIN, read_contacts(tmp_path / "contacts.ndjson"), lambda read: None)
    (tmp_path / "contacts.ndjson").unlink()
    yield found
    found.close()


def members(app: App) -> list[str]:
    return list(app.questions.members(app.principal, WISH.rule, limit=1000).user_ids)


def finished(app: App, job: ExportJob) -> ExportJob:
    ending = app.exports.ending(job.id)
    if ending is not None:
        ending.exception(timeout=30)
    return app.exports.show(MINA, job.id)


def approved(app: App, wish: ExportWish = WISH) -> ExportJob:
    job = app.exports.request(MINA, wish)
    app.exports.approve(DARA, job.id)
    return finished(app, job)


def rows(app: App, job: ExportJob) -> list[dict[str, str]]:
    content = b"".join(app.exports.file(MINA, job.id)[1])
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def consents(app: App) -> dict[str, set[str]]:
    """Of each member the channels consented to, as another export says it."""
    job = app.exports.request(MINA, replace(WISH, columns=("consented_channels",)))
    assert finished(app, job).state is ExportState.DONE
    return {row["user_id"]: set(filter(None, row["consented_channels"].split("|"))) for row in rows(app, job)}


def test_a_contact_is_given_where_its_user_consents_to_be_reached_that_way(app: App) -> None:
    given = consents(app)
    job = approved(app)
    assert (job.state, job.approved_by) == (ExportState.DONE, "dara")
    found = rows(app, job)
    assert [row["user_id"] for row in found] == members(app)
    for number, row in enumerate(found):
        channels, each = given[row["user_id"]], person(number)
        known = number < 50
        assert row["email"] == (each.email if known and "email" in channels else "")
        assert row["phone"] == (each.phone if known and channels & {"sms", "kakao"} else "")
        assert row["name"] == (each.name if known and channels else "")
    assert {bool(row["email"]) for row in found[:50]} == {True, False}
    assert {bool(row["phone"]) for row in found[:50]} == {True, False}


def test_the_policy_never_approves_contacts_and_neither_does_who_only_approves(app: App) -> None:
    job = app.exports.request(MINA, WISH)
    assert (job.state, job.approved_by) == (ExportState.REQUESTED, None)
    both = replace(MINA, roles=frozenset({Role.MARKETER, Role.APPROVER, Role.DPO}))
    for principal, said in ((OMAR, "approve exports of contacts"), (both, "own request")):
        with pytest.raises(DeniedError, match=said):
            app.exports.approve(principal, job.id)
    with pytest.raises(BusyError):
        app.exports.file(MINA, job.id)
    assert finished(app, job).state is ExportState.REQUESTED


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MARKETER}))
def test_only_who_has_the_right_asks_for_contacts(app: App, role: Role) -> None:
    with pytest.raises(DeniedError):
        app.exports.request(Principal("x", "X", frozenset({role})), WISH)


def test_a_right_narrowed_to_pseudonymous_exports_gives_no_contacts(app: App) -> None:
    narrow = replace(MINA, scope=frozenset({Permission.REQUEST_EXPORT, Permission.DOWNLOAD_EXPORT}))
    with pytest.raises(DeniedError, match="export contacts"):
        app.exports.request(narrow, WISH)
    job = approved(app)
    with pytest.raises(DeniedError, match="export contacts"):
        app.exports.file(narrow, job.id)


@pytest.mark.parametrize("approver", ["policy:pseudonymous-columns", "mina", None])
def test_a_job_whose_approval_was_written_behind_our_back_does_not_run(app: App, approver: str | None) -> None:
    from audience_builder.audience.runner import fingerprint

    job = app.exports.request(MINA, WISH)
    stored: dict[str, Any] = {"state": ExportState.APPROVED, "approved_by": approver, "approved_for": fingerprint(job)}
    with app.store.unit(ADMIN) as unit:
        unit.exports.put(replace(job, **stored))
        unit.audit("test", job.id)
    app.exports.recover()
    assert finished(app, job).count is None
    with app.store.unit(ADMIN) as unit:
        assert "export.run" not in {entry.action for entry in unit.trail.newest(1000) if entry.object == job.id}


def test_no_contact_lies_readable_in_any_file_and_the_trail_says_who_got_whose(app: App, folder: Path) -> None:
    job = approved(app)
    assert any(row["name"].startswith(NAME) for row in rows(app, job))
    assert [path.name for path in (folder / "exports").iterdir()] == [f"{job.id}.csv.sealed"]
    readable = [str(path) for path in folder.rglob("*") if path.is_file() and NEEDLES.search(path.read_bytes())]
    assert readable == []
    seen = app.overseeing.who_saw(DARA, members(app)[0])
    told = [(entry.principal, entry.action, entry.detail.get("columns")) for entry in seen if entry.object == job.id]
    columns = ["user_id", "gender", "name", "email", "phone"]
    assert told == [("service:exports", "export.done", columns), ("mina", "export.download", columns)]
    (export,) = app.overseeing.exports_of(DARA, "mina")
    assert export.request.detail["columns"] == columns
    assert len(export.downloads) == 1


@pytest.mark.parametrize("damage", ["flipped", "cut", "another's", "gone"])
def test_a_file_that_is_not_what_was_written_is_never_told_nor_said_to_be_fetched(
    app: App, folder: Path, damage: str
) -> None:
    job, other = approved(app), approved(app)
    path = folder / "exports" / f"{job.id}.csv.sealed"
    content = path.read_bytes()
    changed = {
        "flipped": content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
        "cut": content[:-17],
        "another's": (folder / "exports" / f"{other.id}.csv.sealed").read_bytes(),
    }
    path.unlink()
    if damage in changed:
        path.write_bytes(changed[damage])
    with pytest.raises((SealedError, NotFoundError)):
        app.exports.file(MINA, job.id)
    (export, _) = app.overseeing.exports_of(DARA, "mina")
    assert export.downloads == ()


def test_an_export_sealed_before_a_rotation_is_fetched_after_it(app: App) -> None:
    job = approved(app)
    before = rows(app, job)
    app.rotation.rotate(ADMIN, data=True, destroy_old=True)
    assert rows(app, job) == before


def test_who_was_erased_before_the_approval_is_in_no_file(app: App) -> None:
    job = app.exports.request(MINA, WISH)
    gone = members(app)[0]
    app.erasing.erase(DARA, gone, "삭제 요청 처리")
    app.exports.approve(DARA, job.id)
    found = rows(app, finished(app, job))
    assert gone not in {row["user_id"] for row in found}
    assert person(0).email not in {row["email"] for row in found}


def test_consent_withdrawn_while_an_approval_was_awaited_counts(app: App) -> None:
    given = consents(app)
    user = next(user for user in members(app)[:50] if "email" in given[user])
    job = app.exports.request(MINA, WISH)
    mart: DuckDBMart = app.loading._mart  # type: ignore[attr-defined]
    with mart.cursor() as cursor:
        number = cursor.execute("SELECT user_no FROM user_number WHERE user_id = ?", [user]).fetchall()[0][0]
        cursor.execute("UPDATE user_profile SET email_at = NULL WHERE user_no = ?", [number])
    app.exports.approve(DARA, job.id)
    (row,) = [row for row in rows(app, finished(app, job)) if row["user_id"] == user]
    assert row["email"] == ""


def test_after_an_erasure_nothing_of_the_person_is_left_in_any_store(app: App, folder: Path) -> None:
    """Looked for with every key there is: in the vault, in exports, in the trail, in the index; counted, listed, looked up."""
    gone, kept = members(app)[:2]
    ref = app.erasing.look(DARA, gone).user_ref
    files = [approved(app) for _ in range(2)]
    app.contacts.masked(MINA, [gone, kept])
    app.contacts.unmask(DARA, gone, "열람 요청 처리")
    with app.store.unit(DARA) as unit:
        row = unit.contacts.known([ref])[ref]
    assert person(0).name in str(rows(app, files[0]))
    app.erasing.erase(DARA, gone, "삭제 요청 처리")
    assert gone not in members(app)
    assert app.contacts.masked(MINA, [gone]) == [None]
    for column, value in (("email", person(0).email), ("phone", person(0).phone)):
        assert app.contacts.look_up(DARA, column, value, "열람 요청 처리") == []
    for job in files:
        assert app.exports.show(MINA, job.id).state is ExportState.EXPIRED
        with pytest.raises(NotFoundError):
            app.exports.file(MINA, job.id)
    assert list((folder / "exports").iterdir()) == []
    app.close()
    sealed = [
        getattr(row, name) for name in ("data_key", "user_id", "name", "email", "phone", "email_index", "phone_index")
    ]
    looked = [path for path in folder.rglob("*") if path.is_file()]
    assert {"store.sqlite", "mart.duckdb"} <= {path.name for path in looked}
    for path in looked:
        content = path.read_bytes()
        assert not NEEDLES.search(content), path
        assert not [value for value in sealed if value[:24] in content], path
        # DuckDB keeps what was deleted in blocks it has not used again (docs/privacy.md): an id, never a contact.
        if path.name != "mart.duckdb":
            assert gone.encode() not in content, path
    again = opened(folder)
    with again.store.unit(DARA) as unit:
        assert unit.contacts.known([ref]) == {}
    again.close()
