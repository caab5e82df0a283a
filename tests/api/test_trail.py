"""Nothing about anybody leaves without an entry in the trail, and the trail answers both ways."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from audience_builder.access import Permission, Principal, Role
from audience_builder.api import App
from audience_builder.errors import TrailError
from audience_builder.store import AuditEntry, Note
from audience_builder.verifier import begins, includes, verify
from tests.api.client import Client, as_principal, asking
from tests.api.test_permissions import BODIES, endpoints
from tests.audience.small import GOLD, WOMEN, WOMEN_OR_GOLD, rule_json
from tests.audience.test_sight import small as a_few

DPO = Principal("dina", "Dina", frozenset({Role.DPO}))
MINA = Principal("mina", "Mina", frozenset({Role.MARKETER}))
EVERYTHING = Principal("everything", "Everything", frozenset(Role))
RULE = rule_json(WOMEN, GOLD)


def newest(app: App, limit: int = 1) -> list[AuditEntry]:
    with app.store.unit(app.principal) as unit:
        return unit.trail.newest(limit)


def size(app: App) -> int:
    found = newest(app)
    return found[0].id if found else 0


@pytest.fixture
def mina(own_app: App) -> Iterator[Client]:
    with asking(as_principal(own_app, MINA), local=True) as client:
        yield client


@pytest.fixture
def dina(own_app: App) -> Iterator[Client]:
    with asking(as_principal(own_app, DPO), local=True) as client:
        yield client


# --- by construction --------------------------------------------------------------------------------------------------------

OF_NOBODY = {Permission.OPEN, Permission.SIGNED_IN}
"""What these let see is nothing about any traveller: the catalog, the page, health, one's own sessions."""

SAYS_NOTHING = {
    ("POST", "/api/v1/rule/validate"),
    ("POST", "/api/v1/rule/diff"),
    ("POST", "/api/v1/words"),
    ("GET", "/api/v1/exports/columns"),
}
"""Looks at what was sent, and at no data."""

LOADS = {"/api/v1/samples", "/api/v1/imports", "/api/v1/contacts/imports"}
"""Put data in and show none; they leave their entries while they run."""


def test_every_endpoint_that_sees_anything_leaves_an_entry(own_app: App) -> None:
    """Whether it succeeds, finds nothing or refuses."""
    unrecorded: list[str] = []
    with asking(as_principal(own_app, EVERYTHING), local=True) as client:
        for method, path, permitted in endpoints():
            if permitted.permission in OF_NOBODY or (method, path) in SAYS_NOTHING or path in LOADS:
                continue
            before = size(own_app)
            where = re.sub(r"\{entry\}|\{old\}", "1", path)
            where = re.sub(r"\{[a-z_]+\}", "nobody", where)
            answer = client.request(method, where, json=None if method == "GET" else BODIES.get(path, {}))
            if answer.status_code < 400 or answer.status_code in (403, 404, 409):
                recorded = [
                    entry for entry in newest(own_app, 20) if entry.id > before and entry.principal == "everything"
                ]
                # What is not found was looked for by name alone: nothing is told.
                if not recorded and answer.status_code < 404:
                    unrecorded.append(f"{method} {path} {answer.status_code}")
            else:
                assert answer.status_code in (400, 422, 429, 503), (method, path, answer.text)
    assert "; ".join(unrecorded) == ""


ASKED: dict[str, tuple[str, Any]] = {
    "/count": ("count", RULE),
    "/counts": ("counts", {"rules": [RULE]}),
    "/facets": ("facets", {"rule": RULE}),
    "/narrowing": ("narrowing", RULE),
    "/relax": ("relax", RULE),
    "/reach": ("reach", {"rule": RULE}),
    "/sample": ("sample", {"rule": RULE}),
    "/members": ("members", {"rule": RULE}),
    "/why": ("why", {"rule": RULE, "user_id": "U0000000001"}),
    "/interpret": ("interpret", {"sentence": "골드 이상 여성"}),
}


@pytest.mark.parametrize("path", ASKED)
def test_what_is_asked_is_in_the_trail_with_its_rule(own_app: App, mina: Client, path: str) -> None:
    action, body = ASKED[path]
    assert mina.post(path, body).status_code == 200
    (entry,) = newest(own_app)
    assert (entry.principal, entry.action) == ("mina", action)
    with own_app.store.unit(MINA) as unit:
        assert unit.trail.rule(entry.rules[0])["root"]["type"] in ("all", "condition")


@pytest.mark.parametrize("path", ASKED)
def test_where_the_trail_cannot_be_written_nothing_is_told(
    own_app: App, mina: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise TrailError("the disk is full", fix="Free it.")

    right = mina.post(path, ASKED[path][1])
    assert right.status_code == 200
    monkeypatch.setattr(type(own_app.store), "note", full)
    answer = mina.post(path, ASKED[path][1])
    assert (answer.status_code, answer.json()["code"]) == (500, "unrecorded")
    assert set(answer.json()) == {"type", "title", "status", "code", "detail", "fix"}


def test_a_store_that_may_only_be_read_stops_every_command(own_app: App) -> None:
    with asking(own_app, local=True) as client:
        saved = client.post("/audiences", {"name": "a", "rule": RULE}).json()
        raw = own_app.store._engine.raw_connection()  # type: ignore[attr-defined]
        raw.driver_connection.execute("PRAGMA query_only = ON")
        raw.close()
        tried = [
            client.get("/audiences"), client.get(f"/audiences/{saved['id']}"), client.get(f"/audiences/{saved['id']}/count"),
            client.post("/audiences", {"name": "b", "rule": RULE}), client.post(f"/audiences/{saved['id']}/archive"),
            client.post("/exports", {"purpose": "p", "rule": RULE}), client.get("/exports"), client.post("/count", RULE),
            client.post("/members", {"rule": RULE}),
        ]  # fmt: skip
    assert {answer.json()["code"] for answer in tried} == {"unrecorded"}
    assert all("user_ids" not in answer.json() and "count" not in answer.json() for answer in tried)


# --- both ways --------------------------------------------------------------------------------------------------------------


def exported(client: Client, **more: Any) -> dict[str, Any]:
    job = client.post("/exports", {"purpose": "가을 제주", "rule": RULE, "columns": ["gender"], **more}).json()
    job = client.get(f"/exports/{job['id']}?wait=30").json()
    assert job["state"] == "done", job
    return job


def test_who_saw_a_user_is_told_whatever_showed_them(mina: Client, dina: Client) -> None:
    page = mina.post("/members", {"rule": RULE, "limit": 20}).json()["user_ids"]
    seen, other = page[0], mina.post("/members", {"rule": rule_json(WOMEN), "limit": 1000}).json()["user_ids"][-1]
    mina.post("/why", {"rule": RULE, "user_id": seen})
    job = exported(mina)
    assert mina.get(f"/exports/{job['id']}/file").status_code == 200
    entries = dina.get(f"/trail/users/{seen}").json()["entries"]
    told = [(entry["principal"], entry["action"]) for entry in entries]
    assert told[:2] == [("mina", "members"), ("mina", "members")][: told.index(("mina", "why"))]
    assert told[-3:] == [("mina", "why"), ("service:exports", "export.done"), ("mina", "export.download")]
    assert [entry["action"] for entry in dina.get(f"/trail/users/{other}").json()["entries"]] == ["members"]
    assert dina.get("/trail/users/nobody").status_code == 404
    assert seen not in str(entries)


def test_what_somebody_exported_is_told_with_everybody_in_it(mina: Client, dina: Client) -> None:
    job = exported(mina)
    members = mina.post("/members", {"rule": RULE, "limit": 1000}).json()["user_ids"]
    mina.get(f"/exports/{job['id']}/file")
    (found,) = dina.get("/trail/exports/mina").json()["exports"]
    assert (found["export"], found["request"]["detail"]["purpose"]) == (job["id"], "가을 제주")
    assert found["request"]["detail"]["columns"] == ["user_id", "gender"]
    assert found["done"]["users"]["count"] == job["count"] == len(members)
    assert [entry["principal"] for entry in found["downloads"]] == ["mina"]
    digest, users, after = found["done"]["users"]["digest"], [], -1
    while after is not None:
        page = dina.get(f"/trail/sets/{digest}?after={after}&limit=17").json()
        users, after = users + page["user_ids"], page["after"]
    assert users == members
    assert dina.get("/trail/exports/nobody").json() == {"exports": []}
    assert dina.get("/trail/sets/nothing").status_code == 404


def test_the_trail_is_read_newest_first_a_page_at_a_time_and_reading_it_is_in_it(mina: Client, dina: Client) -> None:
    for _ in range(7):
        mina.post("/count", RULE)
    found: list[int] = []
    before: int | None = None
    while True:
        where = "/trail?by=mina&action=count&limit=3" + (f"&before={before}" if before else "")
        page = dina.get(where).json()
        found += [entry["id"] for entry in page["entries"]]
        before = page["before"]
        if before is None:
            break
    assert len(found) == 7
    assert found == sorted(found, reverse=True)
    latest = dina.get("/trail?limit=1").json()["entries"][0]
    assert (latest["principal"], latest["action"]) == ("dina", "trail.read")
    assert dina.get(f"/trail/rules/{'0' * 64}").status_code == 404


def test_entries_are_proven_to_whoever_has_the_checkpoint(own_app: App, mina: Client, dina: Client) -> None:
    assert dina.get(f"/trail/entries/{size(own_app) + 1}/proof").status_code == 404
    for _ in range(9):
        mina.post("/count", RULE)
    first = own_app.store.checkpoint()
    for _ in range(5):
        mina.post("/count", RULE)
    last = own_app.store.checkpoint()
    assert first is not None
    assert last is not None
    assert dina.get("/trail/checkpoint").json()["note"] == last.note
    for entry in (1, first.size, last.size):
        proof = dina.get(f"/trail/entries/{entry}/proof").json()
        parts = [bytes.fromhex(part) for part in proof["hashes"]]
        assert includes(bytes.fromhex(proof["leaf"]), entry - 1, last.size, parts, bytes.fromhex(last.root))
    proof = dina.get(f"/trail/consistency/{first.size}").json()
    assert proof["leaf"] == first.root
    parts = [bytes.fromhex(part) for part in proof["hashes"]]
    assert begins(first.size, bytes.fromhex(first.root), last.size, parts, bytes.fromhex(last.root))


@pytest.mark.parametrize("path", ["/trail", "/trail/users/x", "/trail/exports/x", "/trail/checkpoint", "/trail/sets/x"])
def test_only_who_oversees_reads_the_trail(mina: Client, path: str) -> None:
    assert mina.get(path).status_code == 403


def test_a_denial_is_in_the_trail_once(own_app: App, mina: Client) -> None:
    before = size(own_app)
    assert mina.get("/trail").status_code == 403
    viewer = as_principal(own_app, Principal("ana", "Ana", frozenset({Role.ANALYST})))
    with asking(viewer, local=True) as ana:
        assert ana.post("/facets", {"rule": RULE}).status_code == 403
    assert size(own_app) == before + 2


# --- no personal data, and whole ---------------------------------------------------------------------------------------------


def test_no_id_of_a_user_and_no_sentence_is_in_the_trail(own_app: App, mina: Client, folder: Any) -> None:
    page = mina.post("/members", {"rule": RULE, "limit": 50}).json()["user_ids"]
    mina.post("/sample", {"rule": RULE})
    mina.post("/why", {"rule": RULE, "user_id": page[0]})
    mina.post("/interpret", {"sentence": "홍길동 010-1234-5678 제주 좋아하는 골드"})
    exported(mina)
    with closing(sqlite3.connect(folder / "store.sqlite")) as raw:
        words = "".join(body for (body,) in raw.execute("SELECT body FROM trail_entry"))
        blobs = b"".join(users for (users,) in raw.execute("SELECT users FROM trail_users"))
    assert not [user for user in page if user in words or user.encode() in blobs]
    assert "홍길동" not in words
    assert "5678" not in words


def test_what_the_product_writes_is_whole_for_the_verifier(own_app: App, mina: Client, folder: Any) -> None:
    for path, (_, body) in ASKED.items():
        mina.post(path, body)
    exported(mina)
    own_app.close()
    report = verify(folder / "store.sqlite", folder.with_name("data.witness"))
    assert report.findings == []
    assert report.witnessed == report.entries > 10


# --- exports ----------------------------------------------------------------------------------------------------------------


def test_an_export_of_a_rule_of_few_is_refused(folder: Any) -> None:
    from tests.audience.small import opened

    app = opened(folder, exact_from=10)
    few = rule_json(WOMEN, a_few(app))
    with asking(app, local=True) as client:
        assert client.post("/count", few).json()["count"] is None
        job = client.post("/exports", {"purpose": "p", "rule": few}).json()
        job = client.get(f"/exports/{job['id']}?wait=30").json()
    assert (job["state"], job["count"]) == ("failed", None)
    assert "at least 10" in job["problem"]
    app.close()


def test_nobody_exports_more_than_their_share_of_a_day(folder: Any) -> None:
    from tests.audience.small import opened

    app = opened(folder, export_rows=1_000)
    states = []
    with asking(app, local=True) as client:
        for _ in range(3):
            job = client.post("/exports", {"purpose": "p", "rule": WOMEN_OR_GOLD}).json()
            states.append(client.get(f"/exports/{job['id']}?wait=30").json())
    assert [job["state"] for job in states] == ["done", "failed", "failed"]
    assert "may still export today" in states[1]["problem"]
    assert not list((folder / "exports").glob(f"{states[1]['id']}*"))
    app.close()


def test_an_export_that_cannot_be_recorded_leaves_no_file(
    own_app: App, folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audience_builder.store.database import SqlUnit

    real = SqlUnit.note

    def note(self: SqlUnit, note: Note) -> None:
        if note.action == "export.done":
            raise TrailError("the disk is full")
        real(self, note)

    monkeypatch.setattr(SqlUnit, "note", note)
    with asking(own_app, local=True) as client:
        job = client.post("/exports", {"purpose": "p", "rule": RULE}).json()
        job = client.get(f"/exports/{job['id']}?wait=30").json()
        assert job["state"] == "failed"
        assert client.get(f"/exports/{job['id']}/file").status_code == 404
    assert list((folder / "exports").iterdir()) == []
