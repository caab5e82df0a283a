"""Saved audiences and exports over HTTP."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from tests.api.client import Client, as_principal, asking
from tests.audience.small import GOLD, WOMEN, copied, opened, rule_json

RULE, NARROWER = rule_json(WOMEN), rule_json(WOMEN, GOLD)
NAME = "여성 / 골드 이상?"


def actions(app: App) -> list[str]:
    with app.store.unit(app.principal) as unit:
        return [entry.action for entry in unit.trail.entries()][
            5:
        ]  # after the keys, the sample's two, the account and its sign-in


def test_an_audience_is_saved_shown_changed_and_put_away(own: Client) -> None:
    saved = own.post("/audiences", {"name": NAME, "rule": RULE, "tags": ["a", "a"], "description": "d"})
    assert saved.status_code == 201
    found = saved.json()
    assert (found["version"], found["tags"], found["versions"][0]["rule"]["root"]["id"]) == (1, ["a"], "root")
    assert own.get("/audiences").json()["audiences"][0]["name"] == NAME
    changed = own.put(f"/audiences/{found['id']}", {"rule": NARROWER, "expected_version": 1, "note": "narrower"}).json()
    assert [version["note"] for version in changed["versions"]] == ["narrower", ""]
    counted = own.get(f"/audiences/{found['id']}/count").json()
    assert counted["count"] == own.post("/count", NARROWER).json()["count"]
    assert own.post(f"/audiences/{found['id']}/archive").json()["archived_at"] is not None
    assert own.get("/audiences").json()["audiences"] == []
    assert len(own.get("/audiences?archived=true").json()["audiences"]) == 1
    assert own.post(f"/audiences/{found['id']}/restore").json()["archived_at"] is None


def test_an_audience_is_found_by_its_name(own: Client) -> None:
    own.post("/audiences", {"name": "여성 골드", "rule": RULE})
    assert own.get(f"/audiences/{quote('여성 골드')}").json()["name"] == "여성 골드"


def test_conflicts_are_told(own: Client) -> None:
    audience = own.post("/audiences", {"name": NAME, "rule": RULE}).json()["id"]
    assert own.post("/audiences", {"name": NAME, "rule": RULE}).status_code == 409
    own.put(f"/audiences/{audience}", {"rule": NARROWER, "expected_version": 1})
    answer = own.put(f"/audiences/{audience}", {"rule": RULE, "expected_version": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "expected_version 2" in answer.json()["fix"]


def test_of_many_who_save_at_once_one_wins(own: Client) -> None:
    audience = own.post("/audiences", {"name": NAME, "rule": RULE}).json()["id"]

    def save(number: int) -> int:
        body = {"rule": NARROWER, "expected_version": 1, "note": str(number)}
        return own.put(f"/audiences/{audience}", body).status_code

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(save, range(8))) == [200, *[409] * 7]


def test_an_export_is_a_job_whose_file_has_exactly_the_members(own: Client) -> None:
    requested = own.post("/exports", {"rule": NARROWER, "purpose": "발송", "columns": ["membership_tier"], "bom": True})
    assert requested.status_code == 202
    job = own.get(f"/exports/{requested.json()['id']}?wait=20").json()
    answer = own.get(job["file"])
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert header == ["user_id", "membership_tier"]
    members = own.post("/members", {"rule": NARROWER, "limit": 1000}).json()["user_ids"]
    assert [row[0] for row in rows] == members
    assert (job["state"], job["count"], job["size_bytes"]) == ("done", len(members), len(answer.content))
    assert answer.headers["content-disposition"] == f'attachment; filename="audience-{job["id"]}.csv"'
    assert own.get("/exports").json()["exports"] == [job]


def test_a_saved_audience_is_exported_as_json(own: Client) -> None:
    audience = own.post("/audiences", {"name": NAME, "rule": NARROWER}).json()["id"]
    job = own.post(f"/audiences/{audience}/export", {"purpose": "발송", "format": "json"}).json()
    assert (job["audience_id"], job["audience_version"]) == (audience, 1)
    job = own.get(f"/exports/{job['id']}?wait=20").json()
    answer = own.get(job["file"])
    assert answer.headers["content-type"] == "application/json"
    assert len(json.loads(answer.content)) == job["count"]


@pytest.mark.parametrize(
    ("words", "status"),
    [({"purpose": ""}, 422), ({"columns": ["push_token"]}, 400), ({"format": "xlsx"}, 400), ({"as_of": "soon"}, 400)],
)
def test_what_cannot_be_exported_is_refused(own: Client, words: dict[str, object], status: int) -> None:
    assert own.post("/exports", {"rule": RULE, "purpose": "p", **words}).status_code == status
    assert own.get("/exports").json() == {"exports": []}


def test_an_export_that_waits_for_approval_is_approved_by_another(tmp_path: object) -> None:
    app = opened(copied(tmp_path / "data"), approval="person")  # type: ignore[operator]
    approver = Principal("omar", "Omar", frozenset({Role.APPROVER}))
    with asking(app) as own, asking(as_principal(app, approver)) as other:
        job = own.post("/exports", {"rule": RULE, "purpose": "p"}).json()
        assert job["state"] == "requested"
        early = own.get(f"/exports/{job['id']}/file")
        assert (early.status_code, early.headers["retry-after"]) == (503, "2")
        assert own.post(f"/exports/{job['id']}/approve").status_code == 403
        assert other.post(f"/exports/{job['id']}/approve").json()["approved_by"] == "omar"
        assert own.get(f"/exports/{job['id']}?wait=20").json()["state"] == "done"
        assert other.get(f"/exports/{job['id']}/file").status_code == 403
    app.close()


def test_every_command_leaves_an_audit_entry(own: Client, own_app: App) -> None:
    own.post("/count", RULE)
    own.post("/facets", {"filters": ["age"]})
    (member,) = own.post("/members", {"rule": RULE, "limit": 1}).json()["user_ids"]
    own.post("/why", {"rule": RULE, "user_id": member})
    audience = own.post("/audiences", {"name": NAME, "rule": RULE}).json()["id"]
    own.put(f"/audiences/{audience}", {"rule": NARROWER, "expected_version": 1})
    own.get("/audiences")
    own.get(f"/audiences/{audience}/count")
    own.post(f"/audiences/{audience}/archive")
    own.post(f"/audiences/{audience}/restore")
    job = own.post("/exports", {"rule": RULE, "purpose": "p"}).json()["id"]
    own.get(f"/exports/{job}?wait=20")
    own.get(f"/exports/{job}/file")
    own.get("/exports")
    found = actions(own_app)
    assert found[:12] == [
        "count", "facets", "members", "why", "audience.save", "audience.save", "audience.list", "audience.history", "audience.show",
        "audience.count", "audience.archive", "audience.restore",
    ]  # fmt: skip
    assert sorted(found[12:]) == sorted(
        [
            "export.request",
            "export.approve",
            "export.run",
            "export.done",
            "export.show",
            "export.download",
            "export.list",
        ]
    )


def test_the_audit_trail_names_no_traveller(own: Client, own_app: App) -> None:
    ids = own.post("/members", {"rule": RULE, "limit": 50}).json()["user_ids"]
    own.post("/why", {"rule": RULE, "user_id": ids[0]})
    with own_app.store.unit(own_app.principal) as unit:
        said = str(list(unit.trail.entries()))
    assert not any(user_id in said for user_id in ids)
