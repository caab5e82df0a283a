"""While the audit trail cannot be written, no endpoint that sees or changes anything does: each is asked with what it would have done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from audience_builder.access import Principal, Role
from audience_builder.api import App
from tests.api.client import Client, as_principal, asking
from tests.api.test_permissions import endpoints
from tests.api.test_trail import LOADS, OF_NOBODY, SAYS_NOTHING
from tests.audience.small import GOLD, WOMEN, opened, rule, rule_json

NOWHERE = "http://127.0.0.1:9/"
REASON = "열람 요청 처리"
RULE = rule_json(WOMEN, GOLD)
EVERYTHING = Principal("everything", "Everything", frozenset(Role))
MINA = Principal("mina", "Mina", frozenset({Role.MARKETER}))


@dataclass(frozen=True)
class Desk:
    """A product in which there is something to do for every endpoint."""

    app: App
    folder: Path
    client: Client
    user: str
    words: dict[str, str]

    def request(self, method: str, path: str) -> httpx.Response:
        """The endpoint asked for what is there."""
        name, body = path.removeprefix("/api/v1"), None
        if method != "GET":
            body = {key: self.user if value == "USER" else value for key, value in BODIES.get(name, {}).items()}
        return self.client.request(method, path.format_map(self.words), json=body)


BODIES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("/count", "/facets", "/narrowing", "/relax"), RULE),
    "/facets": {"rule": RULE},
    "/counts": {"rules": [RULE]},
    **{name: {"rule": RULE} for name in ("/reach", "/sample", "/members")},
    "/why": {"rule": RULE, "user_id": "USER"},
    "/interpret": {"sentence": "골드 이상 여성"},
    "/audiences": {"name": "또 하나", "rule": RULE},
    "/audiences/{audience}": {"rule": RULE, "expected_version": 1, "name": "새 이름"},
    "/audiences/{audience}/duplicate": {"name": "다른 이름"},
    "/audiences/{audience}/export": {"purpose": "가을 제주"},
    "/audiences/overlap": {"audiences": ["하나", "둘"]},
    "/exports": {"purpose": "가을 제주", "rule": RULE},
    "/tokens": {"label": "l", "permissions": ["see_audiences"]},
    "/accounts": {"id": "newcomer", "roles": ["viewer"]},
    "/accounts/{account}/roles": {"roles": ["marketer"]},
    "/contacts/masked": {"user_ids": ["x"]},
    "/contacts/unmask": {"user_id": "USER", "reason": REASON},
    "/contacts/look-up": {"by": "phone", "value": "010-7700-0001", "reason": REASON},
    "/users/erase": {"user_id": "USER", "reason": REASON, "confirm": True},
    "/glossary/{word}": {"rule": RULE, "revision": 1},
    "/keys/rotate": {"data": True},
    "/contacts/imports": {"files": ["FILE"]},
    "/samples": {"users": 10},
    "/browser-keys": {"label": "shop", "origins": ["https://www.example.com"]},
    "/webhooks": {"audience": "하나", "url": NOWHERE},
    "/imports": {"map": "users_csv", "files": ["FILE"]},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    from tests.audience.small import copied

    folder = copied(tmp_path_factory.mktemp("closed") / "data")
    app = as_principal(opened(folder, approval="person", webhook_loopback="yes"), EVERYTHING)
    user = app.questions.members(EVERYTHING, rule(WOMEN), limit=1).user_ids[0]
    file = folder.parent / "contacts.csv"
    file.write_text(f"user_id,name,phone\n{user},홍길동,010-7700-0001\n")
    with asking(app, local=True) as client:
        client.post("/contacts/imports", {"files": [str(file)]})
        saved = [client.post("/audiences", {"name": name, "rule": RULE}).json()["id"] for name in ("하나", "둘")]
        waiting = app.exports.request(MINA, _wish()).id
        account = client.post("/accounts", {"id": "somebody", "roles": ["viewer"]}).json()["id"]
        made = client.post("/tokens", {"label": "t", "permissions": ["see_audiences"]}).json()
        client.post("/count", RULE)
        client.request("PUT", "/glossary/단골", json={"rule": RULE})
        webhook = client.post("/webhooks", {"audience": "하나", "url": NOWHERE}).json()["id"]
        browser_key = client.post("/browser-keys", BODIES["/browser-keys"]).json()["id"]
        app.store.checkpoint()
        key = client.get("/trail?action=count&limit=1").json()["entries"][0]["rules"][0]
        words = {
            "audience": saved[0], "export": waiting, "account": account, "token": made["id"], "session": "none",
            "user_id": user, "entry": "1", "old": "1", "by": "mina", "hash_": key, "digest": "0" * 64,
            "word": "단골", "webhook": webhook, "browser_key": browser_key,
        }  # fmt: skip
        yield Desk(app, folder, client, user, words)
    app.close()


def _wish() -> Any:
    from audience_builder.audience import ExportWish

    return ExportWish(rule=rule(WOMEN, GOLD), purpose="가을 제주")


def query_only(app: App, on: bool) -> None:
    pooled = app.store._engine.raw_connection()  # type: ignore[attr-defined]
    pooled.driver_connection.execute(f"PRAGMA query_only = {'ON' if on else 'OFF'}")
    pooled.close()


@pytest.fixture
def closed(desk: Desk) -> Iterator[Desk]:
    query_only(desk.app, True)
    yield desk
    query_only(desk.app, False)


SEES = [
    (method, path)
    for method, path, permitted in endpoints()
    if permitted.permission not in OF_NOBODY and (method, path) not in SAYS_NOTHING and method != "WEBSOCKET"
]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "exports").glob("*")}


@pytest.mark.parametrize(("method", "path"), SEES, ids=lambda word: str(word).removeprefix("/api/v1"))
def test_nothing_is_told_or_done_that_cannot_be_recorded(closed: Desk, method: str, path: str) -> None:
    before = content(closed.folder)
    answer = closed.request(method, path)
    if path in LOADS or path == "/api/v1/keys/rotate":
        said = json.loads(answer.text.strip().splitlines()[-1])
        assert "result" not in said, said
        return
    assert answer.status_code >= 400, answer.text
    assert not any(word in answer.text for word in (closed.user, "홍길동", "7700"))
    assert content(closed.folder) == before


def test_most_of_them_fail_for_that_reason_alone(closed: Desk) -> None:
    """What was asked would have been done: the store's own refusal is what they tell."""
    codes = [closed.request(method, path) for method, path in SEES if path not in LOADS and not path.endswith("rotate")]
    told = [answer.json()["code"] for answer in codes]
    assert told.count("unrecorded") >= 0.8 * len(told), dict(zip(SEES, told, strict=False))


Doing = Callable[[Desk], Any]
DOINGS: dict[str, Doing] = {
    "sign-in": lambda desk: desk.app.identity.sessions.begin(_account(desk), _origin(), how="test"),
    "erase": lambda desk: desk.app.erasing.erase(EVERYTHING, desk.user, REASON),
    "rotate": lambda desk: desk.app.rotation.rotate(EVERYTHING),
    "unmask": lambda desk: desk.app.contacts.unmask(EVERYTHING, desk.user, REASON),
    "masked": lambda desk: desk.app.contacts.masked(EVERYTHING, [desk.user]),
    "approve": lambda desk: desk.app.exports.approve(EVERYTHING, desk.words["export"]),
    "file": lambda desk: desk.app.exports.file(MINA, desk.words["export"]),
}


def _account(desk: Desk) -> Any:
    from tests.api.client import account_of

    return account_of(desk.app, replace(EVERYTHING, id="somebody"))


def _origin() -> Any:
    from audience_builder.identity import Origin

    return Origin()


@pytest.mark.parametrize("name", DOINGS)
def test_below_the_endpoints_it_is_no_different(closed: Desk, name: str) -> None:
    from audience_builder.errors import AudienceBuilderError

    with pytest.raises(AudienceBuilderError):
        DOINGS[name](closed)


def test_as_soon_as_it_can_be_written_everything_goes_on(desk: Desk) -> None:
    assert desk.client.post("/count", RULE).status_code == 200
    shown = desk.client.post("/contacts/unmask", {"user_id": desk.user, "reason": REASON})
    assert shown.json()["name"] == "홍길동"
    assert desk.client.post(f"/exports/{desk.words['export']}/approve").status_code == 200
