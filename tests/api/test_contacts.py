"""Contacts over HTTP: masked for many, in clear for few and a reason; users erased everywhere; keys renewed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from audience_builder.audience.duckdb import DuckDBTravellers
from audience_builder.mart.duckdb import DuckDBMart
from tests.api.client import Client, as_principal, asking
from tests.audience.small import WOMEN, opened, rule, rule_json

REASON = "열람 요청 처리"
DPO = Principal("dara", "Dara", frozenset({Role.DPO}))
EVERYTHING = Principal("all", "All", frozenset(Role))


@pytest.fixture
def app(own_app: App) -> App:
    return as_principal(own_app, EVERYTHING)


@pytest.fixture
def client(app: App) -> Iterator[Client]:
    with asking(app, local=True) as found:
        yield found


def mart_of(app: App) -> DuckDBMart:
    return app.loading._mart  # type: ignore[attr-defined]


def members(app: App, count: int) -> list[str]:
    return list(app.questions.members(EVERYTHING, rule(WOMEN), limit=count).user_ids)


def taken_in(client: Client, folder: Path, users: list[str]) -> dict[str, object]:
    file = folder / "contacts.ndjson"
    said = [
        {
            "user_id": user,
            "name": "홍길동",
            "email": f"hong{n}@naver.com",
            "phone": f"010-1234-{n:04}",
            "push_token": f"t{n}",
        }
        for n, user in enumerate(users)
    ]
    file.write_text("\n".join(json.dumps(row) for row in said))
    answer = client.post("/contacts/imports", {"files": [str(file)]})
    file.unlink()
    return json.loads(answer.text.strip().splitlines()[-1])["result"]


def test_members_are_shown_with_masked_contacts(client: Client, app: App, tmp_path: Path) -> None:
    users = members(app, 3)
    assert taken_in(client, tmp_path, users[:2])["files"][0]["kept"] == 2  # type: ignore[index]
    answer = client.post("/contacts/masked", {"user_ids": users}).json()["contacts"]
    assert answer[0] == {
        "user_id": users[0], "known": True, "name": "홍*동", "email": "ho***@naver.com", "phone": "010-****-0000", "push_token": "********",
    }  # fmt: skip
    assert answer[2] == {"user_id": users[2], "known": False, **dict.fromkeys(("name", "email", "phone", "push_token"))}


def test_one_is_opened_for_a_reason_and_never_cached(client: Client, app: App, tmp_path: Path) -> None:
    users = members(app, 2)
    taken_in(client, tmp_path, users)
    answer = client.post("/contacts/unmask", {"user_id": users[1], "reason": REASON, "fields": ["phone"]})
    assert answer.json() == {
        "user_id": users[1],
        "name": None,
        "email": None,
        "phone": "010-1234-0001",
        "push_token": None,
    }
    assert answer.headers["cache-control"] == "no-store"
    found = client.post("/contacts/look-up", {"by": "email", "value": "HONG1@naver.com", "reason": REASON})
    assert (found.json(), found.headers["cache-control"]) == ({"user_ids": [users[1]]}, "no-store")


def test_past_the_days_allowance_there_is_no_more_and_that_is_noted(client: Client, app: App, tmp_path: Path) -> None:
    (user,) = members(app, 1)
    taken_in(client, tmp_path, [user])
    asked = {"user_id": user, "reason": REASON}
    statuses = [client.post("/contacts/unmask", asked).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    with app.store.unit(DPO) as unit:
        assert unit.trail.newest(1)[0].action == "denied"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/contacts/masked", {"user_ids": ["kim@naver.com"]}),
        ("/contacts/unmask", {"user_id": "U1", "reason": "010-1234-5678 확인"}),
        ("/users/erase", {"user_id": "010-1234-5678", "reason": REASON}),
        ("/audiences", {"name": "kim@naver.com", "rule": rule_json(WOMEN)}),
        ("/audiences", {"name": "a", "rule": rule_json(WOMEN), "tags": ["010-1234-5678"]}),
        ("/audiences", {"name": "a", "rule": rule_json(WOMEN), "note": "주민 900101-1234567"}),
        ("/audiences", {"name": "a", "rule": rule_json({**WOMEN, "id": "kim@naver.com"})}),
        ("/exports", {"purpose": "4111-1111-1111-1111", "rule": rule_json(WOMEN)}),
        ("/count", rule_json({**WOMEN, "value": ["+82 10-1234-5678"]})),
        ("/count", {"kim@naver.com": 1}),
    ],
)
def test_personal_data_in_what_people_type_is_refused_without_repeating_it(
    client: Client, path: str, body: object
) -> None:
    answer = client.post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "personal_data")
    assert not any(part in answer.text for part in ("kim", "5678", "1234567", "4111"))


def test_the_trail_answers_who_saw_a_user(client: Client, app: App, tmp_path: Path) -> None:
    users = members(app, 3)
    taken_in(client, tmp_path, users)
    client.post("/contacts/masked", {"user_ids": users})
    client.post("/contacts/unmask", {"user_id": users[1], "reason": REASON})
    client.post("/contacts/look-up", {"by": "phone", "value": "010-1234-0002", "reason": REASON})
    numbers = DuckDBTravellers(mart_of(app)).numbers(users)
    with app.store.unit(DPO) as unit:
        seen = [[entry.action for entry in unit.seen.of_user(numbers[user])] for user in users]
    contacts = [[action for action in actions if action.startswith("contacts.")] for actions in seen]
    assert contacts == [
        ["contacts.masked"], ["contacts.masked", "contacts.unmask"], ["contacts.masked", "contacts.look_up"],
    ]  # fmt: skip


# --- erasure ---------------------------------------------------------------------------------------------------------------


def test_erasing_asks_first_and_changes_nothing_until_confirmed(client: Client, app: App, tmp_path: Path) -> None:
    (user,) = members(app, 1)
    taken_in(client, tmp_path, [user])
    asked = client.post("/users/erase", {"user_id": user, "reason": REASON}).json()
    assert (asked["erased"], asked["contacts"], asked["travelled"], asked["rows"]) == (False, True, True, {})
    assert asked["undo"].startswith("never")
    assert members(app, 1) == [user]
    assert client.post("/contacts/unmask", {"user_id": user, "reason": REASON}).status_code == 200


def test_an_erased_user_is_nowhere_and_does_not_come_back(client: Client, app: App, tmp_path: Path) -> None:
    users = members(app, 3)
    taken_in(client, tmp_path, users)
    total = client.post("/count", rule_json(WOMEN)).json()["count"]
    gone = client.post("/users/erase", {"user_id": users[0], "reason": REASON, "confirm": True}).json()
    assert (gone["erased"], gone["contacts"], gone["already_erased"]) == (True, True, False)
    assert gone["rows"]["user_profile"] >= 1
    assert members(app, 2) == users[1:]
    assert client.post("/count", rule_json(WOMEN)).json()["count"] == total - 1
    assert client.post("/contacts/unmask", {"user_id": users[0], "reason": REASON}).status_code == 404
    assert client.post("/contacts/look-up", {"by": "phone", "value": "01012340000", "reason": REASON}).json() == {
        "user_ids": []
    }
    again = taken_in(client, tmp_path, users)["files"][0]  # type: ignore[index]
    assert (again["unchanged"], again["reasons"]) == (2, {"erased_user": 1})  # type: ignore[index]
    twice = client.post("/users/erase", {"user_id": users[0], "reason": REASON, "confirm": True}).json()
    assert (twice["already_erased"], twice["contacts"], twice["user_ref"]) == (True, False, gone["user_ref"])
    with app.store.unit(DPO) as unit:
        trail = [entry for entry in unit.trail.newest(50) if entry.object == gone["user_ref"]]
    assert [entry.action for entry in reversed(trail)][:3] == ["user.erase.begin", "user.erase", "contacts.unmask"]
    assert users[0] not in str(trail)


def test_somebody_never_seen_can_be_erased_beforehand(client: Client, tmp_path: Path) -> None:
    gone = client.post("/users/erase", {"user_id": "X-1", "reason": REASON, "confirm": True}).json()
    assert (gone["erased"], gone["contacts"], gone["travelled"]) == (True, False, False)
    assert taken_in(client, tmp_path, ["X-1"])["files"][0]["reasons"] == {"erased_user": 1}  # type: ignore[index]


def test_an_erasure_cut_off_between_vault_and_mart_is_finished_at_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(folder)
    user = app.questions.members(app.principal, rule(WOMEN), limit=1).user_ids[0]
    before = app.questions.count(app.principal, rule(WOMEN)).total

    def power_cut(user_id: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app.erasing, "_forget", power_cut)
    with pytest.raises(KeyboardInterrupt):
        app.erasing.erase(DPO, user, REASON)
    app.close()
    again = opened(folder)
    assert again.questions.count(again.principal, rule(WOMEN)).total == before - 1
    with again.store.unit(DPO) as unit:
        assert unit.contacts.pending() == []
    again.close()


def test_what_was_erased_lies_in_no_file_of_the_store(client: Client, app: App, folder: Path, tmp_path: Path) -> None:
    users = members(app, 2)
    taken_in(client, tmp_path, users)
    ref = app.erasing.look(DPO, users[0]).user_ref
    with app.store.unit(DPO) as unit:
        row = unit.contacts.known([ref])[ref]
    assert any(row.data_key in path.read_bytes() for path in folder.glob("store.sqlite*"))
    client.post("/users/erase", {"user_id": users[0], "reason": REASON, "confirm": True})
    for path in folder.glob("store.sqlite*"):
        content = path.read_bytes()
        for secret in (row.data_key, row.user_id, row.name, row.email, row.phone, row.email_index, row.phone_index):
            assert secret is not None
            assert secret[:24] not in content, path.name


# --- keys ------------------------------------------------------------------------------------------------------------------


def test_keys_are_renewed_and_told_by_version_alone(client: Client, app: App, tmp_path: Path) -> None:
    users = members(app, 3)
    taken_in(client, tmp_path, users)
    assert client.get("/keys").json()["versions"]["wrapping"] == [1]
    answer = client.post("/keys/rotate", {"data": True, "destroy_old": True})
    result = json.loads(answer.text.strip().splitlines()[-1])["result"]
    assert (result["master"], result["old_masters"], result["contacts"], result["rotating"]) == (2, [], 3, False)
    assert result["versions"] == {"wrapping": [2], "lookup": [2], "reference": [1], "erased": [1], "files": [1, 2]}
    assert client.post("/contacts/unmask", {"user_id": users[0], "reason": REASON}).json()["name"] == "홍길동"


def test_another_place_for_the_master_key_can_be_said(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere" / "key.json"
    (folder / "keys" / "master.json").rename((tmp_path / "elsewhere").mkdir() or place)
    app = opened(folder, keys=place)
    assert not (folder / "keys" / "master.json").exists()
    assert replace(app).rotation.status(EVERYTHING).master == 1
    app.close()


# --- rejects ---------------------------------------------------------------------------------------------------------------


def test_refused_rows_are_sealed_in_the_file_and_opened_here(client: Client, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "u.csv"
    file.write_text(
        "user_id,signed_up_at,memo\nkim@naver.com,2024-01-01,홍길동\nU9,someday,010-1234-5678\nU10,2024-01-01,김철수,더\n"
    )
    answer = client.post("/imports", {"map": "users_csv", "files": [str(file)]})
    name = Path(json.loads(answer.text.strip().splitlines()[-1])["result"]["files"][0]["rejects"]).name
    written = (folder / "rejects" / name).read_text(encoding="utf-8-sig")
    assert not any(part in written for part in ("kim@", "홍길동", "5678", "김철수", "someday"))
    assert written.count(",sealed:1:") == 3
    rows = client.post("/rejects", {"file": name}).json()["rows"]
    assert [(row["line"], row["reason"]) for row in rows] == [
        (2, "contact_as_id"),
        (3, "bad_date"),
        (4, "column_count"),
    ]
    assert "kim@naver.com" in rows[0]["row"]
    assert "홍길동" not in rows[0]["row"]  # no map asks for that column
    assert [row["line"] for row in client.post("/rejects", {"file": name, "after": 2, "limit": 1}).json()["rows"]] == [
        3
    ]
    assert client.post("/rejects", {"file": "../store.sqlite"}).status_code == 404
